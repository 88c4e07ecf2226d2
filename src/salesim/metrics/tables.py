"""Tables for reports, made from the books of one run: years, pass-through, segments."""

import numpy as np
import numpy.typing as npt

from salesim.ledger import Books
from salesim.metrics.select import YEAR_WEEKS, all_deals, closed_of, weeks_of, won_of
from salesim.words import Outcome

MEANS = (
    "trust",
    "commodity_belief",
    "support_level",
    "lead",
    "reference_price",
    "partner_discount",
    "partner_capability",
    "adoption",
    "cynicism",
)
SUMS = ("revenue_k", "gross_margin_k", "operating_profit_k", "leavers")
COMPLEXITY = ("low", "middle", "high")
VALUE = ("small", "middle", "large")
Numbers = npt.NDArray[np.float64]
Columns = dict[str, list[float]]


def yearly(books: Books) -> Columns:
    """One row a vendor and whole year, in that order, as columns; a deal belongs to the year in which it closed."""
    tables = [_years_of(books, vendor) for vendor in range(books.n_vendors)]
    return {name: [value for table in tables for value in table[name].tolist()] for name in tables[0]}


def _years_of(books: Books, vendor: int) -> dict[str, npt.NDArray[np.generic]]:
    n_years = books.n_weeks // YEAR_WEEKS
    found: dict[str, npt.NDArray[np.generic]] = {"year": np.arange(n_years), "vendor": np.full(n_years, vendor)}
    deals = closed_of(books, vendor)
    year = np.minimum(deals["closed_week"] // YEAR_WEEKS, n_years)  # the last, broken year is cut off
    won = deals["outcome"] == Outcome.WON
    quoted = (deals["partner"] >= 0) & (deals["price_k"] > 0)

    def total(rows: npt.NDArray[np.bool_], values: Numbers | None = None) -> Numbers:
        weights = None if values is None else values[rows]
        return np.bincount(year[rows], weights, minlength=n_years + 1)[:n_years].astype(float)

    net_k = total(won, deals["net_price_k"])
    n_won, n_closed = total(won), total(np.ones(len(deals), bool))
    sold = won & (deals["partner"] >= 0)
    partner_k = deals["partner_margin_k"] + deals["rebate_k"]
    with np.errstate(invalid="ignore", divide="ignore"):
        found["gross_margin"] = (net_k - total(won, deals["unit_cost_k"])) / np.where(net_k, net_k, np.nan)
        found["cycle_weeks"] = total(won, (deals["closed_week"] - deals["opened_week"]).astype(float)) / n_won
        found["discount"] = total(won, 1.0 - deals["price"]) / n_won
        found["pass_through"] = total(quoted, deals["pass_through"]) / total(quoted)
        found["partner_margin"] = total(sold, partner_k / deals["list_price_k"]) / total(sold)
        found["win_rate"] = n_won / n_closed
        found["no_decision"] = total(deals["outcome"] == Outcome.NO_DECISION) / n_closed
    weeks = weeks_of(books, vendor)[: n_years * YEAR_WEEKS]
    by_year = (n_years, YEAR_WEEKS)
    found |= {name: weeks[name].reshape(by_year).mean(axis=1) for name in MEANS}
    return found | {name: weeks[name].reshape(by_year).sum(axis=1) for name in SUMS}


def passthrough(books: Books, vendor: int = 0) -> Columns:
    """Mean pass-through of each year and partner, and how many quotes it is the mean of, as columns."""
    deals = closed_of(books, vendor)
    deals = deals[(deals["partner"] >= 0) & (deals["price_k"] > 0)]
    pairs = np.stack([deals["closed_week"] // YEAR_WEEKS, deals["partner"]], axis=1).astype(np.int64)
    chosen, place, quotes = np.unique(pairs, axis=0, return_inverse=True, return_counts=True)
    total = np.bincount(place.reshape(-1), deals["pass_through"], minlength=len(chosen))
    return {
        "year": chosen[:, 0].tolist(),
        "partner": chosen[:, 1].tolist(),
        "pass_through": (total / quotes).tolist(),
        "quotes": quotes.tolist(),
    }


def segments(
    books: Books, complexity_edges: tuple[float, float], value_edges: tuple[float, float], vendor: int = 0
) -> npt.NDArray[np.int64]:
    """Counts of (won by the vendor, buying processes) by complexity and value thirds, 3 x 3 x 2; a process counts once.

    Edges are those between thirds of the customers, in units of 0 to 1 and k$ a year. Only processes that have ended count,
    and those to which the vendor was not invited count too.
    """
    deals = all_deals(books)
    is_first = np.ones(len(deals), bool)  # deals of a process stand together, as they were opened together
    is_first[1:] = np.diff(deals["customer"]) != 0
    is_first[1:] |= np.diff(deals["opened_week"]) != 0
    process = np.cumsum(is_first) - 1
    open_deals = np.bincount(process, deals["outcome"] == Outcome.OPEN)
    ended = deals[np.flatnonzero(is_first)[open_deals == 0]]
    won = won_of(books, vendor)
    counts = np.zeros((3, 3, 2), np.int64)
    for part, rows in enumerate((won, ended)):
        cell = (np.digitize(rows["complexity"], complexity_edges), np.digitize(rows["value_k"], value_edges))
        np.add.at(counts[..., part], cell, 1)
    return counts
