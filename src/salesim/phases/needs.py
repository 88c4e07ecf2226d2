"""Needs arise, vendors are invited, deals are opened."""

import math

import numpy as np

from salesim.agents import customer as customers_do
from salesim.agents import deal as deals_do
from salesim.agents.vendor import BEFORE, NOW, between, imitate
from salesim.draws import Purpose, draw
from salesim.rules import rule
from salesim.words import Activity


@rule
def commoditize(market, week):
    """Phase 1: imitation, pressure, and what was heard last week."""
    s = market.settings[0]
    imitate(market.vendors, s)
    customers_do.drift(market.customers, market.relations, s, week)


@rule
def find_needs(market, week):
    """Phase 2: idle customers may begin to buy; vendors are invited and decide whether to pursue."""
    s = market.settings[0]
    n_vendors = len(market.vendors)
    wake = np.zeros(n_vendors)
    for c in range(len(market.customers)):
        customer = market.customers[c]
        if customer.activity != Activity.IDLE:
            continue
        if customer.contract >= 0 and market.deals[customer.contract].subscription == 1:
            continue  # a subscriber buys again when it has cancelled
        for v in range(n_vendors):
            seat = market.relations[c, v].salesperson
            wake[v] = market.salespeople[seat].wake if customer.channel == 0 else 0.0
        uniform = draw(market.seed, Purpose.NEED, c, week)
        waker = customers_do.wakes(uniform, s.buying_need_chance, wake)
        if waker >= -1:
            open_process(market, c, waker, week)


@rule
def open_process(market, c, waker, week):
    """A customer begins to buy: its group is formed and deals are opened with the vendors that are asked and pursue."""
    s = market.settings[0]
    customer = market.customers[c]
    first = market.counts[0]
    for v in range(len(market.vendors)):
        now = market.levers[v, NOW]
        trust = customers_do.trust_in(market.relations[c, v])
        chance = s.buying_invite_chance * (s.buying_invite_base + s.buying_invite_trust * trust)
        key = c * customers_do.VENDORS_PER_MARKET + v
        asked = draw(market.seed, Purpose.INVITATION, key, week) < chance or customer.incumbent == v or waker == v
        wanted = now.pursue_complexity_min <= customer.complexity <= now.pursue_complexity_max
        if asked and wanted and customer.value_k >= now.pursue_value_min_k:
            open_deal(market, c, v, trust, week)
    customer.n_deals = market.counts[0] - first
    if customer.n_deals == 0:
        return
    customer.first_deal = first
    customer.activity = Activity.BUYING
    customer.opened_week = week
    customer.offers_week = -1
    customer.conviction = 0.0
    uniform = draw(market.seed, Purpose.GROUP, c, week)
    members = customers_do.group_size(s.buying_group_base, s.buying_group_complexity, customer.complexity, uniform)
    customer.group_size = members
    customer.threshold = customers_do.slowest(market.seed, c, week, members)
    for d in range(first, market.counts[0]):
        market.deals[d].group_size = members


@rule
def open_deal(market, c, v, trust, week):
    """One row for a customer and a vendor, with the hours planned by the approach of whoever sells."""
    customer, relation, now = market.customers[c], market.relations[c, v], market.levers[v, NOW]
    person = market.salespeople[relation.salesperson]
    d = market.counts[0]
    market.counts[0] += 1
    deal = market.deals[d]
    deal.customer, deal.vendor = c, v
    deal.salesperson, deal.generation = relation.salesperson, person.generation
    deal.executive, deal.partner = relation.executive, relation.partner if customer.channel == 1 else -1
    deal.incumbent = 1 if customer.incumbent == v else 0
    deal.subscription = 1 if now.subscription > 0.5 else 0
    deal.opened_week, deal.ready_week, deal.closed_week = week, -1, -1
    deal.delivered_week, deal.ended_week = -1, -1
    deal.complexity, deal.value_k, deal.list_price_k = customer.complexity, customer.value_k, customer.list_price_k
    deal.breadth = now.solution_breadth
    deal.trust_opening, deal.trust_closing = trust, math.nan
    deal.support, deal.delivered, deal.partner_cost, deal.pass_through = math.nan, math.nan, math.nan, math.nan
    before = market.levers[v, BEFORE]
    follows = person.adoption if customer.channel == 0 else market.partners[relation.partner].capability
    simple = customer.complexity < now.simple_below_complexity
    diagnosis = now.simple_diagnosis_hours if simple else now.diagnosis_hours
    presentation = now.simple_presentation_hours if simple else now.presentation_hours
    simple = customer.complexity < before.simple_below_complexity or customer.channel == 1
    diagnosis_before = before.simple_diagnosis_hours if simple else before.diagnosis_hours
    presentation_before = before.simple_presentation_hours if simple else before.presentation_hours
    diagnosis = between(diagnosis_before, diagnosis, follows)
    deals_do.plan(deal, diagnosis, between(presentation_before, presentation, follows))
