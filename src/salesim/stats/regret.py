"""Which arm has the smallest maximum regret? Regret is the difference of an arm from the best arm at the same point.

Source: Savage 1951 (minimax regret). The maximum of many noisy regrets is biased upwards. It therefore only selects a point,
and the regret there is measured on other seeds. That point need not be the worst one, so the measured regret is a lower
bound of the maximum regret; `largest_regret_high` gives an upper bound.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from salesim.stats.intervals import Numbers, student


def regrets(means: pd.DataFrame) -> pd.DataFrame:
    """Regret of each arm at each point; `means` has one row per point and one column per arm, and larger is better."""
    return means.rsub(means.max(axis=1), axis=0)


def summary(means: pd.DataFrame) -> pd.DataFrame:
    """One row per arm: share of points at which it is best, mean and 90 % quantile of its regret, and where that is largest.

    There, at `worst_point`, it is `behind` the best arm. Points at which an arm was not measured are left out; if none is left,
    `worst_point` is -1.
    """
    complete = means.dropna()
    regret, best = regrets(complete), complete.columns.to_numpy()[complete.to_numpy(float).argmax(axis=1)]
    rows = []
    for arm, mine in regret.items():
        place = int(np.argmax(mine)) if len(mine) else -1
        worst = (int(mine.index[place]), best[place]) if len(mine) else (-1, "")
        rows.append((arm, float((best == arm).mean()) if len(mine) else np.nan, mine.mean(), mine.quantile(0.9), *worst))
    return pd.DataFrame(rows, columns=["arm", "best_share", "mean_regret", "regret_9_in_10", "worst_point", "behind"])


def largest_regret_high(values: Mapping[str, Numbers], arm: str, confidence: float) -> float:
    """An upper bound of the maximum regret of an arm; `values` has points x seeds for each arm, and larger is better.

    It is the largest upper end of the separate intervals over all points and other arms. It is at least the end at the point
    and arm that make the maximum regret, so it needs no correction for multiplicity; it is conservative.
    """
    gaps = [other - values[arm] for name, other in values.items() if name != arm]
    return float(np.nanmax(student(np.vstack(gaps).T, confidence)[2], initial=0.0))
