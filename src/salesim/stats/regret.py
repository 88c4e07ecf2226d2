"""Which arm loses least at its worst? Regret is how far an arm stays behind the best arm of the same point.

Source: Savage 1951 (minimax regret). The largest of many noisy regrets is too large, so it is only used to find a point that is
bad; the regret there is measured on seeds that did not choose it. That point need not be the worst one, so what was measured
is a lower end of the largest regret; `largest_regret_high` gives an upper end.
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
    """How far each arm is behind the best of its point; `means` has a row a point and a column an arm, up is better."""
    values: Numbers = means.to_numpy(float)
    return pd.DataFrame(np.nanmax(values, axis=1)[:, None] - values, index=means.index, columns=means.columns)


def worst_points(means: pd.DataFrame) -> list[Worst]:
    """For each arm the point of its largest regret. Points at which an arm was not measured are left out."""
    known = means.dropna()
    if known.empty:
        return []
    behind, best = regrets(known), known.idxmax(axis=1)
    return [Worst(str(arm), int(place), str(best.loc[place])) for arm, place in behind.idxmax().items()]


def summary(means: pd.DataFrame) -> pd.DataFrame:
    """A row an arm: share of points at which it is the best, and mean and nine-in-ten quantile of its regret."""
    known = means.dropna()
    behind, best = regrets(known), known.idxmax(axis=1)
    rows = [(arm, float((best == arm).mean()), behind[arm].mean(), behind[arm].quantile(0.9)) for arm in known.columns]
    return pd.DataFrame(rows, columns=["arm", "best_share", "mean_regret", "regret_9_in_10"])


def largest_regret_high(values: Mapping[str, Numbers], arm: str, confidence: float) -> float:
    """An upper end of the largest regret of an arm; `values` has the points x seeds of each arm, up is better.

    It is the largest upper end over all points and other arms, each with an interval for itself. As it is at least the one at
    the point and arm that make the largest regret, no correction for their number is needed. It errs upwards, never down.
    """
    gaps = [other - values[arm] for name, other in values.items() if name != arm]
    return float(np.nanmax(student(np.vstack(gaps).T, confidence)[2], initial=0.0))
