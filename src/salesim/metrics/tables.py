"""Tables for reports, made from the books of one run: years, pass-through, segments."""

import numpy as np
import numpy.typing as npt

from salesim.ledger import Books
from salesim.metrics.tally import DEAL_SUMS, WEEK_MEANS, WEEKLY, YEAR_WEEKS, count_segments, tallied

SUMS = ("revenue_k", "gross_margin_k", "operating_profit_k", "leavers")
COMPLEXITY = ("low", "middle", "high")
VALUE = ("small", "middle", "large")
Columns = dict[str, list[float]]


def yearly(books: Books) -> Columns:
    """One row a vendor and whole year, in that order, as columns; a deal belongs to the year in which it closed."""
    n_years, n_vendors = books.n_weeks // YEAR_WEEKS, books.n_vendors
    sums = tallied(books)
    deals = dict(zip(DEAL_SUMS, np.moveaxis(sums.deals[:, :n_years], 2, 0), strict=True))
    weeks = dict(zip(WEEKLY, np.moveaxis(sums.weeks[:, :n_years], 2, 0), strict=True))
    with np.errstate(invalid="ignore", divide="ignore"):
        found = {
            "gross_margin": (deals["net_k"] - deals["cost_k"]) / np.where(deals["net_k"], deals["net_k"], np.nan),
            "cycle_weeks": deals["cycle_weeks"] / deals["won"],
            "discount": deals["discount"] / deals["won"],
            "pass_through": deals["pass_through"] / deals["quoted"],
            "partner_margin": deals["partner_share"] / deals["sold"],
            "win_rate": deals["won"] / deals["closed"],
            "no_decision": deals["undecided"] / deals["closed"],
        }
        found |= {name: weeks[name] / weeks["weeks"] for name in WEEK_MEANS} | {name: weeks[name] for name in SUMS}
    key = {"year": list(range(n_years)) * n_vendors, "vendor": [v for v in range(n_vendors) for _ in range(n_years)]}
    return key | {name: values.ravel().tolist() for name, values in found.items()}


def passthrough(books: Books, vendor: int = 0) -> Columns:
    """Mean pass-through of each year and partner, and how many quotes it is the mean of, as columns."""
    sums = tallied(books)
    year, partner = np.nonzero(sums.quotes[vendor])
    quotes = sums.quotes[vendor, year, partner]
    return {
        "year": year.tolist(),
        "partner": partner.tolist(),
        "pass_through": (sums.passed[vendor, year, partner] / quotes).tolist(),
        "quotes": quotes.tolist(),
    }


def segments(
    books: Books, complexity_edges: tuple[float, float], value_edges: tuple[float, float], vendor: int = 0
) -> npt.NDArray[np.int64]:
    """Counts of (won by the vendor, buying processes) by complexity and value thirds, 3 x 3 x 2; a process counts once.

    Edges are those between thirds of the customers, in units of 0 to 1 and k$ a year. Only processes that have ended count,
    and those to which the vendor was not invited count too.
    """
    counts = np.zeros((3, 3, 2), np.int64)
    count_segments(books.deals.view(np.ndarray), vendor, np.array(complexity_edges), np.array(value_edges), counts)
    return counts
