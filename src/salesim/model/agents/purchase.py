"""Purchases: a buying group from its first meeting until it agrees, and its vendor until the solution works."""

import numpy as np

from salesim.model.enums import Activity
from salesim.model.jit import rule
from salesim.model.records import record_type
from salesim.model.rng import Purpose, uniform_for

PURCHASE = record_type(
    ("customer", np.int32),
    ("first_deal", np.int32),  # its deals are rows first_deal to first_deal + n_deals - 1
    ("opened_week", np.int32),
    ("offers_week", np.int32),  # first offer on the table; -1 is not yet; `make_ready`
    ("won", np.int32),  # row of the deal that was signed; -1 while the group deliberates; `sign`
    ("delivery_week", np.int32),  # end of the delivery; `sign`
    ("n_deals", np.int8),  # 0: it is over
    ("n_working", np.int8),  # deals that wait for hours; `make_ready`
    ("n_ready", np.int8),  # offers on the table; `make_ready`
    ("changed", np.int8),  # 1: the offers have to be looked at again; `look_at_offers`
    ("sponsored", np.int8),  # 1: one of its vendors has a sponsor here; `note_sponsors`
    ("threshold", np.float64),  # conviction at which the slowest member agrees, 0 to 1
    ("conviction", np.float64),  # chance that a member is convinced by now, 0 to 1; `decide`
    ("willing", np.float64),  # chance a week to be convinced, without access; `look_at_offers`
    ("access", np.float64),  # best executive access among the offers; `look_at_offers`, fades
)  # in the order in which they were opened; rows that are over are cleared away every week


@rule
def group_size(base: float, per_complexity: float, complexity: float, uniform: float) -> int:
    """Members of a buying group: base + per_complexity * k * U(0.5, 1.5), rounded down."""
    return int(base + per_complexity * complexity * (0.5 + uniform))


@rule
def slowest(seed, customer: int, week: int, members: int) -> float:
    """Conviction at which the last of the members agrees: the largest of as many uniform numbers."""
    largest = 0.0
    for member in range(members):
        largest = max(largest, uniform_for(seed, Purpose.CONSENSUS, customer * 64 + member, week))
    return largest


@rule
def deliberate(purchase, access_gain: float):
    """One week more: every member not yet convinced is so with the same chance. Writes `conviction`.

    The chance is willing (1 + access_gain access), at most 0.99. Assumption.
    """
    chance = min(0.99, purchase.willing * (1.0 + access_gain * purchase.access))
    purchase.conviction += chance * (1.0 - purchase.conviction)


@rule
def note_sponsors(purchase, deals, relations):
    """Whether any of the vendors has a sponsor here. Writes `sponsored`."""
    purchase.sponsored = 0
    for d in range(purchase.first_deal, purchase.first_deal + purchase.n_deals):
        if relations[deals[d].customer, deals[d].vendor].executive >= 0:
            purchase.sponsored = 1


@rule
def waits_for_work(purchase) -> bool:
    """Somebody has something to do here: deals at work, or a sponsor who looks after the account."""
    return purchase.n_working > 0 or purchase.sponsored == 1


@rule
def needs_sponsor(purchase, deal_row: int, closed: bool) -> bool:
    """A sponsor looks after the open deals of a buyer, and after the won one while it is delivered."""
    return not closed if purchase.won < 0 else deal_row == purchase.won


@rule
def end(purchase, customer):
    """The purchase is over; its row is cleared away at the end of the week."""
    purchase.n_deals = 0
    customer.activity = Activity.IDLE
