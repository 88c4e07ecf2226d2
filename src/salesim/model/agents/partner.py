"""Channel partners: the discounts they request, the capability they are taught, their price limits, and their profit."""

import numpy as np

from salesim.model.agents.vendor import CURRENT
from salesim.model.jit import rule
from salesim.model.records import record_type

PARTNER = record_type(
    ("vendor", np.int32),  # whose partner it is
    ("rivals", np.int32),  # rival partners of the same brand in its territory
    ("accounts", np.int32),  # customers in its territory
    ("discount", np.float64),  # off list, the later rebate included; `negotiate`
    ("capability", np.float64),  # taught, 0 to 1; `negotiate`
    ("stickiness", np.float64),  # trait: share of the way that it moves back to its usual price
    ("usual_price", np.float64),  # mean of its quotes, list prices; -1 before the first; `set_offer_prices`
    ("margin", np.float64),  # trailing margin, share of list; `set_offer_prices`
    ("working", np.int32),  # deals it works on this week; `count_work`
    ("hours_per_deal", np.float64),  # this week; `share_hours`
    ("year_profit_k", np.float64),  # with the brand, this year; `earn`
    ("active", np.int8),  # 1 until it gives up the brand; `hand_over`
)


@rule
def conduct_of(rivals: int, capability: float, weight: float, taught: float) -> float:
    """Share of a monopolist's mark-up that a partner can hold: 1 / (1 + weight * rivals * (1 - taught * capability)).

    Source: the conduct parameter of Weyl & Fabinger 2013; that it falls with the number of rivals in this form is an
    assumption. `weight` 0 is 1, a partner who is alone with its brand.
    """
    return 1.0 / (1.0 + weight * rivals * (1.0 - taught * capability))


@rule
def remember_quote(partner, price, cost, memory):
    """A quote moves the trailing margin and the usual price, which is the first quote's at first. Assumption."""
    partner.margin += memory * (price - cost - partner.margin)
    if partner.usual_price < 0.0:
        partner.usual_price = price
    partner.usual_price += memory * (price - partner.usual_price)


@rule
def skill_of_partner(partner, s) -> float:
    """Skill of a partner's people: skill + teaching_skill * capability, at most 1. Assumption."""
    return min(1.0, s.partners_skill + s.partners_teaching_skill * partner.capability)


@rule
def earn(partner, entry, amount_k):
    """Count money of a partner, or a cost if it is negative. Writes its `year_profit_k` and the week's `partners_profit_k`."""
    partner.year_profit_k += amount_k
    entry.partners_profit_k += amount_k


@rule
def cost_of_partner(partner, teaching, s) -> float:
    """Cost of a partner's week, k$: the hours that it keeps for the brand, used or not, and services that it still builds up.

    cost_per_hour_k * hours_per_week + service_cost_k * teaching * (1 - capability). Assumption.
    """
    people_k = s.partners_cost_per_hour_k * s.partners_hours_per_week
    return people_k + s.partners_service_cost_k * teaching * (1.0 - partner.capability)


@rule
def upfront_cost(discount: float, rebate_share: float) -> float:
    """Price a partner pays at once, in list prices: list price minus the part of the discount that is not a later rebate."""
    return 1.0 - discount * (1.0 - rebate_share)


@rule
def regarded_cost(discount: float, rebate_share: float, regard: float) -> float:
    """Cost as a partner regards it, in list prices: a later rebate counts only in part."""
    return upfront_cost(discount, rebate_share) - regard * discount * rebate_share


@rule
def negotiate(partners, vendor_levers, s, week):
    """Teaching adds capability every week; every few weeks a partner below its target margin requests more discount.

    How much may be in proportion to the margin that is missing. Reads trailing margins; writes `discount` and `capability`.
    """
    for partner in partners:
        if partner.active == 0:
            continue
        levers = vendor_levers[partner.vendor, CURRENT]
        partner.capability += s.partners_teaching_speed * levers.teaching * (1.0 - partner.capability)
        requests = partner.margin < s.partners_aspiration and week % int(levers.request_every_weeks) == 0
        if requests and s.loops_partner_requests == 1.0 and partner.discount < levers.discount_cap:
            held = s.partners_request_proportion * max(0.0, partner.margin) / max(1e-9, s.partners_aspiration)
            step = levers.on_request * levers.request_step * (1.0 - held)
            partner.discount = min(levers.discount_cap, partner.discount + step)
