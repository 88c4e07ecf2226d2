"""Channel partners."""

from typing import TYPE_CHECKING, Any

import mesa

from salesim.model.rng import Purpose, uniform_for

if TYPE_CHECKING:
    from tests.reference_model.deals import Deal
    from tests.reference_model.vendors import Vendor

RIVALS = int(Purpose.RIVALS)


class ChannelPartner(mesa.Agent):
    """A firm that sells for one vendor."""

    def __init__(self, model: Any, vendor: "Vendor", row: int, place: int):
        super().__init__(model)
        self.vendor, self.row = vendor, row
        uniform = uniform_for(model.seed, RIVALS, 1024 * vendor.row + place, 0)
        self.rivals = int(uniform * (model.settings.partners.max_rivals + 1))
        self.discount = vendor.now.start_discount
        self.capability, self.margin = 0.0, model.settings.partners.aspiration
        self.working, self.hours_per_deal = 0, 0.0

    def share_hours(self) -> None:
        """Every deal gets the same."""
        if self.working:
            settings = self.model.settings
            self.hours_per_deal = min(settings.selling.hours_per_deal, settings.partners.hours_per_week / self.working)

    def work(self, deal: "Deal") -> None:
        """A week's work on a deal."""
        partners, relation = self.model.settings.partners, deal.relation
        deal.work(self.hours_per_deal, min(1.0, partners.skill + partners.teaching_skill * self.capability))
        relation.access = max(relation.access, partners.executive_access * self.vendor.now.partner_executives)

    def upfront_cost(self) -> float:
        """What is paid at once."""
        return 1.0 - self.discount * (1.0 - self.vendor.now.rebate_share)

    def regarded_cost(self) -> float:
        """The cost as it is felt: a later rebate counts in part."""
        rebate = self.discount * self.vendor.now.rebate_share
        return self.upfront_cost() - self.model.settings.partners.rebate_regard * rebate

    def limit_price(self) -> float:
        """The most that rivals of the same brand leave."""
        partners = self.model.settings.partners
        if not self.rivals:
            return float("inf")
        return self.regarded_cost() + (partners.room_floor + partners.room_taught * self.capability) / self.rivals

    def remember(self, margin: float) -> None:
        """A quote moves the trailing margin."""
        self.margin += self.model.settings.partners.margin_memory * (margin - self.margin)

    def negotiate(self) -> None:
        """Teaching, and requests for a deeper discount."""
        settings, levers = self.model.settings, self.vendor.now
        self.capability += settings.partners.teaching_speed * levers.teaching * (1.0 - self.capability)
        if not settings.loops.partner_requests or self.model.week % levers.request_every_weeks:
            return
        if self.margin < settings.partners.aspiration and self.discount < levers.discount_cap:
            self.discount = min(levers.discount_cap, self.discount + levers.on_request * levers.request_step)
