"""A run month by month, for what weeks are too fine and years too coarse to show.

Months follow the 4-4-5 calendar of accounting: each quarter of 13 weeks has months of 4, 4 and 5 weeks, so that twelve months
are a year of 52 weeks. What is left of the last month of a run that ends within it is a month of fewer weeks.
"""

import numpy as np
import numpy.typing as npt

from salesim.metrics.facts import QUARTER_WEEKS
from salesim.model.records import Records

YEAR_MONTHS = 12
MONTHS = ("revenue_k", "operating_profit_k", "deals_won", "open_deals")


def month_of(week: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The month of each week, both counted from 0.

    >>> month_of(np.array([0, 3, 4, 8, 12, 13, 51, 52])).tolist()
    [0, 0, 1, 2, 2, 3, 11, 12]
    """
    quarter, within = np.divmod(week, QUARTER_WEEKS)
    month: npt.NDArray[np.int64] = 3 * quarter + np.minimum(within // 4, 2)
    return month


def monthly(records: Records, vendor: int = 0) -> dict[str, list[float]]:
    """One row per month of one vendor, as columns: month, weeks, and MONTHS; `open_deals` are those at its end."""
    rows = records.weeks.view(np.ndarray)[vendor :: max(1, records.n_vendors)]
    months, first, weeks = np.unique(month_of(np.arange(len(rows))), return_index=True, return_counts=True)
    totals = {name: np.add.reduceat(rows[column], first) for name, column in _SUMMED.items()}
    columns = {"month": months, "weeks": weeks, **totals, "open_deals": rows["open_deals"][first + weeks - 1]}
    return {name: column.tolist() for name, column in columns.items()}


_SUMMED = {"revenue_k": "revenue_k", "operating_profit_k": "operating_profit_k", "deals_won": "won"}
