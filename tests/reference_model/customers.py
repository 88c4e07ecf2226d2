"""Customers: their traits, needs, buying groups, experience, and what they tell each other."""

import math
from typing import TYPE_CHECKING, Any

import mesa

from salesim.model.enums import Activity, Cause, Outcome, Stage
from salesim.model.rng import Purpose, standard_normal, uniform_for
from tests.reference_model.choice import choose, refused
from tests.reference_model.deals import Deal
from tests.reference_model.relations import Relation, moved

if TYPE_CHECKING:
    from tests.reference_model.vendors import Vendor

INVITATION, GROUP, CONSENSUS = int(Purpose.INVITATION), int(Purpose.GROUP), int(Purpose.CONSENSUS)
STALL, RENEWAL = int(Purpose.STALL), int(Purpose.RENEWAL)
WAITING, OUTCOME, REWORK = int(Purpose.WAITING), int(Purpose.OUTCOME), int(Purpose.REWORK)


class Customer(mesa.Agent):
    """A firm that buys now and then."""

    def __init__(self, model: Any, row: int, traits: dict[str, Any]):
        super().__init__(model)
        self.row = row
        self.complexity_first = self.complexity = traits["complexity"]
        self.competence, self.readiness = traits["competence"], traits["readiness"]
        self.value_k, self.list_price_k = traits["value_k"], traits["list_price_k"]
        self.price_weight, self.seniority, self.channel = traits["price_weight"], traits["seniority"], traits["channel"]
        settings = model.settings
        self.perceived_sameness = settings.commoditization.initial_sameness
        self.reference = settings.customers.initial_reference
        self.discount_expectation = self.first_discount_expectation = 1.0 - settings.customers.initial_reference
        self.heard_sameness = 0.0
        self.expected = settings.trust.norm
        self.acquaintances: list[Customer] = []
        self.relations: list[Relation] = []
        self.activity = Activity.IDLE
        self.incumbent: Vendor | None = None
        self.contract: Deal | None = None
        self.deals: list[Deal] = []
        self.opened_week = self.offers_week = self.delivery_week = -1
        self.group_size = 0
        self.threshold = self.conviction = self.clear_conviction = 0.0
        self.qualified = False

    def has_bought_from(self, vendor: "Vendor") -> None:
        """A vendor of the time before the first week."""
        self.incumbent, relation = vendor, self.relations[vendor.row]
        relation.trust_person = relation.trust_firm = self.model.settings.trust.installed
        relation.experienced = self.model.settings.trust.norm

    def drift(self, growth: float) -> None:
        """Problems get harder, offers look more the same, access fades, word of mouth is believed."""
        commoditization = self.model.settings.commoditization
        kept = 1.0 - self.model.settings.executives.access_fade
        self.complexity = min(1.0, self.complexity_first * growth)
        self.perceived_sameness += commoditization.pressure_per_week * (1.0 - self.perceived_sameness)
        if self.heard_sameness:
            self.perceived_sameness = moved(self.perceived_sameness, self.heard_sameness)
            self.heard_sameness = 0.0
        for relation in self.relations:
            relation.access *= kept
            if relation.heard_surprise:
                self.believe(relation, relation.heard_surprise)
                relation.heard_surprise = 0.0

    def believe(self, relation: Relation, surprise: float) -> None:
        """What acquaintances told of a vendor moves trust in it, and the outcome that is expected of it."""
        trust, known = self.model.settings.trust, relation.experienced
        relation.trust_firm = moved(relation.trust_firm, trust.word_of_mouth * surprise)
        if trust.word_expectation:
            known = self.model.settings.worth.prior if known is None else known
            relation.experienced = moved(known, trust.word_expectation * surprise)

    # Needs

    def feel_need(self, uniform: float) -> None:
        """An idle customer may begin to buy, by itself or found by a salesperson."""
        if self.activity != Activity.IDLE or (self.contract is not None and self.contract.subscription):
            return
        chance = self.model.settings.buying.need_chance
        if uniform < chance:
            self.open_process(None)
        elif not self.channel:
            for relation in self.relations:
                chance += relation.salesperson.prospecting_rate
                if uniform < chance:
                    self.open_process(relation.vendor)
                    return

    def open_process(self, prospector: "Vendor | None") -> None:
        """Vendors are invited; those who pursue work on a deal; a buying group is formed."""
        week, seed, buying = self.model.week, self.model.seed, self.model.settings.buying
        asked = [relation for relation in self.relations if self.asks(relation, prospector)]
        pursuing = [relation for relation in asked if relation.vendor.pursues(self)]
        if not pursuing:
            return
        self.activity = Activity.BUYING
        self.opened_week, self.offers_week, self.conviction, self.qualified = week, -1, 0.0, False
        self.clear_conviction = 0.0
        people = buying.group_base + buying.group_complexity * self.complexity * (
            0.5 + uniform_for(seed, GROUP, self.row, week)
        )
        self.group_size = math.floor(people)
        self.threshold = max(uniform_for(seed, CONSENSUS, 64 * self.row + member, week) for member in range(self.group_size))
        self.deals = [Deal(self, relation) for relation in pursuing]

    def asks(self, relation: Relation, prospector: "Vendor | None") -> bool:
        """Is the vendor invited?"""
        if relation.vendor in (self.incumbent, prospector):
            return True
        buying = self.model.settings.buying
        chance = buying.invite_chance * (buying.invite_base + buying.invite_trust * relation.trust)
        if self.incumbent is not None:
            chance *= 1.0 - buying.loyalty * self.relations[self.incumbent.row].trust * (1.0 - self.perceived_sameness)
        return uniform_for(self.model.seed, INVITATION, 64 * self.row + relation.vendor.row, self.model.week) < chance

    # Deciding

    def decide(self) -> None:
        """The group gets convinced and chooses, or the project is dropped."""
        buying, week = self.model.settings.buying, self.model.week
        open_deals = [deal for deal in self.deals if deal.stage != Stage.CLOSED]
        if not open_deals:
            self.free()
            return
        offers = [deal for deal in open_deals if deal.stage == Stage.READY]
        if offers and not self.qualified:
            self.qualified, cause = True, refused(self, offers)
            if cause != Cause.NONE:
                self.give_up(open_deals, cause)
                return
        late = self.offers_week >= 0 and week >= self.offers_week + buying.late_after_weeks
        if len(offers) == len(open_deals) or late:
            self.conviction += self.chance_of(offers) * (1.0 - self.conviction)
            self.clear_conviction += self.chance_of(offers, confusing=0.0) * (1.0 - self.clear_conviction)
            if self.agrees(offers):
                self.conclude(offers, open_deals)
                return
        age = (week - self.opened_week) / buying.stall_after_weeks
        hazard = buying.stall_chance * age**buying.stall_growth * (1.0 - self.conviction)
        if uniform_for(self.model.seed, STALL, self.row, week) < hazard:
            confused = self.conviction < self.threshold <= self.clear_conviction
            self.give_up(open_deals, Cause.CONFIDENCE_TOO_LOW if confused else Cause.STALLED)

    def agrees(self, offers: list[Deal]) -> bool:
        """Is the slowest member convinced, and does nobody wait for the end of the quarter?"""
        if self.conviction < self.threshold:
            return False
        left = 12 - self.model.week % 13
        discount = max((deal.relation.salesperson.closing_discount() for deal in offers if deal.reseller is None), default=0.0)
        saved = self.price_slope() * discount / self.taste_scale()
        if left == 0 or saved == 0.0:
            return True
        waits = 1.0 - math.exp(-self.model.settings.buying.quarter_wait * saved / left)
        return uniform_for(self.model.seed, WAITING, self.row, self.opened_week) >= waits

    def chance_of(self, offers: list[Deal], confusing: float = 1.0) -> float:
        """Chance of this week that a member is convinced; with nothing `confusing`, what it would be."""
        buying = self.model.settings.buying
        relief = 1.0 - buying.depth_relief * max(deal.depth for deal in offers)
        package = buying.package_confusion * sum(deal.breadth for deal in offers) / len(offers)
        confusion = confusing * min(1.0, self.complexity * (1.0 - self.competence) * relief * (1.0 + package))
        ratio = buying.subscription_consensus if any(deal.subscription for deal in offers) else 1.0
        access = max(deal.relation.access for deal in offers)
        return min(0.99, buying.convince_chance * (1.0 - confusion) ** 2 * (1.0 + buying.access_consensus * access) * ratio)

    def conclude(self, offers: list[Deal], open_deals: list[Deal]) -> None:
        """One offer or nothing is chosen."""
        best, cause = choose(self, offers)
        if best is None:
            self.give_up(open_deals, cause)
            return
        for deal in open_deals:
            if deal is best:
                deal.close(Outcome.WON, Cause.NONE)
            else:
                deal.close(Outcome.LOST, Cause.RIVAL if deal.stage == Stage.READY else Cause.TOO_LATE)
        self.sign(best)

    def give_up(self, open_deals: list[Deal], cause: Cause) -> None:
        """Nobody has won."""
        for deal in open_deals:
            deal.close(Outcome.NO_DECISION, cause)
        self.free()

    def learn_from_offers(self, offers: list[Deal]) -> None:
        """Being sold to teaches."""
        trust = self.model.settings.trust
        if self.model.settings.loops.selling_sameness:
            exaggeration = sum(max(0.0, deal.perceived_fit - deal.fit) for deal in offers) / len(offers)
            self.perceived_sameness = moved(self.perceived_sameness, trust.disappointment_sameness * exaggeration)
            self.perceived_sameness = moved(
                self.perceived_sameness, -trust.diagnosis_sameness * max(deal.depth for deal in offers)
            )

    def free(self) -> None:
        """Idle again."""
        self.activity = Activity.IDLE
        self.deals = []

    # Contracts

    def sign(self, deal: Deal) -> None:
        """The old contract ends, a new one begins."""
        delivery = self.model.settings.delivery
        self.end_contract()
        self.settle(deal.price)
        self.activity = Activity.DELIVERY
        self.delivery_week = self.model.week + math.floor(delivery.weeks_base + delivery.weeks_complexity * deal.complexity)
        self.incumbent, self.contract = deal.relation.vendor, deal
        deal.relation.vendor.book(deal)
        deal.relation.salesperson.earn(deal)

    def end_contract(self) -> None:
        """Fees or maintenance stop."""
        if self.contract is not None:
            self.contract.relation.vendor.stop(self.contract)
            self.contract.ended_week = self.model.week
            self.contract = None

    def settle(self, price: float) -> None:
        """One gets used to prices and discounts."""
        bargaining, loops = self.model.settings.bargaining, self.model.settings.loops
        if loops.reference_price:
            self.reference += bargaining.reference_speed * (price - self.reference)
        if loops.discount_sensitivity:
            self.discount_expectation += bargaining.discount_expectation_speed * (1.0 - price - self.discount_expectation)

    def receive(self) -> None:
        """The solution goes live."""
        deal = self.contract
        if deal is None or self.model.week < self.delivery_week:
            return
        vendor, relation = deal.relation.vendor, deal.relation
        deal.support = vendor.support_for(relation)
        first = self.outcome_of(deal)
        insists = uniform_for(self.model.seed, REWORK, self.row, deal.opened_week) < self.model.settings.delivery.rework_share
        deal.delivered = max(first, deal.promise) if insists else first
        mended = deal.delivered - first
        deal.delivered_week = self.model.week
        vendor.account_for_delivery(deal, mended)
        surprise = deal.delivered - self.expected
        self.experience(deal, surprise)
        self.tell(deal, surprise)
        self.free()

    def outcome_of(self, deal: Deal) -> float:
        """How much of the problem is solved; a part hangs on support, and some of it nobody can foresee."""
        delivery = self.model.settings.delivery
        gap = self.gap_without_support(deal)
        chance = standard_normal(self.model.seed, OUTCOME, self.row, deal.opened_week)
        outcome = deal.fit * (1.0 - gap * (1.0 - deal.support)) + delivery.outcome_spread * chance
        return min(1.0, max(0.0, outcome))

    def gap_without_support(self, deal: Deal) -> float:
        """How much of the outcome hangs on support."""
        delivery = self.model.settings.delivery
        return min(1.0, delivery.gap_base + delivery.gap_complexity * (1.0 - self.readiness) * deal.complexity)

    def experience(self, deal: Deal, surprise: float) -> None:
        """An outcome moves trust, perceived sameness and what is expected of the next one."""
        trust, loops, relation = self.model.settings.trust, self.model.settings.loops, deal.relation
        if loops.promise_trust:
            relation.change_trust(trust.gain * max(0.0, surprise) - trust.loss * max(0.0, deal.promise - deal.delivered))
            relation.experienced = deal.delivered
        if loops.outcome_sameness:
            self.perceived_sameness = moved(self.perceived_sameness, -trust.outcome_sameness * surprise)
        self.expected += trust.expectation_speed * surprise

    def tell(self, deal: Deal, surprise: float) -> None:
        """Acquaintances hear how far the outcome was from what was expected, and believe it next week."""
        trust = self.model.settings.trust
        if self.model.settings.loops.word_of_mouth:
            for other in self.acquaintances:
                other.relations[deal.vendor].heard_surprise += surprise
                other.heard_sameness -= trust.word_sameness * surprise

    def renew(self) -> None:
        """A subscriber stays or goes."""
        deal, licences, worth = self.contract, self.model.settings.licences, self.model.settings.worth
        if deal is None or not deal.subscription or deal.delivered_week < 0:
            return
        weeks = self.model.week - deal.closed_week
        if weeks == 0 or weeks % licences.renewal_every_weeks:
            return
        relation = deal.relation
        surplus = worth.perceived_fit * deal.delivered + worth.lead * relation.vendor.lead + worth.access * relation.access
        surplus += worth.incumbent + relation.goodwill() - worth.nothing
        felt, weight = self.price_slope(), self.model.settings.bargaining.reference_weight
        surplus -= felt / (1.0 + weight) * (deal.price + weight * (deal.price - self.reference))
        chance = 1.0 / (1.0 + math.exp(-(licences.renewal_base + licences.renewal_slope * surplus)))
        if uniform_for(self.model.seed, RENEWAL, self.row, self.model.week) >= chance:
            self.end_contract()
            self.incumbent = None
            relation.trust_firm *= 1.0 - licences.cancel_trust_loss

    def taste_scale(self) -> float:
        """How far tastes differ between offers that look as alike as they do."""
        commoditization = self.model.settings.commoditization
        return commoditization.taste_spread * (1.0 - self.perceived_sameness) + commoditization.taste_floor

    def price_slope(self) -> float:
        """How much a price hurts."""
        bargaining = self.model.settings.bargaining
        more = max(0.0, self.discount_expectation - self.first_discount_expectation)
        sensitivity = 1.0 + bargaining.discount_expectation_weight * more
        return self.price_weight * sensitivity * (1.0 + bargaining.reference_weight)
