"""Time to close with open deals as censored: Kaplan & Meier 1958, and Aalen & Johansen 1978 for competing outcomes."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from salesim.metrics.sums import HORIZON_WEEKS, sums_of
from salesim.model.enums import Outcome
from salesim.model.records import Records

ENDS = {"won": Outcome.WON, "lost": Outcome.LOST, "no_decision": Outcome.NO_DECISION}
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


def closing(counts: npt.NDArray[np.int64]) -> Closing:
    """Curves from `durations`, which may be summed over runs; NaN without deals.

    A deal still open after n weeks was at risk in weeks 0 to n and is censored after them. A curve stays
    constant once no deal is at risk.
    """
    if not counts.sum():
        return Closing(*np.full((4, HORIZON_WEEKS), np.nan))
    at_risk = np.maximum(1, counts.sum(axis=0)[::-1].cumsum()[::-1])[:-1]
    hazards = {name: counts[outcome, :-1] / at_risk for name, outcome in ENDS.items()}
    undecided = np.cumprod(1.0 - sum(hazards.values()))
    before = np.concatenate(([1.0], undecided[:-1]))
    return Closing(undecided, **{name: np.cumsum(before * hazard) for name, hazard in hazards.items()})


def weeks_to_decision(records: Records, vendor: int) -> float:
    """Mean weeks from opening to any end, with open deals as censored: the area under the curve of undecided deals.

    At most HORIZON_WEEKS, and NaN for shorter runs, in which no deal was watched for so long. Unlike the mean over deals won it
    omits no deal, so it is not biased by slow deals that are still open.
    """
    if records.n_weeks < HORIZON_WEEKS:
        return float("nan")
    return float(closing(durations(records, vendor)).undecided.sum())
