"""The score: the phases of a week in playing order, and the whole run as one compiled call.

Each phase calls rules on the market's records and writes the books. `PHASES` names them in order; `play` is the fast door
that needs neither Mesa nor pandas.
"""

import math

import numpy as np

from salesim.agents import customer as customers_do
from salesim.agents import deal as deals_do
from salesim.agents.executive import involve, sponsor, stage_weight
from salesim.agents.partner import negotiate
from salesim.agents.salesperson import disappoint, judge, learn, lose_people, pay, selling_hours, train
from salesim.agents.vendor import QUARTER_WEEKS, between, imitate, set_budgets
from salesim.draws import Purpose, draw, gumbel
from salesim.ledger import Books
from salesim.market import Market, born, grown
from salesim.rules import rule
from salesim.scenario import Scenario
from salesim.words import Activity, Cause, Outcome, Stage

BEFORE, NOW = 0, 1


def play(scenario: Scenario, seed: int) -> Books:
    """Play all weeks of a scenario in compiled code and return its books. Equal arguments give equal bits."""
    market = begin(born(scenario, seed))
    market = advance(market, 0, scenario.weeks)
    return books_of(market, scenario.weeks)


def begin(market: Market) -> Market:
    """Week 0 is about to start: every vendor follows its first plan, and partners have their first discount."""
    for vendor in range(len(market.vendors)):
        market.lever_numbers[vendor, BEFORE] = market.plan_levers[vendor]
        start_plan(market, vendor, vendor)
    market.partners.discount = market.levers["start_discount"][market.partners.vendor, NOW]
    return market


def advance(market: Market, first: int, last: int) -> Market:
    """Play weeks `first` to `last - 1`; returns the market, with a longer table of deals if it was needed."""
    week = play_weeks(market, first, last)
    while week < last:
        market = grown(market)
        week = play_weeks(market, week, last)
    return market


def books_of(market: Market, n_weeks: int) -> Books:
    """The books after `n_weeks` weeks; fees are summed up to the last of them."""
    deals = market.deals[: market.counts[0]].copy()
    sum_fees(deals, market.settings, n_weeks)
    weeks = market.weeks[:n_weeks].copy()
    for field, when, rows in (
        ("opened", deals.opened_week, deals.opened_week >= 0),
        ("closed", deals.closed_week, deals.closed_week >= 0),
        ("won", deals.closed_week, deals.outcome == Outcome.WON),
    ):
        np.add.at(weeks[field], (when[rows], deals.vendor[rows]), 1)
    weeks = weeks.reshape(-1)
    return Books(deals=deals, weeks=weeks, n_weeks=n_weeks, n_vendors=len(market.vendors))


@rule
def play_weeks(market, first, last):
    """Play weeks in order; stops before a week in which the table of deals might not suffice. Returns the next week."""
    most_a_week = market.relations.shape[0] * market.relations.shape[1]
    for week in range(first, last):
        if market.counts[0] + most_a_week > len(market.deals):
            return week
        start_initiatives(market, week)
        commoditize(market, week)
        find_needs(market, week)
        share_hours(market)
        work_on_deals(market, week)
        decide(market, week)
        deliver(market, week)
        renew(market, week)
        manage_people(market, week)
        close_books(market, week)
    return last


@rule
def start_initiatives(market, week):
    """Planned changes of approach that begin this week; a programme given up before it was judged has failed if unused."""
    s = market.settings[0]
    seats = len(market.salespeople) // len(market.vendors)
    for i in range(len(market.initiatives)):
        initiative = market.initiatives[i]
        if initiative.week != week:
            continue
        vendor = market.vendors[initiative.vendor]
        first = initiative.vendor * seats
        if vendor.initiative_week >= 0 and vendor.judged == 0 and vendor.adoption < s.programmes_success_adoption:
            disappoint(market.salespeople, first, seats, s)
        for lever in range(market.lever_numbers.shape[2]):
            before = market.lever_numbers[initiative.vendor, BEFORE, lever]
            now = market.lever_numbers[initiative.vendor, NOW, lever]
            market.lever_numbers[initiative.vendor, BEFORE, lever] = between(before, now, vendor.adoption)
        start_plan(market, initiative.vendor, initiative.plan)
        vendor.initiative_week = week
        vendor.judged = 0
        train(market.salespeople, first, seats, initiative.training_hours, s)
        cost_k = seats * initiative.training_hours * s.programmes_training_cost_k
        market.weeks[week, initiative.vendor].training_k += cost_k


