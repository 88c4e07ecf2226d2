"""Initiatives and people: changes of approach, learning, leaving, and prospecting."""

from salesim.model.agents import customer as customer_rules
from salesim.model.agents import salesperson as salesperson_rules
from salesim.model.agents.executive import update_involvement
from salesim.model.agents.partner import negotiate
from salesim.model.agents.purchase import note_sponsors
from salesim.model.agents.vendor import CURRENT, PREVIOUS, QUARTER_WEEKS, interpolate
from salesim.model.jit import rule


@rule
def start_initiatives(market, week):
    """Start planned changes of approach; a programme replaced before it was judged has failed if adoption is low."""
    s = market.settings[0]
    seats = len(market.salespeople) // len(market.vendors)
    for initiative in market.initiatives:
        if initiative.week != week:
            continue
        vendor = market.vendors[initiative.vendor]
        first = initiative.vendor * seats
        if vendor.initiative_week >= 0 and vendor.judged == 0 and vendor.adoption < s.programmes_success_adoption:
            salesperson_rules.disappoint(market.salespeople, first, seats, s)
        for lever in range(market.lever_numbers.shape[2]):
            previous = market.lever_numbers[initiative.vendor, PREVIOUS, lever]
            current = market.lever_numbers[initiative.vendor, CURRENT, lever]
            market.lever_numbers[initiative.vendor, PREVIOUS, lever] = interpolate(previous, current, vendor.adoption)
        start_plan(market, initiative.vendor, initiative.plan)
        vendor.initiative_week, vendor.judged = week, 0
        vendor.adoption = salesperson_rules.train(market.salespeople, first, seats, initiative.training_hours, s)
        cost_k = seats * initiative.training_hours * s.programmes_training_cost_k
        market.weeks[week, initiative.vendor].training_k += cost_k


@rule
def start_plan(market, vendor, plan):
    """Set a vendor's levers and sponsors to those of a plan; before the first week, also set its initial trust."""
    s = market.settings[0]
    for lever in range(market.lever_numbers.shape[2]):
        market.lever_numbers[vendor, CURRENT, lever] = market.plan_levers[plan, lever]
    levers = market.levers[vendor, CURRENT]
    for e in range(len(market.executives)):
        if market.executives[e].vendor == vendor:
            market.executives[e].accounts = 0
    total = 0.0
    for c in range(len(market.customers)):
        relation = market.relations[c, vendor]
        relation.executive = market.plan_sponsors[plan, c]
        ownership = 0.0
        if relation.executive >= 0:
            market.executives[relation.executive].accounts += 1
            ownership = levers.executive_ownership
        weight = customer_rules.person_weight(s.trust_person_weight, ownership, levers.team_selling, s.trust_team_share)
        relation.person_weight = weight
        if plan < len(market.vendors):
            relation.trust_person, relation.trust_firm = s.trust_initial, s.trust_initial
        total += customer_rules.trust_in(relation)
    market.vendors[vendor].trust_total = total
    for i in range(market.totals[0].n_purchases):
        note_sponsors(market.purchases[i], market.deals, market.relations)


@rule
def manage_people(market, week):
    """Executives' involvement, learning, leaving, prospecting and partners' requests; pay at a quarter's end."""
    s = market.settings[0]
    update_involvement(market.executives, market.levers, s)
    salesperson_rules.learn(market.salespeople, market.vendors, market.levers, s)
    salesperson_rules.judge(market.salespeople, market.vendors, s, week)
    people, relations, entries = market.salespeople, market.relations, market.weeks[week]
    salesperson_rules.lose_people(people, relations, market.territories, market.vendors, entries, s, market.seed, week)
    negotiate(market.partners, market.levers, s, week)
    prospect(market, week)
    if week % QUARTER_WEEKS == QUARTER_WEEKS - 1:
        salesperson_rules.pay(market.salespeople, s)


@rule
def prospect(market, week):
    """Spend the remaining hours on prospecting, spread evenly over the territory; it finds needs from next week on."""
    s = market.settings[0]
    for person in market.salespeople:
        hours = salesperson_rules.selling_hours(week < person.vacant_until, s.selling_hours_per_week, s.people_vacancy_cover)
        left = max(0.0, hours - person.hours_used)
        person.prospecting_rate = salesperson_rules.prospecting_rate_of(s.buying_prospecting, left, person.accounts)
        entry = market.weeks[week, person.vendor]
        entry.hours_used += person.hours_used
        entry.hours_free += left
        entry.vacancies += week < person.vacant_until
        entry.selling_k += s.people_base_pay_k if week >= person.vacant_until else 0.0
        entry.training_k += s.programmes_coaching_cost_k * market.levers[person.vendor, CURRENT].coaching
