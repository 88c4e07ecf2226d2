"""Channel partners."""

from typing import TYPE_CHECKING, Any

import mesa

from salesim.model.enums import Stage
from salesim.model.rng import Purpose, uniform_for

if TYPE_CHECKING:
    from tests.reference_model.deals import Deal
    from tests.reference_model.vendors import Vendor

RIVALS, STICKY, GIVING_UP = int(Purpose.RIVALS), int(Purpose.STICKY), int(Purpose.GIVING_UP)


class ChannelPartner(mesa.Agent):
    """A firm that sells for one vendor."""

    def __init__(self, model: Any, vendor: "Vendor", row: int, place: int):
        super().__init__(model)
        self.vendor, self.row = vendor, row
        settings, key = model.settings.partners, 1024 * vendor.row + place
        self.key, self.active, self.year_profit_k = key, True, 0.0
        self.rivals = int(uniform_for(model.seed, RIVALS, key, 0) * (settings.max_rivals + 1))
        sticky = uniform_for(model.seed, STICKY, key, 0) < settings.sticky_share
        self.stickiness = settings.stickiness if sticky else 0.0
        self.usual_price: float | None = None
        self.discount = vendor.now.start_discount
        self.capability, self.margin = 0.0, settings.aspiration
        self.working, self.hours_per_deal = 0, 0.0

    def share_hours(self) -> None:
        """Every deal gets the same."""
        if self.working:
            settings = self.model.settings
            self.hours_per_deal = min(settings.selling.hours_per_deal, settings.partners.hours_per_week / self.working)

    def work(self, deal: "Deal") -> None:
        """A week's work on a deal."""
        partners, relation = self.model.settings.partners, deal.relation
        deal.work(self.hours_per_deal, self.skill)
        relation.access = max(relation.access, partners.executive_access * self.vendor.now.partner_executives)

    @property
    def skill(self) -> float:
        """Skill of its people."""
        partners = self.model.settings.partners
        return min(1.0, partners.skill + partners.teaching_skill * self.capability)

    def earn(self, amount_k: float) -> None:
        """Money or cost of its own."""
        self.year_profit_k += amount_k
        self.vendor.account["partners_profit_k"] += amount_k

    def bear_cost(self) -> None:
        """What a week costs it, and its vendor for teaching."""
        partners, teaching = self.model.settings.partners, self.vendor.now.teaching
        self.vendor.account["training_k"] += partners.teaching_cost_k * teaching
        self.earn(-partners.cost_per_hour_k * partners.hours_per_week)
        self.earn(-partners.service_cost_k * teaching * (1.0 - self.capability))

    def end_year(self) -> None:
        """A brand that earned too little may be given up."""
        partners = self.model.settings.partners
        uniform = uniform_for(self.model.seed, GIVING_UP, self.key, self.model.week)
        if self.active and self.year_profit_k < partners.least_profit_k and uniform < partners.leave_chance:
            self.give_up()
        self.year_profit_k = 0.0

    def give_up(self) -> None:
        """Customers and open deals go to the vendor's salespeople."""
        self.active = False
        for customer in self.model.customers:
            relation = customer.relations[self.vendor.row]
            if relation.partner is self:
                relation.partner = None
                relation.trust_person *= self.model.settings.trust.handover
            for deal in customer.deals:
                if deal.reseller is self and deal.stage != Stage.CLOSED:
                    deal.reseller, deal.partner, deal.partner_rivals = None, -1, -1

    def upfront_cost(self) -> float:
        """What is paid at once."""
        levers = self.vendor.now
        return (1.0 - self.discount * (1.0 - levers.rebate_share)) * (1.0 + levers.price_shift)

    def regarded_cost(self) -> float:
        """The cost as it is felt: a later rebate counts in part."""
        levers = self.vendor.now
        rebate = self.discount * levers.rebate_share * (1.0 + levers.price_shift)
        return self.upfront_cost() - self.model.settings.partners.rebate_regard * rebate

    def conduct(self) -> float:
        """The share of a monopolist's mark-up that rivals of the same brand leave."""
        partners = self.model.settings.partners
        return 1.0 / (1.0 + partners.conduct * self.rivals * (1.0 - partners.conduct_taught * self.capability))

    def as_usual(self, price: float, passing: float) -> tuple[float, float]:
        """Part of the way back to the usual price, or to a higher cost, if there is one; what is passed on of that."""
        if self.usual_price is None:
            return price, passing
        usual = max(self.regarded_cost(), self.usual_price)
        return price + self.stickiness * (usual - price), passing * (1.0 - self.stickiness)

    def remember(self, price: float) -> None:
        """A quote moves the trailing margin and the usual price."""
        memory = self.model.settings.partners.margin_memory
        self.margin += memory * (price - self.upfront_cost() - self.margin)
        if self.usual_price is None:
            self.usual_price = price
        self.usual_price += memory * (price - self.usual_price)

    def negotiate(self) -> None:
        """Teaching, and requests for a deeper discount."""
        settings, levers = self.model.settings, self.vendor.now
        self.capability += settings.partners.teaching_speed * levers.teaching * (1.0 - self.capability)
        if not settings.loops.partner_requests or self.model.week % levers.request_every_weeks:
            return
        aspiration = settings.partners.aspiration
        if self.margin < aspiration and self.discount < levers.discount_cap:
            missing = 1.0 - settings.partners.request_proportion * max(0.0, self.margin) / aspiration if aspiration else 1.0
            self.discount = min(levers.discount_cap, self.discount + levers.on_request * levers.request_step * missing)
