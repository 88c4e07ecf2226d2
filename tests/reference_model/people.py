"""Salespeople and executives."""

import math
from typing import TYPE_CHECKING, Any

import mesa

from salesim.model.rng import Purpose, uniform_for
from tests.reference_model.levers import between

if TYPE_CHECKING:
    from tests.reference_model.customers import Customer, Relation
    from tests.reference_model.deals import Deal
    from tests.reference_model.vendors import Vendor

LEARNING, SUCCESSOR, LEAVING = int(Purpose.LEARNING), int(Purpose.SUCCESSOR), int(Purpose.LEAVING)


class Salesperson(mesa.Agent):
    """A seat with a territory, and who sits on it."""

    def __init__(self, model: Any, vendor: "Vendor", row: int, place: int):
        super().__init__(model)
        self.vendor, self.row, self.key = vendor, row, 1024 * vendor.row + place
        self.accounts: list[Customer] = []  # direct ones
        self.generation, self.vacant_until, self.left_week = 0, 0, -1
        self.learning = self.drawn_learning()
        self.skill = min(1.0, model.settings.people.initial_skill * (0.75 + 0.5 * self.learning))
        self.adoption, self.cynicism = 1.0, 0.0
        self.commission_k = self.booked_k = self.quota_k = self.shortfall = 0.0
        self.usual_bookings_k: float | None = None
        self.accustomed_k: float | None = None
        self.working = 0
        self.hours_per_deal = self.hours_used = self.prospecting_rate = 0.0

    def drawn_learning(self) -> float:
        """The learning trait of who sits here now."""
        people = self.model.settings.people
        uniform = uniform_for(self.model.seed, LEARNING, self.key, self.generation)
        return people.learning_mean + people.learning_spread * (uniform - 0.5)

    @property
    def vacant(self) -> bool:
        """Does nobody sit here?"""
        return self.model.week < self.vacant_until

    def hours(self) -> float:
        """Selling hours of the week; colleagues cover some of a vacant seat's, and a programme takes some."""
        market = self.model.settings
        hours = self.vendor.headcount * market.selling.hours_per_week
        hours *= market.people.vacancy_cover if self.vacant else 1.0
        if self.vendor.initiative_week >= 0:
            hours *= 1.0 - market.programmes.learning_hours * (1.0 - self.adoption)
        return hours

    # Selling

    def share_hours(self) -> None:
        """Every deal gets the same."""
        self.hours_used = 0.0
        if self.working:
            self.hours_per_deal = min(self.model.settings.selling.hours_per_deal, self.hours() / self.working)

    def work(self, deal: "Deal") -> None:
        """A week's work on a deal."""
        selling, specialization = self.model.settings.selling, self.vendor.now.specialization
        skill, work = self.skill * (1.0 + selling.know_how_gain * self.vendor.know_how), 1.0
        planned = deal.diagnosis_planned_hours + deal.presentation_planned_hours
        if deal.executive >= 0:
            skill *= 1.0 + selling.specialist_gain * specialization
            work = planned / (planned + selling.handover_hours * specialization) if planned else 1.0
        self.hours_used += deal.work(self.hours_per_deal * work, min(1.0, skill)) / work

    def perceived_cost(self, cost: float) -> float:
        """The part of the cost that a seller sees whose pay follows revenue."""
        return cost * (1.0 - self.model.settings.bargaining.revenue_blindness * (1.0 - self.pay_on_margin()))

    def closing_discount(self) -> float:
        """What is taken off the price for signing in a quarter's last week."""
        close_now = self.model.settings.bargaining.close_now * self.accelerator()
        return close_now * (0.5 + 0.5 * self.missing_quota())

    def missing_quota(self) -> float:
        """The share of the quota that is still missing; nothing without one."""
        return max(0.0, 1.0 - self.booked_k / self.quota_k) if self.quota_k > 0.0 else 0.0

    def pay_on_margin(self) -> float:
        """The share of pay that hangs on margin; some of it is still that before the running programme."""
        return self.as_paid(self.vendor.before.commission_on_margin, self.vendor.now.commission_on_margin)

    def pay_for_outcome(self) -> float:
        """The share of the commission that waits for the outcome, likewise."""
        return self.as_paid(self.vendor.before.accountability, self.vendor.now.accountability)

    def accelerator(self) -> float:
        """Extra commission above quota, likewise."""
        return self.as_paid(self.vendor.before.quota_accelerator, self.vendor.now.quota_accelerator)

    def as_paid(self, before: float, now: float) -> float:
        """A term of the pay plan; the new one may wait for adoption."""
        return between(before, now, 1.0 - self.model.settings.programmes.pay_follows * (1.0 - self.adoption))

    def earn(self, deal: "Deal") -> None:
        """Commission on a won deal; a share of it waits for the outcome."""
        people = self.model.settings.people
        margin = max(0.0, (deal.net_price_k - deal.unit_cost_k) / deal.net_price_k)
        basis = between(1.0, margin / people.margin_target, self.pay_on_margin())
        extra = 1.0 + self.accelerator() if 0.0 < self.quota_k < self.booked_k else 1.0
        self.booked_k += deal.net_price_k
        if deal.reseller is not None:
            extra *= 0.5
        deal.commission_k = people.commission_rate * deal.net_price_k * basis * extra
        deal.commission_waiting_k = deal.commission_k * self.pay_for_outcome()
        self.pay_out(deal.commission_k - deal.commission_waiting_k)

    def pay_out(self, commission_k: float) -> None:
        """Commission is paid."""
        self.commission_k += commission_k
        self.vendor.account["selling_k"] += commission_k

    # Learning and leaving

    def train(self, hours: float) -> None:
        """A programme starts."""
        scale = self.model.settings.programmes.training_hours
        self.adoption = (1.0 - math.exp(-hours / scale)) * (1.0 - self.cynicism)

    def learn(self, mean_adoption: float, best_skill: float) -> None:
        """Adoption while a programme runs, skill, and cynicism that heals."""
        market, levers = self.model.settings, self.vendor.now
        if self.vendor.initiative_week >= 0:
            push = market.programmes.adoption_coaching * levers.coaching + market.programmes.adoption_peers * mean_adoption
            gain = 2.0 * self.learning * (1.0 - self.cynicism) * push * (1.0 - self.adoption)
            faded = market.programmes.adoption_fade * (1.0 - levers.coaching) * self.adoption
            self.adoption = min(1.0, max(0.0, self.adoption + gain - faded))
        practice = market.people.practice * min(1.0, self.hours_used / max(1e-9, market.selling.hours_per_week))
        gain = 2.0 * self.learning * (practice + market.people.coaching * levers.coaching) * (1.0 - self.skill)
        shared = market.people.sharing * levers.method_sharing * (best_skill - self.skill)
        self.skill = min(1.0, self.skill + gain + shared)
        self.cynicism *= 1.0 - market.programmes.cynicism_healing

    def disappoint(self) -> None:
        """A programme has failed."""
        self.cynicism += self.model.settings.programmes.cynicism_step * (1.0 - self.cynicism)

    def leaves(self) -> bool:
        """Does who sits here leave this week?"""
        people = self.model.settings.people
        if self.vacant:
            return False
        push = people.leave_shortfall * self.shortfall + people.leave_cynicism * self.cynicism
        hazard = people.leave_per_year / 52.0 * math.exp(push + people.leave_peers * self.vendor.lost_share)
        return uniform_for(self.model.seed, LEAVING, self.key, self.model.week) < 1.0 - math.exp(-hazard)

    def leave(self) -> None:
        """The seat is empty for a while; customers trust the successor less."""
        market, week = self.model.settings, self.model.week
        self.generation += 1
        self.left_week = week
        self.vacant_until = week + market.people.vacancy_weeks
        experience = uniform_for(self.model.seed, SUCCESSOR, self.key, self.generation)
        self.learning = self.drawn_learning()
        self.skill = market.people.initial_skill * (0.5 + 0.5 * experience)
        self.adoption = experience * self.vendor.adoption if self.vendor.initiative_week >= 0 else 1.0
        self.cynicism = self.commission_k = self.booked_k = self.shortfall = 0.0
        self.accustomed_k = None
        for customer in self.accounts:
            customer.relations[self.vendor.row].trust_person *= market.trust.handover * experience
        self.vendor.account["selling_k"] += market.people.hiring_cost_k
        self.vendor.account["leavers"] += 1

    def prospect(self) -> None:
        """Hours that are left go into prospecting; it finds needs next week; the seat's cost is noted."""
        account, market, levers = self.vendor.account, self.model.settings, self.vendor.now
        left = max(0.0, self.hours() - self.hours_used)
        skilled = left * (1.0 + market.selling.skill_effect * (2.0 * self.skill - 1.0))
        self.prospecting_rate = market.buying.prospecting * skilled / len(self.accounts) if self.accounts else 0.0
        account["hours_used"] += self.hours_used
        account["hours_free"] += left
        if self.vacant:
            account["vacancies"] += 1
        else:
            account["selling_k"] += market.people.base_pay_k * self.vendor.headcount
        account["training_k"] += market.programmes.coaching_cost_k * levers.coaching * self.vendor.headcount
        account["overhead_k"] += market.people.overhead_k * self.vendor.headcount

    def end_quarter(self) -> None:
        """Pay is compared with what one is used to; the next quota is set."""
        people = self.model.settings.people
        earned = 13 * people.base_pay_k + self.commission_k
        if self.accustomed_k is None:
            self.accustomed_k = earned
        if self.usual_bookings_k is None:
            self.usual_bookings_k = self.booked_k
        self.shortfall = max(0.0, 1.0 - earned / self.accustomed_k) if self.accustomed_k > 0.0 else 0.0
        self.accustomed_k += people.accustomed_speed * (earned - self.accustomed_k)
        self.usual_bookings_k += people.accustomed_speed * (self.booked_k - self.usual_bookings_k)
        self.quota_k = people.quota_growth * self.usual_bookings_k
        self.commission_k = self.booked_k = 0.0