@rule
def start_plan(market, vendor, plan):
    """A vendor's levers and sponsors become those of a plan. At the start, trust is set as well."""
    s = market.settings[0]
    market.lever_numbers[vendor, NOW] = market.plan_levers[plan]
    now = market.levers[vendor, NOW]
    for e in range(len(market.executives)):
        if market.executives[e].vendor == vendor:
            market.executives[e].accounts = 0
    for c in range(len(market.customers)):
        relation = market.relations[c, vendor]
        relation.executive = market.plan_sponsors[plan, c]
        ownership = 0.0
        if relation.executive >= 0:
            executive = market.executives[relation.executive]
            executive.accounts += 1
            relation.match = 1.0 - abs(executive.seniority - market.customers[c].seniority)
            ownership = now.executive_ownership
        weight = customers_do.person_weight(s.trust_person_weight, ownership, now.team_selling, s.trust_team_share)
        relation.person_weight = weight
        if plan < len(market.vendors):
            relation.trust_person = s.trust_initial
            relation.trust_firm = s.trust_initial


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


@rule
def sign(market, c, winner, week):
    """A deal is won: contracts, money, commission, delivery; its rivals lose."""
    s = market.settings[0]
    customer, deal = market.customers[c], market.deals[winner]
    vendor, now = market.vendors[deal.vendor], market.levers[deal.vendor, NOW]
    if customer.contract >= 0:
        end_contract(market, customer, week)
    deals_do.close(deal, Outcome.WON, Cause.NONE, week)
    deals_do.end_all(market.deals, customer.first_deal, customer.first_deal + customer.n_deals, Outcome.LOST, Cause.RIVAL, week)
    customers_do.settle(customer, deal.price, s)
    customer.incumbent = deal.vendor
    customer.contract = winner
    customer.activity = Activity.DELIVERY
    customer.delivery_week = week + int(s.delivery_weeks_base + s.delivery_weeks_complexity * deal.complexity)
    entry = market.weeks[week, deal.vendor]
    if deal.subscription == 1:
        vendor.recurring_k += deal.net_price_k / s.licences_term_weeks
        vendor.recurring_cost_k += deal.unit_cost_k / s.licences_term_weeks
    else:
        entry.revenue_k += deal.net_price_k
        entry.product_cost_k += deal.unit_cost_k
    vendor.quarter_list_k += deal.list_price_k
    earn(market, deal, now, entry)


@rule
def earn(market, deal, now, entry):
    """Commission of the salesperson; the part that waits for the outcome is paid by `deliver`. A partner's deal pays half."""
    s = market.settings[0]
    person = market.salespeople[deal.salesperson]
    margin = (deal.net_price_k - deal.unit_cost_k) / max(1e-9, deal.net_price_k)
    basis = between(1.0, max(0.0, margin) / s.people_margin_target, now.commission_on_margin)
    extra = 1.0
    if person.quota_k > 0.0 and person.booked_k > person.quota_k:
        extra += now.quota_accelerator
    if deal.partner >= 0:
        extra *= 0.5
    person.booked_k += deal.net_price_k
    deal.commission_k = s.people_commission_rate * deal.net_price_k * basis * extra
    paid_k = deal.commission_k * (1.0 - now.accountability)
    person.commission_k += paid_k
    entry.selling_k += paid_k


@rule
def contract_price(deal):
    """What the contract brings the vendor, k$: the net price before a rebate that came later."""
    return deal.net_price_k + deal.rebate_k


@rule
def end_contract(market, customer, week):
    """The running contract ends; its fees or maintenance stop."""
    s = market.settings[0]
    deal = market.deals[customer.contract]
    vendor = market.vendors[deal.vendor]
    deal.ended_week = week
    if deal.subscription == 1:
        vendor.recurring_k -= contract_price(deal) / s.licences_term_weeks
        vendor.recurring_cost_k -= deal.unit_cost_k / s.licences_term_weeks
    elif deal.delivered_week >= 0:
        vendor.recurring_k -= contract_price(deal) * s.licences_maintenance_share / 52.0
        vendor.recurring_cost_k -= deal.unit_cost_k * s.licences_maintenance_share / 52.0
    customer.contract = -1


@rule
def deliver(market, week):
    """Phase 6: solutions go live; customers see what they got, and tell their acquaintances, who believe it next week."""
    s = market.settings[0]
    for c in range(len(market.customers)):
        customer = market.customers[c]
        if customer.activity != Activity.DELIVERY or customer.delivery_week > week:
            continue
        deal = market.deals[customer.contract]
        relation = market.relations[c, deal.vendor]
        vendor, now = market.vendors[deal.vendor], market.levers[deal.vendor, NOW]
        deal.support = support_of(vendor, now, relation, s)
        gap = (1.0 - customer.readiness) * deal.complexity * (1.0 - deal.support)
        deal.delivered = deal.fit * (1.0 - gap)
        deal.delivered_week = week
        customers_do.experience(customer, relation, deal.promise, deal.delivered, s)
        if s.loops_word_of_mouth == 1.0:
            surprise = deal.delivered - s.trust_norm
            customers_do.tell(market.neighbours, market.customers, market.relations, c, deal.vendor, surprise, s)
        account_for_delivery(market, deal, vendor, now, week)
        customer.activity = Activity.IDLE
        customer.n_deals = 0


