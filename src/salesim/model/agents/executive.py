"""Senior executives: involvement, hours, and the access they open."""

import math

import numpy as np

from salesim.model.jit import rule
from salesim.model.records import record_type

EXECUTIVE = record_type(
    ("vendor", np.int32),  # whose executive it is
    ("seniority", np.float64),  # 0 to 1
    ("accounts", np.int32),  # accounts it sponsors; written by `start_plan`
    ("involvement", np.float64),  # share of the hours owed that it gives, 0 to 1; `involve`
    ("demand", np.float64),  # weight of its accounts that are buying or in delivery this week; `count_work`
    ("hours_per_weight", np.float64),  # hours this week for an account of weight 1; `share_hours`
    ("hours_given", np.float64),  # this week; `visit`
)


@rule
def opened(access: float, hours: float, gain: float) -> float:
    """Access after some hours: a + (1 - a) * (1 - exp(-gain * hours)). Assumption."""
    return access + (1.0 - access) * (1.0 - math.exp(-gain * hours))


@rule
def involve(executives, levers, s):
    """Weekly: involvement drifts to base + (1 - base) * pay tied. Writes `involvement`."""
    base = s.executives_involvement_base
    for row in range(len(executives)):
        executive = executives[row]
        target = base + (1.0 - base) * levers[executive.vendor, 1].executive_pay_tied
        executive.involvement += s.executives_involvement_speed * (target - executive.involvement)


@rule
def stage_weight(at_work: bool, early: float) -> float:
    """Weight of an account for its sponsor this week: buying before the offer, buying after it, or in delivery.

    `early` is the share of attention for deals at work, before their offer is on the table; 0.5 treats all alike.
    """
    return early if at_work else 1.0 - early


@rule
def visit(executive, relation, seniority: float, weight: float, s) -> tuple[float, float]:
    """One account's week with its sponsor: hours open access. Returns the hours, and those that count between peers.

    `seniority` is that of the customer's top executive: an hour counts whole for equals, `unmatched_effect` for no peers at
    all. Writes the relation's `access`, the executive's `hours_given`.
    """
    hours = min(s.executives_hours_per_account, executive.hours_per_weight * weight)
    match, unmatched = 1.0 - abs(executive.seniority - seniority), s.executives_unmatched_effect
    effective = hours * (unmatched + (1.0 - unmatched) * match)
    relation.access = opened(relation.access, effective, s.executives_access_gain)
    executive.hours_given += hours
    return hours, effective
