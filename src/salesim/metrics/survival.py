"""Time to close with open deals as censored: Kaplan & Meier 1958, and Aalen & Johansen 1978 for competing outcomes."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from salesim.metrics.sums import HORIZON_WEEKS, YEAR_WEEKS, once, sums_of
from salesim.model.enums import Outcome
from salesim.model.records import Records

Numbers = npt.NDArray[np.float64]


class Closing(NamedTuple):
    """Shares of deals undecided, won, lost and dropped in week 0 to HORIZON_WEEKS - 1 since opening; their sum is 1."""

    undecided: Numbers
    won: Numbers
    lost: Numbers
    no_decision: Numbers


def durations(records: Records, vendor: int = 0) -> npt.NDArray[np.int64]:
    """Counts of (outcome, weeks open) of a vendor's deals, 4 x (HORIZON_WEEKS + 1); longer ones in the last column."""
    return np.asarray(sums_of(records).durations[vendor])


def closing(counts: npt.NDArray[Any], late: npt.NDArray[Any] | None = None) -> Closing:
    """Curves from `durations`, which may be summed over runs; NaN without deals.

    A deal still open after n weeks was at risk in weeks 0 to n and is censored after them. A curve stays
    constant once no deal is at risk. `late` counts deals by the weeks they were open when they came under observation (left
    truncation; HORIZON_WEEKS + 1 numbers); none was at risk before.
    """
    if not counts.sum():
        return Closing(*np.full((4, HORIZON_WEEKS), np.nan))
    unseen = 0 if late is None else late.sum() - late.cumsum()
    at_risk = np.maximum(1, counts.sum(axis=0)[::-1].cumsum()[::-1] - unseen)[:-1]
    hazards = counts[Outcome.WON :, :-1] / at_risk  # of being won, lost and dropped
    undecided = (1.0 - hazards.sum(axis=0)).cumprod()
    hazards[:, 1:] *= undecided[:-1]
    return Closing(undecided, *hazards.cumsum(axis=1))


@once
def curves_of(records: Records, vendor: int) -> Closing:
    """The curves of a vendor's deals."""
    return closing(durations(records, vendor))


def weeks_to_decision(records: Records, vendor: int) -> float:
    """Mean weeks from opening to any end, with open deals as censored: the area under the curve of undecided deals.

    At most HORIZON_WEEKS, and NaN for shorter runs, in which no deal was watched for so long. Unlike the mean over deals won it
    omits no deal, so it is not biased by slow deals that are still open.
    """
    if records.n_weeks < HORIZON_WEEKS:
        return float("nan")
    return float(curves_of(records, vendor).undecided.sum())


def won_in_year(curves: Closing) -> float:
    """Share of deals won within a year of opening."""
    return float(curves.won[YEAR_WEEKS])


def undecided_in_year(curves: Closing) -> float:
    """Share of deals that a year after opening are neither won nor lost: dropped, or still open."""
    return float(1.0 - curves.won[YEAR_WEEKS] - curves.lost[YEAR_WEEKS])


def weeks_to_win(curves: Closing) -> float:
    """Mean weeks from opening to signature of deals won within a year."""
    won = curves.won[: YEAR_WEEKS + 1].copy()
    won[1:] -= curves.won[:YEAR_WEEKS]
    return float(won @ np.arange(len(won)) / won.sum()) if won.sum() > 0.0 else float("nan")


def median_weeks_to_win(curves: Closing) -> float:
    """Weeks from opening in which half of the deals won within a year are, between whole weeks by a straight line."""
    won = curves.won[: YEAR_WEEKS + 1]
    return float(np.interp(won[-1] / 2.0, won, np.arange(len(won)))) if won[-1] > 0.0 else float("nan")


def of_curves(function: Callable[[Closing], float]) -> Callable[[Records, int], float]:
    """A measure: a function of the curves of a vendor's deals; NaN where no deal was watched for a year."""

    def measure(records: Records, vendor: int) -> float:
        return function(curves_of(records, vendor)) if records.n_weeks > YEAR_WEEKS else float("nan")

    measure.__doc__ = function.__doc__
    return measure


IN_YEAR = {each.__name__: each for each in (won_in_year, undecided_in_year, weeks_to_win, median_weeks_to_win)}
