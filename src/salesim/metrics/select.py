"""Rows of the books that measures start from; kept for a moment, as many measures start from the same."""

from functools import lru_cache
from typing import Any, overload

import numpy as np
import numpy.typing as npt

from salesim.ledger import Books, Records
from salesim.metrics.tally import YEAR_WEEKS
from salesim.words import Outcome

KEPT = 12  # selections: those of three vendors in a few threads


class Rows:
    """Some rows of a table. `rows["price"]` is a column, `rows[mask]` fewer rows, `len(rows)` how many there are.

    A record of a deal is as long as six cache lines, so a column is taken when it is asked for and rows are never copied.
    """

    def __init__(self, records: Records, places: npt.NDArray[np.intp]) -> None:
        self.records, self.places = records, places
        self.columns: dict[str, npt.NDArray[Any]] = {}

    def __len__(self) -> int:
        return len(self.places)

    @overload
    def __getitem__(self, key: str) -> npt.NDArray[Any]: ...
    @overload
    def __getitem__(self, key: slice | npt.NDArray[Any]) -> "Rows": ...
    def __getitem__(self, key: str | slice | npt.NDArray[Any]) -> "npt.NDArray[Any] | Rows":
        if not isinstance(key, str):
            return Rows(self.records, self.places[key])
        if key not in self.columns:
            self.columns[key] = self.records[key][self.places]
        return self.columns[key]


def all_deals(books: Books) -> Rows:
    """Deals of all vendors, in the order they were opened."""
    return Rows(books.deals.view(np.ndarray), np.arange(len(books.deals)))


@lru_cache(maxsize=KEPT)
def deals_of(books: Books, vendor: int) -> Rows:
    """A vendor's deals."""
    deals = books.deals.view(np.ndarray)
    return Rows(deals, np.flatnonzero(deals["vendor"] == vendor))


@lru_cache(maxsize=KEPT)
def won_of(books: Books, vendor: int) -> Rows:
    """A vendor's deals that were won."""
    deals = deals_of(books, vendor)
    won: Rows = deals[deals["outcome"] == Outcome.WON]
    return won


@lru_cache(maxsize=KEPT)
def closed_of(books: Books, vendor: int) -> Rows:
    """A vendor's deals that have ended."""
    deals = deals_of(books, vendor)
    closed: Rows = deals[deals["outcome"] != Outcome.OPEN]
    return closed


@lru_cache(maxsize=KEPT)
def weeks_of(books: Books, vendor: int) -> Rows:
    """A vendor's weeks."""
    weeks = books.weeks.view(np.ndarray)
    return Rows(weeks, np.flatnonzero(weeks["vendor"] == vendor))


def last_year(books: Books, vendor: int) -> Rows:
    """A vendor's last 52 weeks, or all there are."""
    return weeks_of(books, vendor)[-YEAR_WEEKS:]


def mean(values: npt.NDArray[Any]) -> float:
    """Mean of the values that are there; NaN if none is."""
    there = values[~np.isnan(values)] if values.dtype.kind == "f" else values
    return float(there.mean()) if len(there) else float("nan")


def ratio(part: float, whole: float) -> float:
    """Part / whole; NaN if there is no whole."""
    return float(part / whole) if whole else float("nan")


def a_year(total: float, books: Books) -> float:
    """A total over the run as an amount a year."""
    return ratio(float(total) * YEAR_WEEKS, books.n_weeks)
