"""Salespeople: skill, pay, adoption of programmes, cynicism, leaving, and successors."""

import math

import numpy as np

from salesim.model.agents.customer import change_trust
from salesim.model.agents.vendor import CURRENT, QUARTER_WEEKS, interpolate
from salesim.model.jit import rule
from salesim.model.records import record_type
from salesim.model.rng import Purpose, uniform_for

SEATS_PER_VENDOR = 1024  # a seat's key is vendor * 1024 + position, so adding a seat does not change other keys

SALESPERSON = record_type(
    ("vendor", np.int32),  # employer
    ("key", np.int64),  # key of its random numbers
    ("accounts", np.int32),  # direct customers in its territory
    ("first_account", np.int32),  # where they begin in the market's territories
    ("generation", np.int32),  # people who had this seat before; written by `leave`
    ("left_week", np.int32),  # week in which the person before left; -1 is nobody; `leave`
    ("vacant_until", np.int32),  # week a successor arrives; 0 or a past week: the seat is filled
    ("learning", np.float64),  # trait: how fast it learns and adopts, mean about 0.5
    ("skill", np.float64),  # 0 to 1; `learn`
    ("adoption", np.float64),  # of the present approach, 0 to 1; `learn`
    ("cynicism", np.float64),  # 0 to 1; `judge` and `learn`
    ("commission_k", np.float64),  # this quarter
    ("booked_k", np.float64),  # net prices won this quarter
    ("usual_bookings_k", np.float64),  # usual bookings of a quarter; -1 before the first
    ("quota_k", np.float64),  # this quarter; 0 is none yet
    ("accustomed_k", np.float64),  # accustomed pay of a quarter; -1 before the first
    ("shortfall", np.float64),  # share of accustomed pay that was missing last quarter
    ("working", np.int32),  # deals it works on this week; `count_work`
    ("hours_per_deal", np.float64),  # this week; `share_hours`
    ("hours_used", np.float64),  # this week; `work`
    ("prospecting_rate", np.float64),  # weekly probability that prospecting finds a need of an account; `prospect`
    ("highest_prospecting_rate", np.float64),  # the same if all its hours were free
)


@rule
def selling_hours(vacant: bool, hours_per_week: float, cover: float) -> float:
    """Hours of a seat this week; colleagues cover a share of a vacant one."""
    return hours_per_week * cover if vacant else hours_per_week


@rule
def headcount_of(vendor, levers) -> float:
    """Selling hours and pay of a seat against those of the settings: the plan's, as far as the vendor has adjusted it."""
    return levers.headcount * vendor.staffing


@rule
def hours_of(person, vendor, levers, s, week) -> float:
    """Hours of a seat this week: `selling_hours` times headcount, less what learning a new approach takes until adopted."""
    hours = selling_hours(week < person.vacant_until, s.selling_hours_per_week, s.people_vacancy_cover)
    hours *= headcount_of(vendor, levers)
    if vendor.initiative_week >= 0:
        hours *= 1.0 - s.programmes_learning_hours * (1.0 - person.adoption)
    return hours


@rule
def pay_term(previous: float, current: float, adoption: float, s) -> float:
    """A term of a person's pay plan: that of the new plan, which may wait for adoption. Assumption."""
    return interpolate(current, previous, s.programmes_pay_follows * (1.0 - adoption))


@rule
def pay_on_margin(previous, levers, adoption, s) -> float:
    """Part of the pay that depends on margin (`pay_term`)."""
    return pay_term(previous.commission_on_margin, levers.commission_on_margin, adoption, s)


@rule
def pay_for_outcome(previous, levers, adoption, s) -> float:
    """Part of the commission that waits for the promised outcome (`pay_term`)."""
    return pay_term(previous.accountability, levers.accountability, adoption, s)


@rule
def accelerator_of(previous, levers, adoption, s) -> float:
    """Extra commission above quota, as a share (`pay_term`)."""
    return pay_term(previous.quota_accelerator, levers.quota_accelerator, adoption, s)