@rule
def support_of(vendor, now, relation, s):
    """Support a delivery gets: level * (0.3 + 0.4 change management + 0.3 collaboration) + 0.2 access, at most 1.

    The level is what the budget pays for, or the standard people believe in if that is lower.
    """
    level = min(vendor.support_level, vendor.standard)
    parts = s.delivery_support_level + s.delivery_support_change * now.change_management
    parts += s.delivery_support_collaboration * now.collaboration
    return min(1.0, level * parts + s.delivery_support_access * relation.access)


@rule
def account_for_delivery(market, deal, vendor, now, week):
    """Costs of a delivery, commission that waited for it, the partner's rebate, maintenance, and what was measured."""
    s = market.settings[0]
    entry = market.weeks[week, deal.vendor]
    share = s.delivery_full_support_share * min(vendor.support_level, vendor.standard)
    share += s.delivery_change_cost_share * now.change_management * deal.complexity
    share += s.delivery_collaboration_cost_share * now.collaboration * deal.complexity
    entry.support_k += share * deal.list_price_k
    kept = min(1.0, deal.delivered / max(1e-9, deal.promise))
    waited_k = deal.commission_k * now.accountability * kept
    person = market.salespeople[deal.salesperson]
    if person.generation == deal.generation:
        person.commission_k += waited_k
        entry.selling_k += waited_k
    if deal.partner >= 0 and deal.delivered >= s.partners_rebate_outcome:
        deal.rebate_k = (1.0 - deal.partner_cost) / max(1e-9, 1.0 - now.rebate_share)
        deal.rebate_k *= now.rebate_share * deal.list_price_k
        deal.net_price_k -= deal.rebate_k
        entry.rebate_k += deal.rebate_k
    if deal.subscription == 0:
        vendor.recurring_k += contract_price(deal) * s.licences_maintenance_share / 52.0
        vendor.recurring_cost_k += deal.unit_cost_k * s.licences_maintenance_share / 52.0
    entry.training_k += s.programmes_measuring_cost_k * now.outcome_measuring
    vendor.know_how += s.selling_know_how_speed * now.outcome_measuring * (1.0 - vendor.know_how)


@rule
def renew(market, week):
    """Phase 7: subscriptions come up for renewal; a cancelled one frees the customer and costs trust."""
    s = market.settings[0]
    every = int(s.licences_renewal_every_weeks)
    for c in range(len(market.customers)):
        customer = market.customers[c]
        if customer.activity != Activity.IDLE or customer.contract < 0:
            continue
        deal = market.deals[customer.contract]
        if deal.subscription == 0 or week == deal.closed_week or (week - deal.closed_week) % every != 0:
            continue
        relation = market.relations[c, deal.vendor]
        worth = s.worth_belief * deal.delivered + s.worth_lead * market.vendors[deal.vendor].lead
        worth += s.worth_access * relation.access + s.worth_incumbent
        surplus = worth - deals_do.price_slope(customer, s) * deal.price
        chance = customers_do.renew_chance(surplus, s.licences_renewal_base, s.licences_renewal_slope)
        if draw(market.seed, Purpose.RENEWAL, c, week) >= chance:
            relation.trust_firm *= 1.0 - s.licences_cancel_trust_loss
            customer.incumbent = -1
            end_contract(market, customer, week)


@rule
def manage_people(market, week):
    """Phase 8: executives' involvement, learning, leaving, prospecting, partners' requests; pay at a quarter's end."""
    s = market.settings[0]
    involve(market.executives, market.levers, s)
    learn(market.salespeople, market.vendors, market.levers, s)
    judge(market.salespeople, market.vendors, s, week)
    lose_people(
        market.salespeople,
        market.relations,
        market.customers,
        market.vendors,
        market.weeks[week],
        s,
        market.seed,
        week,
    )
    negotiate(market.partners, market.levers, s, week)
    prospect(market, week)
    if week % QUARTER_WEEKS == QUARTER_WEEKS - 1:
        pay(market.salespeople, s)


@rule
def prospect(market, week):
    """Hours that are left go into prospecting; next week's chance to wake an account is shared over the territory."""
    s = market.settings[0]
    for seat in range(len(market.salespeople)):
        person = market.salespeople[seat]
        hours = selling_hours(week < person.vacant_until, s.selling_hours_per_week, s.people_vacancy_cover)
        left = max(0.0, hours - person.hours_used)
        person.wake = s.buying_prospecting * left / max(1, person.accounts)
        entry = market.weeks[week, person.vendor]
        entry.hours_used += person.hours_used
        entry.hours_free += left
        entry.vacancies += week < person.vacant_until
        entry.selling_k += s.people_base_pay_k if week >= person.vacant_until else 0.0
        entry.training_k += s.programmes_coaching_cost_k * market.levers[person.vendor, NOW].coaching


