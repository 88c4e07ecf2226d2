"""Customers: what they think of offers and vendors, whom they trust, and what they tell each other."""

import math

import numpy as np

from salesim.model.jit import rule
from salesim.model.records import record_type

VENDORS_PER_MARKET = 64  # a relation's key is customer * 64 + vendor

CUSTOMER = record_type(
    ("complexity_first", np.float64),  # trait: complexity of its problem in week 0, 0 to 1
    ("complexity", np.float64),  # this week; written by `commoditize`
    ("value_k", np.float64),  # trait: yearly value at stake, k$
    ("list_price_k", np.float64),  # trait: k$
    ("competence", np.float64),  # trait: of deciding alone, 0 to 1
    ("readiness", np.float64),  # trait: to change, 0 to 1
    ("price_weight", np.float64),  # trait: worth per list price
    ("seniority", np.float64),  # trait: of its top executive, 0 to 1
    ("perceived_sameness", np.float64),  # of all offers, as of `sameness_week`, 0 to 1; `catch_up`, `push_sameness`
    ("heard_sameness", np.float64),  # what acquaintances' outcomes add to perceived sameness next week; `tell`
    ("reference", np.float64),  # price it is used to, list prices; `settle`
    ("discount_expectation", np.float64),  # discount it expects, share of list; `settle`
    ("sameness_week", np.int32),  # last week whose pressure is in `perceived_sameness`; `catch_up`
    ("incumbent", np.int32),  # vendor it bought from last; -1 is none; `change_vendor`
    ("contract", np.int32),  # row of the deal of its running contract; -1 is none
    ("channel", np.int8),  # trait: 1 buys through partners
    ("activity", np.int8),  # Activity
)

RELATION = record_type(
    ("salesperson", np.int16),  # seat that serves the customer
    ("partner", np.int16),  # partner in whose territory it is
    ("executive", np.int16),  # sponsor; -1 is none; written by `start_plan`
    ("access_week", np.int32),  # last week whose fading is in `access`; `fade`
    ("person_weight", np.float64),  # share of trust that is in the person; `start_plan`
    ("trust_person", np.float64),  # 0 to 1; `push_trust`
    ("trust_firm", np.float64),  # 0 to 1; `push_trust`
    ("heard_trust", np.float64),  # what acquaintances' outcomes add to trust in the firm next week; `tell`
    ("access", np.float64),  # to the customer's top executives, as of `access_week`, 0 to 1
)  # one row a customer and vendor

TREND = record_type(
    ("difference_left", np.float64),  # share of the difference seen that is left after so many weeks of pressure
    ("access_left", np.float64),  # share of access that is left after so many weeks
    ("complexity", np.float64),  # factor on complexity in this week
    ("cost", np.float64),  # factor on product cost in this week
)  # one row a week, or a number of weeks


@rule
def trust_in(relation) -> float:
    """Trust in a vendor: the person's share of it and the firm's. 0 to 1."""
    weight = relation.person_weight
    return weight * relation.trust_person + (1.0 - weight) * relation.trust_firm


@rule
def person_weight(base: float, ownership: float, team: float, team_share: float) -> float:
    """Share of trust that is in the salesperson; owned by an executive or a team, the rest is in the firm. Assumption."""
    return base * (1.0 - ownership) * (1.0 - team_share * team)


@rule
def moved(level: float, step: float) -> float:
    """A stock from 0 to 1 after a push: up by a share of what is missing, down by a share of what is there.

    Pushes are held between -1 and 1, so that the stock stays where it is defined.
    """
    step = max(-1.0, min(1.0, step))
    return level + step * (1.0 - level) if step > 0.0 else level + step * level


@rule
def push_trust(relation, vendor, person_step: float, firm_step: float):
    """Both kinds of trust after a push each (`moved`); the vendor's total follows. The only rule that moves trust."""
    before = trust_in(relation)
    relation.trust_person = moved(relation.trust_person, person_step)
    relation.trust_firm = moved(relation.trust_firm, firm_step)
    vendor.trust_total += trust_in(relation) - before


@rule
def push_sameness(customer, totals, step: float):
    """Perceived sameness after a push (`moved`); the market's total follows. The only rule that moves it by an event."""
    before = customer.perceived_sameness
    customer.perceived_sameness = moved(before, step)
    totals.difference_total -= customer.perceived_sameness - before


@rule
def catch_up(customer, trends, week: int):
    """Perceived sameness as it is this week: every week, pressure takes a share of the difference that is left.

    1 - (1 - c) (1 - pressure)^n after n weeks, so idle customers need not be visited. Called before it is read.
    """
    if week > customer.sameness_week:
        left = trends[week - customer.sameness_week].difference_left
        customer.perceived_sameness = 1.0 - (1.0 - customer.perceived_sameness) * left
        customer.sameness_week = week


@rule
def fade(relation, trends, week: int):
    """Access as it is this week: a (1 - fade)^n after n weeks. Called before access is read."""
    relation.access *= trends[week - relation.access_week].access_left
    relation.access_week = week


@rule
def refresh(customers, relations, trends, week: int):
    """Perceived sameness and access of all rows as they are this week. For looking only: phases ask row by row."""
    for c in range(len(customers)):
        catch_up(customers[c], trends, week)
        for v in range(relations.shape[1]):
            fade(relations[c, v], trends, week)


@rule
def tell(neighbours, customers, relations, c, v, surprise, s):
    """An outcome above or below the norm is told to acquaintances; it counts next week (so that no row is first).

    `surprise` is outcome less norm, -1 to 1. Writes `heard_trust` and `heard_sameness` of neighbours; each adds
    word_of_mouth * surprise, whatever the order of telling.
    """
    for place in range(neighbours.shape[1]):
        other = neighbours[c, place]
        relations[other, v].heard_trust += s.trust_word_of_mouth * surprise
        customers[other].heard_sameness -= s.trust_word_sameness * surprise


@rule
def hear(customer, relations, vendors, totals):
    """What was heard last week counts now: trust in firms and perceived sameness move. `relations` has a row a vendor."""
    if customer.heard_sameness != 0.0:
        push_sameness(customer, totals, customer.heard_sameness)
        customer.heard_sameness = 0.0
    for v in range(len(relations)):
        if relations[v].heard_trust != 0.0:
            push_trust(relations[v], vendors[v], 0.0, relations[v].heard_trust)
            relations[v].heard_trust = 0.0


@rule
def settle(customer, price, totals, s):
    """After a purchase: the reference price and the expected discount move towards it. Price in list prices."""
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
def experience(customer, relation, vendor, promise, delivered, totals, s):
    """What an outcome teaches its customer: a broken promise breaks trust steeply, a good outcome builds it slowly.

    Trust: -loss * (promise - delivered)+, + gain * (delivered - norm)+.
    Perceived sameness: outcome_sameness * (norm - delivered).
    Steepness: assumption (loss three times the gain).
    """
    if s.loops_promise_trust == 1.0:
        step = s.trust_gain * max(0.0, delivered - s.trust_norm) - s.trust_loss * max(0.0, promise - delivered)
        push_trust(relation, vendor, step, step)
    if s.loops_outcome_sameness == 1.0:
        push_sameness(customer, totals, s.trust_outcome_sameness * (s.trust_norm - delivered))


@rule
def renew_chance(surplus: float, base: float, slope: float) -> float:
    """Chance of renewing a subscription: logistic in base + slope * surplus (list prices). Assumption."""
    return 1.0 / (1.0 + math.exp(-(base + slope * surplus)))