class Executive(mesa.Agent):
    """A senior executive who sponsors accounts."""

    def __init__(self, model: Any, vendor: "Vendor", row: int, seniority: float):
        super().__init__(model)
        self.vendor, self.row, self.seniority = vendor, row, seniority
        self.involvement = model.settings.executives.initial_involvement
        self.demand = self.hours_per_weight = self.hours_given = 0.0

    def share_hours(self) -> None:
        """Hours are divided over the weights of accounts."""
        hours = self.vendor.now.executive_hours * self.involvement
        self.hours_per_weight = hours / self.demand if self.demand > 0.0 else 0.0
        self.hours_given = 0.0

    def visit(self, relation: "Relation", weight: float) -> float:
        """Hours with an account open its top and win trust; too few lose some."""
        executives, trust = self.model.settings.executives, self.model.settings.trust
        hours = min(executives.hours_per_account, self.hours_per_weight * weight)
        effect = executives.unmatched_effect + (1.0 - executives.unmatched_effect) * relation.match
        relation.open_access(executives.access_gain * effect, hours)
        relation.trust_firm += (1.0 - math.exp(-trust.executive_gain * hours * effect)) * (1.0 - relation.trust_firm)
        if hours < executives.neglect_hours:
            relation.trust_firm *= 1.0 - executives.neglect_loss
        self.hours_given += hours
        return hours

    def involve(self) -> None:
        """Involvement moves to what pay asks for."""
        executives = self.model.settings.executives
        base = executives.involvement_base
        target = base + (1.0 - base) * self.vendor.now.executive_pay_tied
        self.involvement += executives.involvement_speed * (target - self.involvement)
