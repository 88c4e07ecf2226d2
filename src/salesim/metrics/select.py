"""Rows of the books that measures start from; kept for a moment, as many measures start from the same."""

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from salesim.ledger import Books, Records
from salesim.words import Outcome

YEAR_WEEKS = 52


def plain(records: Records) -> Records:
    """The same rows without attribute access, which is several times faster to take columns from."""
    return records.view(np.ndarray)


@lru_cache(maxsize=16)
def deals_of(books: Books, vendor: int) -> Records:
    """A vendor's deals."""
    return plain(books.deals)[books.deals["vendor"] == vendor]


@lru_cache(maxsize=16)
def won_of(books: Books, vendor: int) -> Records:
    """A vendor's deals that were won."""
    deals = deals_of(books, vendor)
    return deals[deals["outcome"] == Outcome.WON]


@lru_cache(maxsize=16)
def closed_of(books: Books, vendor: int) -> Records:
    """A vendor's deals that have ended."""
    deals = deals_of(books, vendor)
    return deals[deals["outcome"] != Outcome.OPEN]


@lru_cache(maxsize=16)
def weeks_of(books: Books, vendor: int) -> Records:
    """A vendor's weeks."""
    return plain(books.weeks)[books.weeks["vendor"] == vendor]


def last_year(books: Books, vendor: int) -> Records:
    """A vendor's last 52 weeks, or all there are."""
    return weeks_of(books, vendor)[-YEAR_WEEKS:]


def mean(values: npt.NDArray[np.float64]) -> float:
    """Mean of the values that are there; NaN if none is."""
    there = values[~np.isnan(values)] if values.dtype.kind == "f" else values
    return float(there.mean()) if len(there) else float("nan")


def ratio(part: float, whole: float) -> float:
    """Part / whole; NaN if there is no whole."""
    return float(part / whole) if whole else float("nan")


def a_year(total: float, books: Books) -> float:
    """A total over the run as an amount a year."""
    return ratio(float(total) * YEAR_WEEKS, books.n_weeks)
