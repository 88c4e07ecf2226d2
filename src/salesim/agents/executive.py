"""Senior executives: involvement, hours, and the access they open."""

import math

import numpy as np

from salesim.rules import rule
from salesim.words import Activity, Stage

EXECUTIVE = np.dtype(
    [
        ("vendor", np.int32),  # whose executive it is
        ("seniority", np.float64),  # 0 to 1
        ("accounts", np.int32),  # accounts it sponsors; written by `sponsor_accounts`
        ("involvement", np.float64),  # share of the hours owed that it gives, 0 to 1; `involve`
        ("demand", np.float64),  # weight of its accounts that are buying or in delivery this week; `count_work`
        ("hours_per_weight", np.float64),  # hours this week for an account of weight 1; `share_hours`
        ("hours_given", np.float64),  # this week; `sponsor`
    ],
    align=True,
)


@rule
def match_effect(match: float, unmatched_effect: float) -> float:
    """Share of the effect of an executive's hour: unmatched_effect for no peers at all, 1 for equals. Assumption."""
    return unmatched_effect + (1.0 - unmatched_effect) * match


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
def stage_weight(customer, deal_stage, early: float) -> float:
    """Weight of an account for its sponsor this week: buying before offers, buying after, or in delivery.

    `early` is the share of attention for buyers before an offer is on the table; 0.5 treats all alike.
    """
    if customer.activity == Activity.BUYING and deal_stage == Stage.WORKING:
        return early
    return 1.0 - early


@rule
def sponsor(relation, executive, deal, weight: float, s):
    """One account's week with its sponsor: hours open access and build trust, neglect costs it.

    Writes the relation's `access` and `trust_firm`, the executive's `hours_given` and the deal's `executive_hours`.
    """
    hours = min(s.executives_hours_per_account, executive.hours_per_weight * weight)
    effect = match_effect(relation.match, s.executives_unmatched_effect)
    relation.access = opened(relation.access, hours * effect, s.executives_access_gain)
    relation.trust_firm += (1.0 - math.exp(-s.trust_executive_gain * hours * effect)) * (1.0 - relation.trust_firm)
    if hours < s.executives_neglect_hours:
        relation.trust_firm -= s.executives_neglect_loss * relation.trust_firm
    executive.hours_given += hours
    if deal.closed_week < 0:
        deal.executive_hours += hours
