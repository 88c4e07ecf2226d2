"""A choice: what offers are worth, prices that are bargained, and the offer that wins."""

import math
from typing import TYPE_CHECKING

from scipy.special import wrightomega

from salesim.model.enums import Cause
from salesim.model.rng import Purpose, gumbel, uniform_for

if TYPE_CHECKING:
    from tests.reference_model.customers import Customer
    from tests.reference_model.deals import Deal

TASTE, STATUS_QUO = int(Purpose.TASTE), int(Purpose.STATUS_QUO)
NOTHING = 63  # the place of doing nothing among a customer's tastes


def refused(buyer: "Customer", offers: list["Deal"]) -> Cause:
    """Why the first offers do not beat doing nothing, or no cause if one does."""
    market = buyer.model.settings
    slope, deepest = market.buying.status_quo_slope, max(deal.depth for deal in offers)
    uniform = uniform_for(buyer.model.seed, STATUS_QUO, buyer.row, buyer.opened_week)
    if slope == 0.0 or uniform == 0.0:
        return Cause.NONE
    least = market.worth.nothing + market.buying.status_quo_level + math.log(uniform / (1.0 - uniform)) / slope
    least += buyer.price_slope() / (1.0 + market.bargaining.reference_weight) * buyer.reference
    worths = [worth_of(buyer, deal, deepest) for deal in offers]
    if max(worths) > least:
        return Cause.NONE
    sure = [worth + market.worth.uncertainty * deal.uncertainty for worth, deal in zip(worths, offers, strict=True)]
    return Cause.CONFIDENCE_TOO_LOW if max(sure) > least else Cause.VALUE_TOO_LOW


def choose(buyer: "Customer", offers: list["Deal"]) -> tuple["Deal | None", Cause]:
    """The offer of the highest utility, or none and why."""
    market = buyer.model.settings
    scale = buyer.taste_scale()
    slope = buyer.price_slope()
    eta = market.bargaining.reference_weight
    weigh(buyer, offers)
    worths = [deal.worth + slope * eta / (1.0 + eta) * deal.reference_price for deal in offers]
    bargain(buyer, offers, worths, scale, slope)
    tastes = [taste(buyer, deal.vendor) * scale for deal in offers]
    nothing = market.worth.nothing + taste(buyer, NOTHING) * scale
    utilities = [worth - slope * deal.price + liked for worth, deal, liked in zip(worths, offers, tastes, strict=True)]
    sameness = buyer.perceived_sameness
    buyer.learn_from_offers(offers)
    best = max(utilities)
    if best > nothing:
        return offers[utilities.index(best)], Cause.NONE
    return None, reason(buyer, offers, utilities, nothing, sameness)


def taste(buyer: "Customer", place: int) -> float:
    """The customer's taste for a vendor, or for doing nothing, in this process."""
    return gumbel(uniform_for(buyer.model.seed, TASTE, 64 * buyer.row + place, buyer.opened_week))


def reason(buyer: "Customer", offers: list["Deal"], utilities: list[float], nothing: float, sameness: float) -> Cause:
    """Would an offer have won without any doubt, with the sameness perceived at the choice?"""
    relief = pulled([buyer.model.settings.worth.uncertainty * deal.uncertainty for deal in offers], sameness)
    if any(utility + relieved > nothing for utility, relieved in zip(utilities, relief, strict=True)):
        return Cause.CONFIDENCE_TOO_LOW
    return Cause.VALUE_TOO_LOW


def pulled(worths: list[float], sameness: float) -> list[float]:
    """Worths as somebody sees them who believes that all offers are the same."""
    mean = sum(worths) / len(worths)
    return [(1.0 - sameness) * worth + sameness * mean for worth in worths]


def weigh(buyer: "Customer", offers: list["Deal"]) -> None:
    """What each offer is worth to the customer, and what its seller thinks it is."""
    deepest = max(deal.depth for deal in offers)
    worths = pulled([worth_of(buyer, deal, deepest) for deal in offers], buyer.perceived_sameness)
    guess = min(worths) - buyer.model.settings.bargaining.ignorance_discount
    for deal, worth in zip(offers, worths, strict=True):
        deal.worth = worth
        deal.worth_believed = deal.depth * worth + (1.0 - deal.depth) * guess
        deal.perceived_sameness, deal.reference_price = buyer.perceived_sameness, seen_reference(buyer, deal)


