"""Purchases: the deliberation of a buying group until it agrees, then the delivery until the solution goes live."""

import numpy as np

from salesim.model.enums import Activity, Cause
from salesim.model.jit import rule
from salesim.model.records import record_type
from salesim.model.rng import Purpose, uniform_for

PURCHASE = record_type(
    ("customer", np.int32),
    ("first_deal", np.int32),  # its deals are rows first_deal to first_deal + n_deals - 1
    ("opened_week", np.int32),
    ("offers_week", np.int32),  # week of the first ready offer; -1 is none yet; `make_ready`
    ("won", np.int32),  # row of the deal that was signed; -1 while the group deliberates; `sign`
    ("delivery_week", np.int32),  # end of the delivery; `sign`
    ("n_deals", np.int8),  # 0: the purchase is over
    ("n_working", np.int8),  # deals that wait for hours; `make_ready`
    ("n_ready", np.int8),  # ready offers; `make_ready`
    ("changed", np.int8),  # 1: the offers have to be assessed again; `assess_offers`
    ("qualified", np.int8),  # 1: its first offer has beaten the status quo; `qualify`
    ("sponsored", np.int8),  # 1: one of its vendors has a sponsor here; `note_sponsors`
    ("threshold", np.float64),  # conviction at which the slowest member agrees, 0 to 1
    ("conviction", np.float64),  # probability that a member is convinced by now, 0 to 1; `decide`
    ("willing", np.float64),  # weekly probability of being convinced, without access; `assess_offers`
    ("conviction_unconfused", np.float64),  # what conviction would be if nothing had confused the group; `decide`
    ("willing_unconfused", np.float64),  # what `willing` would be then; `assess_offers`
    ("access", np.float64),  # best executive access among the offers; `assess_offers`, fades
)  # in the order in which they were opened; rows that are over are cleared away every week


@rule
def group_size(base: float, per_complexity: float, complexity: float, uniform: float) -> int:
    """Members of a buying group: base + per_complexity * k * U(0.5, 1.5), rounded down."""
    return int(base + per_complexity * complexity * (0.5 + uniform))


@rule
def consensus_threshold(seed, customer: int, week: int, members: int) -> float:
    """Conviction at which the last member agrees: the largest of one uniform number per member."""
    largest = 0.0
    for member in range(members):
        largest = max(largest, uniform_for(seed, Purpose.CONSENSUS, customer * 64 + member, week))
    return largest


@rule
def deliberate(purchase, access_gain: float):
    """A week of deliberation: each unconvinced member is convinced with the same probability.

    The probability is willing (1 + access_gain access), at most 0.99. Assumption. Writes `conviction`, and
    `conviction_unconfused`, which needs the same weeks without confusion.
    """
    factor = 1.0 + access_gain * purchase.access
    purchase.conviction += min(0.99, purchase.willing * factor) * (1.0 - purchase.conviction)
    unconfused = min(0.99, purchase.willing_unconfused * factor)
    purchase.conviction_unconfused += unconfused * (1.0 - purchase.conviction_unconfused)


@rule
def stall_chance(purchase, chance: float, weeks: float, growth: float, week: int) -> float:
    """Chance that a project is dropped this week: chance * (t / weeks)^growth * (1 - conviction), t weeks after its opening.

    The hazard grows with time (Weibull with a shape of 1 + growth) and falls as the group comes to agree. Assumption.
    """
    return chance * ((week - purchase.opened_week) / weeks) ** growth * (1.0 - purchase.conviction)


@rule
def cause_of_stall(purchase) -> int:
    """Why a project is dropped: confidence is too low if the group would have agreed by now without confusion, else stalled."""
    confused = purchase.conviction < purchase.threshold <= purchase.conviction_unconfused
    return Cause.CONFIDENCE_TOO_LOW if confused else Cause.STALLED


@rule
def note_sponsors(purchase, deals, relations):
    """Note whether any vendor of this purchase has a sponsor for the customer. Writes `sponsored`."""
    purchase.sponsored = 0
    for d in range(purchase.first_deal, purchase.first_deal + purchase.n_deals):
        if relations[deals[d].customer, deals[d].vendor].executive >= 0:
            purchase.sponsored = 1


@rule
def waits_for_work(purchase) -> bool:
    """Whether the purchase needs hours: deals are being worked on, or a sponsor looks after the account."""
    return purchase.n_working > 0 or purchase.sponsored == 1


@rule
def needs_sponsor(purchase, deal_row: int, closed: bool) -> bool:
    """Whether a sponsor looks after this deal: it is open, or it was won and is being delivered."""
    return not closed if purchase.won < 0 else deal_row == purchase.won


@rule
def end(purchase, customer):
    """The purchase is over; its row is cleared away at the end of the week."""
    purchase.n_deals = 0
    customer.activity = Activity.IDLE
