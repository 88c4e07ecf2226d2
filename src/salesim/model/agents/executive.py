"""Senior executives: their involvement, their hours, and the access they give."""

import math

import numpy as np

from salesim.model.agents.vendor import CURRENT
from salesim.model.jit import rule
from salesim.model.records import record_type

EXECUTIVE = record_type(
    ("vendor", np.int32),  # whose executive it is
    ("seniority", np.float64),  # 0 to 1
    ("accounts", np.int32),  # accounts it sponsors; written by `start_plan`
    ("involvement", np.float64),  # share of the hours of the levers that it gives, 0 to 1; `update_involvement`
    ("demand", np.float64),  # weight of its accounts that are buying or in delivery this week; `count_work`
    ("hours_per_weight", np.float64),  # hours this week for an account of weight 1; `share_hours`
    ("hours_given", np.float64),  # this week; `visit`
)


@rule
def access_after(access: float, hours: float, gain: float) -> float:
    """Access after some hours: a + (1 - a) * (1 - exp(-gain * hours)). Assumption."""
    return access + (1.0 - access) * (1.0 - math.exp(-gain * hours))


@rule
def update_involvement(executives, vendor_levers, s):
    """Every week involvement moves towards base + (1 - base) * pay tied. Writes `involvement`."""
    base = s.executives_involvement_base
    for executive in executives:
        target = base + (1.0 - base) * vendor_levers[executive.vendor, CURRENT].executive_pay_tied
        executive.involvement += s.executives_involvement_speed * (target - executive.involvement)


@rule
def stage_weight(at_work: bool, early: float) -> float:
    """Weight of an account for its sponsor this week: buying before the offer, buying after it, or in delivery.

    `early` is the share of attention for deals whose offer is not ready; 0.5 treats all accounts alike.
    """
    return early if at_work else 1.0 - early


@rule
def visit(executive, relation, seniority: float, weight: float, s) -> tuple[float, float]:
    """A sponsor's week with one account gives access. Returns the hours, and the hours weighted by the match of seniority.

    `seniority` is that of the customer's top executive: the weight of an hour is 1 at equal seniority and falls to
    `unmatched_effect`. Writes the relation's `access`, the executive's `hours_given`.
    """
    hours = min(s.executives_hours_per_account, executive.hours_per_weight * weight)
    match, unmatched = 1.0 - abs(executive.seniority - seniority), s.executives_unmatched_effect
    effective = hours * (unmatched + (1.0 - unmatched) * match)
    relation.access = access_after(relation.access, effective, s.executives_access_gain)
    executive.hours_given += hours
    return hours, effective