def worth_of(buyer: "Customer", deal: "Deal", deepest: float) -> float:
    """What an offer is worth by itself; writes that, the fit perceived and doubt about it, trust and access."""
    worth, relation, trust = buyer.model.settings.worth, deal.relation, deal.relation.trust
    effect = 1.0 + buyer.model.settings.selling.skill_effect * (2.0 * deal.seller_skill - 1.0)
    persuasion = 1.0 - math.exp(-deal.presentation_hours * effect / worth.persuasion_hours)
    credence = trust + (1.0 - trust) / 2.0 * persuasion * (1.0 - buyer.competence)
    credence += (1.0 - credence) * worth.credulity
    known = relation.experienced
    otherwise = worth.prior if known is None else worth.prior + worth.experience * (known - worth.prior)
    deal.perceived_fit = credence * deal.promise + (1.0 - credence) * otherwise
    known = max(deal.depth, worth.spillover * deepest)
    doubt = buyer.complexity * (1.0 - buyer.competence) * (1.0 - known)
    doubt *= (1.0 - 0.5 * trust) * (1.0 - 0.4 * relation.access)
    deal.uncertainty = doubt * worth.subscription_uncertainty if deal.subscription else doubt
    found = worth.perceived_fit * deal.perceived_fit + worth.lead * relation.vendor.lead + worth.access * relation.access
    found += relation.goodwill()
    deal.worth = found + worth.incumbent * deal.incumbent - worth.uncertainty * deal.uncertainty
    deal.access, deal.trust_closing = relation.access, trust
    return deal.worth


def seen_reference(buyer: "Customer", deal: "Deal") -> float:
    """The price the customer compares with; lower if it sees what the partner pays."""
    if deal.reseller is None:
        return buyer.reference
    visible = deal.relation.vendor.now.visible
    return buyer.reference - visible * max(0.0, buyer.reference - deal.reseller.upfront_cost())


def bargain(buyer: "Customer", offers: list["Deal"], worths: list[float], scale: float, slope: float) -> None:
    """Rounds of concessions from list price to each other's best replies; then prices in money."""
    bargaining, nothing = buyer.model.settings.bargaining, buyer.model.settings.worth.nothing
    unit_costs = [unit_cost(deal) for deal in offers]
    costs = [
        deal.reseller.regarded_cost() if deal.reseller else deal.relation.salesperson.perceived_cost(cost)
        for deal, cost in zip(offers, unit_costs, strict=True)
    ]
    conducts = [deal.reseller.conduct() if deal.reseller else 1.0 for deal in offers]
    believed = [deal.worth_believed - deal.worth + worth for deal, worth in zip(offers, worths, strict=True)]
    prices, passed = [1.0] * len(offers), [0.0] * len(offers)
    for _ in range(bargaining.rounds):
        present = [(worth - slope * price) / scale for worth, price in zip(worths, prices, strict=True)]
        for i in range(len(offers)):
            rivals = [*present[:i], *present[i + 1 :], nothing / scale]
            reply, passing = best_reply(costs[i], believed[i], log_sum(rivals), scale, slope, conducts[i])
            prices[i] += bargaining.concession * (reply - prices[i])
            passed[i] += bargaining.concession * (passing - passed[i])
    for deal, price, passing, cost in zip(offers, prices, passed, unit_costs, strict=True):
        quote(deal, price, passing, cost)


def log_sum(utilities: list[float]) -> float:
    """Logarithm of the sum of exponentials."""
    top = max(utilities)
    return top + math.log(sum(math.exp(utility - top) for utility in utilities))


def best_reply(cost: float, worth: float, log_rivals: float, scale: float, slope: float, conduct: float) -> tuple[float, float]:
    """Price whose mark-up is a share of that of the largest gain, and how much of a change of the cost it passes on."""
    odds = float(wrightomega(math.log(conduct) + (worth - slope * cost) / scale - conduct - log_rivals))
    return cost + scale / slope * (conduct + odds), 1.0 / (1.0 + odds)


def unit_cost(deal: "Deal") -> float:
    """Product cost in list prices."""
    bargaining, ratio = deal.model.settings.bargaining, deal.relation.vendor.now.unit_cost
    return (bargaining.unit_cost_share + bargaining.package_cost * deal.breadth) * ratio * deal.model.cost_growth


def quote(deal: "Deal", price: float, passing: float, cost: float) -> None:
    """The price within its bounds, and what everybody gets of it."""
    partner, list_price_k = deal.reseller, deal.list_price_k
    if partner is None:
        now = deal.relation.salesperson.closing_discount() if deal.model.week % 13 == 12 else 0.0
        price = (price - now) * (1.0 + deal.relation.vendor.now.price_shift)
        price, passing = max(price, 1.0 - deal.relation.vendor.now.price_authority), math.nan
    else:
        price, passing = partner.as_usual(price, passing)
    if price > 1.0:
        price, passing = 1.0, math.nan if partner is None else 0.0
    deal.price, deal.pass_through = price, passing
    deal.price_k = deal.partner_cost_k = deal.net_price_k = price * list_price_k
    deal.unit_cost_k, deal.partner_margin_k = cost * list_price_k, 0.0
    if partner is not None:
        deal.partner_cost = partner.upfront_cost()
        deal.rebate_promised_k = partner.discount * partner.vendor.now.rebate_share * list_price_k
        deal.partner_cost_k = deal.net_price_k = deal.partner_cost * list_price_k
        deal.partner_margin_k = deal.price_k - deal.partner_cost_k
        partner.remember(deal.price)
