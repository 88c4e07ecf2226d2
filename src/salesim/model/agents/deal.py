"""Deals: the work on them, and the worth of the offer. The record is `records.DEAL`; prices are set in `pricing.py`."""

import math

from salesim.model.agents.customer import trust_in
from salesim.model.agents.executive import access_after
from salesim.model.agents.salesperson import effect_of_skill
from salesim.model.enums import Stage
from salesim.model.jit import rule

PLAN_END = 1e-9  # hours; less planned work than this counts as done


@rule
def perceived_fit_of(
    promise: float, trust: float, persuasion: float, competence: float, expected: float, credulity: float
) -> float:
    """Fit as the customer perceives it, between what it expects and the promise: nearer the promise with trust and persuasion.

    h * promise + (1 - h) * expected with h = a + (1 - a) * credulity and a = t + (1 - t) / 2 * persuasion * (1 - competence).
    Credulity 1 believes every promise; 0 believes a promise as far as the seller is trusted or has persuaded. Assumption.
    """
    heard = trust + 0.5 * (1.0 - trust) * persuasion * (1.0 - competence)
    believed = heard + (1.0 - heard) * credulity
    return believed * promise + (1.0 - believed) * expected


@rule
def expected_outcome(prior: float, experienced: float, experience: float) -> float:
    """What a customer expects of a vendor whatever it promises: its prior, moved a share of the way to the last outcome it had.

    Without an outcome (-1) it is the prior. Form: learning about experience goods (Nelson 1970); assumption.
    """
    return prior + experience * (experienced - prior) if experienced >= 0.0 else prior


@rule
def uncertainty_of(complexity: float, competence: float, depth: float, trust: float, access: float) -> float:
    """The customer's uncertainty about an offer: k (1 - m) (1 - q) (1 - t / 2) (1 - 0.4 a). Assumption."""
    return complexity * (1.0 - competence) * (1.0 - depth) * (1.0 - 0.5 * trust) * (1.0 - 0.4 * access)


@rule
def work(deal, customer, relation, hours, skill, s):
    """Up to `hours` of work on a deal, shared between diagnosis and presentation as planned. Returns the hours used.

    Writes both kinds of hours, `depth`, and the relation's `access`.
    """
    diagnosis_left = deal.diagnosis_planned_hours - deal.diagnosis_hours
    presentation_left = deal.presentation_planned_hours - deal.presentation_hours
    left = diagnosis_left + presentation_left
    if left <= PLAN_END:
        return 0.0
    used = min(hours, left)
    diagnosis = used * diagnosis_left / left
    if diagnosis > 0.0:
        diagnose(deal, customer, relation, diagnosis, skill, s)
    deal.diagnosis_hours += diagnosis
    deal.presentation_hours += used - diagnosis
    return used


@rule
def share_after_handover(deal, handover_hours: float) -> float:
    """Share of the hours spent on a deal that is left for planned work if handing over takes some hours in all. Definition."""
    planned = deal.diagnosis_planned_hours + deal.presentation_planned_hours
    return planned / (planned + handover_hours) if planned > 0.0 else 1.0


@rule
def diagnose(deal, customer, relation, hours, skill, s):
    """Hours of diagnosis deepen the diagnosis and give access. Writes `depth` and the relation's `access`.

    q + (1 - q) (1 - exp(-skill * informed * hours / (scale (0.5 + k)))); `informed` is the share of its
    knowledge that the customer discloses, more with trust and access, at most 1. The more senior the customer's top executive,
    the less an hour of a seller's opens. Assumption.
    """
    informed = s.selling_information_base + s.selling_information_trust * trust_in(relation)
    informed = min(1.0, informed + s.selling_information_access * relation.access)
    rate = skill * informed / (s.selling_diagnosis_scale_hours * (0.5 + customer.complexity))
    deal.depth = deal.depth + (1.0 - deal.depth) * (1.0 - math.exp(-rate * hours))
    standing = 1.0 - s.selling_rank_effect * customer.seniority
    relation.access = access_after(relation.access, hours * standing, s.selling_diagnosis_access)


@rule
def work_is_done(deal) -> bool:
    """Whether all planned hours have been worked."""
    planned = deal.diagnosis_planned_hours + deal.presentation_planned_hours
    return planned - deal.diagnosis_hours - deal.presentation_hours <= PLAN_END


@rule
def hanging_on_support(readiness: float, complexity: float, s) -> float:
    """Part of an outcome that hangs on support, at most 1: gap_base + gap_complexity * (1 - readiness) * k. Assumption."""
    return min(1.0, s.delivery_gap_base + s.delivery_gap_complexity * (1.0 - readiness) * complexity)


@rule
def design_offer(deal, customer, foreseen, inflation, s):
    """The offer is designed from the diagnosis: fit and promise. Writes `fit` and `promise`. Assumption.

    The packaged part covers a fixed share of the complexity, the rest a share that grows with the depth of diagnosis. The fit
    is the share of the problem that the solution can solve, 1 - loss * k * (1 - cover). The seller knows that the delivery will
    lack a share `foreseen` of it; the promise adds a share `inflation` of what is then left unsolved.
    """
    cover = deal.breadth * s.worth_package_cover + (1.0 - deal.breadth) * s.worth_depth_cover * deal.depth
    deal.fit = 1.0 - s.worth_complexity_loss * customer.complexity * (1.0 - cover)
    likely = deal.fit * (1.0 - foreseen)
    deal.promise = likely + inflation * (1.0 - likely)


@rule
def close(deal, outcome, cause, week):
    """Close a deal. Writes `stage`, `outcome`, `cause`, `closed_week`."""
    deal.stage = Stage.CLOSED
    deal.outcome = outcome
    deal.cause = cause
    deal.closed_week = week


@rule
def worth_of(deal, customer, relation, deepest, lead, s):
    """Worth of one offer before it is compared with others, in list prices.

    `deepest` is the largest depth of diagnosis among the ready offers. Writes `perceived_fit`, `uncertainty`, `worth`,
    `access` and `trust_closing`.
    """
    trust = trust_in(relation)
    skilled = deal.presentation_hours * effect_of_skill(deal.seller_skill, s.selling_skill_effect)
    persuasion = 1.0 - math.exp(-skilled / s.worth_persuasion_hours)
    expected = expected_outcome(s.worth_prior, relation.experienced, s.worth_experience)
    deal.perceived_fit = perceived_fit_of(deal.promise, trust, persuasion, customer.competence, expected, s.worth_credulity)
    depth = max(deal.depth, s.worth_spillover * deepest)
    deal.uncertainty = uncertainty_of(customer.complexity, customer.competence, depth, trust, relation.access)
    if deal.subscription == 1:
        deal.uncertainty *= s.worth_subscription_uncertainty
    deal.access = relation.access
    deal.trust_closing = trust
    deal.worth = s.worth_perceived_fit * deal.perceived_fit + s.worth_lead * lead + s.worth_access * relation.access
    deal.worth += s.worth_trust * (trust - 0.5)
    deal.worth += s.worth_incumbent * deal.incumbent - s.worth_uncertainty * deal.uncertainty
