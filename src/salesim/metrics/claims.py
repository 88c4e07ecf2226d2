"""Measures that the article's claims are tested with, beside those of `facts`; functions of the records and a vendor's row."""

from collections.abc import Callable

import numpy as np

from salesim.metrics.facts import SPAN, deals_of, mean, own_weeks, quoted
from salesim.metrics.ratios import ratio
from salesim.metrics.sums import YEAR_WEEKS
from salesim.model.enums import Outcome
from salesim.model.records import Records

DISCOUNT_RATE = 0.12  # a year; Gupta & Lehmann 2003


def commission_per_deal(records: Records, vendor: int) -> float:
    """Mean commission of a deal won, k$."""
    deals = deals_of(records, vendor)
    return mean(deals.commission_k[deals.outcome == Outcome.WON])


def commission_between(records: Records, vendor: int, first: int, last: int) -> float:
    """Commission of the deals won in weeks `first` to `last - 1`, k$ a year."""
    deals = deals_of(records, vendor)
    won = deals[(deals.outcome == Outcome.WON) & (deals.closed_week >= first) & (deals.closed_week < last)]
    return float(won.commission_k.sum()) * YEAR_WEEKS / (last - first)


def commission_early(records: Records, vendor: int) -> float:
    """Commission of the first three years, k$ a year."""
    return commission_between(records, vendor, 0, SPAN)


def commission_late(records: Records, vendor: int) -> float:
    """Commission of the last three years, k$ a year."""
    return commission_between(records, vendor, records.n_weeks - SPAN, records.n_weeks)


def support_late(records: Records, vendor: int) -> float:
    """Mean support of the deliveries of the last three years, 0 to 1."""
    deals = deals_of(records, vendor)
    return mean(deals.support[deals.delivered_week >= records.n_weeks - SPAN])


def access_at_offer(records: Records, vendor: int) -> float:
    """Mean access of a vendor's direct offers when they were last weighed, 0 to 1."""
    deals = quoted(records, vendor)
    return mean(deals.access[deals.partner < 0])


def involvement_late(records: Records, vendor: int) -> float:
    """Executives' mean involvement in the last year, 0 to 1."""
    return mean(own_weeks(records, vendor).involvement[-YEAR_WEEKS:])


def present_value_k(records: Records, vendor: int) -> float:
    """Operating profit of the run, discounted at 12 % a year to its first week, k$."""
    weeks = own_weeks(records, vendor)
    factors = (1.0 + DISCOUNT_RATE) ** (-np.arange(len(weeks)) / YEAR_WEEKS)
    return float(np.sum(weeks.operating_profit_k * factors))


def adoption_week_230(records: Records, vendor: int) -> float:
    """Mean adoption in weeks 225 to 235: some months after the third programme of claim S28."""
    return mean(own_weeks(records, vendor).adoption[225:236])


def bookings_spread(records: Records, vendor: int) -> float:
    """Coefficient of variation over salespeople's places of what they booked directly in the run."""
    deals = deals_of(records, vendor)
    won = deals[(deals.outcome == Outcome.WON) & (deals.partner < 0)]
    places = np.unique(deals.salesperson[deals.partner < 0]).astype(int)
    booked = np.bincount(won.salesperson, weights=won.net_price_k, minlength=places.max(initial=-1) + 1)[places]
    return ratio(float(np.std(booked)), float(np.mean(booked))) if len(booked) else float("nan")


CLAIM_MEASURES: dict[str, Callable[[Records, int], float]] = {
    function.__name__: function
    for function in (
        commission_per_deal, commission_early, commission_late, support_late, access_at_offer, involvement_late,
        present_value_k, adoption_week_230, bookings_spread,
    )
}  # fmt: skip
