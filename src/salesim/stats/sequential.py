"""Repeated looks at paired differences: intervals that hold at all looks together, so stopping at any of them is allowed.

At look k the intervals of all declared differences hold together with error `levels[k]`; the levels sum to the error of the
whole study. Therefore, with probability 1 - error, *every* interval of every look holds the truth: any rule may decide
which arm goes on and when to stop, and every statement read off an interval (higher, lower, equivalent) keeps its error.
The levels are the increments of the O'Brien-Fleming-type spending function, so early looks decide on large effects alone.

Within a look the intervals are those of `intervals.simultaneous_at`.

Sources: O'Brien & Fleming 1979; Lan & DeMets 1983 (spending); Jennison & Turnbull 1989 (repeated intervals).
"""

from collections.abc import Sequence

import numpy as np
from scipy import special

from salesim.stats.intervals import Intervals, Numbers, simultaneous_at

FEWEST = 10  # pairs of a difference that is judged at all
SKEWED = 1.0  # skewness from which a measure is called skewed


def spent(share: float, error: float) -> float:
    """Error that may be spent when `share` (0 to 1) of all pairs are played: 2 (1 - Phi(z(1 - error/2) / sqrt(share))).

    Source: Lan & DeMets 1983, the function that resembles O'Brien & Fleming's boundaries.
    """
    return float(2.0 * special.ndtr(special.ndtri(error / 2.0) / np.sqrt(share)))


def levels(looks: Sequence[int], error: float) -> list[float]:
    """The error of each look (pairs, increasing); they sum to `error`."""
    totals = [spent(n / looks[-1], error) for n in looks]
    return [total - before for total, before in zip(totals, [0.0, *totals], strict=False)]


def intervals(differences: Numbers, level: float) -> Intervals:
    """Intervals of the columns of `differences` (seeds x columns) that miss together with chance `level`.

    NaN entries are left out; a column with fewer than FEWEST entries has NaN ends, one without spread no width.
    """
    return simultaneous_at(differences, level, FEWEST)


def judged(low: float, high: float, matter: float) -> str:
    """What an interval settles: "higher", "lower", "equal", "equivalent", "cannot tell", or "nothing to compare".

    `matter` is the smallest difference that matters, in the unit of the interval.
    """
    if np.isnan(low):
        return "nothing to compare"
    if low == high == 0.0:
        return "equal"
    if low > 0.0:
        return "higher"
    if high < 0.0:
        return "lower"
    return "equivalent" if -matter < low and high < matter else "cannot tell"


def matters(low: float, high: float, matter: float) -> str:
    """Whether a difference is large enough to matter: "yes", "no", or "unknown" where its interval holds `matter`."""
    if min(abs(low), abs(high)) >= matter and low * high > 0.0:
        return "yes"
    return "no" if -matter < low and high < matter else "unknown"


def pairs_needed(mean: float, deviation: float, matter: float, critical: float, power: float = 0.9) -> float:
    """Pairs after which a difference is probably settled, if mean and standard deviation of a pair are as given.

    The lesser of what is needed to see a difference from 0, ((c + z) s / |mean|)^2, and to call it equivalent,
    ((c + z) s / (matter - |mean|))^2, where z is the normal quantile of `power`.
    """
    reach = (critical + float(special.ndtri(power))) * deviation
    away, inside = abs(mean), matter - abs(mean)
    ways = [(reach / room) ** 2 for room in (away, inside) if room > 0.0]
    return min(ways, default=float("inf"))
