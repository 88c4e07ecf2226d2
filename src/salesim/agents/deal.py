"""Deals: the work on them, what the offer is worth, and the price it ends at. The record is `ledger.DEAL`."""

import math

import numpy as np

from salesim.agents.customer import trust_in
from salesim.agents.executive import opened
from salesim.agents.partner import limit_price, regarded_cost, upfront_cost
from salesim.rules import rule
from salesim.words import Cause, Outcome, Stage

PLAN_END = 1e-9  # hours; planned work below this is done


@rule
def omega(z: float) -> float:
    """Wright's omega function for real z: the w > 0 with w + ln w = z, which is Lambert's W0(exp(z)).

    Two Fritsch-Shafer-Crowley steps from a close start. Source: Fritsch, Shafer & Crowley 1973; checked against scipy.
    """
    if z < -30.0:
        return math.exp(z)
    if z < 1.0:
        e = math.exp(z)
        w = e / (1.0 + e)
    else:
        w = z - math.log(z) + math.log(z) / z
    for _ in range(3):
        r = z - w - math.log(w)
        t = 2.0 * (1.0 + w) * (1.0 + w + 2.0 / 3.0 * r)
        w *= 1.0 + r / (1.0 + w) * (t - r) / (t - 2.0 * r)
    return w


@rule
def information(base: float, by_trust: float, trust: float, by_access: float, access: float) -> float:
    """Share of what it knows that a customer tells a vendor, at most 1. Assumption."""
    return min(1.0, base + by_trust * trust + by_access * access)


@rule
def deepened(depth: float, hours: float, skill: float, told: float, complexity: float, scale_hours: float) -> float:
    """Depth of diagnosis after some hours: q + (1 - q) (1 - exp(-skill * told * hours / (scale (0.5 + k))))."""
    rate = skill * told / (scale_hours * (0.5 + complexity))
    return depth + (1.0 - depth) * (1.0 - math.exp(-rate * hours))


@rule
def fit_of(complexity: float, loss: float, cover: float) -> float:
    """Share of the problem the solution can solve: 1 - loss * k * (1 - cover)."""
    return 1.0 - loss * complexity * (1.0 - cover)


@rule
def cover_of(depth: float, breadth: float, package_cover: float, depth_cover: float) -> float:
    """Share of the complexity an offer covers: what is packaged covers a fixed part, the rest what was diagnosed."""
    return breadth * package_cover + (1.0 - breadth) * depth_cover * depth


@rule
def promised(fit: float, inflation: float) -> float:
    """What the seller says it will solve: the fit, and a share of what is left."""
    return fit + inflation * (1.0 - fit)


@rule
def believed(promise: float, trust: float, persuasion: float, competence: float, prior: float) -> float:
    """What the customer believes: between its prior and the promise, by trust, and by persuasion where incompetent.

    h * promise + (1 - h) * (promise + prior) / 2 with h = t + (1 - t) / 2 * persuasion * (1 - competence). Assumption.
    """
    heard = trust + 0.5 * (1.0 - trust) * persuasion * (1.0 - competence)
    return heard * promise + (1.0 - heard) * 0.5 * (promise + prior)


@rule
def doubt(complexity: float, competence: float, depth: float, trust: float, access: float) -> float:
    """Uncertainty of the customer: k (1 - m) (1 - q) (1 - t / 2) (1 - 0.4 a). Assumption."""
    return complexity * (1.0 - competence) * (1.0 - depth) * (1.0 - 0.5 * trust) * (1.0 - 0.4 * access)


@rule
def best_reply(cost: float, worth: float, weight: float, scale: float, log_rivals: float) -> tuple[float, float]:
    """Price that maximizes (price - cost) * chance of winning in a logit market, and its pass-through of cost.

    cost + scale / weight * (1 + W), W = W0(exp((worth - weight * cost) / scale - 1) / rivals), all in list prices;
    `log_rivals` is the logarithm of the sum of exp(utility / scale) over every other choice, doing nothing included.
    Pass-through is 1 / (1 + W) = 1 - chance of winning. Source: Anderson, de Palma & Thisse 1992.
    """
    w = omega((worth - weight * cost) / scale - 1.0 - log_rivals)
    return cost + scale / weight * (1.0 + w), 1.0 / (1.0 + w)


