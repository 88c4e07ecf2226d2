"""Needs arise, customers invite vendors, and deals are opened."""

import math

from salesim.model.agents import customer as customer_rules
from salesim.model.agents import purchase as purchase_rules
from salesim.model.agents.partner import skill_of_partner
from salesim.model.agents.vendor import CURRENT, PREVIOUS, imitate, interpolate
from salesim.model.enums import Activity
from salesim.model.jit import rule
from salesim.model.rng import Purpose, first_below, uniform_for


@rule
def commoditize(market, week):
    """Imitation, pressure on perceived sameness, and last week's word of mouth.

    Pressure is applied to a single customer only when it is needed (`update_sameness`). If a trend is set, problems become
    more complex: k = min(1, k_first * factor).
    """
    s, totals = market.settings[0], market.totals[0]
    imitate(market.vendors, s)
    totals.difference_total *= market.trends[1].difference_left
    if s.commoditization_complexity_growth_per_year != 0.0:
        for customer in market.customers:
            customer.complexity = min(1.0, customer.complexity_first * market.trends[week].complexity)
    for i in range(totals.n_news):
        for place in range(market.neighbours.shape[1]):
            other = market.neighbours[market.news[i], place]
            customer_rules.update_sameness(market.customers[other], market.trends, week)
            customer_rules.hear_word_of_mouth(market.customers[other], market.relations[other], market.vendors, totals, s)
    totals.n_news = 0


@rule
def find_needs(market, week):
    """Idle customers with a need start a purchase; they invite vendors, who decide whether to pursue the deal."""
    for c in range(len(market.due)):
        if market.due[c] != week:
            continue
        customer = market.customers[c]
        if customer.contract >= 0 and market.deals[customer.contract].subscription == 1:
            continue  # a subscriber buys again when it has cancelled
        source = source_of_need(market, c, week)
        if source < -1 or not open_purchase(market, c, source, week):
            await_need(market, c, week + 1)


@rule
def source_of_need(market, c, week) -> int:
    """Source of a need this week: -2 is no need, -1 the customer itself, else the vendor whose prospecting found it."""
    chance, uniform = market.settings[0].buying_need_chance, uniform_for(market.seed, Purpose.NEED, c, week)
    if uniform < chance:
        return -1
    if market.customers[c].channel == 0:
        for v in range(len(market.vendors)):
            chance += market.salespeople[market.relations[c, v].salesperson].prospecting_rate
            if uniform < chance:
                return v
    return -2


@rule
def await_need(market, c, first):
    """Set the next week, from `first` on, in which a need could arise if the vendors spent all hours on prospecting."""
    chance = market.settings[0].buying_need_chance
    if market.customers[c].channel == 0:
        for v in range(len(market.vendors)):
            chance += market.salespeople[market.relations[c, v].salesperson].highest_prospecting_rate
    market.due[c] = first_below(chance, market.seed, Purpose.NEED, c, first, len(market.weeks))


@rule
def await_first_needs(market):
    """Before the first week: every customer awaits its first need."""
    for c in range(len(market.customers)):
        await_need(market, c, 0)


@rule
def open_purchase(market, c, prospector, week) -> bool:
    """Open a purchase: form the buying group, and open a deal with each vendor that is invited and pursues it.

    Returns whether there is any such vendor.
    """
    s, totals = market.settings[0], market.totals[0]
    customer = market.customers[c]
    first = totals.n_deals
    rivals_invited = share_of_rivals_invited(market, c, week)
    for v in range(len(market.vendors)):
        levers = market.levers[v, CURRENT]
        trust = customer_rules.trust_in(market.relations[c, v])
        chance = s.buying_invite_chance * (s.buying_invite_base + s.buying_invite_trust * trust)
        key = c * customer_rules.VENDORS_PER_MARKET + v
        known = customer.incumbent == v or prospector == v
        if not known:
            chance *= rivals_invited
        invited = known or uniform_for(market.seed, Purpose.INVITATION, key, week) < chance
        wanted = levers.pursue_complexity_min <= customer.complexity <= levers.pursue_complexity_max
        if invited and wanted and customer.value_k >= levers.pursue_value_min_k:
            open_deal(market, c, v, trust, week)
    if totals.n_deals == first:
        return False
    uniform = uniform_for(market.seed, Purpose.GROUP, c, week)
    members = purchase_rules.group_size(s.buying_group_base, s.buying_group_complexity, customer.complexity, uniform)
    for d in range(first, totals.n_deals):
        market.deals[d].group_size = members
    purchase = market.purchases[totals.n_purchases]
    totals.n_purchases += 1
    purchase.customer, purchase.opened_week = c, week
    purchase.first_deal, purchase.n_deals = first, totals.n_deals - first
    purchase.offers_week, purchase.won, purchase.delivery_week = -1, -1, -1
    purchase.n_working, purchase.n_ready, purchase.changed, purchase.qualified = purchase.n_deals, 0, 1, 0
    purchase.conviction, purchase.willing, purchase.access = 0.0, 0.0, 0.0
    purchase.conviction_unconfused, purchase.willing_unconfused = 0.0, 0.0
    purchase.threshold = purchase_rules.consensus_threshold(market.seed, c, week, members)
    purchase_rules.note_sponsors(purchase, market.deals, market.relations)
    customer.activity = Activity.BUYING
    market.due[c] = -1
    return True