@rule
def effect_of_skill(skill: float, weight: float) -> float:
    """What skill does to persuasion and prospecting: 1 + weight * (2 * skill - 1), so 1 at a skill of one half. Assumption."""
    return 1.0 + weight * (2.0 * skill - 1.0)


@rule
def prospecting_rate_of(prospecting: float, hours: float, accounts: int) -> float:
    """Weekly probability that prospecting finds a need of an account: prospecting * hours / accounts. Assumption.

    `hours` are those of a seller whose skill is one half (`effect_of_skill`).
    """
    return prospecting * hours / max(1, accounts)


@rule
def learning_of(s, uniform):
    """Learning trait of a person from a uniform number: uniform around the mean. Assumption."""
    return s.people_learning_mean + s.people_learning_spread * (uniform - 0.5)


@rule
def leave_chance(
    per_year: float, shortfall: float, cynicism: float, lost_share: float, weights: tuple[float, float, float]
) -> float:
    """Weekly probability of leaving: 1 - exp(-per_year / 52 * exp(weights . (shortfall, cynicism, lost_share))).

    Proportional hazards, Cox 1972 form; the weights are assumptions.
    """
    log_hazard_ratio = weights[0] * shortfall + weights[1] * cynicism + weights[2] * lost_share
    return 1.0 - math.exp(-per_year / 52.0 * math.exp(log_hazard_ratio))


@rule
def learn(salespeople, vendors, vendor_levers, s):
    """Every week skill grows by practice, coaching and a shared method, adoption by coaching and peers; cynicism declines.

    Reads last week's hours and adoption; writes `skill`, `adoption`, `cynicism` and each vendor's mean `adoption`.
    """
    per_vendor = len(salespeople) // len(vendors)
    for v in range(len(vendors)):
        levers = vendor_levers[v, CURRENT]
        first = v * per_vendor
        best = 0.0
        for seat in range(first, first + per_vendor):
            best = max(best, salespeople[seat].skill)
        mean = 0.0
        for seat in range(first, first + per_vendor):
            person = salespeople[seat]
            if vendors[v].initiative_week >= 0:
                person.adoption = next_adoption(person, vendors[v].adoption, levers.coaching, s)
            person.skill = next_skill(person, best, levers, s)
            person.cynicism *= 1.0 - s.programmes_cynicism_healing
            mean += person.adoption / per_vendor
        vendors[v].adoption = mean


@rule
def next_skill(person, best: float, levers, s) -> float:
    """Skill next week: practice and coaching close part of the gap to 1, a shared method part of the gap to the best.

    skill + 2 * learning * (practice * hours used + coaching * coaching lever) * (1 - skill) + sharing * lever * (best - skill).
    """
    practised = s.people_practice * min(1.0, person.hours_used / max(1e-9, s.selling_hours_per_week))
    taught = 2.0 * person.learning * (practised + s.people_coaching * levers.coaching) * (1.0 - person.skill)
    shared = s.people_sharing * levers.method_sharing * (best - person.skill)
    return min(1.0, person.skill + taught + shared)


@rule
def next_adoption(person, peers: float, coaching: float, s) -> float:
    """Adoption next week: coaching and peers raise it, less so with cynicism; without coaching it fades. Assumption."""
    brought = s.programmes_adoption_coaching * coaching + s.programmes_adoption_peers * peers
    gained = 2.0 * person.learning * (1.0 - person.cynicism) * brought * (1.0 - person.adoption)
    faded = s.programmes_adoption_fade * (1.0 - coaching) * person.adoption
    return min(1.0, max(0.0, person.adoption + gained - faded))


@rule
def judge(salespeople, vendors, s, week):
    """Judge each initiative some weeks after its start: it failed if adoption is too low, which adds cynicism."""
    per_vendor = len(salespeople) // len(vendors)
    for v in range(len(vendors)):
        vendor = vendors[v]
        started = vendor.initiative_week
        if started < 0 or vendor.judged == 1 or week < started + int(s.programmes_judged_after_weeks):
            continue
        vendor.judged = 1
        if vendor.adoption < s.programmes_success_adoption:
            disappoint(salespeople, v * per_vendor, per_vendor, s)