@rule
def perceived_cost(cost: float, on_margin: float, blindness: float, push: float) -> float:
    """Cost as the seller feels it: whole if paid on margin, less if paid on revenue or pushed at a quarter's end."""
    return cost * max(0.0, 1.0 - blindness * (1.0 - on_margin) - push)


@rule
def plan(deal, diagnosis_hours, presentation_hours):
    """Planned hours of a new deal. Writes both plans."""
    deal.diagnosis_planned_hours = diagnosis_hours
    deal.presentation_planned_hours = presentation_hours


@rule
def work(deal, customer, relation, hours, skill, s):
    """Up to `hours` of work on a deal, shared between diagnosis and presentation as planned. Returns the hours used.

    Writes both kinds of hours, `depth`, and the relation's `access`.
    """
    diagnosis_left = deal.diagnosis_planned_hours - deal.diagnosis_hours
    presentation_left = deal.presentation_planned_hours - deal.presentation_hours
    left = diagnosis_left + presentation_left
    if left <= PLAN_END:
        return 0.0
    used = min(hours, left)
    diagnosis = used * diagnosis_left / left
    told = information(
        s.selling_information_base,
        s.selling_information_trust,
        trust_in(relation),
        s.selling_information_access,
        relation.access,
    )
    scale_hours = s.selling_diagnosis_scale_hours
    deal.depth = deepened(deal.depth, diagnosis, skill, told, customer.complexity, scale_hours)
    relation.access = opened(relation.access, diagnosis, s.selling_diagnosis_access)
    deal.diagnosis_hours += diagnosis
    deal.presentation_hours += used - diagnosis
    return used


@rule
def worked_out(deal) -> bool:
    """All planned hours are done."""
    planned = deal.diagnosis_planned_hours + deal.presentation_planned_hours
    return planned - deal.diagnosis_hours - deal.presentation_hours <= PLAN_END


@rule
def design(deal, customer, inflation, s):
    """The offer is designed from what was found: fit and promise. Writes `fit` and `promise`."""
    cover = cover_of(deal.depth, deal.breadth, s.worth_package_cover, s.worth_depth_cover)
    deal.fit = fit_of(customer.complexity, s.worth_complexity_loss, cover)
    deal.promise = promised(deal.fit, inflation)


@rule
def close(deal, outcome, cause, week):
    """The deal ends. Writes `stage`, `outcome`, `cause`, `closed_week`."""
    deal.stage = Stage.CLOSED
    deal.outcome = outcome
    deal.cause = cause
    deal.closed_week = week


@rule
def weigh(deals, first, last, customer, relations, vendors, levers, s):
    """Worth of every ready offer to the customer, before and after commoditization pulls worths together.

    w = belief_weight * belief + lead + access + incumbent - uncertainty; then w <- (1 - c) w + c * mean(w). A customer
    that one vendor educated judges the rivals better too. Writes `belief`, `uncertainty`, `worth`, `worth_believed`,
    `access`, `trust_closing`, `commodity_belief`, `reference_price` of ready deals.
    """
    depth = 0.0
    for d in range(first, last):
        if deals[d].stage == Stage.READY:
            depth = max(depth, deals[d].depth)
    mean, n = 0.0, 0
    for d in range(first, last):
        deal = deals[d]
        if deal.stage == Stage.READY:
            worth_of(deal, customer, relations[deal.customer, deal.vendor], depth, vendors[deal.vendor].lead, s)
            mean += deal.worth
            n += 1
    mean /= max(1, n)
    lowest = 1e9
    for d in range(first, last):
        deal = deals[d]
        if deal.stage == Stage.READY:
            deal.worth = (1.0 - customer.belief) * deal.worth + customer.belief * mean
            lowest = min(lowest, deal.worth)
    for d in range(first, last):
        deal = deals[d]
        if deal.stage == Stage.READY:
            guess = lowest - s.bargaining_ignorance_discount
            deal.worth_believed = deal.depth * deal.worth + (1.0 - deal.depth) * guess
            deal.commodity_belief = customer.belief
            deal.reference_price = customer.reference
            if deal.partner >= 0:
                seen = max(0.0, customer.reference - deal.partner_cost)
                deal.reference_price -= levers[deal.vendor, 1].visible * seen


