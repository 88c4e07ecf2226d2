"""Hours are shared over deals and accounts, deals are worked on, and offers become ready."""

import math

from salesim.model.agents import deal as deal_rules
from salesim.model.agents.customer import change_trust, update_access
from salesim.model.agents.executive import stage_weight, visit
from salesim.model.agents.partner import skill_of_partner
from salesim.model.agents.purchase import needs_sponsor, waits_for_work
from salesim.model.agents.salesperson import hours_of, pay_for_outcome
from salesim.model.agents.vendor import ADOPTED, CURRENT, PREVIOUS, interpolate, mix_levers, support_of
from salesim.model.enums import Cause, Outcome, Stage
from salesim.model.jit import rule


@rule
def share_hours(market, _week):
    """Share everybody's hours over waiting deals and accounts at once, so that the order of rows does not matter."""
    s = market.settings[0]
    count_work(market)
    for person in market.salespeople:
        person.hours_used = 0.0
        person.hours_per_deal = s.selling_hours_per_deal
    for partner in market.partners:
        partner.hours_per_deal = min(s.selling_hours_per_deal, s.partners_hours_per_week / max(1, partner.working))
    for executive in market.executives:
        hours = market.levers[executive.vendor, CURRENT].executive_hours * executive.involvement
        executive.hours_per_weight = hours / executive.demand if executive.demand > 0.0 else 0.0
        executive.hours_given = 0.0


@rule
def count_work(market):
    """Count the deals that wait for each salesperson and partner, and the weight of accounts that wait for each sponsor."""
    for row in range(len(market.salespeople)):
        market.salespeople[row].working = 0
    for row in range(len(market.partners)):
        market.partners[row].working = 0
    for row in range(len(market.executives)):
        market.executives[row].demand = 0.0
    for i in range(market.totals[0].n_purchases):
        purchase = market.purchases[i]
        if not waits_for_work(purchase):
            continue
        for d in range(purchase.first_deal, purchase.first_deal + purchase.n_deals):
            deal = market.deals[d]
            if deal.stage == Stage.WORKING and deal.partner >= 0:
                market.partners[deal.partner].working += 1
            elif deal.stage == Stage.WORKING:
                market.salespeople[deal.salesperson].working += 1
            if purchase.sponsored == 1 and needs_sponsor(purchase, d, deal.stage == Stage.CLOSED):
                executive = market.relations[purchase.customer, deal.vendor].executive
                if executive >= 0:
                    early = market.levers[deal.vendor, CURRENT].executive_early
                    market.executives[executive].demand += stage_weight(deal.stage == Stage.WORKING, early)


@rule
def work_on_deals(market, week):
    """Sponsors visit accounts, salespeople and partners work on deals, and offers become ready or are declined."""
    for i in range(market.totals[0].n_purchases):
        purchase = market.purchases[i]
        if not waits_for_work(purchase):
            continue
        customer = market.customers[purchase.customer]
        for d in range(purchase.first_deal, purchase.first_deal + purchase.n_deals):
            deal = market.deals[d]
            relation = market.relations[purchase.customer, deal.vendor]
            if relation.executive >= 0 and needs_sponsor(purchase, d, deal.stage == Stage.CLOSED):
                sponsor(market, deal, customer, relation, week)
                purchase.changed = 1
            if deal.stage == Stage.WORKING:
                update_access(relation, market.trends, week)
                if deal.partner >= 0:
                    work_of_partner(market, deal, customer, relation)
                else:
                    work_of_salesperson(market, deal, customer, relation, week)
                if deal_rules.work_is_done(deal):
                    make_ready(market, purchase, deal, customer, week)


