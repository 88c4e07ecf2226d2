"""Which arm has the smallest maximum regret? Regret is the difference of an arm from the best arm at the same point.

Source: Savage 1951 (minimax regret). The maximum of many noisy regrets is biased upwards. It therefore only selects a point,
and the regret there is measured on other seeds. That point need not be the worst one, so the measured regret is a lower
bound of the maximum regret; `largest_regret_high` gives an upper bound.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from salesim.stats.intervals import Numbers, student


class Worst(NamedTuple):
    """The point at which an arm falls farthest behind, and the arm that is best there."""

    arm: str
    point: int
    best: str


def regrets(means: pd.DataFrame) -> pd.DataFrame:
    """Regret of each arm at each point; `means` has one row per point and one column per arm, and larger is better."""
    values: Numbers = means.to_numpy(float)
    return pd.DataFrame(np.nanmax(values, axis=1)[:, None] - values, index=means.index, columns=means.columns)


def worst_points(means: pd.DataFrame) -> list[Worst]:
    """For each arm the point of its largest regret. Points at which an arm was not measured are left out."""
    complete = means.dropna()
    if complete.empty:
        return []
    behind, best = regrets(complete), complete.idxmax(axis=1)
    return [Worst(str(arm), int(place), str(best.loc[place])) for arm, place in behind.idxmax().items()]


def summary(means: pd.DataFrame) -> pd.DataFrame:
    """One row per arm: share of points at which it is the best, and the mean and the 90 % quantile of its regret."""
    complete = means.dropna()
    behind, best = regrets(complete), complete.idxmax(axis=1)
    rows = [(arm, float((best == arm).mean()), behind[arm].mean(), behind[arm].quantile(0.9)) for arm in complete.columns]
    return pd.DataFrame(rows, columns=["arm", "best_share", "mean_regret", "regret_9_in_10"])


def largest_regret_high(values: Mapping[str, Numbers], arm: str, confidence: float) -> float:
    """An upper bound of the maximum regret of an arm; `values` has points x seeds for each arm, and larger is better.

    It is the largest upper end of the separate intervals over all points and other arms. It is at least the end at the point
    and arm that make the maximum regret, so it needs no correction for multiplicity; it is conservative.
    """
    gaps = [other - values[arm] for name, other in values.items() if name != arm]
    return float(np.nanmax(student(np.vstack(gaps).T, confidence)[2], initial=0.0))
