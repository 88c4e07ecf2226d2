"""Customers: needs, buying groups, trust in vendors, and what they tell each other."""

import math

import numpy as np

from salesim.draws import Purpose, draw
from salesim.rules import rule
from salesim.words import Activity

VENDORS_PER_MARKET = 64  # a relation's key is customer * 64 + vendor

CUSTOMER = np.dtype(
    [
        ("complexity_first", np.float64),  # trait: complexity of its problem in week 0, 0 to 1
        ("complexity", np.float64),  # this week; written by `drift`
        ("value_k", np.float64),  # trait: yearly value at stake, k$
        ("list_price_k", np.float64),  # trait: k$
        ("competence", np.float64),  # trait: of deciding alone, 0 to 1
        ("readiness", np.float64),  # trait: to change, 0 to 1
        ("price_weight", np.float64),  # trait: worth per list price
        ("seniority", np.float64),  # trait: of its top executive, 0 to 1
        ("channel", np.int8),  # trait: 1 buys through partners
        ("belief", np.float64),  # that all offers are the same, 0 to 1
        ("heard_belief", np.float64),  # what acquaintances' outcomes add to it this week
        ("reference", np.float64),  # price it is used to, list prices
        ("habit", np.float64),  # discount it is used to, share of list
        ("activity", np.int8),  # Activity
        ("incumbent", np.int32),  # vendor it bought from last; -1 is none
        ("contract", np.int32),  # row of the deal of its running contract; -1 is none
        ("opened_week", np.int32),  # of the running buying process
        ("first_deal", np.int32),  # its deals are rows first_deal to first_deal + n_deals - 1
        ("n_deals", np.int32),
        ("offers_week", np.int32),  # first offer on the table; -1 is not yet
        ("group_size", np.int32),  # people who have to agree
        ("threshold", np.float64),  # conviction the slowest of them needs
        ("conviction", np.float64),  # cumulative hazard of consensus so far; `deliberate`
        ("delivery_week", np.int32),  # end of the running delivery
    ],
    align=True,
)

RELATION = np.dtype(
    [
        ("salesperson", np.int32),  # seat that serves the customer
        ("partner", np.int32),  # partner in whose territory it is
        ("executive", np.int32),  # sponsor; -1 is none; written by `start_plan`
        ("match", np.float64),  # 1 for peers, less for others; `start_plan`
        ("person_weight", np.float64),  # share of trust that is in the person; `start_plan`
        ("trust_person", np.float64),  # 0 to 1
        ("trust_firm", np.float64),  # 0 to 1
        ("heard_trust", np.float64),  # what acquaintances' outcomes add to trust in the firm this week
        ("access", np.float64),  # to the customer's top executives, 0 to 1
    ],
    align=True,
)  # one row a customer and vendor


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
def confusion_of(complexity: float, competence: float, relief: float, package: float) -> float:
    """Confusion of a buying group: k (1 - m) relief (1 + package), at most 1. Assumption."""
    return min(1.0, complexity * (1.0 - competence) * relief * (1.0 + package))


@rule
def convinced(chance: float, confusion: float, access: float, access_gain: float, ratio: float) -> float:
    """Hazard a week that a member is convinced: -ln(1 - chance (1 - confusion)^2 (1 + access_gain access) ratio)."""
    return -math.log(1.0 - min(0.99, chance * (1.0 - confusion) ** 2 * (1.0 + access_gain * access) * ratio))


@rule
def group_size(base: float, per_complexity: float, complexity: float, uniform: float) -> int:
    """Members of a buying group: base + per_complexity * k * U(0.5, 1.5), rounded down."""
    return int(base + per_complexity * complexity * (0.5 + uniform))


@rule
def slowest(seed, customer: int, week: int, members: int) -> float:
    """Cumulative hazard at which the last of the members is convinced: the largest of as many exponential draws."""
    largest = 0.0
    for member in range(members):
        largest = max(largest, -math.log(1.0 - draw(seed, Purpose.CONSENSUS, customer * 64 + member, week)))
    return largest


