"""Customers: perceived sameness, price expectations, trust in vendors, and word of mouth."""

import math

import numpy as np

from salesim.model.jit import rule
from salesim.model.records import record_type

VENDORS_PER_MARKET = 64  # the random-number key of a relation is customer * 64 + vendor

CUSTOMER = record_type(
    ("complexity_first", np.float64),  # trait: complexity of its problem in week 0, 0 to 1
    ("complexity", np.float64),  # this week; written by `commoditize`
    ("value_k", np.float64),  # trait: yearly value at stake, k$
    ("list_price_k", np.float64),  # trait: k$
    ("competence", np.float64),  # trait: of deciding alone, 0 to 1
    ("readiness", np.float64),  # trait: to change, 0 to 1
    ("price_weight", np.float64),  # trait: utility lost per list price
    ("seniority", np.float64),  # trait: of its top executive, 0 to 1
    ("perceived_sameness", np.float64),  # of all offers, as of `sameness_week`, 0 to 1; `update_sameness`, `change_sameness`
    ("heard_sameness", np.float64),  # what acquaintances' outcomes add to perceived sameness next week; `spread_word_of_mouth`
    ("reference", np.float64),  # reference price, list prices; `update_price_expectations`
    ("discount_expectation", np.float64),  # discount it expects, share of list; `update_price_expectations`
    ("expected", np.float64),  # outcome it expects of any vendor, 0 to 1; `learn_from_outcome`
    ("sameness_week", np.int32),  # last week whose pressure is included in `perceived_sameness`; `update_sameness`
    ("incumbent", np.int32),  # vendor it bought from last; -1 is none; `change_vendor`
    ("contract", np.int32),  # row of the deal of its running contract; -1 is none
    ("channel", np.int8),  # trait: 1 buys through partners
    ("activity", np.int8),  # Activity
)

RELATION = record_type(
    ("salesperson", np.int16),  # seat that serves the customer
    ("partner", np.int16),  # partner that sells to it; -1 is a direct customer; `hand_over`
    ("executive", np.int16),  # sponsor; -1 is none; written by `start_plan`
    ("access_week", np.int32),  # last week whose fading is included in `access`; `update_access`
    ("person_weight", np.float64),  # weight of trust in the person; `start_plan`
    ("trust_person", np.float64),  # 0 to 1; `change_trust`
    ("trust_firm", np.float64),  # 0 to 1; `change_trust`
    ("heard_surprise", np.float64),  # acquaintances' outcomes of a week, less what they expected; `spread_word_of_mouth`
    ("experienced", np.float64),  # outcome known of the vendor, 0 to 1; -1 is none; `learn_from_outcome`, `hear_word_of_mouth`
    ("access", np.float64),  # to the customer's top executives, as of `access_week`, 0 to 1
)  # one row per customer and vendor

TREND = record_type(
    ("difference_left", np.float64),  # share of the perceived difference that is left after n weeks of pressure
    ("access_left", np.float64),  # share of access that is left after n weeks
    ("complexity", np.float64),  # factor on complexity in this week
    ("cost", np.float64),  # factor on product cost in this week
)  # one row per week, or per number of weeks n


@rule
def trust_in(relation) -> float:
    """Trust in a vendor, 0 to 1: the weighted mean of trust in its salesperson and trust in the firm."""
    weight = relation.person_weight
    return weight * relation.trust_person + (1.0 - weight) * relation.trust_firm


@rule
def person_weight(base: float, ownership: float, team: float, team_share: float) -> float:
    """Weight of trust in the salesperson, lower where an executive or a team owns the account. Assumption."""
    return base * (1.0 - ownership) * (1.0 - team_share * team)


@rule
def after_change(level: float, step: float) -> float:
    """A level from 0 to 1 after a change: a step up is a share of 1 - level, a step down a share of the level.

    Steps are clipped to [-1, 1], so that the level stays between 0 and 1.
    """
    step = max(-1.0, min(1.0, step))
    return level + step * (1.0 - level) if step > 0.0 else level + step * level


@rule
def change_trust(relation, vendor, person_step: float, firm_step: float):
    """Change trust in the person and in the firm (`after_change`), and the vendor's total. The only rule that changes trust."""
    before = trust_in(relation)
    relation.trust_person = after_change(relation.trust_person, person_step)
    relation.trust_firm = after_change(relation.trust_firm, firm_step)
    vendor.trust_total += trust_in(relation) - before


@rule
def change_sameness(customer, totals, step: float):
    """Change perceived sameness by an event (`after_change`), and the market's total. No other rule does so."""
    before = customer.perceived_sameness
    customer.perceived_sameness = after_change(before, step)
    totals.difference_total -= customer.perceived_sameness - before