@rule
def worth_of(deal, customer, relation, table_depth, lead, s):
    """Worth of one offer before comparison, in list prices. Writes `belief`, `uncertainty`, `worth`, `access`, trust."""
    trust = trust_in(relation)
    persuasion = 1.0 - math.exp(-deal.presentation_hours / s.worth_persuasion_hours)
    deal.belief = believed(deal.promise, trust, persuasion, customer.competence, s.worth_prior)
    known = max(deal.depth, s.worth_spillover * table_depth)
    deal.uncertainty = doubt(customer.complexity, customer.competence, known, trust, relation.access)
    if deal.subscription == 1:
        deal.uncertainty *= s.worth_subscription_uncertainty
    deal.access = relation.access
    deal.trust_closing = trust
    deal.worth = s.worth_belief * deal.belief + s.worth_lead * lead + s.worth_access * relation.access
    deal.worth += s.worth_incumbent * deal.incumbent - s.worth_uncertainty * deal.uncertainty


@rule
def taste_scale(belief, s) -> float:
    """Scale of tastes, in list prices: spread * (1 - c) + floor. Commoditization is this going to its floor."""
    return s.commoditization_taste_spread * (1.0 - belief) + s.commoditization_taste_floor


@rule
def price_slope(customer, s) -> float:
    """Worth lost per list price: price weight, more with the discount one is used to, more with the reference price."""
    usual = 1.0 - s.customers_initial_reference
    sensitive = max(0.1, 1.0 + s.bargaining_habit_weight * (customer.habit - usual))
    return customer.price_weight * sensitive * (1.0 + s.bargaining_reference_weight)


@rule
def utility(deal, slope, s) -> float:
    """Utility of an offer: w - b p - b eta (p - r), written as w + b eta r - slope p, in list prices."""
    anchor = slope * s.bargaining_reference_weight / (1.0 + s.bargaining_reference_weight)
    return deal.worth + anchor * deal.reference_price - slope * deal.price


@rule
def log_rivals(deals, first, last, me, slope, scale, s) -> float:
    """Logarithm of the sum of exp(utility / scale) over the rivals' ready offers and doing nothing."""
    top = s.worth_nothing
    for d in range(first, last):
        if d != me and deals[d].stage == Stage.READY:
            top = max(top, utility(deals[d], slope, s))
    total = math.exp((s.worth_nothing - top) / scale)
    for d in range(first, last):
        if d != me and deals[d].stage == Stage.READY:
            total += math.exp((utility(deals[d], slope, s) - top) / scale)
    return top / scale + math.log(total)


