"""Offers of a purchase: their utilities, the sellers' costs, and the bargaining that sets their prices.

Prices are shares of the list price, which is 1. In formulas, p is the price, b the price weight, eta the reference weight,
r the reference price, w worth, c perceived sameness, q the depth of diagnosis. `phases/choosing.py` sets costs and
floors and calls these rules; the conduct of a partner is in `agents/partner.py`.

In all rules, `slope` is the customer's price sensitivity (utility lost per list price, `price_slope`), `scale` the logit scale
of tastes (`taste_scale`), `s` the settings record, and `n` the number of ready offers. The outside option is to buy nothing.
"""

import math

import numpy as np

from salesim.model.interpolation import omega
from salesim.model.jit import rule
from salesim.model.records import record_type

OFFER = record_type(
    ("deal", np.int32),  # row of the deal; written by `collect_ready_offers`
    ("cost", np.float64),  # as the seller perceives it, list prices; `set_offer_prices`
    ("floor", np.float64),  # lowest price it may accept; `set_offer_prices`
    ("conduct", np.float64),  # share of the mark-up that its seller can hold; `set_offer_prices`
    ("stickiness", np.float64),  # share of the way back to the usual price; `set_offer_prices`
    ("usual_price", np.float64),  # that its seller is used to, list prices; `set_offer_prices`
    ("closing_discount", np.float64),  # for signing now, list prices; `set_offer_prices`
    ("shift", np.float64),  # share by which its vendor moves all its prices; `set_offer_prices`
    ("appeal", np.float64),  # utility at a price of 0, without taste; `set_utilities`
    ("appeal_believed", np.float64),  # the same as its seller sees it; `set_utilities`
    ("price", np.float64),  # list prices; `bargain`
    ("pass_through", np.float64),  # of the seller's own cost; `bargain`
    ("exponent", np.float64),  # logarithm of its attraction at a price of 0; `scale_utilities`
    ("attraction", np.float64),  # exp(utility / scale), rescaled, at its current price; `find_best_replies`
    ("reply", np.float64),  # best reply to the rivals' current prices; `find_best_replies`
    ("reply_pass", np.float64),  # pass-through at the best reply; `find_best_replies`
    ("taste", np.float64),  # Gumbel taste of the customer, in units of the logit scale; `choose`
)  # one row per ready offer of the purchase that is being decided


@rule
def best_reply(
    cost: float, appeal: float, slope: float, scale: float, log_rivals: float, conduct: float
) -> tuple[float, float]:
    """Price in a logit market whose mark-up is `conduct` times that of the best reply, and its pass-through of cost.

    cost + scale / slope * (conduct + W), W = W0(conduct * exp((appeal - slope * cost) / scale - conduct) / rivals), all in
    list prices; `log_rivals` is the logarithm of the sum of exp(utility / scale) over every other choice, the outside option
    included. With a conduct of 1 the price maximizes (price - cost) * chance of winning (Anderson, de Palma & Thisse 1992), and
    pass-through, 1 / (1 + W), is 1 - chance of winning. With 0 it is the cost. Conduct: Weyl & Fabinger 2013.
    """
    log_conduct = 0.0 if conduct == 1.0 else math.log(conduct)  # a logarithm in every round of bargaining is felt
    w = omega((appeal - slope * cost) / scale - conduct + log_conduct - log_rivals)
    return cost + scale / slope * (conduct + w), 1.0 / (1.0 + w)


@rule
def perceived_cost(cost: float, on_margin: float, blindness: float) -> float:
    """Cost as the seller perceives it: the whole cost if paid on margin, less if paid on revenue."""
    return cost * (1.0 - blindness * (1.0 - on_margin))


@rule
def taste_scale(sameness, s) -> float:
    """Logit scale of tastes, in list prices: spread * (1 - c) + floor. Commoditization lowers it towards its floor."""
    return s.commoditization_taste_spread * (1.0 - sameness) + s.commoditization_taste_floor


@rule
def price_slope(customer, s) -> float:
    """Price sensitivity: utility lost per list price. Larger discounts than at the start raise it, as does the reference."""
    usual = 1.0 - s.customers_initial_reference
    factor = 1.0 + s.bargaining_discount_expectation_weight * max(0.0, customer.discount_expectation - usual)
    return customer.price_weight * factor * (1.0 + s.bargaining_reference_weight)


@rule
def set_utilities(offers, n, deals, customer, slope, s):
    """Set utilities at a price of 0, as the customer and as the seller see them. Perceived sameness equalizes worths.

    w <- (1 - c) w + c * mean(w). A seller believes q * w + (1 - q) * (lowest worth of an offer - ignorance discount). Utility
    is w - b p - b eta (p - r), so appeal, the utility at a price of 0, is w + b eta r. Writes `worth`, `worth_believed` and
    `perceived_sameness` of deals; `appeal` and `appeal_believed` of offers.
    """
    mean = 0.0
    for i in range(n):
        mean += deals[offers[i].deal].worth
    mean /= n
    lowest = 1e9
    for i in range(n):
        deal = deals[offers[i].deal]
        deal.worth = (1.0 - customer.perceived_sameness) * deal.worth + customer.perceived_sameness * mean
        deal.perceived_sameness = customer.perceived_sameness
        lowest = min(lowest, deal.worth)
    anchor = slope * s.bargaining_reference_weight / (1.0 + s.bargaining_reference_weight)
    for i in range(n):
        offer, deal = offers[i], deals[offers[i].deal]
        deal.worth_believed = deal.depth * deal.worth + (1.0 - deal.depth) * (lowest - s.bargaining_ignorance_discount)
        offer.appeal = deal.worth + anchor * deal.reference_price
        offer.appeal_believed = deal.worth_believed + anchor * deal.reference_price


