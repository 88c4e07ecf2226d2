"""Intervals and critical values of paired differences: every interval that is printed comes from here.

The unit of analysis is the difference of one seed; a table of differences has a row a seed and a column a question. An
interval is mean - critical * standard error to mean + critical * standard error, with critical values chosen so that all
intervals of a table hold the truth together:

- Columns with few seeds: Student's t with Bonferroni. A bootstrap of so few has intervals without bounds to speak of.
- The others: the quantiles of the largest t and of the largest -t over columns when seeds are resampled (bootstrap-t, max-t).
  That keeps the correlation of the columns, and one value for each side stands up to skewed measures. Where the error is too
  small to be read off the resamples, Student's t with Bonferroni, as many times wider as where it can be read.

A table with columns of both kinds shares its error out in proportion to their numbers (Bonferroni again). What counts is the
number of seeds that tell something: a column that has one value in 38 of 40 seeds has few.

Sources: Efron & Tibshirani 1993, ch. 12 (bootstrap-t); Westfall & Young 1993 (max-t). Measured: docs/proofs/interval_coverage.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special

Numbers = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

FEW_SEEDS = 20  # different values in a column, below which it is not resampled
RESAMPLES = 20_000
EXCEEDING = 50  # resamples beyond a quantile that is read off them; fewer say little
LARGEST_TABLE = 4_000_000  # resamples x seeds in memory at a time
NO_SPREAD, STUDENT, BOOTSTRAP, EXTRAPOLATED = "no spread", "Student's t", "bootstrap-t", "bootstrap-t, extrapolated"


class Moments(NamedTuple):
    """What is known of the columns of a table of differences (seeds x columns), NaN entries left out."""

    n: Numbers
    mean: Numbers
    error: Numbers  # standard errors of the means
    spread: Numbers  # differences less their mean, 0 where not `there`
    there: Mask

    @property
    def varies(self) -> Mask:
        """Columns with at least two entries and some spread."""
        return (self.n >= 2) & (self.error > 1e-12 * (1.0 + np.abs(self.mean)))

    @property
    def skewness(self) -> Numbers:
        """The mean cubed deviation over the cubed standard deviation; 0 without spread."""
        with np.errstate(invalid="ignore", divide="ignore"):
            second, third = ((self.spread**power).sum(axis=0) / self.n for power in (2, 3))
            ratio = third / second**1.5
        return np.where(self.varies, ratio, 0.0)


class Intervals(NamedTuple):
    """Means of the columns of a table with intervals, and how each came about; an array entry a column.

    A column without spread has an interval of no width, one with too few entries NaN ends. `may_differ` is the share of seeds
    that may differ from zero where all of them are zero: the upper bound that as many equal pairs give; 1 elsewhere.
    """

    n: Numbers
    mean: Numbers
    low: Numbers
    high: Numbers
    deviation: Numbers  # standard deviation of a seed's difference
    skewness: Numbers
    critical: Numbers  # standard errors from the mean to an end, mean of both sides
    method: npt.NDArray[np.str_]
    may_differ: Numbers


class Sides(NamedTuple):
    """Critical values: standard errors from the mean to the low and to the high end of an interval."""

    low: float
    high: float


def moments(differences: Numbers) -> Moments:
    """Counts, means, standard errors and spreads along the first axis of `differences`; NaN entries are left out."""
    there = ~np.isnan(differences)
    n = there.sum(axis=0)
    values = np.where(there, differences, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = values.sum(axis=0) / n
        spread = np.where(there, differences - mean, 0.0)
        error = np.sqrt((spread**2).sum(axis=0) / (n - 1) / n)
    return Moments(n, mean, error, spread, there)


def critical_t(n: npt.ArrayLike, error: float, comparisons: int = 1) -> Numbers:
    """Two-sided critical value of Student's t for means of n, wrong with chance `error` in any of some comparisons.

    It is taken from the tail, so that tiny errors are exact; infinite where n is 1 or less.
    """
    freedom = np.asarray(n, float) - 1.0
    value = -special.stdtrit(np.maximum(freedom, 1.0), error / (2.0 * comparisons))
    return np.where(freedom >= 1.0, value, np.inf)


def student(differences: Numbers, confidence: float, comparisons: int = 1) -> tuple[Numbers, Numbers, Numbers]:
    """Means along the first axis, and low and high ends of Student's t intervals; Bonferroni over `comparisons`.

    With fewer than two entries the ends are NaN.
    """
    known = moments(differences)
    with np.errstate(invalid="ignore"):
        width = np.where(known.n >= 2, critical_t(known.n, 1.0 - confidence, comparisons) * known.error, np.nan)
    return known.mean, known.mean - width, known.mean + width


def simultaneous(differences: Numbers, confidence: float) -> Intervals:
    """Intervals of the columns of `differences` (seeds x columns) that all hold together with this confidence.

    NaN entries are left out. The bootstrap has a fixed key, so equal tables give equal intervals.
    """
    return simultaneous_at(differences, 1.0 - confidence)


def simultaneous_at(differences: Numbers, error: float, fewest: int = 2) -> Intervals:
    """The same for the chance `error` that any interval misses, however small; columns with under `fewest` have NaN ends."""
    known = moments(differences)
    enough = known.n >= fewest
    varies = known.varies & enough
    telling = seeds_that_tell(differences)
    many = varies & (telling >= FEW_SEEDS)
    columns = max(int(varies.sum()), 1)
    down = np.where(varies, critical_t(telling, error, columns), np.where(enough, 0.0, np.nan))
    up, method = down.copy(), np.where(varies, STUDENT, np.where(enough, NO_SPREAD, ""))
    if many.any():
        fewest_entries, part = int(known.n[many].min()), error * int(many.sum()) / columns
        sides, name = resampled_sides(known.spread[:, many], known.there[:, many], fewest_entries, part)
        down, up, method = (np.where(many, new, old) for new, old in ((sides.low, down), (sides.high, up), (name, method)))
    width = np.where(varies, known.error, 0.0)
    same = enough & ~varies & (known.mean == 0.0)
    return Intervals(
        known.n, known.mean, known.mean - down * width, known.mean + up * width, known.error * np.sqrt(known.n),
        known.skewness, (down + up) / 2.0, method, np.where(same, share_that_may_differ(known.n, error), 1.0),
    )  # fmt: skip


def share_that_may_differ(n: npt.ArrayLike, error: float) -> Numbers:
    """Upper bound of the chance of an event that n seeds have not shown: 1 - error^(1 / n).

    Source: Clopper & Pearson 1934, for none of n; Hanley & Lippman-Hand 1983 (the rule of three, 3 / n).
    """
    return np.asarray(1.0 - error ** (1.0 / np.maximum(np.asarray(n, float), 1.0)))


def seeds_that_tell(differences: Numbers) -> Numbers:
    """Entries of each column beside its most frequent value, and one for that; NaN entries do not count.

    Where 38 of 40 seeds have one value, the others are too few to say how far such seeds can differ.
    """
    counts = [np.unique(column[~np.isnan(column)], return_counts=True)[1] for column in differences.T]
    return np.array([count.sum() - count.max(initial=0) + 1 for count in counts], float)


def resampled_sides(spread: Numbers, there: Mask, fewest: int, error: float) -> tuple[Sides, str]:
    """Critical values of both sides, half of the error for each, and the method.

    `spread` is centred, 0 where not `there`; `fewest` are the entries of the column that has fewest.
    """
    readable = 2 * EXCEEDING / RESAMPLES
    extremes = extreme_t(spread, there, RESAMPLES)
    if error >= readable:
        return sides(extremes, error), BOOTSTRAP
    seen, columns = sides(extremes, readable), spread.shape[1]
    plain, wanted = (float(critical_t(fewest, each, columns)) for each in (readable, error))
    return Sides(*(max(1.0, side / plain) * wanted for side in seen)), EXTRAPOLATED


def sides(extremes: Numbers, error: float) -> Sides:
    """Critical values read off the largest -t and t of resamples, half of the error for each side.

    The largest t says how far a mean may lie above the truth, and so how far down an interval has to reach.
    """
    below, above = np.quantile(extremes, 1.0 - error / 2.0, axis=0, method="higher").tolist()
    return Sides(low=above, high=below)


def extreme_t(spread: Numbers, there: Mask, resamples: int) -> Numbers:
    """The largest -t and the largest t over columns (resamples x 2); `spread` is centred, 0 where not `there`."""
    part = max(1, min(resamples, LARGEST_TABLE // len(spread)))
    parts = [_extremes_of(resampled(len(spread), part, start), spread, there) for start in range(0, resamples, part)]
    return np.concatenate(parts)[:resamples]


def _extremes_of(weights: Numbers, spread: Numbers, there: Mask) -> Numbers:
    """The largest -t and the largest t over columns for each row of weights (resamples x seeds)."""
    n = weights @ there
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = weights @ spread / n
        variance = weights @ spread**2 / n - mean**2
        variance[variance < 1e-12 * (spread**2).mean(axis=0)] = 0.0
        t = mean / np.sqrt(variance / (n - 1))
    t[np.isnan(t)] = 0.0  # nobody drawn, or nothing moved
    return np.column_stack([-t.min(axis=1), t.max(axis=1)])


@lru_cache(maxsize=8)
def resampled(seeds: int, resamples: int, start: int) -> Numbers:
    """How often every resample (rows, from `start`) draws every seed (columns); keyed, so equal tables give equal results."""
    generator = np.random.default_rng([2004, start] if start else 2004)
    return generator.multinomial(seeds, np.full(seeds, 1.0 / seeds), size=resamples).astype(float)
