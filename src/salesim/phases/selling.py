"""Hours are shared over the work that waits, and offers become ready."""

from salesim.agents import deal as deals_do
from salesim.agents.executive import sponsor, stage_weight
from salesim.agents.salesperson import selling_hours
from salesim.agents.vendor import BEFORE, NOW, between
from salesim.rules import rule
from salesim.words import Activity, Cause, Outcome, Stage


@rule
def share_hours(market):
    """Phase 3: everybody's hours are shared over the work that waits, all at once, so that no row is served first."""
    s = market.settings[0]
    count_work(market)
    for row in range(len(market.salespeople)):
        person = market.salespeople[row]
        person.hours_used = 0.0
        person.hours_per_deal = s.selling_hours_per_deal
    for row in range(len(market.partners)):
        partner = market.partners[row]
        partner.hours_per_deal = min(s.selling_hours_per_deal, s.partners_hours_per_week / max(1, partner.working))
    for row in range(len(market.executives)):
        executive = market.executives[row]
        hours = market.levers[executive.vendor, NOW].executive_hours * executive.involvement
        executive.hours_per_weight = hours / executive.demand if executive.demand > 0.0 else 0.0
        executive.hours_given = 0.0


@rule
def count_work(market):
    """Deals that wait for hours of a salesperson or partner, and accounts that wait for their sponsor."""
    for row in range(len(market.salespeople)):
        market.salespeople[row].working = 0
    for row in range(len(market.partners)):
        market.partners[row].working = 0
    for row in range(len(market.executives)):
        market.executives[row].demand = 0.0
    for c in range(len(market.customers)):
        customer = market.customers[c]
        if customer.activity == Activity.IDLE:
            continue
        for d in range(customer.first_deal, customer.first_deal + customer.n_deals):
            deal = market.deals[d]
            if deal.stage == Stage.WORKING and deal.partner >= 0:
                market.partners[deal.partner].working += 1
            elif deal.stage == Stage.WORKING:
                market.salespeople[deal.salesperson].working += 1
            executive = market.relations[c, deal.vendor].executive
            if executive >= 0 and needs_sponsor(deal, customer):
                early = market.levers[deal.vendor, NOW].executive_early
                market.executives[executive].demand += stage_weight(customer, deal.stage, early)


@rule
def needs_sponsor(deal, customer):
    """A sponsor looks after open deals of a buyer, and after the won one while it is delivered."""
    if customer.activity == Activity.BUYING:
        return deal.stage != Stage.CLOSED
    return deal.outcome == Outcome.WON


@rule
def work_on_deals(market, week):
    """Phase 4: hours are put into deals; sponsors see their accounts; offers become ready or are declined."""
    s = market.settings[0]
    for c in range(len(market.customers)):
        customer = market.customers[c]
        if customer.activity == Activity.IDLE:
            continue
        for d in range(customer.first_deal, customer.first_deal + customer.n_deals):
            deal = market.deals[d]
            relation = market.relations[c, deal.vendor]
            if relation.executive >= 0 and needs_sponsor(deal, customer):
                weight = stage_weight(customer, deal.stage, market.levers[deal.vendor, NOW].executive_early)
                sponsor(relation, market.executives[relation.executive], deal, weight, s)
            if deal.stage != Stage.WORKING:
                continue
            if deal.partner >= 0:
                work_of_partner(market, deal, customer, relation)
            else:
                work_of_salesperson(market, deal, customer, relation, week)
            if deals_do.worked_out(deal):
                make_ready(market, deal, customer, week)


@rule
def work_of_partner(market, deal, customer, relation):
    """A partner's week on a deal; its own executives, where they own accounts, open the top."""
    s = market.settings[0]
    partner = market.partners[deal.partner]
    skill = s.partners_skill + s.partners_teaching_skill * partner.capability
    deals_do.work(deal, customer, relation, partner.hours_per_deal, min(1.0, skill), s)
    owned = s.partners_executive_access * market.levers[deal.vendor, NOW].partner_executives
    relation.access = max(relation.access, owned)


@rule
def work_of_salesperson(market, deal, customer, relation, week):
    """A salesperson's week on a deal: equal shares of the hours there are, at most so many on one."""
    s = market.settings[0]
    person = market.salespeople[deal.salesperson]
    hours = selling_hours(week < person.vacant_until, s.selling_hours_per_week, s.people_vacancy_cover)
    hours = min(person.hours_per_deal, hours / max(1, person.working))
    know_how = market.vendors[deal.vendor].know_how
    skill = min(1.0, person.skill * (1.0 + s.selling_know_how_gain * know_how))
    person.hours_used += deals_do.work(deal, customer, relation, hours, skill, s)


@rule
def make_ready(market, deal, customer, week):
    """The offer is designed; a vendor that wants no poor fits withdraws, else it is on the table."""
    s = market.settings[0]
    before, now = market.levers[deal.vendor, BEFORE], market.levers[deal.vendor, NOW]
    if deal.partner >= 0:
        follows = market.partners[deal.partner].capability
        inflation = between(s.partners_promise_inflation, now.promise_inflation, follows)
    else:
        follows = market.salespeople[deal.salesperson].adoption
        inflation = between(before.promise_inflation, now.promise_inflation, follows)
    inflation *= 1.0 - s.people_accountability_restraint * now.accountability
    deals_do.design(deal, customer, inflation, s)
    deal.ready_week = week
    if deal.fit < now.decline_fit_below * follows:
        deals_do.close(deal, Outcome.LOST, Cause.DECLINED, week)
    else:
        deal.stage = Stage.READY
        if customer.offers_week < 0:
            customer.offers_week = week
