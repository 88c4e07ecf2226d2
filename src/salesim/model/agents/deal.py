"""Deals: the work on them, and what the offer is worth. The record is `records.DEAL`; prices are in `offer.py`."""

import math

from salesim.model.agents.customer import trust_in
from salesim.model.agents.executive import opened
from salesim.model.enums import Cause, Outcome, Stage
from salesim.model.jit import rule

PLAN_END = 1e-9  # hours; planned work below this is done


@rule
def information(base: float, by_trust: float, trust: float, by_access: float, access: float) -> float:
    """Share of what it knows that a customer tells a vendor, at most 1. Assumption."""
    return min(1.0, base + by_trust * trust + by_access * access)


@rule
def deepened(depth: float, hours: float, skill: float, informed: float, complexity: float, scale_hours: float) -> float:
    """Depth of diagnosis after some hours: q + (1 - q) (1 - exp(-skill * informed * hours / (scale (0.5 + k))))."""
    rate = skill * informed / (scale_hours * (0.5 + complexity))
    return depth + (1.0 - depth) * (1.0 - math.exp(-rate * hours))


@rule
def fit_of(complexity: float, loss: float, cover: float) -> float:
    """Share of the problem the solution can solve: 1 - loss * k * (1 - cover)."""
    return 1.0 - loss * complexity * (1.0 - cover)


@rule
def cover_of(depth: float, breadth: float, package_cover: float, depth_cover: float) -> float:
    """Share of the complexity an offer covers: what is packaged covers a fixed part, the rest what was diagnosed."""
    return breadth * package_cover + (1.0 - breadth) * depth_cover * depth


@rule
def promised(fit: float, inflation: float) -> float:
    """What the seller says it will solve: the fit, and a share of what is left."""
    return fit + inflation * (1.0 - fit)


@rule
def believed(promise: float, trust: float, persuasion: float, competence: float, prior: float) -> float:
    """What the customer believes: between its prior and the promise, by trust, and by persuasion where incompetent.

    h * promise + (1 - h) * (promise + prior) / 2 with h = t + (1 - t) / 2 * persuasion * (1 - competence). Assumption.
    """
    heard = trust + 0.5 * (1.0 - trust) * persuasion * (1.0 - competence)
    return heard * promise + (1.0 - heard) * 0.5 * (promise + prior)


@rule
def doubt(complexity: float, competence: float, depth: float, trust: float, access: float) -> float:
    """Uncertainty of the customer: k (1 - m) (1 - q) (1 - t / 2) (1 - 0.4 a). Assumption."""
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
def diagnose(deal, customer, relation, hours, skill, s):
    """Hours of diagnosis deepen what is known and open access. Writes `depth` and the relation's `access`."""
    informed = information(
        s.selling_information_base,
        s.selling_information_trust,
        trust_in(relation),
        s.selling_information_access,
        relation.access,
    )
    scale_hours = s.selling_diagnosis_scale_hours
    deal.depth = deepened(deal.depth, hours, skill, informed, customer.complexity, scale_hours)
    relation.access = opened(relation.access, hours, s.selling_diagnosis_access)


@rule
def worked_out(deal) -> bool:
    """All planned hours are done."""
    planned = deal.diagnosis_planned_hours + deal.presentation_planned_hours
    return planned - deal.diagnosis_hours - deal.presentation_hours <= PLAN_END


@rule
def design(deal, customer, inflation, s):
    """The offer is designed from the diagnosis: fit and promise. Writes `fit` and `promise`."""
    cover = cover_of(deal.depth, deal.breadth, s.worth_package_cover, s.worth_depth_cover)
    deal.fit = fit_of(customer.complexity, s.worth_complexity_loss, cover)
    deal.promise = promised(deal.fit, inflation)


@rule
def close(deal, outcome, cause, week):
    """The deal ends. Writes `stage`, `outcome`, `cause`, `closed_week`."""
    deal.stage = Stage.CLOSED
    deal.outcome = outcome
    deal.cause = cause
    deal.closed_week = week


@rule
def worth_of(deal, customer, relation, table_depth, lead, s):
    """Worth of one offer before comparison, in list prices. Writes `perceived_fit`, `uncertainty`, `worth`, `access`, trust."""
    trust = trust_in(relation)
    persuasion = 1.0 - math.exp(-deal.presentation_hours / s.worth_persuasion_hours)
    deal.perceived_fit = believed(deal.promise, trust, persuasion, customer.competence, s.worth_prior)
    known = max(deal.depth, s.worth_spillover * table_depth)
    deal.uncertainty = doubt(customer.complexity, customer.competence, known, trust, relation.access)
    if deal.subscription == 1:
        deal.uncertainty *= s.worth_subscription_uncertainty
    deal.access = relation.access
    deal.trust_closing = trust
    deal.worth = s.worth_perceived_fit * deal.perceived_fit + s.worth_lead * lead + s.worth_access * relation.access
    deal.worth += s.worth_incumbent * deal.incumbent - s.worth_uncertainty * deal.uncertainty


@rule
def end_all(deals, first, last, outcome, cause, week):
    """Every deal of a process that is still open ends alike; those not ready were too late if somebody won."""
    for d in range(first, last):
        deal = deals[d]
        if deal.stage == Stage.WORKING and outcome == Outcome.LOST:
            close(deal, Outcome.LOST, Cause.TOO_LATE, week)
        elif deal.stage != Stage.CLOSED:
            close(deal, outcome, cause, week)