@rule
def update_sameness(customer, trends, week: int):
    """Bring perceived sameness up to this week: every week, pressure removes a share of the perceived difference.

    After n weeks it is 1 - (1 - c) (1 - pressure)^n, so idle customers need no weekly update. Call this before reading it.
    """
    if week > customer.sameness_week:
        left = trends[week - customer.sameness_week].difference_left
        customer.perceived_sameness = 1.0 - (1.0 - customer.perceived_sameness) * left
        customer.sameness_week = week


@rule
def update_access(relation, trends, week: int):
    """Bring access up to this week: a (1 - fade)^n after n weeks. Call this before reading access."""
    relation.access *= trends[week - relation.access_week].access_left
    relation.access_week = week


@rule
def update_all(customers, relations, trends, week: int):
    """Bring perceived sameness and access of all rows up to this week; for agent views only, as phases update single rows."""
    for c in range(len(customers)):
        update_sameness(customers[c], trends, week)
        for v in range(relations.shape[1]):
            update_access(relations[c, v], trends, week)


@rule
def spread_word_of_mouth(neighbours, customers, relations, c, v, surprise, s):
    """A customer tells its acquaintances of an outcome above or below what it expected; it takes effect next week.

    `surprise` is the outcome less what was expected, -1 to 1. Adds to `heard_surprise` and `heard_sameness` of neighbours; the
    order of customers does not matter.
    """
    for place in range(neighbours.shape[1]):
        other = neighbours[c, place]
        relations[other, v].heard_surprise += surprise
        customers[other].heard_sameness -= s.trust_word_sameness * surprise


@rule
def hear_word_of_mouth(customer, relations, vendors, totals, s):
    """Last week's word of mouth changes perceived sameness, trust in firms, and what is expected of them.

    `relations` has one row per vendor. Of a vendor of which nothing is known, `worth.prior` is expected.
    """
    if customer.heard_sameness != 0.0:
        change_sameness(customer, totals, customer.heard_sameness)
        customer.heard_sameness = 0.0
    for v in range(len(relations)):
        relation = relations[v]
        if relation.heard_surprise != 0.0:
            change_trust(relation, vendors[v], 0.0, s.trust_word_of_mouth * relation.heard_surprise)
            if s.trust_word_expectation > 0.0:
                known = relation.experienced if relation.experienced >= 0.0 else s.worth_prior
                relation.experienced = after_change(known, s.trust_word_expectation * relation.heard_surprise)
            relation.heard_surprise = 0.0


@rule
def update_price_expectations(customer, price, totals, s):
    """After a purchase, the reference price and the expected discount move towards its price (in list prices)."""
    if s.loops_reference_price == 1.0:
        step = s.bargaining_reference_speed * (price - customer.reference)
        customer.reference += step
        totals.reference_total += step
    if s.loops_discount_sensitivity == 1.0:
        customer.discount_expectation += s.bargaining_discount_expectation_speed * (1.0 - price - customer.discount_expectation)


@rule
def change_vendor(customer, vendors, v: int):
    """The customer's vendor is now `v`, or nobody (-1). Writes `incumbent` and the vendors' `clients`."""
    if customer.incumbent >= 0:
        vendors[customer.incumbent].clients -= 1
    if v >= 0:
        vendors[v].clients += 1
    customer.incumbent = v


@rule
def learn_from_outcome(customer, relation, vendor, promise, delivered, totals, s):
    """An outcome changes its customer's trust and perceived sameness: a broken promise costs trust, a good outcome gains it.

    Trust: -loss * (promise - delivered)+, + gain * (delivered - expected)+.
    Perceived sameness: outcome_sameness * (expected - delivered). Then what is expected of any vendor moves towards the
    outcome, which is remembered as this vendor's. Loss and gain are settings, `trust.loss` and `trust.gain`.
    """
    surprise = delivered - customer.expected
    if s.loops_promise_trust == 1.0:
        step = s.trust_gain * max(0.0, surprise) - s.trust_loss * max(0.0, promise - delivered)
        change_trust(relation, vendor, step, step)
        relation.experienced = delivered
    if s.loops_outcome_sameness == 1.0:
        change_sameness(customer, totals, -s.trust_outcome_sameness * surprise)
    customer.expected += s.trust_expectation_speed * surprise


@rule
def renew_chance(surplus: float, base: float, slope: float) -> float:
    """Probability of renewing a subscription: logistic in base + slope * surplus (list prices). Assumption."""
    return 1.0 / (1.0 + math.exp(-(base + slope * surplus)))
