"""Rows of the books that measures start from."""

import numpy as np
import numpy.typing as npt

from salesim.ledger import Books, Records
from salesim.words import Outcome

YEAR_WEEKS = 52


def deals_of(books: Books, vendor: int) -> Records:
    """A vendor's deals."""
    return books.deals[books.deals["vendor"] == vendor]


def won_of(books: Books, vendor: int) -> Records:
    """A vendor's deals that were won."""
    deals = deals_of(books, vendor)
    return deals[deals["outcome"] == Outcome.WON]


def closed_of(books: Books, vendor: int) -> Records:
    """A vendor's deals that have ended."""
    deals = deals_of(books, vendor)
    return deals[deals["outcome"] != Outcome.OPEN]


def weeks_of(books: Books, vendor: int) -> Records:
    """A vendor's weeks."""
    return books.weeks[books.weeks["vendor"] == vendor]


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
