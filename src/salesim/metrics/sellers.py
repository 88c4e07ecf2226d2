"""Measures of salespeople and channel partners for facts and claims; functions of the records and a vendor's row."""

from collections.abc import Callable

import numpy as np

from salesim.metrics.facts import correlation, deals_of, own_weeks, slope, through_partners
from salesim.metrics.ratios import ratio
from salesim.metrics.sums import YEAR_WEEKS
from salesim.model.enums import Outcome
from salesim.model.records import Records


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


SELLER_MEASURES: dict[str, Callable[[Records, int], float]] = {
    function.__name__: function
    for function in (partners_profit_k, partners_profit_first_k, pass_through_by_rivals, booked_by_skill, won_per_100_hours)
}
