"""Tables for reports, made from the records of one run: years, pass-through, segments."""

from typing import Any

import numpy as np
import numpy.typing as npt

from salesim.metrics.sums import DEAL_SUMS, WEEK_MEANS, WEEKLY, YEAR_WEEKS, sums_of
from salesim.model.enums import Outcome
from salesim.model.jit import compiled
from salesim.model.records import Records

SUMS = ("revenue_k", "gross_margin_k", "operating_profit_k", "leavers")
COMPLEXITY = ("low", "middle", "high")
VALUE = ("small", "middle", "large")
Columns = dict[str, list[float]]
RATIOS = {  # numerator and denominator, both names of DEAL_SUMS
    "cycle_weeks": ("cycle_weeks", "won"),
    "discount": ("discount", "won"),
    "pass_through": ("pass_through", "quoted"),
    "partner_margin": ("partner_share", "sold"),
    "win_rate": ("won", "closed"),
    "no_decision": ("undecided", "closed"),
}
PARTS, WHOLES = ([DEAL_SUMS.index(pair[side]) for pair in RATIOS.values()] for side in (0, 1))
SUMMED, N_WEEKS = [WEEKLY.index(name) for name in SUMS], WEEKLY.index("weeks")


def yearly(records: Records) -> Columns:
    """One row per vendor and whole year, in that order, as columns; a deal belongs to the year in which it closed."""
    n_years, n_vendors, sums = records.n_weeks // YEAR_WEEKS, records.n_vendors, sums_of(records)
    deals, weeks = sums.deals[:, :n_years].reshape(-1, len(DEAL_SUMS)).T, sums.weeks[:, :n_years].reshape(-1, len(WEEKLY)).T
    net_k, cost_k = deals[DEAL_SUMS.index("net_k")], deals[DEAL_SUMS.index("cost_k")]
    with np.errstate(invalid="ignore", divide="ignore"):
        margins = (net_k - cost_k) / np.where(net_k, net_k, np.nan)
        ratios, means = deals[PARTS] / deals[WHOLES], weeks[: len(WEEK_MEANS)] / weeks[N_WEEKS]
    year, vendor = [*range(n_years)] * n_vendors, [vendor for vendor in range(n_vendors) for _ in range(n_years)]
    numbers = np.vstack((margins, ratios, means, weeks[SUMMED])).tolist()
    return dict(zip(("year", "vendor", "gross_margin", *RATIOS, *WEEK_MEANS, *SUMS), (year, vendor, *numbers), strict=True))


def money(records: Records) -> dict[str, list[list[float]]]:
    """Net revenue and product cost of the deals won, and operating profit, k$, each vendors x whole years."""
    n_years, sums = records.n_weeks // YEAR_WEEKS, sums_of(records)
    deals = {name: sums.deals[:, :n_years, DEAL_SUMS.index(name)].tolist() for name in ("net_k", "cost_k")}
    return {**deals, "operating_profit_k": sums.weeks[:, :n_years, WEEKLY.index("operating_profit_k")].tolist()}


def passthrough(records: Records, vendor: int = 0) -> Columns:
    """Mean pass-through of each year and partner, and the number of quotes behind it, as columns."""
    sums = sums_of(records)
    year, partner = np.nonzero(sums.quotes[vendor])
    quotes = sums.quotes[vendor, year, partner]
    shares = sums.passed[vendor, year, partner] / quotes
    columns = {"year": year, "partner": partner, "pass_through": shares, "quotes": quotes}
    return {name: column.tolist() for name, column in columns.items()}


def segments(
    records: Records, complexity_edges: tuple[float, float], value_edges: tuple[float, float], vendor: int = 0
) -> npt.NDArray[np.int64]:
    """Counts of the vendor's deals (won, closed) by complexity and value thirds, 3 x 3 x 2; their ratio is the win rate there.

    Edges are those between thirds of the customers, in units of 0 to 1 and k$ a year. Deals that are still open do not count.
    """
    counts = np.zeros((3, 3, 2), np.int64)
    count_segments(records.deals.view(np.ndarray), vendor, complexity_edges, value_edges, counts)
    return counts


@compiled
def count_segments(deals: Any, vendor: int, complexity_edges: Any, value_edges: Any, counts: npt.NDArray[np.int64]) -> None:
    """Add every deal of the vendor that has ended to `counts`; without branches, which processors would guess wrong."""
    for row in range(len(deals)):
        deal, complexity, value = deals[row], 0, 0
        for edge in complexity_edges:
            complexity += deal["complexity"] >= edge
        for edge in value_edges:
            value += deal["value_k"] >= edge
        is_ours = deal["vendor"] == vendor
        counts[complexity, value, 0] += is_ours & (deal["outcome"] == Outcome.WON)
        counts[complexity, value, 1] += is_ours & (deal["outcome"] != Outcome.OPEN)
