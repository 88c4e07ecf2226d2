"""Interim analyses of paired differences: how the error is spent, and what an interval settles.

At interim analysis k the intervals of all declared differences hold together with error `levels[k]`; the levels sum to the
error of the whole study. Therefore, with probability 1 - error, *every* interval of every interim analysis holds the truth:
any rule may decide which arm goes on and when to stop, and every verdict read off an interval keeps its error.

The levels are the increments of the spending function error * t^2, where t is the share of all pairs that are played. Large
effects are settled early, and the last interval of a single difference is hardly wider than without interim analyses.

Sources: Lan & DeMets 1983 (spending); Kim & DeMets 1987 (powers of t); Jennison & Turnbull 1989 (repeated intervals).
"""

from collections.abc import Sequence

import numpy as np

FEWEST = 10  # pairs of a difference that gets an interval at all
POWER = 2.0  # of the share of pairs in the spending function


def spent(share: float, error: float) -> float:
    """Error that may be spent when `share` (0 to 1) of all pairs are played: error * share^2. Source: Kim & DeMets 1987."""
    return float(error * share**POWER)


def levels(analyses: Sequence[int], error: float) -> list[float]:
    """The error of each interim analysis (pairs, increasing); they sum to `error`.

    >>> [round(level, 4) for level in levels([10, 20, 40], 0.048)]
    [0.003, 0.009, 0.036]
    """
    totals = [spent(pairs / analyses[-1], error) for pairs in analyses]
    return [total - before for total, before in zip(totals, [0.0, *totals], strict=False)]


def verdict(low: float, high: float, margin: float) -> str:
    """What an interval says: "higher", "lower", "equal", "equivalent", "cannot tell", or "nothing to compare".

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
    """Whether a difference is at least the equivalence margin: "yes", "no", or "unknown" where its interval holds it."""
    if min(abs(low), abs(high)) >= margin and low * high > 0.0:
        return "yes"
    return "no" if -margin < low and high < margin else "unknown"
