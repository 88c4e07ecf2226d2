"""Vendors: their levers, their budgets, and the product lead that imitation erodes."""

import numpy as np

from salesim.model.jit import rule
from salesim.model.parameters import Channel, Licence, Market, Strategy, numbers
from salesim.model.parameters.vendors import Position, Segmentation, Structure, Support, Systems
from salesim.model.records import record_type

QUARTER_WEEKS, YEAR_WEEKS = 13, 52
PREVIOUS, CURRENT, ADOPTED = 0, 1, 2  # columns of a market's `levers`: before the running programme, now, and as adopted

LEVER_GROUPS = (Segmentation, Structure, Systems, Support, Channel, Licence, Position)
N_POSITION = len(Position.__dataclass_fields__)  # the last levers, which nobody copies
LEVERS = record_type(
    *((name, np.float64) for group in LEVER_GROUPS for name in group.__dataclass_fields__ if name != "name")
)  # one row per vendor and approach (PREVIOUS, CURRENT, ADOPTED)

VENDOR = record_type(
    ("lead", np.float64),  # product lead, 0 to 1; written by `imitate` and `set_budgets`
    ("support_level", np.float64),  # what the budget pays for, 0 to 1; `set_budgets`
    ("standard", np.float64),  # service standard people believe in, 0 to 1; `set_budgets`
    ("know_how", np.float64),  # learnt from measured outcomes, 0 to 1; `deliver`
    ("quarter_margin_k", np.float64),  # gross margin since the quarter began
    ("quarter_list_k", np.float64),  # list prices that entered delivery since then
    ("first_year_margin_k", np.float64),  # gross margin of the first year
    ("first_year_list_k", np.float64),  # list prices that entered delivery in it
    ("recurring_k", np.float64),  # fees and maintenance a week
    ("recurring_cost_k", np.float64),  # their product cost a week
    ("adoption", np.float64),  # mean over its salespeople, 0 to 1; `learn`
    ("lost_share", np.float64),  # share of salespeople lost lately; `lose_people`
    ("trust_total", np.float64),  # sum of all customers' trust in it; `change_trust`
    ("clients", np.int32),  # customers whose vendor it is; `change_vendor`
    ("initiative_week", np.int32),  # start of the running initiative; -1 is none
    ("plan", np.int32),  # row of the plan it follows; `start_plan`
    ("year_profit_k", np.float64),  # operating profit of this year; `write_week`
    ("staffing", np.float64),  # its headcount against that of its plan, 1 at first; `adjust_headcount`
    ("judged", np.int8),  # 1 once people have judged it
)

INITIATIVE = record_type(
    ("week", np.int32), ("vendor", np.int32), ("plan", np.int32), ("training_hours", np.float64)
)  # one row per planned change of approach; `plan` is a row of the market's plans


MARKET_GROUPS = {group: field.type.__dataclass_fields__ for group, field in Market.__dataclass_fields__.items()}
SETTINGS = record_type(
    *((f"{group}_{key}", np.float64) for group, keys in MARKET_GROUPS.items() for key in keys)
)  # one row: every number of `parameters.Market`, named `group_setting`


def levers_of(strategy: Strategy, channel: Channel, licence: Licence) -> tuple[float, ...]:
    """One row of LEVERS."""
    values: dict[str, float] = {}
    for part in (
        strategy.segmentation,
        strategy.structure,
        strategy.systems,
        strategy.support,
        strategy.position,
        channel,
        licence,
    ):
        values |= numbers(part)
    return tuple(values[name] for name in LEVERS.names or ())


@rule
def interpolate(previous: float, current: float, share: float) -> float:
    """`previous` at share 0, `current` at share 1; exact when both are equal."""
    return previous + share * (current - previous)


@rule
def next_standard(standard: float, level: float, erosion: float, recovery: float) -> float:
    """A standard follows a lower level fast and a higher one slowly. Source: form of Oliva & Sterman 2001."""
    if level < standard:
        return standard + erosion * (level - standard)
    return standard + recovery * (level - standard)


