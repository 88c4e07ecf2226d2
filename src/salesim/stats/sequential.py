"""Repeated looks at paired differences: intervals that hold at all looks together, so stopping at any of them is allowed.

At look k the intervals of all declared differences hold together with error `levels[k]`; the levels sum to the error of the
whole study. Therefore, with probability 1 - error, *every* interval of every look holds the truth: any rule may decide
which arm goes on and when to stop, and every statement read off an interval (higher, lower, equivalent) keeps its error.
The levels are the increments of the O'Brien-Fleming-type spending function, so early looks decide on large effects alone.

Within a look the critical values, one for each side, are those of the largest t and the largest -t under resampling of seeds
(`paired.extreme_t`), a bootstrap-t that keeps the correlation of measures and arms. Half of the error goes to each side: a
skewed measure errs on one side, and one value for both would be too narrow there and too wide on the other. Where a level is
too small to be read off the resamples, it is Student's t with Bonferroni, each side widened by what the bootstrap-t says of
skewness where it can still be read.

Sources: O'Brien & Fleming 1979; Lan & DeMets 1983 (spending); Jennison & Turnbull 1989 (repeated intervals); Efron &
Tibshirani 1993, ch. 12 (bootstrap-t); Westfall & Young 1993 (max-t).
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special

from salesim.stats.paired import Moments, Numbers, extreme_t, moments

RESAMPLES = 20_000
EXCEEDING = 50  # resamples beyond a quantile that is read off them; fewer say little
FEWEST = 10  # pairs of a difference that is judged at all
SKEWED = 1.0  # skewness from which a measure is called skewed
Mask = npt.NDArray[np.bool_]


class Intervals(NamedTuple):
    """Means and intervals of all differences at one look, and how the critical value was found."""

    n: Numbers
    mean: Numbers
    low: Numbers
    high: Numbers
    deviation: Numbers  # standard deviation of a pair
    skewness: Numbers
    critical: float  # of both sides on average
    method: str


class Sides(NamedTuple):
    """Critical values: standard errors from the mean to the low and to the high end of an interval."""

    low: float
    high: float

    @property
    def mean(self) -> float:
        """Of both sides on average."""
        return (self.low + self.high) / 2.0


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

    NaN entries are left out; a column with fewer than FEWEST entries has NaN ends, one without spread no width, and one that
    is the same in too many seeds has infinite ends.
    """
    known = moments(differences)
    enough = known.n >= FEWEST
    wanted = known.varies & enough
    readable = 2 * EXCEEDING / RESAMPLES
    usable, extremes = resolved(
        lambda columns: extreme_t(known.spread[:, columns], known.there[:, columns], RESAMPLES),
        wanted, commonest(differences), max(level, readable),
    )  # fmt: skip
    critical, method = Sides(0.0, 0.0), "no spread"
    if usable.any():
        critical, method = critical_at(extremes, int(known.n[usable].min()), int(usable.sum()), level)
    low, high = ends(known.mean, known.error, critical, (enough, wanted, usable))
    deviation = known.error * np.sqrt(known.n)
    return Intervals(known.n, known.mean, low, high, deviation, skewness(known), critical.mean, method)


def ends(mean: Numbers, error: Numbers, critical: Sides, which: tuple[Mask, Mask, Mask]) -> tuple[Numbers, Numbers]:
    """Ends of intervals; `which` columns have enough entries, which of them vary, and which of those can be resampled."""
    enough, wanted, usable = which
    unusable = np.where(wanted, np.inf, np.where(enough, 0.0, np.nan))
    down, up = (np.where(usable, side * error, unusable) for side in critical)
    return mean - down, mean + up


def resolved(extremes: Callable[[Mask], Numbers], wanted: Mask, common: Numbers, level: float) -> tuple[Mask, Numbers]:
    """The wanted columns that resamples can say something of, and their `extremes`.

    In a column that is the same in nearly all seeds, many resamples have no spread at all, and t is infinite. Such columns are
    set aside, the most `common` first, until the critical values of the others are finite.
    """
    usable = wanted.copy()
    while usable.any():
        found = extremes(usable)
        if np.isfinite(sides(found, level)).all():
            return usable, found
        usable[np.argmax(np.where(usable, common, -1.0))] = False
    return usable, np.zeros((1, 2))


def commonest(differences: Numbers) -> Numbers:
    """The share of its entries that a column's most common value has; 0 where there are none."""
    found = []
    for column in differences.T:
        counts = np.unique(column[~np.isnan(column)], return_counts=True)[1]
        found.append(counts.max() / counts.sum() if len(counts) else 0.0)
    return np.array(found)


def critical_at(extremes: Numbers, fewest: int, columns: int, level: float) -> tuple[Sides, str]:
    """Critical values at this level, half of it for each side, and the method in words.

    `extremes` are the largest -t and t of resamples, `fewest` the entries of the column that has fewest.
    """
    readable = 2 * EXCEEDING / RESAMPLES
    if level >= readable:
        return sides(extremes, level), "bootstrap-t, largest over all"
    seen, plain = sides(extremes, readable), student(fewest, readable, columns)
    low, high = (max(1.0, side / plain) for side in seen)
    wider = Sides(*(each * student(fewest, level, columns) for each in (low, high)))
    return wider, f"Student's t with Bonferroni, {low:.2f} and {high:.2f} times as wide for skewness"


def sides(extremes: Numbers, level: float) -> Sides:
    """Critical values read off the largest -t and t of resamples, half of the level for each side.

    The largest t says how far a mean may lie above the truth, and so how far down an interval has to reach.
    """
    below, above = np.quantile(extremes, 1.0 - level / 2.0, axis=0, method="higher").tolist()
    return Sides(low=above, high=below)


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
