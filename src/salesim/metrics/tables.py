"""Tables for reports, made from the books of one run: years, time to close, pass-through, segments."""

from typing import Any

import numpy as np

from salesim.ledger import Books
from salesim.metrics.money import margin_of
from salesim.metrics.select import YEAR_WEEKS, deals_of, mean, plain, ratio, weeks_of
from salesim.words import Outcome

MEANS = ("trust", "commodity_belief", "support_level", "lead", "reference_price")
SUMS = ("revenue_k", "operating_profit_k")
HORIZON_WEEKS = 104


def years(books: Books) -> list[dict[str, Any]]:
    """One row a vendor and whole year."""
    rows = []
    for vendor in range(books.n_vendors):
        deals = deals_of(books, vendor)
        weeks = weeks_of(books, vendor)
        closed_year = np.where(deals["closed_week"] < 0, -1, deals["closed_week"] // YEAR_WEEKS)
        for year in range(books.n_weeks // YEAR_WEEKS):
            closed = deals[closed_year == year]
            won = closed[closed["outcome"] == Outcome.WON]
            span = weeks[year * YEAR_WEEKS : (year + 1) * YEAR_WEEKS]
            row: dict[str, Any] = {"year": year, "vendor": vendor, "gross_margin": margin_of(won)}
            row["cycle_weeks"] = mean(won["closed_week"] - won["opened_week"])
            row["pass_through"] = mean(closed["pass_through"][(closed["partner"] >= 0) & (closed["price_k"] > 0)])
            row["win_rate"] = ratio(len(won), len(closed))
            row["no_decision"] = ratio((closed["outcome"] == Outcome.NO_DECISION).sum(), len(closed))
            row |= {name: mean(span[name]) for name in MEANS} | {name: float(span[name].sum()) for name in SUMS}
            rows.append(row)
    return rows


def durations(books: Books, vendor: int = 0) -> np.ndarray:
    """Counts of (outcome, weeks open) of a vendor's deals, 4 x (HORIZON_WEEKS + 1); longer ones in the last column."""
    deals = deals_of(books, vendor)
    end = np.where(deals["closed_week"] < 0, books.n_weeks, deals["closed_week"])
    weeks = np.minimum(end - deals["opened_week"], HORIZON_WEEKS)
    counts = np.zeros((len(Outcome), HORIZON_WEEKS + 1))
    np.add.at(counts, (deals["outcome"], weeks), 1)
    return counts


def closing(counts: np.ndarray) -> list[dict[str, float]]:
    """Share of deals undecided and cumulative incidence of each end by week, from `durations` summed over runs.

    Kaplan & Meier 1958 with open deals censored; Aalen & Johansen 1978 for the ends, which sum to 1 less undecided.
    """
    at_risk = counts.sum(axis=0)[::-1].cumsum()[::-1]
    undecided, ended = 1.0, {"won": 0.0, "lost": 0.0, "no_decision": 0.0}
    rows = []
    for week in range(counts.shape[1] - 1):
        before = undecided
        for name, outcome in (("won", Outcome.WON), ("lost", Outcome.LOST), ("no_decision", Outcome.NO_DECISION)):
            if at_risk[week] > 0:
                ended[name] += before * counts[outcome, week] / at_risk[week]
                undecided -= before * counts[outcome, week] / at_risk[week]
        rows.append({"week": week, "undecided": undecided, **ended})
    return rows


def passthrough(books: Books, vendor: int = 0) -> list[dict[str, Any]]:
    """Mean pass-through of each partner and year, and how many quotes it is the mean of."""
    deals = deals_of(books, vendor)
    deals = deals[(deals["partner"] >= 0) & (deals["price_k"] > 0)]
    year = np.where(deals["closed_week"] < 0, books.n_weeks - 1, deals["closed_week"]) // YEAR_WEEKS
    rows = []
    for partner in np.unique(deals["partner"]):
        for y in np.unique(year):
            chosen = deals["pass_through"][(deals["partner"] == partner) & (year == y)]
            if len(chosen):
                rows.append({"year": int(y), "partner": int(partner), "pass_through": mean(chosen), "quotes": len(chosen)})
    return rows


COMPLEXITY = ("low", "middle", "high")
VALUE = ("small", "middle", "large")


def segments(books: Books, value_edges: tuple[float, float], vendor: int = 0) -> np.ndarray:
    """Counts of (won by the vendor, processes) by complexity and value thirds, 3 x 3 x 2; a process counts once.

    Complexity is cut at 0.4 and 0.6, value at `value_edges` (k$ a year). Only processes that have ended count.
    """
    deals = plain(books.deals)
    deals = deals[deals["outcome"] != Outcome.OPEN]
    key = deals["customer"].astype(np.int64) * 1_000_000 + deals["opened_week"]
    _, first = np.unique(key, return_index=True)
    counts = np.zeros((3, 3, 2))
    for part, rows in ((1, deals[first]), (0, deals[(deals["vendor"] == vendor) & (deals["outcome"] == Outcome.WON)])):
        cell = (np.digitize(rows["complexity"], (0.4, 0.6)), np.digitize(rows["value_k"], value_edges))
        np.add.at(counts[..., part], cell, 1)
    return counts
