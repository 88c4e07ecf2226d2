"""Measures of salespeople and channel partners for facts and claims; functions of the records and a vendor's row."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from salesim.metrics.facts import SPAN, correlation, deals_of, own_weeks, slope, through_partners
from salesim.metrics.ratios import ratio
from salesim.metrics.sums import YEAR_WEEKS
from salesim.model.enums import Outcome
from salesim.model.records import RecordArray, Records


def partners_profit_k(records: Records, vendor: int) -> float:
    """Profit of a vendor's partners with its brand, k$ a year; NaN if it never had any."""
    weeks = own_weeks(records, vendor)
    if not weeks.partners_active.any():
        return float("nan")
    return float(weeks.partners_profit_k.sum()) * YEAR_WEEKS / len(weeks)


def partners_profit_first_k(records: Records, vendor: int) -> float:
    """The same in the first year alone."""
    weeks = own_weeks(records, vendor)[:YEAR_WEEKS]
    return float(weeks.partners_profit_k.sum()) if weeks.partners_active.any() else float("nan")


def pass_through_by_rivals(records: Records, vendor: int) -> float:
    """Slope of the pass-through elasticity of partners' quotes on the number of rivals of the same brand."""
    deals = through_partners(records, vendor)
    return slope(deals.partner_rivals.astype(float), deals.pass_through * deals.partner_cost / deals.price)


def booked_by_skill(records: Records, vendor: int) -> float:
    """Correlation of what places book directly in a year with their skill, both less the mean of the year over all places.

    A place's skill is the mean over the deals that it opened in the year; years in which it opened none are left out.
    """
    deals = deals_of(records, vendor)
    deals = deals[deals.partner < 0]
    n_years, places = records.n_weeks // YEAR_WEEKS, np.unique(deals.salesperson)
    place, opened, closed = np.searchsorted(places, deals.salesperson), deals.opened_week, deals.closed_week
    shape = (len(places), n_years + 1)
    skill, n, booked = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    np.add.at(skill, (place, opened // YEAR_WEEKS), deals.seller_skill)
    np.add.at(n, (place, opened // YEAR_WEEKS), 1.0)
    won = deals.outcome == Outcome.WON
    np.add.at(booked, (place[won], closed[won] // YEAR_WEEKS), deals.net_price_k[won])
    skill = np.divide(skill, n, out=np.full(shape, np.nan), where=n > 0.0)
    pairs = [(skill[row, year], booked[row, year], year) for row, year in np.argwhere(n[:, :n_years] > 0.0)]
    if not pairs:
        return float("nan")
    skills, bookings, year = (np.array(column) for column in zip(*pairs, strict=True))
    for values in (skills, bookings):
        values -= (np.bincount(year, weights=values) / np.maximum(1, np.bincount(year)))[year]
    return correlation(skills, bookings)


def won_per_100_hours(records: Records, vendor: int) -> float:
    """Deals won directly for each 100 hours that salespeople worked on deals."""
    deals = deals_of(records, vendor)
    won = np.sum((deals.outcome == Outcome.WON) & (deals.partner < 0))
    return ratio(100.0 * float(won), float(own_weeks(records, vendor).hours_used.sum()))


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


SELLER_MEASURES: dict[str, Callable[[Records, int], float]] = {
    function.__name__: function
    for function in (
        partners_profit_k, partners_profit_first_k, pass_through_by_rivals, booked_by_skill, won_per_100_hours,
        revenue_after_leaving, pay_by_learning_late,
    )
}  # fmt: skip