@rule
def share_of_rivals_invited(market, c, week) -> float:
    """Share of the usual rivals that are invited: 1 - loyalty * trust in the incumbent * (1 - perceived sameness).

    A trusted incumbent keeps tenders small as long as offers look different. 1 without an incumbent. Assumption.
    """
    customer, loyalty = market.customers[c], market.settings[0].buying_loyalty
    if customer.incumbent < 0 or loyalty == 0.0:
        return 1.0
    customer_rules.update_sameness(customer, market.trends, week)
    trust = customer_rules.trust_in(market.relations[c, customer.incumbent])
    return 1.0 - loyalty * trust * (1.0 - customer.perceived_sameness)


@rule
def open_deal(market, c, v, trust, week):
    """Open a deal of a customer and a vendor, with the hours planned by the approach of the salesperson or partner."""
    customer, relation, levers = market.customers[c], market.relations[c, v], market.levers[v, CURRENT]
    person = market.salespeople[relation.salesperson]
    deal = market.deals[market.totals[0].n_deals]
    market.totals[0].n_deals += 1
    deal.customer, deal.vendor = c, v
    deal.salesperson, deal.generation = relation.salesperson, person.generation
    deal.left_week, deal.learning = person.left_week, person.learning
    deal.executive, deal.partner = relation.executive, relation.partner
    deal.incumbent = 1 if customer.incumbent == v else 0
    deal.subscription = 1 if levers.subscription > 0.5 else 0
    deal.opened_week, deal.ready_week, deal.closed_week = week, -1, -1
    deal.delivered_week, deal.ended_week = -1, -1
    deal.complexity, deal.value_k, deal.list_price_k = customer.complexity, customer.value_k, customer.list_price_k
    deal.breadth = levers.solution_breadth
    deal.trust_opening, deal.trust_closing = trust, math.nan
    deal.partner_rivals, deal.seller_skill = -1, person.skill
    deal.support, deal.delivered, deal.partner_cost, deal.pass_through = math.nan, math.nan, math.nan, math.nan
    deal.price, deal.price_k, deal.net_price_k, deal.unit_cost_k = math.nan, math.nan, math.nan, math.nan
    deal.partner_cost_k, deal.partner_margin_k = math.nan, math.nan
    previous = market.levers[v, PREVIOUS]
    follows = person.adoption
    simple = customer.complexity < levers.simple_below_complexity
    diagnosis = levers.simple_diagnosis_hours if simple else levers.diagnosis_hours
    presentation = levers.simple_presentation_hours if simple else levers.presentation_hours
    if deal.partner >= 0:  # what a partner does by itself is the simple approach
        partner = market.partners[deal.partner]
        deal.partner_rivals, deal.seller_skill = partner.rivals, skill_of_partner(partner, market.settings[0])
        previous, simple, follows = levers, True, partner.capability
    else:
        simple = customer.complexity < previous.simple_below_complexity
    previous_diagnosis = previous.simple_diagnosis_hours if simple else previous.diagnosis_hours
    previous_presentation = previous.simple_presentation_hours if simple else previous.presentation_hours
    deal.diagnosis_planned_hours = interpolate(previous_diagnosis, diagnosis, follows)
    deal.presentation_planned_hours = interpolate(previous_presentation, presentation, follows)
