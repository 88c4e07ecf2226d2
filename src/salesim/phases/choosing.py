"""Buying groups deliberate, vendors bargain, customers choose."""

import numpy as np

from salesim.agents import customer as customers_do
from salesim.agents import deal as deals_do
from salesim.agents.vendor import NOW, QUARTER_WEEKS
from salesim.draws import Purpose, draw, gumbel
from salesim.phases.contracts import sign
from salesim.rules import rule
from salesim.words import Activity, Cause, Outcome, Stage


@rule
def decide(market, week):
    """Phase 5: buying groups deliberate, agree and choose, or give up."""
    s = market.settings[0]
    for c in range(len(market.customers)):
        customer = market.customers[c]
        if customer.activity != Activity.BUYING:
            continue
        first, last = customer.first_deal, customer.first_deal + customer.n_deals
        n_open, n_ready = 0, 0
        for d in range(first, last):
            n_open += market.deals[d].stage != Stage.CLOSED
            n_ready += market.deals[d].stage == Stage.READY
        if n_open == 0:
            customers_do.free(customer)
            continue
        waited = customer.offers_week >= 0 and week >= customer.offers_week + int(s.buying_late_after_weeks)
        if n_ready > 0 and (n_ready == n_open or waited):
            customer.conviction += hazard_of(market, c)
            if customer.conviction >= customer.threshold:
                choose(market, c, week)
                continue
        old = week - customer.opened_week >= int(s.buying_stall_after_weeks)
        if old and draw(market.seed, Purpose.STALL, c, week) < s.buying_stall_chance:
            deals_do.end_all(market.deals, first, last, Outcome.NO_DECISION, Cause.STALLED, week)
            customers_do.free(customer)


@rule
def hazard_of(market, c):
    """Hazard this week that a member of a buying group is convinced, from the offers on the table."""
    s = market.settings[0]
    customer = market.customers[c]
    depth, access, breadth, n_ready = 0.0, 0.0, 0.0, 0
    ratio = 1.0
    for d in range(customer.first_deal, customer.first_deal + customer.n_deals):
        deal = market.deals[d]
        if deal.stage == Stage.READY:
            depth = max(depth, deal.depth)
            access = max(access, market.relations[c, deal.vendor].access)
            breadth += deal.breadth
            n_ready += 1
            if deal.subscription == 1:
                ratio = s.buying_subscription_consensus
    relief = 1.0 - s.buying_depth_relief * depth
    package = s.buying_package_confusion * breadth / n_ready
    confusion = customers_do.confusion_of(customer.complexity, customer.competence, relief, package)
    return customers_do.convinced(s.buying_convince_chance, confusion, access, s.buying_access_consensus, ratio)


@rule
def choose(market, c, week):
    """The group agrees: prices are bargained, and it takes the offer (or nothing) of the highest utility with taste."""
    s = market.settings[0]
    customer = market.customers[c]
    first, last = customer.first_deal, customer.first_deal + customer.n_deals
    scale = deals_do.taste_scale(customer.belief, s)
    slope = deals_do.price_slope(customer, s)
    offer_prices(market, c, slope, scale, week)
    tastes = np.zeros(last - first)
    key = c * customers_do.VENDORS_PER_MARKET
    nothing = s.worth_nothing + scale * gumbel(
        draw(market.seed, Purpose.TASTE, key + customers_do.VENDORS_PER_MARKET - 1, customer.opened_week)
    )
    best, winner = nothing, -1
    for d in range(first, last):
        deal = market.deals[d]
        if deal.stage == Stage.READY:
            tastes[d - first] = gumbel(draw(market.seed, Purpose.TASTE, key + deal.vendor, customer.opened_week))
            score = deals_do.utility(deal, slope, s) + scale * tastes[d - first]
            if score > best:
                best, winner = score, d
    remember_offers(market, c)
    if winner >= 0:
        sign(market, c, winner, week)
        return
    cause = Cause.VALUE_TOO_LOW
    if deals_do.doubted_away(market.deals, first, last, tastes, slope, scale, nothing, customer.belief, s):
        cause = Cause.CONFIDENCE_TOO_LOW
    deals_do.end_all(market.deals, first, last, Outcome.NO_DECISION, cause, week)
    customers_do.free(customer)


@rule
def offer_prices(market, c, slope, scale, week):
    """Costs, limits and floors of all ready offers, then the bargaining, then the money."""
    s = market.settings[0]
    customer = market.customers[c]
    first, last = customer.first_deal, customer.first_deal + customer.n_deals
    costs, limits, floors = np.zeros(last - first), np.full(last - first, 1e9), np.zeros(last - first)
    for d in range(first, last):
        deal, i = market.deals[d], d - first
        if deal.stage != Stage.READY:
            continue
        now = market.levers[deal.vendor, NOW]
        if deal.partner >= 0:
            partner = market.partners[deal.partner]
            costs[i], limits[i] = deals_do.ask_partner(partner, now, s)
            deal.partner_cost = deals_do.partner_share(partner, now)
        else:
            person = market.salespeople[deal.salesperson]
            push = quarter_push(person, now, s, week)
            blindness = s.bargaining_revenue_blindness
            cost = unit_cost(deal, s, week)
            costs[i] = deals_do.perceived_cost(cost, now.commission_on_margin, blindness, push)
            floors[i] = 1.0 - now.price_authority
    deals_do.weigh(market.deals, first, last, customer, market.relations, market.vendors, market.levers, s)
    deals_do.bargain(market.deals, first, last, slope, scale, costs, limits, floors, s)
    for d in range(first, last):
        deal = market.deals[d]
        if deal.stage == Stage.READY:
            deals_do.price_in_money(deal, unit_cost(deal, s, week))
            if deal.partner >= 0:
                partner = market.partners[deal.partner]
                margin = deal.price - deal.partner_cost
                partner.margin += s.partners_margin_memory * (margin - partner.margin)


@rule
def unit_cost(deal, s, week):
    """Product cost as a share of list, with the package's extra and the trend."""
    growth = (1.0 + s.commoditization_cost_growth_per_year) ** (week / 52.0)
    return (s.bargaining_unit_cost_share + s.bargaining_package_cost * deal.breadth) * growth


@rule
def quarter_push(person, now, s, week):
    """Share of the cost forgotten in the last two weeks of a quarter by a person short of quota, times the accelerator."""
    if week % QUARTER_WEEKS < QUARTER_WEEKS - 2 or person.quota_k <= 0.0:
        return 0.0
    short = max(0.0, 1.0 - person.booked_k / person.quota_k)
    return s.bargaining_quarter_push * now.quota_accelerator * short


@rule
def remember_offers(market, c):
    """The customer learns from being sold to, whatever it chose."""
    s = market.settings[0]
    customer = market.customers[c]
    exaggeration, depth, n_ready = 0.0, 0.0, 0
    for d in range(customer.first_deal, customer.first_deal + customer.n_deals):
        deal = market.deals[d]
        if deal.stage == Stage.READY:
            exaggeration += max(0.0, deal.belief - deal.fit)
            depth = max(depth, deal.depth)
            n_ready += 1
    customers_do.learn_from_offers(customer, exaggeration / max(1, n_ready), depth, s)