@rule
def bargain(deals, first, last, slope, scale, costs, limits, floors, s):
    """Rounds of best replies from list price downwards; all sellers move at once.

    In a round a seller goes a share of the way to its best reply; executive access ends its concessions some rounds
    earlier. With small tastes the best reply is just below the rivals' prices, so it takes many rounds to get to the
    margin of logit competition. A seller does not go below its floor, nor above list price or its limit. `costs`,
    `limits`, `floors` have one entry a deal, in list prices.
    Writes `price` and `pass_through` of ready deals; pass-through is that of the seller's own cost with
    the rivals' prices given, 1 where the limit binds and 0 at list price or floor.
    """
    replies, passes = np.empty(last - first), np.empty(last - first)
    anchor = slope * s.bargaining_reference_weight / (1.0 + s.bargaining_reference_weight)
    for d in range(first, last):
        deals[d].price = 1.0
        deals[d].pass_through = 0.0
    for n in range(int(s.bargaining_rounds)):
        for d in range(first, last):
            if deals[d].stage == Stage.READY:
                worth = deals[d].worth_believed + anchor * deals[d].reference_price
                rivals = log_rivals(deals, first, last, d, slope, scale, s)
                replies[d - first], passes[d - first] = best_reply(costs[d - first], worth, slope, scale, rivals)
        for d in range(first, last):
            deal, i = deals[d], d - first
            patience = s.bargaining_rounds * s.bargaining_access_patience * deal.access
            if deal.stage == Stage.READY and n < s.bargaining_rounds - patience:
                step = s.bargaining_concession
                deal.pass_through += step * (passes[i] - deal.pass_through)
                deal.price += step * (replies[i] - deal.price)
    for d in range(first, last):
        bound(deals[d], limits[d - first], floors[d - first])


@rule
def bound(deal, limit, floor):
    """Apply the limit price, the price authority and the list price. Writes `price` and `pass_through`."""
    if deal.price > limit:
        deal.price = limit
        deal.pass_through = 1.0
    if deal.price < floor:
        deal.price = floor
        deal.pass_through = 0.0
    if deal.price > 1.0:
        deal.price = 1.0
        deal.pass_through = 0.0


@rule
def ask_partner(partner, now, s) -> tuple[float, float]:
    """A partner's regarded cost and its limit price, in list prices."""
    cost = regarded_cost(partner.discount, now.rebate_share, s.partners_rebate_regard)
    limit = limit_price(cost, partner.rivals, partner.capability, s.partners_room_floor, s.partners_room_taught)
    return cost, limit


@rule
def price_in_money(deal, unit_cost):
    """The price and its parts in k$, for the books.

    list - customer discount - partner margin - rebate = net price, with the rebate still to come taken as paid later.
    Writes `price_k`, `partner_cost_k`, `partner_margin_k`, `net_price_k`, `unit_cost_k`.
    """
    deal.price_k = deal.price * deal.list_price_k
    if deal.partner >= 0:
        deal.partner_cost_k = deal.partner_cost * deal.list_price_k
    else:
        deal.partner_cost_k = deal.price_k
        deal.pass_through = math.nan
    deal.partner_margin_k = deal.price_k - deal.partner_cost_k
    deal.net_price_k = deal.price_k - deal.partner_margin_k - deal.rebate_k
    deal.unit_cost_k = unit_cost * deal.list_price_k


@rule
def partner_share(partner, now) -> float:
    """What a partner pays at once, in list prices."""
    return upfront_cost(partner.discount, now.rebate_share)


@rule
def doubted_away(deals, first, last, tastes, slope, scale, nothing, belief, s) -> bool:
    """Would the customer have bought without its uncertainty? Same tastes, same prices; worths pulled together again."""
    mean, n = 0.0, 0
    for d in range(first, last):
        if deals[d].stage == Stage.READY:
            mean += s.worth_uncertainty * deals[d].uncertainty
            n += 1
    mean /= max(1, n)
    for d in range(first, last):
        if deals[d].stage == Stage.READY:
            relief = (1.0 - belief) * s.worth_uncertainty * deals[d].uncertainty + belief * mean
            if utility(deals[d], slope, s) + relief + scale * tastes[d - first] > nothing:
                return True
    return False


@rule
def end_all(deals, first, last, outcome, cause, week):
    """Every deal of a process that is still open ends alike; those not ready were too late if somebody won."""
    for d in range(first, last):
        deal = deals[d]
        if deal.stage == Stage.WORKING and outcome == Outcome.LOST:
            close(deal, Outcome.LOST, Cause.TOO_LATE, week)
        elif deal.stage != Stage.CLOSED:
            close(deal, outcome, cause, week)
