"""Channel partners: discounts they ask for, what they are taught, and the prices they set."""

import numpy as np

from salesim.model.jit import rule
from salesim.model.records import record_type

PARTNER = record_type(
    ("vendor", np.int32),  # whose partner it is
    ("rivals", np.int32),  # rival partners of the same brand in its territory
    ("accounts", np.int32),  # customers in its territory
    ("discount", np.float64),  # off list, the later rebate included; `negotiate`
    ("capability", np.float64),  # taught, 0 to 1; `negotiate`
    ("margin", np.float64),  # trailing margin, share of list; `set_prices`
    ("working", np.int32),  # deals it works on this week; `count_work`
    ("hours_per_deal", np.float64),  # this week; `share_hours`
)


@rule
def limit_price(cost: float, rivals: int, capability: float, room_floor: float, room_taught: float) -> float:
    """Highest price a partner can hold against rivals of its own brand who pay the same, in list prices.

    cost + (room_floor + room_taught * capability) / rivals; without a rival there is no limit (1e9).
    Source: limit pricing of undifferentiated sellers (Bertrand); the room, and its division by the number of rivals as
    the expected least of that many exponential switching costs, are assumptions. Pass-through is 1 where it binds.
    """
    if rivals <= 0:
        return 1e9
    return cost + (room_floor + room_taught * capability) / rivals


@rule
def upfront_cost(discount: float, rebate_share: float) -> float:
    """What a partner pays at once, in list prices: all of the discount but the later rebate is taken off."""
    return 1.0 - discount * (1.0 - rebate_share)


@rule
def regarded_cost(discount: float, rebate_share: float, regard: float) -> float:
    """What a partner thinks it pays, in list prices: a later rebate counts only in part."""
    return upfront_cost(discount, rebate_share) - regard * discount * rebate_share


@rule
def negotiate(partners, levers, s, week):
    """Weekly: teaching adds capability; every few weeks a partner below its aspiration asks for more discount.

    Reads trailing margins; writes `discount` and `capability`.
    """
    for row in range(len(partners)):
        partner = partners[row]
        now = levers[partner.vendor, 1]
        partner.capability += s.partners_teaching_speed * now.teaching * (1.0 - partner.capability)
        asks = partner.margin < s.partners_aspiration and week % int(now.request_every_weeks) == 0
        if asks and s.loops_partner_requests == 1.0 and partner.discount < now.discount_cap:
            partner.discount = min(now.discount_cap, partner.discount + now.on_request * now.request_step)
