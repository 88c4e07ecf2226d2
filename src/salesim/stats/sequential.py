"""Interim analyses of paired differences: alpha spending, and the verdict of an interval.

At interim analysis k the intervals of all declared differences hold simultaneously with alpha `levels[k]`; the levels sum to
the alpha of the whole study. Therefore, with probability 1 - alpha, *every* interval of every interim analysis contains the
true difference. Any rule may decide which arms continue and when to stop, and the verdicts of the intervals remain valid.

The levels are the increments of the spending function alpha * t^2, where t is the share of all pairs that have been run. Large
effects are settled early, and the last interval of a single difference is hardly wider than without interim analyses.

Sources: Lan & DeMets 1983 (spending); Kim & DeMets 1987 (powers of t); Jennison & Turnbull 1989 (repeated intervals).
"""

from collections.abc import Sequence

import numpy as np

FEWEST = 10  # pairs that a difference needs for an interval
POWER = 2.0  # exponent of the share of pairs in the spending function


def alpha_spent(share: float, alpha: float) -> float:
    """Cumulative alpha spent when `share` (0 to 1) of all pairs have been run: alpha * share^2. Source: Kim & DeMets 1987."""
    return float(alpha * share**POWER)


def levels(analyses: Sequence[int], alpha: float) -> list[float]:
    """The alpha of each interim analysis (its number of pairs, increasing); they sum to `alpha`.

    >>> [round(level, 4) for level in levels([10, 20, 40], 0.048)]
    [0.003, 0.009, 0.036]
    """
    totals = [alpha_spent(pairs / analyses[-1], alpha) for pairs in analyses]
    return [total - before for total, before in zip(totals, [0.0, *totals], strict=False)]


def verdict(low: float, high: float, margin: float) -> str:
    """The verdict of an interval: "higher", "lower", "equal", "equivalent", "cannot tell", or "nothing to compare".

    Differences within the equivalence `margin` (> 0, in the unit of the interval) count as none.
    """
    if np.isnan(low):
        return "nothing to compare"
    if low == high == 0.0:
        return "equal"
    if low > 0.0:
        return "higher"
    if high < 0.0:
        return "lower"
    return "equivalent" if -margin < low and high < margin else "cannot tell"


def beyond_margin(low: float, high: float, margin: float) -> str:
    """Whether a difference is at least the equivalence margin: "yes", "no", or "unknown" where its interval contains it."""
    if min(abs(low), abs(high)) >= margin and low * high > 0.0:
        return "yes"
    return "no" if -margin < low and high < margin else "unknown"
