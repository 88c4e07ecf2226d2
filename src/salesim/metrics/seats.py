"""What becomes of a vendor's revenue when salespeople leave, and of their pay by how fast they learn."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from salesim.metrics.facts import SPAN, deals_of, slope
from salesim.metrics.ratios import ratio
from salesim.metrics.sums import YEAR_WEEKS
from salesim.model.enums import Outcome
from salesim.model.records import RecordArray, Records


def received_k(won: RecordArray, n_weeks: int, first: int, last: int) -> npt.NDArray[np.float64]:
    """Money received over each contract in weeks `first` to `last - 1`, k$: licence, and fees or maintenance week by week."""
    leased = won.subscription == 1
    start = np.where(leased, won.closed_week, np.where(won.delivered_week < 0, n_weeks, won.delivered_week))
    end = np.where(won.ended_week < 0, n_weeks, won.ended_week)
    at_once_k = np.where(leased, 0.0, won.net_price_k + won.rebate_k)
    weekly_k = (won.fees_k - at_once_k) / np.maximum(1, end - start)
    served = np.clip(np.minimum(end, last) - np.maximum(start, first), 0, None)
    signed = (won.closed_week >= first) & (won.closed_week < last)
    received: npt.NDArray[np.float64] = np.where(signed, at_once_k, 0.0) + weekly_k * served
    return received


def revenue_after_leaving(records: Records, vendor: int) -> float:
    """Change of the revenue from a seat's direct customers, from the year before its salesperson left to the year after.

    It is relative, and less that of seats whose salesperson stayed in both years; all who left in a run are taken together. Who
    left is known from the next deal of the seat.
    """
    deals = deals_of(records, vendor)
    direct = deals[deals.partner < 0]
    won, n_seats = direct[direct.outcome == Outcome.WON], int(direct.salesperson.max(initial=-1)) + 1
    seats, weeks = np.unique(np.stack([direct.salesperson, direct.left_week])[:, direct.left_week >= 0], axis=1)
    sums = np.zeros((2, 2))  # left and stayed, before and after
    for seat, week in zip(seats, weeks, strict=True):
        if week < YEAR_WEEKS or week + YEAR_WEEKS > records.n_weeks:
            continue
        stayed = np.isin(np.arange(n_seats), direct.salesperson)
        stayed[seats[np.abs(weeks - week) < YEAR_WEEKS]] = False
        for year, first in enumerate((week - YEAR_WEEKS, week)):
            money_k = received_k(won, records.n_weeks, first, first + YEAR_WEEKS)
            by_seat = np.bincount(won.salesperson, money_k, n_seats)
            sums[:, year] += by_seat[seat], by_seat[stayed].sum()
    left, others = (ratio(after, before) for before, after in sums)
    return ratio(left, others) - 1.0


def pay_by_learning_late(records: Records, vendor: int) -> float:
    """Slope of commission per list price on the learning trait, over direct deals that ended in the last three years."""
    deals = deals_of(records, vendor)
    late = deals[(deals.partner < 0) & (deals.closed_week >= records.n_weeks - SPAN)]
    return slope(late.learning, late.commission_k / late.list_price_k)


SEAT_MEASURES: dict[str, Callable[[Records, int], float]] = {
    function.__name__: function for function in (revenue_after_leaving, pay_by_learning_late)
}
