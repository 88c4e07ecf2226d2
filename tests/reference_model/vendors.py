"""Vendors: approach and initiatives, sponsors, support, budgets and the week's account."""

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import mesa

from salesim.model.parameters import Initiative
from salesim.model.parameters import Vendor as VendorSettings
from salesim.model.records import WEEKS
from salesim.model.rng import Purpose, uniform_for
from tests.reference_model.levers import copied, levers_of, mixed
from tests.reference_model.partners import ChannelPartner
from tests.reference_model.people import Executive, Salesperson

if TYPE_CHECKING:
    from tests.reference_model.customers import Customer, Relation
    from tests.reference_model.deals import Deal

SPONSOR, COPYING = int(Purpose.SPONSOR), int(Purpose.COPYING)
EMPTY = {column.name: column.kind(0).item() for column in WEEKS}


class Vendor(mesa.Agent):
    """A firm that sells, with its people and partners."""

    def __init__(self, model: Any, row: int, settings: VendorSettings):
        super().__init__(model)
        self.row, market = row, model.settings
        self.plans = {plan.week: plan for plan in settings.initiatives}
        self.plan: VendorSettings | Initiative = settings
        self.position_plan = self.plan  # the last plan of its own
        self.plan_owner = row  # the vendor for which the plan was made
        self.now = self.before = levers_of(settings)
        self.initiative_week, self.judged = -1, True
        self.lead = market.development.initial_lead
        self.support_level = self.standard = market.delivery.initial_support
        self.know_how = self.lost_share = 0.0
        self.adoption = 1.0
        self.recurring_k = self.recurring_cost_k = 0.0
        self.quarter_margin_k = self.quarter_list_k = self.first_year_margin_k = self.first_year_list_k = 0.0
        self.year_profit_k, self.staffing = 0.0, 1.0
        self.open_deals = 0
        self.account = dict(EMPTY)
        seats, executives, partners = market.selling.salespeople, market.executives.count, market.partners.count
        self.salespeople = [Salesperson(model, self, row * seats + p, p) for p in range(seats)]
        self.executives = [Executive(model, self, row * executives + p, (p + 0.5) / executives) for p in range(executives)]
        self.partners = [ChannelPartner(model, self, row * partners + p, p) for p in range(partners)]

    # Approach

    def assign_sponsors(self) -> None:
        """The accounts with the most at stake get an executive; how much of trust is in the person follows."""
        customers, trust, levers = self.model.customers, self.model.settings.trust, self.now
        person = trust.person_weight * (1.0 - trust.team_share * levers.team_selling)
        n_sponsored = round(levers.sponsored_share * len(customers))
        for customer in customers:
            relation = customer.relations[self.row]
            relation.executive, relation.match, relation.person_weight = None, 0.0, person
        top = sorted(customers, key=lambda customer: -customer.value_k)[:n_sponsored]
        top.sort(key=lambda customer: (customer.seniority, customer.row))
        for rank, customer in enumerate(top):
            relation = customer.relations[self.row]
            relation.executive = self.sponsor_of(customer, rank * len(self.executives) // n_sponsored)
            relation.match = 1.0 - abs(customer.seniority - relation.executive.seniority)
            relation.person_weight = person * (1.0 - levers.executive_ownership)

    def sponsor_of(self, customer: "Customer", peer: int) -> Executive:
        """The executive of the customer's rank, or any."""
        if uniform_for(self.model.seed, SPONSOR, customer.row, 0) < self.now.peer_matching:
            return self.executives[peer]
        uniform = uniform_for(self.model.seed, SPONSOR, customer.row, 1 + self.plan_owner)
        return self.executives[int(uniform * len(self.executives))]

    def start_initiative(self) -> None:
        """A planned change of approach begins."""
        plan = self.plans.get(self.model.week)
        if plan is not None:
            self.position_plan = self.plan = plan
            self.plan_owner = self.row
            self.start_programme(levers_of(plan), plan.training_hours)

    def copy(self, best: "Vendor") -> None:
        """The approach of a vendor that earned more may be copied."""
        programmes, week = self.model.settings.programmes, self.model.week
        levers = copied(best.plan, self.position_plan)
        if self.year_profit_k >= best.year_profit_k or self.now == levers:
            return
        if uniform_for(self.model.seed, COPYING, self.row, week) < programmes.copy_chance:
            self.plan, self.plan_owner = best.plan, best.plan_owner
            self.start_programme(levers, programmes.copy_training_hours)

    def start_programme(self, levers: SimpleNamespace, hours: float) -> None:
        """A change of approach begins: people are trained in what a plan asks for."""
        programmes = self.model.settings.programmes
        self.judge(at_once=True)
        self.before = self.adopted()
        self.now = levers
        self.initiative_week, self.judged = self.model.week, False
        self.assign_sponsors()
        for person in self.salespeople:
            person.train(hours)
        self.adoption = self.mean_adoption()
        cost_k = programmes.training_cost_k * hours + programmes.launch_cost_k
        self.account["training_k"] += cost_k * len(self.salespeople) * self.headcount

    def adopted(self) -> SimpleNamespace:
        """The approach as far as people have adopted it: levers between those before the programme and those of now."""
        return mixed(self.before, self.now, self.adoption)

    @property
    def headcount(self) -> float:
        """Hours and pay of a seat, against those of the market."""
        return self.now.headcount * self.staffing

    def adjust_headcount(self, year: list[dict[str, float]]) -> None:
        """Headcount moves to what the work of a year asked for; who lost money shrinks."""
        people = self.model.settings.people
        used, free, selling_k = (sum(week[name] for week in year) for name in ("hours_used", "hours_free", "selling_k"))
        wanted = used / (used + free) / people.headcount_target if used else 0.0
        if self.year_profit_k < 0.0:
            wanted = min(wanted, 1.0 + self.year_profit_k / max(1e-9, selling_k))
        before = self.staffing
        staffing = before * (1.0 + people.headcount_speed * (wanted - 1.0))
        self.staffing = min(people.headcount_most, max(people.headcount_least, staffing))
        grown = max(0.0, self.staffing - before) * self.now.headcount
        self.account["selling_k"] += people.hiring_cost_k * len(self.salespeople) * grown

    def judge(self, at_once: bool = False) -> None:
        """A programme that few have adopted after a while has failed; each is judged once."""
        programmes = self.model.settings.programmes
        due = at_once or self.model.week >= self.initiative_week + programmes.judged_after_weeks
        if self.judged or not due:
            return
        self.judged = True
        if self.adoption < programmes.success_adoption:
            for person in self.salespeople:
                person.disappoint()

    def mean_adoption(self) -> float:
        """Mean adoption of the approach."""
        return sum(person.adoption for person in self.salespeople) / len(self.salespeople)

    def pursues(self, customer: "Customer") -> bool:
        """Is the customer worth the work?"""
        levers = self.now
        fits = levers.pursue_complexity_min <= customer.complexity <= levers.pursue_complexity_max
        return fits and customer.value_k >= levers.pursue_value_min_k

    # Contracts

    def book(self, deal: "Deal") -> None:
        """A signed contract brings money at once or week by week."""
        self.quarter_list_k += deal.list_price_k
        if deal.reseller is not None:
            deal.reseller.earn(deal.partner_margin_k)
        if deal.subscription:
            term = self.model.settings.licences.term_weeks
            self.recurring_k += deal.contract_price_k / term
            self.recurring_cost_k += deal.unit_cost_k / term
        else:
            self.account["revenue_k"] += deal.contract_price_k
            self.account["product_cost_k"] += deal.unit_cost_k

    def stop(self, deal: "Deal") -> None:
        """Fees or maintenance of a contract stop."""
        licences = self.model.settings.licences
        if deal.subscription:
            self.recurring_k -= deal.contract_price_k / licences.term_weeks
            self.recurring_cost_k -= deal.unit_cost_k / licences.term_weeks
        elif deal.delivered_week >= 0:
            self.recurring_k -= deal.list_price_k * licences.maintenance_share / 52.0
            self.recurring_cost_k -= deal.unit_cost_k * licences.maintenance_share / 52.0

    def support_for(self, relation: "Relation") -> float:
        """Support that a delivery gets."""
        delivery, levers = self.model.settings.delivery, self.adopted()
        share = delivery.support_level + delivery.support_change * levers.change_management
        share += delivery.support_collaboration * levers.collaboration
        level = min(self.support_level, self.standard)
        return min(1.0, level * share + delivery.support_access * relation.access)

    def account_for_delivery(self, deal: "Deal", mended: float) -> None:
        """What a delivery costs, pays and teaches."""
        market, levers, complexity = self.model.settings, self.adopted(), deal.complexity
        share = market.delivery.full_support_share * min(self.support_level, self.standard)
        share += market.delivery.change_cost_share * levers.change_management * complexity
        share += market.delivery.collaboration_cost_share * levers.collaboration * complexity
        share += market.delivery.rework * mended
        self.account["support_k"] += share * deal.list_price_k
        owner = deal.relation.salesperson
        if owner.generation == deal.generation:
            kept = min(1.0, deal.delivered / max(1e-9, deal.promise))
            owner.pay_out(deal.commission_waiting_k * kept)
        if not deal.subscription:
            self.recurring_k += deal.list_price_k * market.licences.maintenance_share / 52.0
            self.recurring_cost_k += deal.unit_cost_k * market.licences.maintenance_share / 52.0
        if deal.reseller is not None and deal.delivered >= market.partners.rebate_outcome:
            deal.rebate_k = deal.rebate_promised_k
            deal.net_price_k -= deal.rebate_k
            self.account["rebate_k"] += deal.rebate_k
            deal.reseller.earn(deal.rebate_k)
        self.account["training_k"] += market.programmes.measuring_cost_k * levers.outcome_measuring
        self.know_how += market.selling.know_how_speed * levers.outcome_measuring * (1.0 - self.know_how)

    # The week and the quarter

    def manage_people(self) -> None:
        """Involvement, learning, leaving, partners, prospecting, and pay at a quarter's end."""
        for executive in self.executives:
            executive.involve()
        best_skill = max(person.skill for person in self.salespeople)
        for person in self.salespeople:
            person.learn(self.adoption, best_skill)
        self.adoption = self.mean_adoption()
        self.judge()
        leavers = [person for person in self.salespeople if person.leaves()]
        for person in leavers:
            person.leave()
        self.lost_share += len(leavers) / len(self.salespeople) - self.lost_share / 13.0
        for partner in self.active_partners():
            partner.negotiate()
        for person in self.salespeople:
            person.prospect()
        if self.model.week % 13 == 12:
            for person in self.salespeople:
                person.end_quarter()

    def close_week(self, sameness: float, reference: float) -> dict[str, float]:
        """The week's row of the records, with the means over customers; budgets at a quarter's end."""
        account, week = self.account, self.model.week
        account["week"], account["vendor"] = week, self.row
        account["revenue_k"] += self.recurring_k
        account["product_cost_k"] += self.recurring_cost_k
        margin_k = account["gross_margin_k"] = account["revenue_k"] - account["product_cost_k"]
        account["development_k"] = self.model.settings.development.share_of_margin * max(0.0, margin_k)
        self.note_people()
        self.note_customers()
        account["perceived_sameness"], account["reference_price"] = sameness, reference
        costs = ("selling_k", "support_k", "development_k", "training_k", "executive_k", "overhead_k", "rebate_k")
        account["operating_profit_k"] = margin_k - sum(account[cost] for cost in costs)
        self.year_profit_k += account["operating_profit_k"]
        self.quarter_margin_k += margin_k
        account["lead"], account["support_level"], account["standard"] = self.lead, self.support_level, self.standard
        if week % 13 == 12:
            self.set_budgets()
        self.account = dict(EMPTY)
        return account

    def note_people(self) -> None:
        """Means over people and partners, and what they cost."""
        account, executives = self.account, self.model.settings.executives
        account["adoption"] = self.adoption
        for name in ("skill", "cynicism"):
            account[name] = sum(getattr(person, name) for person in self.salespeople) / len(self.salespeople)
        for executive in self.executives:
            account["executive_hours"] += executive.hours_given
            account["executive_k"] += executives.cost_per_hour_k * executive.hours_given
            account["executive_k"] += executives.pay_at_stake_k * self.now.executive_pay_tied * executive.involvement
            account["involvement"] += executive.involvement / len(self.executives)
        partners = self.active_partners()
        account["partners_active"] = len(partners)
        for partner in partners:
            account["partner_discount"] += partner.discount / len(partners)
            account["partner_capability"] += partner.capability / len(partners)
            partner.bear_cost()

    def active_partners(self) -> list[ChannelPartner]:
        """Partners that have not given up the brand."""
        return [partner for partner in self.partners if partner.active]

    def note_customers(self) -> None:
        """Trust, and counts."""
        account, customers = self.account, self.model.customers
        account["open_deals"] = self.open_deals
        account["customers"] = sum([customer.incumbent is self for customer in customers])
        account["trust"] = sum([customer.relations[self.row].trust for customer in customers]) / len(customers)

    def set_budgets(self) -> None:
        """Margin pays for support and for the product."""
        market = self.model.settings
        if self.model.week < 52:
            self.first_year_margin_k += self.quarter_margin_k
            self.first_year_list_k += self.quarter_list_k
        quarters = min(4.0, (self.model.week + 1) / 13)
        usual = self.first_year_margin_k / quarters, self.first_year_list_k / quarters
        last = self.quarter_margin_k, self.quarter_list_k
        self.set_support(*(last if market.loops.support_budget else usual))
        margin_k, _ = last if market.loops.product_lead else usual
        full_k = market.development.full_budget_per_customer_k * market.customers.count
        funded = min(1.0, max(0.0, market.development.share_of_margin * margin_k) / full_k)
        self.lead += market.development.speed * funded * (1.0 - self.lead)
        self.quarter_margin_k = self.quarter_list_k = 0.0

    def set_support(self, margin_k: float, list_k: float) -> None:
        """Support follows its budget, and the standard follows support."""
        delivery, levers = self.model.settings.delivery, self.now
        target = 1.0
        if list_k > 0.0:
            target = max(0.0, min(1.0, levers.delivery_share * margin_k / (delivery.full_support_share * list_k)))
        self.support_level += delivery.budget_speed * (target - self.support_level)
        if self.support_level < self.standard:
            speed = delivery.standard_erosion
        else:
            speed = min(1.0, delivery.standard_recovery + delivery.measured_recovery * self.adopted().outcome_measuring)
        self.standard += speed * (self.support_level - self.standard)