@rule
def bargain(offers, n, slope, scale, s):
    """Sellers set prices by rounds of simultaneous best replies, starting at list price.

    In a round a seller moves a share of the way to its best reply. With a small logit scale the best reply is just below
    the rivals' prices, so it takes many rounds to reach the margin of logit competition. A price is not below the floor,
    nor above list price.
    Writes `price` and `pass_through` of the first `n` offers; pass-through is that of the seller's own cost
    with the rivals' prices given, 0 at list price or floor.
    """
    highest_utility, outside_exponent = scale_utilities(offers, n, slope, scale, s.worth_nothing)
    for i in range(n):
        offers[i].price, offers[i].pass_through = 1.0, 0.0
    for _ in range(int(s.bargaining_rounds)):
        find_best_replies(offers, n, slope, scale, highest_utility, outside_exponent)
        for i in range(n):
            offer = offers[i]
            offer.pass_through += s.bargaining_concession * (offer.reply_pass - offer.pass_through)
            offer.price += s.bargaining_concession * (offer.reply - offer.price)
    for i in range(n):
        apply_price_limits(offers[i])


@rule
def scale_utilities(offers, n, slope, scale, outside_utility) -> tuple[float, float]:
    """Return the highest possible utility (prices at cost) over scale, and the exponent of the outside option.

    An attraction, exp(utility / scale - highest utility), cannot overflow. Writes `exponent`, its logarithm at a price of 0.
    """
    best = outside_utility
    for i in range(n):
        best = max(best, offers[i].appeal - slope * offers[i].cost)
    for i in range(n):
        offers[i].exponent = (offers[i].appeal - best) / scale
    return best / scale, (outside_utility - best) / scale


@rule
def find_best_replies(offers, n, slope, scale, highest_utility, outside_exponent):
    """Find every seller's best reply to its rivals' current prices. Writes `attraction`, `reply` and `reply_pass`."""
    logit_slope, outside_attraction = slope / scale, math.exp(outside_exponent)
    for i in range(n):
        offers[i].attraction = math.exp(offers[i].exponent - logit_slope * offers[i].price)
    for i in range(n):
        offer, rivals = offers[i], outside_attraction
        for j in range(n):
            if j != i:
                rivals += offers[j].attraction
        log_rivals = math.log(rivals) if rivals > 1e-250 else log_sum_of_rivals(offers, n, i, logit_slope, outside_exponent)
        log_rivals += highest_utility
        offer.reply, offer.reply_pass = best_reply(offer.cost, offer.appeal_believed, slope, scale, log_rivals, offer.conduct)


@rule
def log_sum_of_rivals(offers, n, own, logit_slope, outside_exponent) -> float:
    """Logarithm of the sum of the rivals' attractions, computed from the largest so that it does not underflow."""
    best = outside_exponent
    for i in range(n):
        if i != own:
            best = max(best, offers[i].exponent - logit_slope * offers[i].price)
    total = math.exp(outside_exponent - best)
    for i in range(n):
        if i != own:
            total += math.exp(offers[i].exponent - logit_slope * offers[i].price - best)
    return best + math.log(total)


@rule
def apply_price_limits(offer):
    """Apply custom, the discount for signing now, the vendor's shift, and all limits. Writes `price` and `pass_through`.

    p <- p + stickiness * (usual price - p), and as much less of a change of the cost is passed on.
    """
    offer.price += offer.stickiness * (offer.usual_price - offer.price) - offer.closing_discount
    offer.price += offer.shift * offer.price
    offer.pass_through *= 1.0 - offer.stickiness
    if offer.price < offer.floor:
        offer.price, offer.pass_through = offer.floor, 0.0
    if offer.price > 1.0:
        offer.price, offer.pass_through = 1.0, 0.0


@rule
def record_price(deal, offer, unit_cost):
    """Record the price and its parts in k$.

    list - customer discount - partner margin - rebate = net price, where a rebate counts only once it is paid.
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
def rejected_for_uncertainty(offers, n, deals, slope, scale, outside_utility, sameness, weight) -> bool:
    """Whether the customer would have bought without its uncertainty, at the same tastes and prices.

    `weight` is the worth that full uncertainty takes away, in list prices; perceived sameness equalizes the relief as well.
    """
    mean = 0.0
    for i in range(n):
        mean += weight * deals[offers[i].deal].uncertainty / n
    for i in range(n):
        offer = offers[i]
        relief = (1.0 - sameness) * weight * deals[offer.deal].uncertainty + sameness * mean
        if offer.appeal - slope * offer.price + relief + scale * offer.taste > outside_utility:
            return True
    return False
