"""Initiatives and people: changes of approach, learning, leaving, and prospecting."""

from salesim.model.agents import customer as customer_rules
from salesim.model.agents import salesperson as salesperson_rules
from salesim.model.agents.executive import update_involvement
from salesim.model.agents.partner import negotiate
from salesim.model.agents.purchase import note_sponsors
from salesim.model.agents.vendor import CURRENT, N_POSITION, PREVIOUS, QUARTER_WEEKS, YEAR_WEEKS, mix_levers
from salesim.model.jit import rule
from salesim.model.phases.firms import adjust_headcount, review_brands
from salesim.model.rng import Purpose, uniform_for


@rule
def start_initiatives(market, week):
    """Start planned changes of approach; each year but the first begins with what firms make of the last one."""
    for initiative in market.initiatives:
        if initiative.week != week:
            continue
        start_programme(market, initiative.vendor, initiative.plan, initiative.training_hours, week)
    if week % YEAR_WEEKS == 0 and week > 0:
        begin_year(market, week)


@rule
def begin_year(market, week):
    """Rivals may copy, vendors adjust their headcount, partners may give up the brand; then profits are counted anew.

    Writes `year_profit_k` of vendors and partners.
    """
    s = market.settings[0]
    if s.programmes_copy_chance > 0.0:
        copy_rivals(market, week)
    if s.people_headcount_speed > 0.0:
        adjust_headcount(market, week)
    if s.partners_leave_chance > 0.0:
        review_brands(market, week)
    for v in range(len(market.vendors)):
        market.vendors[v].year_profit_k = 0.0
    for row in range(len(market.partners)):
        market.partners[row].year_profit_k = 0.0


@rule
def copy_rivals(market, week):
    """At a year's start, rivals of the vendor in question may copy the approach of the vendor that earned most last year.

    It is copied as a programme, with its cost, its training and what people make of it.
    """
    s, best = market.settings[0], 0
    for v in range(len(market.vendors)):
        if market.vendors[v].year_profit_k > market.vendors[best].year_profit_k:
            best = v
    for v in range(1, len(market.vendors)):
        vendor, plan = market.vendors[v], market.vendors[best].plan
        same = True
        for lever in range(market.lever_numbers.shape[2] - N_POSITION):
            same = same and market.plan_levers[plan, lever] == market.lever_numbers[v, CURRENT, lever]
        less = vendor.year_profit_k < market.vendors[best].year_profit_k
        if less and not same and uniform_for(market.seed, Purpose.COPYING, v, week) < s.programmes_copy_chance:
            start_programme(market, v, plan, s.programmes_copy_training_hours, week)


@rule
def start_programme(market, vendor_row, plan, training_hours, week):
    """Start a programme: a new plan for the vendor, and training; one that was not judged has failed if adoption is low."""
    s, vendor = market.settings[0], market.vendors[vendor_row]
    seats = len(market.salespeople) // len(market.vendors)
    first = vendor_row * seats
    if vendor.initiative_week >= 0 and vendor.judged == 0 and vendor.adoption < s.programmes_success_adoption:
        salesperson_rules.disappoint(market.salespeople, first, seats, s)
    mix_levers(market.lever_numbers[vendor_row], vendor.adoption, PREVIOUS)
    start_plan(market, vendor_row, plan, False)
    vendor.initiative_week, vendor.judged = week, 0
    vendor.adoption = salesperson_rules.train(market.salespeople, first, seats, training_hours, s)
    cost_k = training_hours * s.programmes_training_cost_k + s.programmes_launch_cost_k
    cost_k *= seats * salesperson_rules.headcount_of(vendor, market.levers[vendor_row, CURRENT])
    market.weeks[week, vendor_row].training_k += cost_k


@rule
def plan_owner(market, plan) -> int:
    """The vendor for which a plan was made, whose executives its sponsors are."""
    n_vendors = len(market.vendors)
    return plan if plan < n_vendors else market.initiatives[plan - n_vendors].vendor


@rule
def start_plan(market, vendor, plan, start):
    """Set a vendor's levers and sponsors to those of a plan; at the start, also set its initial trust."""
    s = market.settings[0]
    market.vendors[vendor].plan = plan
    other = (vendor - plan_owner(market, plan)) * (len(market.executives) // len(market.vendors))
    own = market.lever_numbers.shape[2] if plan_owner(market, plan) == vendor else market.lever_numbers.shape[2] - N_POSITION
    for lever in range(own):
        market.lever_numbers[vendor, CURRENT, lever] = market.plan_levers[plan, lever]
    levers = market.levers[vendor, CURRENT]
    for e in range(len(market.executives)):
        if market.executives[e].vendor == vendor:
            market.executives[e].accounts = 0
    total = 0.0
    for c in range(len(market.customers)):
        relation = market.relations[c, vendor]
        sponsor = market.plan_sponsors[plan, c]
        relation.executive = sponsor + other if sponsor >= 0 else -1
        ownership = 0.0
        if relation.executive >= 0:
            market.executives[relation.executive].accounts += 1
            ownership = levers.executive_ownership
        weight = customer_rules.person_weight(s.trust_person_weight, ownership, levers.team_selling, s.trust_team_share)
        relation.person_weight = weight
        if start:
            bought = market.customers[c].incumbent == vendor
            trust = s.trust_installed if bought else s.trust_initial
            relation.trust_person, relation.trust_firm = trust, trust
            relation.experienced = s.trust_norm if bought else -1.0
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
        vendor, levers = market.vendors[person.vendor], market.levers[person.vendor, CURRENT]
        hours = salesperson_rules.hours_of(person, vendor, levers, s, week)
        headcount = salesperson_rules.headcount_of(vendor, levers)
        left = max(0.0, hours - person.hours_used)
        effective = left * salesperson_rules.effect_of_skill(person.skill, s.selling_skill_effect)
        person.prospecting_rate = salesperson_rules.prospecting_rate_of(s.buying_prospecting, effective, person.accounts)
        entry = market.weeks[week, person.vendor]
        entry.hours_used += person.hours_used
        entry.hours_free += left
        entry.vacancies += week < person.vacant_until
        entry.selling_k += s.people_base_pay_k * headcount if week >= person.vacant_until else 0.0
        entry.training_k += s.programmes_coaching_cost_k * levers.coaching * headcount
        entry.overhead_k += s.people_overhead_k * headcount