@rule
def close_books(market, week):
    """Phase 9: the week's entries; budgets at a quarter's end."""
    s = market.settings[0]
    for v in range(len(market.vendors)):
        entry, vendor = market.weeks[week, v], market.vendors[v]
        entry.week, entry.vendor = week, v
        entry.revenue_k += vendor.recurring_k
        entry.product_cost_k += vendor.recurring_cost_k
        entry.gross_margin_k = entry.revenue_k - entry.product_cost_k
        entry.development_k = s.development_share_of_margin * max(0.0, entry.gross_margin_k)
        vendor.quarter_margin_k += entry.gross_margin_k
        entry.lead, entry.support_level, entry.standard = vendor.lead, vendor.support_level, vendor.standard
        entry.adoption = vendor.adoption
    note_people(market, week)
    note_customers(market, week)
    for v in range(len(market.vendors)):
        entry = market.weeks[week, v]
        costs_k = entry.selling_k + entry.support_k + entry.development_k + entry.training_k + entry.executive_k
        entry.operating_profit_k = entry.gross_margin_k - costs_k - entry.rebate_k
    if week % QUARTER_WEEKS == QUARTER_WEEKS - 1:
        set_budgets(market.vendors, market.levers, s, week)


@rule
def note_people(market, week):
    """Means over salespeople, executives and partners, and what executives and teaching cost."""
    s = market.settings[0]
    n_vendors = len(market.vendors)
    seats = len(market.salespeople) // n_vendors
    for row in range(len(market.salespeople)):
        person = market.salespeople[row]
        entry = market.weeks[week, person.vendor]
        entry.skill += person.skill / seats
        entry.cynicism += person.cynicism / seats
    for row in range(len(market.executives)):
        executive = market.executives[row]
        entry, now = market.weeks[week, executive.vendor], market.levers[executive.vendor, NOW]
        entry.involvement += executive.involvement / (len(market.executives) // n_vendors)
        entry.executive_hours += executive.hours_given
        entry.executive_k += s.executives_cost_per_hour_k * executive.hours_given
        entry.executive_k += s.executives_pay_at_stake_k * now.executive_pay_tied * executive.involvement
    partners = len(market.partners) // n_vendors
    for row in range(len(market.partners)):
        partner = market.partners[row]
        entry = market.weeks[week, partner.vendor]
        entry.partner_discount += partner.discount / partners
        entry.partner_capability += partner.capability / partners
        entry.training_k += s.partners_teaching_cost_k * market.levers[partner.vendor, NOW].teaching


@rule
def note_customers(market, week):
    """Means over customers, and counts of deals."""
    n = len(market.customers)
    n_vendors = len(market.vendors)
    belief, reference = 0.0, 0.0
    for c in range(n):
        customer = market.customers[c]
        belief += customer.belief / n
        reference += customer.reference / n
        if customer.incumbent >= 0:
            market.weeks[week, customer.incumbent].customers += 1
        for v in range(n_vendors):
            market.weeks[week, v].trust += customers_do.trust_in(market.relations[c, v]) / n
        if customer.activity == Activity.BUYING:
            for d in range(customer.first_deal, customer.first_deal + customer.n_deals):
                deal = market.deals[d]
                market.weeks[week, deal.vendor].open_deals += deal.stage != Stage.CLOSED
    for v in range(n_vendors):
        market.weeks[week, v].commodity_belief = belief
        market.weeks[week, v].reference_price = reference


@rule
def sum_fees(deals, settings, n_weeks):
    """Money received over each contract so far, after the partner's share: licence, fees, maintenance. Writes `fees_k`."""
    s = settings[0]
    for d in range(len(deals)):
        deal = deals[d]
        if deal.outcome != Outcome.WON:
            continue
        end = deal.ended_week if deal.ended_week >= 0 else n_weeks
        if deal.subscription == 1:
            deal.fees_k = contract_price(deal) / s.licences_term_weeks * (end - deal.closed_week)
        else:
            served = max(0, end - deal.delivered_week) if deal.delivered_week >= 0 else 0
            deal.fees_k = contract_price(deal) * (1.0 + s.licences_maintenance_share / 52.0 * served)


PHASES = (
    start_initiatives,
    commoditize,
    find_needs,
    share_hours,
    work_on_deals,
    decide,
    deliver,
    renew,
    manage_people,
    close_books,
)
