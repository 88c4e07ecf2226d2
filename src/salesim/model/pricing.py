"""Offers on a customer's table: what they are worth, what they cost, and the bargaining that makes their prices."""

import math

import numpy as np

from salesim.model.interpolation import omega
from salesim.model.jit import rule
from salesim.model.records import record_type

OFFER = record_type(
    ("deal", np.int32),  # row of the deal; written by `collect_offers`
    ("cost", np.float64),  # as the seller feels it, list prices; `set_prices`
    ("limit", np.float64),  # highest price it can hold; `set_prices`
    ("floor", np.float64),  # lowest price it may agree to; `set_prices`
    ("rounds", np.float64),  # of concessions before the seller stops; `weigh`
    ("appeal", np.float64),  # utility at a price of 0; `weigh`
    ("appeal_believed", np.float64),  # the same as its seller sees it; `weigh`
    ("price", np.float64),  # list prices; `bargain`
    ("pass_through", np.float64),  # of the seller's own cost; `bargain`
    ("height", np.float64),  # exponent of its pull at a price of 0; `highest`
    ("pull", np.float64),  # how much it draws at the present price; `reply_to_all`
    ("reply", np.float64),  # best price against the others' present prices; `reply_to_all`
    ("reply_pass", np.float64),  # pass-through at that price; `reply_to_all`
    ("taste", np.float64),  # the customer's liking for it, in scales; `choose`
)  # one row a ready offer, for as long as one customer chooses


@rule
def best_reply(cost: float, appeal: float, slope: float, scale: float, log_rivals: float) -> tuple[float, float]:
    """Price that maximizes (price - cost) * chance of winning in a logit market, and its pass-through of cost.

    cost + scale / slope * (1 + W), W = W0(exp((appeal - slope * cost) / scale - 1) / rivals), all in list prices;
    `log_rivals` is the logarithm of the sum of exp(utility / scale) over every other choice, doing nothing included.
    Pass-through is 1 / (1 + W) = 1 - chance of winning. Source: Anderson, de Palma & Thisse 1992.
    """
    w = omega((appeal - slope * cost) / scale - 1.0 - log_rivals)
    return cost + scale / slope * (1.0 + w), 1.0 / (1.0 + w)


@rule
def perceived_cost(cost: float, on_margin: float, blindness: float, push: float) -> float:
    """Cost as the seller feels it: whole if paid on margin, less if paid on revenue or pushed at a quarter's end."""
    return cost * max(0.0, 1.0 - blindness * (1.0 - on_margin) - push)


@rule
def taste_scale(sameness, s) -> float:
    """Scale of tastes, in list prices: spread * (1 - c) + floor. Commoditization is this going to its floor."""
    return s.commoditization_taste_spread * (1.0 - sameness) + s.commoditization_taste_floor


@rule
def price_slope(customer, s) -> float:
    """Worth lost per list price: price weight, more with the discount one expects, more with the reference price."""
    usual = 1.0 - s.customers_initial_reference
    sensitive = max(0.1, 1.0 + s.bargaining_discount_expectation_weight * (customer.discount_expectation - usual))
    return customer.price_weight * sensitive * (1.0 + s.bargaining_reference_weight)


@rule
def weigh(table, n, deals, customer, slope, s):
    """Commoditization pulls worths together, w <- (1 - c) w + c * mean(w); sellers guess what they have not diagnosed.

    A seller believes q * w + (1 - q) * (lowest worth on the table - ignorance discount). Appeal is the utility at a price
    of 0: w + b eta r, as utility is w - b p - b eta (p - r). Writes `worth`, `worth_believed`, `perceived_sameness` of deals;
    `appeal`, `appeal_believed`, `rounds` of offers.
    """
    mean = 0.0
    for i in range(n):
        mean += deals[table[i].deal].worth
    mean /= n
    lowest = 1e9
    for i in range(n):
        deal = deals[table[i].deal]
        deal.worth = (1.0 - customer.perceived_sameness) * deal.worth + customer.perceived_sameness * mean
        deal.perceived_sameness = customer.perceived_sameness
        lowest = min(lowest, deal.worth)
    anchor = slope * s.bargaining_reference_weight / (1.0 + s.bargaining_reference_weight)
    for i in range(n):
        offer, deal = table[i], deals[table[i].deal]
        deal.worth_believed = deal.depth * deal.worth + (1.0 - deal.depth) * (lowest - s.bargaining_ignorance_discount)
        offer.appeal = deal.worth + anchor * deal.reference_price
        offer.appeal_believed = deal.worth_believed + anchor * deal.reference_price
        offer.rounds = s.bargaining_rounds * (1.0 - s.bargaining_access_patience * deal.access)


