"""Four loops of the spiral, their links, and how each link is shocked.

A loop is looked at alone: all other feedbacks are off. A link's cause is moved a little up and a little down while the
loop is open behind it, and cause and effect are read at the end of the run (last two years), so a gain is that of a
lasting move over the length of a run. States are held at where the loop had brought them.
"""

from collections.abc import Mapping
from typing import NamedTuple

Held = Mapping[str, float | str]  # what is held, by key; a text is a reading, and stands for its late value


class Shock(NamedTuple):
    """What is moved: a dotted key of the scenario (`vendors.*` is every vendor), by which size, around which state.

    `relative` sizes are shares of what is set; `around` is the reading whose late value replaces what is set.
    """

    key: str
    size: str
    relative: bool = False
    around: str = ""


class Link(NamedTuple):
    """Cause and effect as readings, the shock that moves the cause, and what is held meanwhile.

    `cause` may be "shock": then the move of the cause is known, `known` times the size.
    """

    name: str
    shock: Shock
    held: Held
    cause: str
    effect: str
    known: str = ""


class Loop(NamedTuple):
    """A loop: its feedbacks, links, ways around by number, and the outside shock to what is measured, with how it is cut."""

    name: str
    feedbacks: tuple[str, ...]
    links: tuple[Link, ...]
    ways: tuple[tuple[int, ...], ...]
    outside: Shock
    measure: str
    cut: Held


COST = Shock("market.bargaining.unit_cost_share", "money_shock")
PRICE = Shock("vendors.*.strategy.position.price_shift", "money_shock")  # moves all prices of all vendors
SHARE = Shock("vendors.*.strategy.support.delivery_share", "relative_shock", relative=True)
OUTCOME = Shock("market.delivery.support_level", "relative_shock", relative=True)
CONDUCT = Shock("market.partners.conduct", "relative_shock", relative=True)  # moves the margins partners can hold
DISCOUNT = "vendors.*.channel.start_discount"
NO_BUDGET: Held = {"market.delivery.budget_speed": 0.0}
NO_SUPPORT: Held = {**NO_BUDGET, "market.delivery.initial_support": "support_level"}
NO_TRUST: Held = {"market.loops.promise_trust": 0}
NO_SAMENESS: Held = {"market.loops.outcome_sameness": 0}
NO_REFERENCE: Held = {"market.loops.reference_price": 0}
NO_SENSITIVITY: Held = {"market.loops.discount_sensitivity": 0}
NO_REQUESTS: Held = {"market.loops.partner_requests": 0}


def around(reading: str, key: str, size: str = "state_shock", relative: bool = False) -> Shock:
    """A shock around where the loop has brought a state."""
    return Shock(key, size, relative, reading)


SUPPORT = Loop(
    "support",
    ("support_budget", "promise_trust", "outcome_sameness"),
    (
        Link("margin to support", SHARE, {**NO_TRUST, **NO_SAMENESS}, "shock", "support_level", known="gross_margin"),
        Link(
            "support to outcome", around("support_level", "market.delivery.initial_support"),
            NO_BUDGET, "support_level", "delivered",
        ),
        Link("outcome to trust", OUTCOME, NO_SUPPORT, "delivered", "trust"),
        Link("outcome to sameness", OUTCOME, NO_SUPPORT, "delivered", "perceived_sameness"),
        Link("trust to margin", around("trust", "market.trust.initial"), NO_TRUST, "trust", "gross_margin"),
        Link(
            "sameness to margin", around("perceived_sameness", "market.commoditization.initial_sameness"),
            {**NO_SAMENESS, "market.commoditization.pressure_per_week": 0.0}, "perceived_sameness", "gross_margin",
        ),
    ),
    ((0, 1, 2, 4), (0, 1, 3, 5)),
    COST, "gross_margin", NO_SUPPORT,
)  # fmt: skip
REFERENCE = Loop(
    "reference price",
    ("reference_price",),
    (
        Link("price to reference price", PRICE, {}, "price", "reference_price"),
        Link(
            "reference price to price", around("reference_price", "market.customers.initial_reference"),
            NO_REFERENCE, "reference_price", "price",
        ),
    ),
    ((0, 1),),
    PRICE, "price", {**NO_REFERENCE, "market.customers.initial_reference": "reference_price"},
)  # fmt: skip
SENSITIVITY = Loop(
    "price sensitivity",
    ("discount_sensitivity",),
    (
        Link(
            "price to expectation of discounts", PRICE,
            {"market.loops.reference_price": 1, "market.bargaining.reference_speed": "discount_expectation_speed"},
            "price", "discount_expectation",
        ),
        Link(
            "expectation of discounts to price",
            around("price_weight", "market.customers.price_weight", "relative_shock", relative=True),
            NO_SENSITIVITY, "shock", "price", known="discount_expectation_step",
        ),
    ),
    ((0, 1),),
    PRICE, "price", {**NO_SENSITIVITY, "market.customers.price_weight": "price_weight"},
)  # fmt: skip
REQUESTS = Loop(
    "partners' requests",
    ("partner_requests",),
    (
        Link("partner's margin to discount", CONDUCT, {}, "partner_margin", "partner_discount"),
        Link(
            "discount to partner's margin", around("room_to_discount", DISCOUNT),
            NO_REQUESTS, "partner_discount", "partner_margin",
        ),
    ),
    ((0, 1),),
    CONDUCT, "partner_margin", {**NO_REQUESTS, DISCOUNT: "partner_discount"},
)  # fmt: skip
ALL = (SUPPORT, REFERENCE, SENSITIVITY, REQUESTS)
