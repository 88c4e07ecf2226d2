"""Repeated looks at paired differences: intervals that hold at all looks together, so stopping at any of them is allowed.

At look k the intervals of all declared differences hold together with error `levels[k]`; the levels sum to the error of the
whole study. Therefore, with probability 1 - error, *every* interval of every look holds the truth: any rule may decide
which arm goes on and when to stop, and every statement read off an interval (higher, lower, equivalent) keeps its error.
The levels are the increments of the O'Brien-Fleming-type spending function, so early looks decide on large effects alone.

Within a look the critical value is that of the largest |t| under resampling of seeds (`paired.largest_t`), a bootstrap-t that
keeps the correlation of measures and arms. Where a level is too small to be read off the resamples, it is Student's t with
Bonferroni, widened by what the bootstrap-t says of skewness where it can still be read.

Sources: O'Brien & Fleming 1979; Lan & DeMets 1983 (spending); Jennison & Turnbull 1989 (repeated intervals); Efron &
Tibshirani 1993, ch. 12 (bootstrap-t); Westfall & Young 1993 (max-t).
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy import special

from salesim.compare.paired import Moments, Numbers, largest_t, moments

RESAMPLES = 10_000
EXCEEDING = 50  # resamples beyond a quantile that is read off them; fewer say little
FEWEST = 10  # pairs of a difference that is judged at all
SKEWED = 1.0  # skewness from which a measure is called skewed


class Intervals(NamedTuple):
    """Means and intervals of all differences at one look, and how the critical value was found."""

    n: Numbers
    mean: Numbers
    low: Numbers
    high: Numbers
    deviation: Numbers  # standard deviation of a pair
    skewness: Numbers
    critical: float
    method: str


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
    known = moments(differences)
    enough = known.n >= FEWEST
    usable = known.varies & enough
    critical, method = critical_at(known, usable, level) if usable.any() else (0.0, "no spread")
    width = np.where(usable, critical * known.error, np.where(enough, 0.0, np.nan))
    deviation = known.error * np.sqrt(known.n)
    return Intervals(known.n, known.mean, known.mean - width, known.mean + width, deviation, skewness(known), critical, method)


def critical_at(known: Moments, usable: np.ndarray, level: float) -> tuple[float, str]:
    """Critical value of the usable columns at this level, and the method in words."""
    largest = largest_t(known.spread[:, usable], known.there[:, usable], RESAMPLES)
    readable = EXCEEDING / RESAMPLES
    if level >= readable:
        found = float(np.quantile(largest, 1.0 - level, method="higher"))
        if np.isfinite(found):
            return found, "bootstrap-t, largest over all"
    fewest, columns = int(known.n[usable].min()), int(usable.sum())
    seen = min(float(np.quantile(largest, 1.0 - readable, method="higher")), np.finfo(float).max)
    wider = max(1.0, seen / student(fewest, readable, columns))
    return wider * student(fewest, level, columns), f"Student's t with Bonferroni, {wider:.2f} times as wide for skewness"


def student(n: int, level: float, columns: int) -> float:
    """Two-sided critical value of Student's t, Bonferroni over columns; of the tail, so that tiny levels are exact."""
    return float(-special.stdtrit(n - 1, level / (2.0 * columns)))


def skewness(known: Moments) -> Numbers:
    """Skewness of each column: the mean cubed deviation over the cubed standard deviation; 0 without spread."""
    with np.errstate(invalid="ignore", divide="ignore"):
        second, third = ((known.spread**power).sum(axis=0) / known.n for power in (2, 3))
        found = third / second**1.5
    return np.where(known.varies, found, 0.0)


def judged(low: float, high: float, matter: float) -> str:
    """What an interval settles: "higher", "lower", "equal", "equivalent", "cannot tell", or "nothing to compare".

    `matter` is the smallest difference that matters, in the unit of the interval.
    """
    if not np.isfinite(low):
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
