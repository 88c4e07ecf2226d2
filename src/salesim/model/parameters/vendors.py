"""Parameters of vendors: strategies and their levers, channels, licences, planned changes; and a whole scenario."""

from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass

from salesim.model.parameters.market import STRICT, Amount, Effort, Market, Money, Period, Share, Switch, Text, Weeks

Discount = Annotated[float, Field(ge=0, le=0.99)]  # share of list; nothing is given away


@dataclass(frozen=True, config=STRICT)
class Segmentation:
    """Which customers get which approach."""

    pursue_complexity_min: Share
    pursue_complexity_max: Share
    pursue_value_min_k: Money
    simple_below_complexity: Share
    sponsored_share: Share
    decline_fit_below: Share


@dataclass(frozen=True, config=STRICT)
class Structure:
    """Who owns the account."""

    executive_ownership: Share
    peer_matching: Share
    executive_hours: Annotated[float, Field(ge=0, le=60)]
    executive_pay_tied: Share
    executive_early: Share
    team_selling: Share
    specialization: Share


@dataclass(frozen=True, config=STRICT)
class Systems:
    """How selling is done, paid and improved."""

    diagnosis_hours: Effort
    presentation_hours: Effort
    simple_diagnosis_hours: Effort
    simple_presentation_hours: Effort
    promise_inflation: Share
    solution_breadth: Share
    commission_on_margin: Share
    price_authority: Discount
    quota_accelerator: Amount
    coaching: Share
    method_sharing: Share
    outcome_measuring: Share


@dataclass(frozen=True, config=STRICT)
class Support:
    """What happens after the signature."""

    delivery_share: Share
    change_management: Share
    collaboration: Share
    accountability: Share


@dataclass(frozen=True, config=STRICT)
class Position:
    """What the vendor is, whichever way it sells; rivals do not copy it."""

    headcount: Annotated[float, Field(gt=0, le=20)]
    unit_cost: Annotated[float, Field(gt=0, le=5)]
    price_shift: Annotated[float, Field(ge=-0.9, le=1)]


@dataclass(frozen=True, config=STRICT)
class Strategy:
    """A way of selling: levers in the article's four dimensions, and the vendor's position in the market."""

    name: Text
    segmentation: Segmentation
    structure: Structure
    systems: Systems
    support: Support
    position: Position


@dataclass(frozen=True, config=STRICT)
class Channel:
    """A programme for channel partners."""

    name: Text
    start_discount: Discount
    on_request: Share
    request_step: Share
    request_every_weeks: Period
    discount_cap: Discount
    teaching: Share
    visible: Share
    rebate_share: Annotated[float, Field(ge=0, le=0.9)]
    partner_executives: Share


@dataclass(frozen=True, config=STRICT)
class Licence:
    """How the customer pays."""

    name: Text
    subscription: Switch


@dataclass(frozen=True, config=STRICT)
class Initiative:
    """A change of a vendor's approach in mid-run; each vendor has at most one a week."""

    week: Weeks
    strategy: Strategy
    channel: Channel
    licence: Licence
    training_hours: Effort


@dataclass(frozen=True, config=STRICT)
class Vendor:
    """One vendor: how it sells at first, and what it changes when."""

    name: Text
    strategy: Strategy
    channel: Channel
    licence: Licence
    initiatives: tuple[Initiative, ...]


# What `salesim explain` swaps as one: the levers of a vendor by group. A programme, a licence and a plan are swapped whole.
LEVER_GROUPS: dict[str, tuple[str, ...]] = {
    "pay": ("commission_on_margin", "quota_accelerator", "accountability", "executive_pay_tied"),
    "hours": (
        "diagnosis_hours", "presentation_hours", "simple_diagnosis_hours", "simple_presentation_hours", "executive_hours",
    ),
    "promises": ("promise_inflation", "solution_breadth", "decline_fit_below"),
    "support": ("delivery_share", "change_management", "collaboration", "outcome_measuring"),
    "people": ("coaching", "method_sharing", "team_selling"),
    "accounts": (
        "pursue_complexity_min", "pursue_complexity_max", "pursue_value_min_k", "simple_below_complexity",
        "sponsored_share", "executive_ownership", "peer_matching", "executive_early", "specialization",
    ),
    "prices": ("price_authority", "price_shift"),
    "size and cost": ("headcount", "unit_cost"),
    "channel programme": ("channel",),
    "licence": ("licence",),
    "planned changes": ("initiatives",),
}  # fmt: skip


@dataclass(frozen=True, config=STRICT)
class Scenario:
    """One market and its vendors, for a number of weeks. Vendor 0 is the vendor in question."""

    weeks: Period
    market: Market
    vendors: Annotated[tuple[Vendor, ...], Field(min_length=1, max_length=16)]
