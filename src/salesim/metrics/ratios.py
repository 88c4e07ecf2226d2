"""Ratios as measures have them: NaN where there is nothing to divide by."""

from salesim.metrics.sums import YEAR_WEEKS
from salesim.model.records import Records


def ratio(part: float, whole: float) -> float:
    """Part / whole; NaN if there is no whole."""
    return float(part / whole) if whole else float("nan")


def a_year(total: float, records: Records) -> float:
    """A total over the run as an amount a year."""
    return ratio(float(total) * YEAR_WEEKS, records.n_weeks)