@rule
def support_of(vendor, levers, relation, s):
    """Support that a delivery gets, at most 1, with the settings `delivery.support_*` as weights.

    level * (support_level + support_change * change management + support_collaboration * collaboration) + support_access *
    access. The level is the support level that the budget pays for, or the service standard if that is lower.
    """
    level = min(vendor.support_level, vendor.standard)
    parts = s.delivery_support_level + s.delivery_support_change * levers.change_management
    parts += s.delivery_support_collaboration * levers.collaboration
    return min(1.0, level * parts + s.delivery_support_access * relation.access)


@rule
def imitate(vendors, s):
    """Every week each lead moves towards the mean of all vendors and loses a share to obsolescence. Writes `lead`."""
    mean = 0.0
    for v in range(len(vendors)):
        mean += vendors[v].lead / len(vendors)
    for vendor in vendors:
        vendor.lead += s.commoditization_imitation_per_week * (mean - vendor.lead)
        vendor.lead *= 1.0 - s.commoditization_obsolescence_per_week


@rule
def set_budgets(vendors, vendor_levers, s, week):
    """At a quarter's end: gross margin pays for support and for the product, and the standard follows.

    The support level moves towards the share of full support that the budget pays for, at most 1; towards 1 if nothing is
    delivered. Where a loop is switched off, the budget is that of an average quarter of the first year. Writes `lead`,
    `support_level` and `standard`, and clears the quarter's sums.
    """
    for v in range(len(vendors)):
        vendor = vendors[v]
        levers = vendor_levers[v, CURRENT]
        if week < 52:
            vendor.first_year_margin_k += vendor.quarter_margin_k
            vendor.first_year_list_k += vendor.quarter_list_k
        usual_k = vendor.first_year_margin_k / min(4.0, (week + 1) / QUARTER_WEEKS)
        usual_list_k = vendor.first_year_list_k / min(4.0, (week + 1) / QUARTER_WEEKS)
        margin_k, list_k = vendor.quarter_margin_k, vendor.quarter_list_k
        if s.loops_support_budget == 0.0:
            margin_k, list_k = usual_k, usual_list_k
        full_k = s.delivery_full_support_share * list_k
        target = min(1.0, max(0.0, levers.delivery_share * margin_k) / full_k) if full_k > 0.0 else 1.0
        vendor.support_level += s.delivery_budget_speed * (target - vendor.support_level)
        measured = interpolate(vendor_levers[v, PREVIOUS].outcome_measuring, levers.outcome_measuring, vendor.adoption)
        recovery = min(1.0, s.delivery_standard_recovery + s.delivery_measured_recovery * measured)
        vendor.standard = next_standard(vendor.standard, vendor.support_level, s.delivery_standard_erosion, recovery)
        develop(vendor, vendor.quarter_margin_k if s.loops_product_lead == 1.0 else usual_k, s)
        vendor.quarter_margin_k, vendor.quarter_list_k = 0.0, 0.0


@rule
def develop(vendor, margin_k, s):
    """A quarter's development raises the lead by `speed` times the gap to 1, scaled by the budget.

    A full budget is in proportion to the number of customers. Writes `lead`.
    """
    full_k = s.development_full_budget_per_customer_k * s.customers_count
    funded = min(1.0, max(0.0, s.development_share_of_margin * margin_k) / full_k)
    vendor.lead += s.development_speed * funded * (1.0 - vendor.lead)


@rule
def mix_levers(lever_numbers, adoption, into):
    """Write the levers of one vendor as far as its people have adopted them: into ADOPTED, or PREVIOUS at a new programme."""
    for lever in range(lever_numbers.shape[1]):
        lever_numbers[into, lever] = interpolate(lever_numbers[PREVIOUS, lever], lever_numbers[CURRENT, lever], adoption)