@rule
def bargain(table, n, slope, scale, s):
    """Rounds of best replies from list price downwards; all sellers move at once.

    In a round a seller goes a share of the way to its best reply; executive access ends its concessions some rounds
    earlier. With small tastes the best reply is just below the rivals' prices, so it takes many rounds to get to the
    margin of logit competition. A seller does not go below its floor, nor above list price or its limit.
    Writes `price` and `pass_through` of the first `n` offers of the table; pass-through is that of the seller's own cost
    with the rivals' prices given, 1 where the limit binds and 0 at list price or floor.
    """
    top, rest = highest(table, n, slope, scale, s.worth_nothing)
    for i in range(n):
        table[i].price, table[i].pass_through = 1.0, 0.0
    for count in range(int(s.bargaining_rounds)):
        reply_to_all(table, n, slope, scale, top, rest)
        for i in range(n):
            offer = table[i]
            if count < offer.rounds:
                offer.pass_through += s.bargaining_concession * (offer.reply_pass - offer.pass_through)
                offer.price += s.bargaining_concession * (offer.reply - offer.price)
    for i in range(n):
        bound(table[i])


@rule
def highest(table, n, slope, scale, nothing) -> tuple[float, float]:
    """Highest utility there can be, over scale, as nobody goes below cost; and the exponent of the pull of doing nothing.

    A pull is exp(utility / scale - top), so that none overflows. Writes `height`, the exponent at a price of 0.
    """
    best = nothing
    for i in range(n):
        best = max(best, table[i].appeal - slope * table[i].cost)
    for i in range(n):
        table[i].height = (table[i].appeal - best) / scale
    return best / scale, (nothing - best) / scale


@rule
def reply_to_all(table, n, slope, scale, top, rest):
    """The best reply of every seller to the present prices of the others. Writes `pull`, `reply` and `reply_pass`."""
    steep, idle = slope / scale, math.exp(rest)
    for i in range(n):
        table[i].pull = math.exp(table[i].height - steep * table[i].price)
    for i in range(n):
        offer, others = table[i], idle
        for j in range(n):
            if j != i:
                others += table[j].pull
        log_others = math.log(others) if others > 1e-250 else log_of_far(table, n, i, steep, rest)
        offer.reply, offer.reply_pass = best_reply(offer.cost, offer.appeal_believed, slope, scale, top + log_others)


@rule
def log_of_far(table, n, me, steep, rest) -> float:
    """Logarithm of the sum of the others' pulls where all of them vanish in rounding: counted from the largest."""
    best = rest
    for i in range(n):
        if i != me:
            best = max(best, table[i].height - steep * table[i].price)
    total = math.exp(rest - best)
    for i in range(n):
        if i != me:
            total += math.exp(table[i].height - steep * table[i].price - best)
    return best + math.log(total)


@rule
def bound(offer):
    """Apply the limit price, the price authority and the list price. Writes `price` and `pass_through`."""
    if offer.price > offer.limit:
        offer.price, offer.pass_through = offer.limit, 1.0
    if offer.price < offer.floor:
        offer.price, offer.pass_through = offer.floor, 0.0
    if offer.price > 1.0:
        offer.price, offer.pass_through = 1.0, 0.0


@rule
def price_in_money(deal, offer, unit_cost):
    """The price and its parts in k$, for the records.

    list - customer discount - partner margin - rebate = net price, with the rebate still to come taken as paid later.
    Writes `price`, `price_k`, `pass_through`, `partner_cost_k`, `partner_margin_k`, `net_price_k`, `unit_cost_k`.
    """
    deal.price = offer.price
    deal.price_k = deal.price * deal.list_price_k
    if deal.partner >= 0:
        deal.partner_cost_k, deal.pass_through = deal.partner_cost * deal.list_price_k, offer.pass_through
    else:
        deal.partner_cost_k, deal.pass_through = deal.price_k, math.nan
    deal.partner_margin_k = deal.price_k - deal.partner_cost_k
    deal.net_price_k = deal.price_k - deal.partner_margin_k - deal.rebate_k
    deal.unit_cost_k = unit_cost * deal.list_price_k


@rule
def doubted_away(table, n, deals, slope, scale, nothing, sameness, weight) -> bool:
    """Would the customer have bought without its uncertainty? Same tastes, same prices; worths pulled together again.

    `weight` is what full uncertainty takes away, in list prices.
    """
    mean = 0.0
    for i in range(n):
        mean += weight * deals[table[i].deal].uncertainty / n
    for i in range(n):
        offer = table[i]
        relief = (1.0 - sameness) * weight * deals[offer.deal].uncertainty + sameness * mean
        if offer.appeal - slope * offer.price + relief + scale * offer.taste > nothing:
            return True
    return False