@rule
def sponsor(market, deal, customer, relation, week):
    """A sponsor's week with an account: hours give access and build trust in the firm; neglect costs trust."""
    s = market.settings[0]
    executive, vendor = market.executives[relation.executive], market.vendors[deal.vendor]
    update_access(relation, market.trends, week)
    weight = stage_weight(deal.stage == Stage.WORKING, market.levers[deal.vendor, CURRENT].executive_early)
    hours, effective = visit(executive, relation, customer.seniority, weight, s)
    change_trust(relation, vendor, 0.0, 1.0 - math.exp(-s.trust_executive_gain * effective))
    if hours < s.executives_neglect_hours:
        change_trust(relation, vendor, 0.0, -s.executives_neglect_loss)
    if deal.closed_week < 0:
        deal.executive_hours += hours


@rule
def work_of_partner(market, deal, customer, relation):
    """A partner's week on a deal; where its own executives own accounts, they give access."""
    s = market.settings[0]
    partner = market.partners[deal.partner]
    deal_rules.work(deal, customer, relation, partner.hours_per_deal, skill_of_partner(partner, s), s)
    owned = s.partners_executive_access * market.levers[deal.vendor, CURRENT].partner_executives
    relation.access = max(relation.access, owned)


@rule
def work_of_salesperson(market, deal, customer, relation, week):
    """A salesperson's week on a deal: an equal share of the available hours, up to a maximum per deal.

    Beside an executive the work may be divided: who specializes has more skill, and handing over takes a part of the hours.
    """
    s, person = market.settings[0], market.salespeople[deal.salesperson]
    vendor, levers = market.vendors[deal.vendor], market.levers[deal.vendor, CURRENT]
    hours = min(person.hours_per_deal, hours_of(person, vendor, levers, s, week) / max(1, person.working))
    skill, left = person.skill * (1.0 + s.selling_know_how_gain * vendor.know_how), 1.0
    if levers.specialization > 0.0 and deal.executive >= 0:
        skill *= 1.0 + s.selling_specialist_gain * levers.specialization
        left = deal_rules.share_after_handover(deal, s.selling_handover_hours * levers.specialization)
    person.hours_used += deal_rules.work(deal, customer, relation, hours * left, min(1.0, skill), s) / left


@rule
def make_ready(market, purchase, deal, customer, week):
    """Design the offer; it becomes ready, unless the vendor withdraws because of a poor fit."""
    s = market.settings[0]
    previous, levers = market.levers[deal.vendor, PREVIOUS], market.levers[deal.vendor, CURRENT]
    adoption = market.salespeople[deal.salesperson].adoption
    if deal.partner >= 0:
        follows = market.partners[deal.partner].capability
        inflation = interpolate(s.partners_promise_inflation, levers.promise_inflation, follows)
    else:
        follows = adoption
        inflation = interpolate(previous.promise_inflation, levers.promise_inflation, follows)
    inflation *= 1.0 - s.people_accountability_restraint * pay_for_outcome(previous, levers, adoption, s)
    knows = follows if deal.partner >= 0 else 1.0
    deal_rules.design_offer(deal, customer, knows * foreseen_gap(market, deal, customer), inflation, s)
    purchase.n_working -= 1
    purchase.changed = 1
    if deal.fit < levers.decline_fit_below * follows:
        deal_rules.close(deal, Outcome.LOST, Cause.DECLINED, week)
    else:
        deal.stage = Stage.READY
        deal.ready_week = week
        purchase.n_ready += 1
        if purchase.offers_week < 0:
            purchase.offers_week = week


@rule
def foreseen_gap(market, deal, customer) -> float:
    """Share of the fit that a delivery will lack for want of support, as far as the vendor foresees it.

    foresight * measuring of outcomes * what hangs on support * (1 - today's support). Assumption.
    """
    s, vendor = market.settings[0], market.vendors[deal.vendor]
    mix_levers(market.lever_numbers[deal.vendor], vendor.adoption, ADOPTED)
    levers, relation = market.levers[deal.vendor, ADOPTED], market.relations[deal.customer, deal.vendor]
    gap = deal_rules.hanging_on_support(customer.readiness, deal.complexity, s) * (
        1.0 - support_of(vendor, levers, relation, s)
    )
    return s.delivery_foresight * levers.outcome_measuring * gap
