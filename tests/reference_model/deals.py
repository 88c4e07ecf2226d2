"""A deal: planned hours, the week's work, and the offer that is designed."""

import math
from typing import TYPE_CHECKING

from salesim.model.enums import Cause, Outcome, Stage
from salesim.model.records import DEALS
from tests.reference_model.levers import between

if TYPE_CHECKING:
    from types import SimpleNamespace

    from tests.reference_model.customers import Customer, Relation

NEVER = ("left_week", "ready_week", "closed_week", "delivered_week", "ended_week", "executive", "partner", "partner_rivals")
UNKNOWN = ("trust_closing", "partner_cost", "pass_through", "support", "delivered", "price", "price_k", "net_price_k")
UNKNOWN += ("unit_cost_k", "partner_cost_k", "partner_margin_k")
EMPTY = {column.name: column.kind(0).item() for column in DEALS} | dict.fromkeys(NEVER, -1) | dict.fromkeys(UNKNOWN, math.nan)

DONE = 1e-9  # planned hours that are forgiven


class Deal:
    """What one vendor tries to sell to one customer; a row of the records and what it takes to write it."""

    __slots__ = (*EMPTY, "buyer", "model", "relation", "reseller")

    def __init__(self, buyer: "Customer", relation: "Relation"):
        for name, value in EMPTY.items():
            setattr(self, name, value)
        self.buyer, self.relation, self.model = buyer, relation, buyer.model
        vendor = relation.vendor
        self.customer, self.vendor = buyer.row, vendor.row
        self.salesperson, self.generation = relation.salesperson.row, relation.salesperson.generation
        self.left_week, self.learning = relation.salesperson.left_week, relation.salesperson.learning
        if relation.executive is not None:
            self.executive = relation.executive.row
        self.reseller, self.seller_skill = relation.partner, (relation.partner or relation.salesperson).skill
        if relation.partner is not None:
            self.partner, self.partner_rivals = relation.partner.row, relation.partner.rivals
        self.incumbent = int(buyer.incumbent is vendor)
        self.subscription = vendor.now.subscription
        self.opened_week = self.model.week
        self.group_size = buyer.group_size
        self.complexity, self.value_k, self.list_price_k = buyer.complexity, buyer.value_k, buyer.list_price_k
        self.breadth = vendor.now.solution_breadth
        self.trust_opening = relation.trust
        self.plan()
        self.model.deals.append(self)
        vendor.open_deals += 1
        vendor.account["opened"] += 1

    def plan(self) -> None:
        """Hours of the vendor's approach, as far as it is followed."""
        vendor, partner, complexity = self.relation.vendor, self.reseller, self.buyer.complexity
        now = hours_of(vendor.now, complexity)
        if partner is None:
            before, share = hours_of(vendor.before, complexity), self.relation.salesperson.adoption
        else:
            before, share = simple_hours(vendor.now), partner.capability
        self.diagnosis_planned_hours = between(before[0], now[0], share)
        self.presentation_planned_hours = between(before[1], now[1], share)

    # The week's work

    def needs_sponsor(self) -> bool:
        """A sponsor looks after open deals, and after a won one until delivery."""
        return self.relation.executive is not None and (self.stage != Stage.CLOSED or self.outcome == Outcome.WON)

    def stage_weight(self) -> float:
        """Weight of the account for its sponsor."""
        early = self.relation.vendor.now.executive_early
        return early if self.stage == Stage.WORKING else 1.0 - early

    def count_work(self) -> None:
        """Hours have to be divided over all that waits."""
        if self.stage == Stage.WORKING:
            (self.reseller or self.relation.salesperson).working += 1
        if self.needs_sponsor():
            self.relation.executive.demand += self.stage_weight()

    def go_on(self) -> None:
        """The sponsor's visit and the week's work."""
        if self.needs_sponsor():
            hours = self.relation.executive.visit(self.relation, self.stage_weight())
            if self.stage != Stage.CLOSED:
                self.executive_hours += hours
        if self.stage == Stage.WORKING:
            (self.reseller or self.relation.salesperson).work(self)
            left = self.diagnosis_planned_hours - self.diagnosis_hours
            left += self.presentation_planned_hours - self.presentation_hours
            if left <= DONE:
                self.make_ready()

    def work(self, hours: float, skill: float) -> float:
        """Diagnosis and presentation side by side; gives back the hours that were used."""
        selling, relation = self.model.settings.selling, self.relation
        diagnosis_left = self.diagnosis_planned_hours - self.diagnosis_hours
        left = diagnosis_left + self.presentation_planned_hours - self.presentation_hours
        used = min(hours, left)
        if left <= DONE:
            return 0.0
        diagnosis = used * diagnosis_left / left
        told = selling.information_base + selling.information_trust * relation.trust
        told = min(1.0, told + selling.information_access * relation.access)
        scale = selling.diagnosis_scale_hours * (0.5 + self.buyer.complexity)
        self.depth += (1.0 - self.depth) * (1.0 - math.exp(-skill * told * diagnosis / scale))
        relation.open_access(selling.diagnosis_access * (1.0 - selling.rank_effect * self.buyer.seniority), diagnosis)
        self.diagnosis_hours += diagnosis
        self.presentation_hours += used - diagnosis
        return used

    def make_ready(self) -> None:
        """The offer is designed, and withdrawn or put on the table."""
        worth, levers, complexity = self.model.settings.worth, self.relation.vendor.now, self.buyer.complexity
        inflation, share = self.inflation()
        cover = self.breadth * worth.package_cover + (1.0 - self.breadth) * worth.depth_cover * self.depth
        self.fit = 1.0 - worth.complexity_loss * complexity * (1.0 - cover)
        likely = self.fit * (1.0 - self.foreseen())
        self.promise = likely + inflation * (1.0 - likely)
        if self.fit < levers.decline_fit_below * share:
            self.close(Outcome.LOST, Cause.DECLINED)
            return
        self.stage, self.ready_week = Stage.READY, self.model.week
        if self.buyer.offers_week < 0:
            self.buyer.offers_week = self.model.week

    def foreseen(self) -> float:
        """What delivery will lack of the fit, as far as the vendor measures outcomes and a partner was taught."""
        vendor, delivery = self.relation.vendor, self.model.settings.delivery
        known = delivery.foresight * vendor.adopted().outcome_measuring
        if self.reseller is not None:
            known *= self.reseller.capability
        return known * self.buyer.gap_without_support(self) * (1.0 - vendor.support_for(self.relation))

    def inflation(self) -> tuple[float, float]:
        """How much of what stays unsolved is promised all the same, and how far the approach is followed."""
        settings, vendor, partner = self.model.settings, self.relation.vendor, self.reseller
        if partner is None:
            before, share = vendor.before.promise_inflation, self.relation.salesperson.adoption
        else:
            before, share = settings.partners.promise_inflation, partner.capability
        restraint = 1.0 - settings.people.accountability_restraint * self.relation.salesperson.pay_for_outcome()
        return between(before, vendor.now.promise_inflation, share) * restraint, share

    def close(self, outcome: Outcome, cause: Cause) -> None:
        """The deal ends."""
        vendor = self.relation.vendor
        self.stage, self.outcome, self.cause, self.closed_week = Stage.CLOSED, outcome, cause, self.model.week
        vendor.open_deals -= 1
        vendor.account["closed"] += 1
        vendor.account["won"] += outcome == Outcome.WON

    # Money

    @property
    def contract_price_k(self) -> float:
        """Net price before a rebate that came later."""
        return self.net_price_k + self.rebate_k

    def sum_fees(self, week: int) -> None:
        """Money received over the contract until a week, and what it was for cost."""
        licences = self.model.settings.licences
        if self.outcome != Outcome.WON:
            return
        end = self.ended_week if self.ended_week >= 0 else week
        if self.subscription:
            self.fees_k = self.contract_price_k / licences.term_weeks * (end - self.closed_week)
            self.fees_cost_k = self.unit_cost_k / licences.term_weeks * (end - self.closed_week)
            return
        served = end - self.delivered_week if self.delivered_week >= 0 else 0
        self.fees_k = self.contract_price_k + licences.maintenance_share / 52.0 * served * self.list_price_k
        self.fees_cost_k = self.unit_cost_k + licences.maintenance_share / 52.0 * served * self.unit_cost_k


def simple_hours(levers: "SimpleNamespace") -> tuple[float, float]:
    """Hours of diagnosis and presentation of the simple approach."""
    return levers.simple_diagnosis_hours, levers.simple_presentation_hours


def hours_of(levers: "SimpleNamespace", complexity: float) -> tuple[float, float]:
    """Hours of diagnosis and presentation an approach plans for a problem."""
    if complexity < levers.simple_below_complexity:
        return simple_hours(levers)
    return levers.diagnosis_hours, levers.presentation_hours