@rule
def disappoint(salespeople, first, count, s):
    """A failed programme adds `cynicism_step` times (1 - cynicism) to every salesperson's cynicism."""
    for seat in range(first, first + count):
        salespeople[seat].cynicism += s.programmes_cynicism_step * (1.0 - salespeople[seat].cynicism)


@rule
def train(salespeople, first, count, hours, s) -> float:
    """A new programme starts: adoption becomes (1 - exp(-hours / training_hours)) * (1 - cynicism).

    Returns the mean adoption.
    """
    trained, mean = 1.0 - math.exp(-hours / s.programmes_training_hours), 0.0
    for seat in range(first, first + count):
        salespeople[seat].adoption = trained * (1.0 - salespeople[seat].cynicism)
        mean += salespeople[seat].adoption / count
    return mean


@rule
def pay(salespeople, s):
    """At a quarter's end, compare pay with accustomed pay and set the next quota.

    Writes `accustomed_k`, `shortfall`, `usual_bookings_k`, `quota_k`; clears `commission_k` and `booked_k`.
    """
    for person in salespeople:
        earned_k = QUARTER_WEEKS * s.people_base_pay_k + person.commission_k
        if person.accustomed_k < 0.0:
            person.accustomed_k = earned_k
        person.shortfall = max(0.0, 1.0 - earned_k / person.accustomed_k) if person.accustomed_k > 0.0 else 0.0
        person.accustomed_k += s.people_accustomed_speed * (earned_k - person.accustomed_k)
        if person.usual_bookings_k < 0.0:
            person.usual_bookings_k = person.booked_k
        person.usual_bookings_k += s.people_accustomed_speed * (person.booked_k - person.usual_bookings_k)
        person.quota_k = s.people_quota_growth * person.usual_bookings_k
        person.commission_k, person.booked_k = 0.0, 0.0


@rule
def leave(person, vendor, s, seed, week):
    """The person leaves; the seat is empty for a while, then a successor starts. Returns the successor's experience.

    Writes the whole row; only the seat, its territory, usual bookings and quota remain.
    """
    person.generation += 1
    person.left_week = week
    person.vacant_until = week + int(s.people_vacancy_weeks)
    experience = uniform_for(seed, Purpose.SUCCESSOR, person.key, person.generation)
    person.learning = learning_of(s, uniform_for(seed, Purpose.LEARNING, person.key, person.generation))
    person.skill = s.people_initial_skill * (0.5 + 0.5 * experience)
    person.cynicism = 0.0
    person.adoption = vendor.adoption * experience if vendor.initiative_week >= 0 else 1.0
    person.commission_k, person.booked_k = 0.0, 0.0
    person.accustomed_k, person.shortfall = -1.0, 0.0
    return experience


@rule
def lose_people(salespeople, relations, territories, vendors, weeks, s, seed, week):
    """Each week salespeople may leave (`leave_chance`); their customers keep part of their trust in the person.

    Writes the rows of leavers, `trust_person` of their direct customers, `lost_share` of vendors, `leavers` and hiring
    cost of the week's records. Trust kept is handover * experience of the successor.
    """
    per_vendor = len(salespeople) // len(vendors)
    weights = (s.people_leave_shortfall, s.people_leave_cynicism, s.people_leave_peers)
    for v in range(len(vendors)):
        vendor = vendors[v]
        lost_before = vendor.lost_share
        vendor.lost_share *= 1.0 - 1.0 / QUARTER_WEEKS
        for seat in range(v * per_vendor, (v + 1) * per_vendor):
            person = salespeople[seat]
            if week < person.vacant_until:
                continue
            chance = leave_chance(s.people_leave_per_year, person.shortfall, person.cynicism, lost_before, weights)
            if uniform_for(seed, Purpose.LEAVING, person.key, week) >= chance:
                continue
            experience = leave(person, vendor, s, seed, week)
            vendor.lost_share += 1.0 / per_vendor
            weeks[v].leavers += 1
            weeks[v].selling_k += s.people_hiring_cost_k
            for place in range(person.first_account, person.first_account + person.accounts):
                change_trust(relations[territories[place], v], vendor, s.trust_handover * experience - 1.0, 0.0)
