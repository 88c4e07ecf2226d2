"""Channel partners: the discounts they request, the capability they are taught, and their costs and price limits."""

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
    ("margin", np.float64),  # trailing margin, share of list; `set_offer_prices`
    ("working", np.int32),  # deals it works on this week; `count_work`
    ("hours_per_deal", np.float64),  # this week; `share_hours`
)


@rule
def limit_price(cost: float, rivals: int, capability: float, markup_floor: float, markup_taught: float) -> float:
    """Highest price a partner can hold against rivals of its own brand who pay the same, in list prices.

    cost + (markup_floor + markup_taught * capability) / rivals; without a rival there is no limit (1e9).
    Source: limit pricing of undifferentiated sellers (Bertrand); the markup, and its division by the number of rivals
    as the expected minimum of that many exponential switching costs, are assumptions. Pass-through is 1 where it binds.
    """
    if rivals <= 0:
        return 1e9
    return cost + (markup_floor + markup_taught * capability) / rivals


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

    Reads trailing margins; writes `discount` and `capability`.
    """
    for partner in partners:
        levers = vendor_levers[partner.vendor, CURRENT]
        partner.capability += s.partners_teaching_speed * levers.teaching * (1.0 - partner.capability)
        requests = partner.margin < s.partners_aspiration and week % int(levers.request_every_weeks) == 0
        if requests and s.loops_partner_requests == 1.0 and partner.discount < levers.discount_cap:
            partner.discount = min(levers.discount_cap, partner.discount + levers.on_request * levers.request_step)