@rule
def drift(customers, relations, s, week):
    """Weekly: pressure raises beliefs, complexity grows, access fades, and what was heard last week is believed.

    Writes `belief`, `complexity`, `heard_belief` of customers; `access`, `trust_firm`, `heard_trust` of relations.
    """
    growth = (1.0 + s.commoditization_complexity_growth_per_year) ** (week / 52.0)
    for c in range(len(customers)):
        customer = customers[c]
        customer.complexity = min(1.0, customer.complexity_first * growth)
        customer.belief += s.commoditization_pressure_per_week * (1.0 - customer.belief)
        if customer.heard_belief != 0.0:
            customer.belief = moved(customer.belief, customer.heard_belief)
            customer.heard_belief = 0.0
        for v in range(relations.shape[1]):
            relation = relations[c, v]
            relation.access *= 1.0 - s.executives_access_fade
            if relation.heard_trust != 0.0:
                relation.trust_firm = moved(relation.trust_firm, relation.heard_trust)
                relation.heard_trust = 0.0


@rule
def wakes(uniform, chance, wake) -> int:
    """Does a need arise? -2 is no, -1 by itself, else the vendor whose prospecting woke it. `wake` has a chance a vendor."""
    if uniform < chance:
        return -1
    for v in range(len(wake)):
        chance += wake[v]
        if uniform < chance:
            return v
    return -2


@rule
def tell(neighbours, customers, relations, c, v, surprise, s):
    """An outcome above or below the norm is told to acquaintances; they believe it next week (so no row is first).

    `surprise` is outcome less norm, -1 to 1. Writes `heard_trust` and `heard_belief` of neighbours; each adds
    word_of_mouth * surprise, whatever the order of telling.
    """
    for place in range(neighbours.shape[1]):
        other = neighbours[c, place]
        relations[other, v].heard_trust += s.trust_word_of_mouth * surprise
        customers[other].heard_belief -= s.trust_word_belief * surprise


@rule
def settle(customer, price, s):
    """After a purchase: the reference price and the discount one is used to move towards it. Price in list prices."""
    if s.loops_reference_price == 1.0:
        customer.reference += s.bargaining_reference_speed * (price - customer.reference)
    if s.loops_discount_sensitivity == 1.0:
        customer.habit += s.bargaining_habit_speed * (1.0 - price - customer.habit)


@rule
def experience(customer, relation, promise, delivered, s):
    """What an outcome teaches its customer: a broken promise breaks trust steeply, a good outcome builds it slowly.

    Trust: -loss * (promise - delivered)+, + gain * (delivered - norm)+. Belief: outcome_belief * (norm - delivered).
    Writes `trust_person`, `trust_firm`, `belief`. Steepness: assumption (loss three times the gain).
    """
    if s.loops_promise_trust == 1.0:
        step = s.trust_gain * max(0.0, delivered - s.trust_norm) - s.trust_loss * max(0.0, promise - delivered)
        relation.trust_firm = moved(relation.trust_firm, step)
        relation.trust_person = moved(relation.trust_person, step)
    if s.loops_outcome_belief == 1.0:
        customer.belief = moved(customer.belief, s.trust_outcome_belief * (s.trust_norm - delivered))


@rule
def learn_from_offers(customer, exaggeration, depth, s):
    """Being sold to teaches: exaggeration, that all sellers are alike; diagnosis, that they are not. Writes `belief`.

    `exaggeration` is the mean of (belief - fit)+ over offers, `depth` the best diagnosis on the table.
    """
    if s.loops_selling_belief == 1.0:
        customer.belief += s.trust_disappointment_belief * exaggeration * (1.0 - customer.belief)
        customer.belief -= s.trust_diagnosis_belief * depth * customer.belief


@rule
def free(customer):
    """The buying process is over without a purchase."""
    customer.activity = Activity.IDLE
    customer.n_deals = 0


@rule
def renew_chance(surplus: float, base: float, slope: float) -> float:
    """Chance of renewing a subscription: logistic in base + slope * surplus (list prices). Assumption."""
    return 1.0 / (1.0 + math.exp(-(base + slope * surplus)))
