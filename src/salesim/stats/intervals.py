"""Intervals and critical values of paired differences: every interval that is printed comes from here.

The unit of analysis is the difference of one seed; a table of differences has a row a seed and a column a question. An
interval reaches some standard errors down and up from the mean. How many, comes from resampling seeds (bootstrap-t): the
quantiles of the largest t and of the largest -t over all columns of the table, so that all of its intervals hold together,
the correlation of columns is used, and skewed measures are covered on both sides.

What n seeds can say of a small error is limited: `readable_error` is 5 % for FEW_SEEDS, and more for fewer. Where a smaller
error is asked, the interval is Student's t with Bonferroni, made wider by as much as the bootstrap-t is wider at the readable
error. So normal differences of four seeds have Student's intervals, skewed ones have wider ones, and there is no number of
seeds at which one method gives way to another. Columns in which few seeds tell anything (one value in 38 of 40) have
Student's t with the degrees of freedom of those few, and leave the others as they are.

Sources: Efron & Tibshirani 1993, ch. 12 (bootstrap-t); Westfall & Young 1993 (max-t). The readable error is chosen by the
coverage measured in docs/proofs/interval_coverage.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special

Numbers = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

FEW_SEEDS = 20  # with fewer, an error of 5 % cannot be read off resamples
FEWEST_RESAMPLED = 4  # with fewer, many resamples are of one seed alone
RESAMPLES = 20_000  # at most
EXCEEDING = 50  # resamples beyond a quantile that is read off them; fewer say little
LARGEST_TABLE = 4_000_000  # resamples x seeds in memory at a time
BLOCK = 200  # columns at a time where each is by itself
NO_SPREAD, STUDENT, BOOTSTRAP, WIDENED = "no spread", "Student's t", "bootstrap-t", "Student's t, wider"


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


def bonferroni(confidence: float, parts: int) -> float:
    """Confidence of each of several tables or analyses, so that all of them together err no more than one would."""
    return 1.0 - (1.0 - confidence) / max(parts, 1)


def simultaneous(differences: Numbers, confidence: float) -> Intervals:
    """Intervals of the columns of `differences` (seeds x columns) that all hold together with this confidence.

    NaN entries are left out. The bootstrap has a fixed key, so equal tables give equal intervals.
    """
    return simultaneous_at(differences, 1.0 - confidence)


def separate(differences: Numbers, confidence: float) -> Intervals:
    """The same for each column by itself: nothing holds for all columns at once."""
    parts = [differences[:, start : start + BLOCK] for start in range(0, differences.shape[1], BLOCK)]
    blocks = [simultaneous_at(part, 1.0 - confidence, alone=True) for part in parts]
    return Intervals(*(np.concatenate(each) for each in zip(*blocks, strict=True)))


def simultaneous_at(differences: Numbers, error: float, fewest: int = 2, *, alone: bool = False) -> Intervals:
    """As `simultaneous`, for the chance `error` that any misses, however small; columns of under `fewest` have NaN ends.

    With `alone`, the error is that of each column by itself.
    """
    differences = differences[~np.isnan(differences).all(axis=1)]
    known, telling = moments(differences), seeds_that_tell(differences)
    enough = known.n >= fewest
    varies = known.varies & enough
    many = varies & (telling >= np.maximum(FEWEST_RESAMPLED, np.minimum(known.n, FEW_SEEDS) / 2))
    columns = 1 if alone else max(int(varies.sum()), 1)
    plain = np.where(varies, critical_t(telling, error, columns), np.where(enough, 0.0, np.nan))
    sides = np.stack([plain, plain])
    method = np.where(varies, STUDENT, np.where(enough, NO_SPREAD, "")).astype("U20")
    if many.any():
        part, fewest_telling = error * (1.0 if alone else many.sum() / columns), int(telling[many].min())
        sides[:, many], method[many] = _resampled_sides(known, many, fewest_telling, part, alone)
    width = np.where(varies, known.error, 0.0)
    same = enough & ~varies & (known.mean == 0.0)
    return Intervals(
        known.n, known.mean, known.mean - sides[0] * width, known.mean + sides[1] * width, known.error * np.sqrt(known.n),
        known.skewness, sides.mean(axis=0), method, np.where(same, share_that_may_differ(known.n, error), 1.0),
    )  # fmt: skip


def share_that_may_differ(n: npt.ArrayLike, error: float) -> Numbers:
    """Upper bound of the chance of an event that n seeds have not shown: 1 - error^(1 / n).

    Source: Clopper & Pearson 1934, for none of n; Hanley & Lippman-Hand 1983 (the rule of three, 3 / n).
    """
    return np.asarray(1.0 - error ** (1.0 / np.maximum(np.asarray(n, float), 1.0)))


def share_interval(count: int, n: int, confidence: float = 0.95) -> tuple[float, float, float]:
    """The share count / n with the ends of its interval; NaN where n is 0. Source: Wilson 1927.

    >>> [round(end, 3) for end in share_interval(8, 10)]
    [0.8, 0.49, 0.943]
    """
    if not n:
        return np.nan, np.nan, np.nan
    share, z = count / n, float(special.ndtri(0.5 + confidence / 2.0))
    middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return share, float(middle - half), float(middle + half)


def seeds_that_tell(differences: Numbers) -> Numbers:
    """Entries of each column beside its most frequent value, and one for that; NaN entries do not count.

    Where 38 of 40 seeds have one value, the others are too few to say how far such seeds can differ.
    """
    counts = [np.unique(column[~np.isnan(column)], return_counts=True)[1] for column in differences.T]
    return np.array([count.sum() - count.max(initial=0) + 1 for count in counts], float)


def readable_error(n: int, columns: int) -> float:
    """The smallest error that resamples of n seeds can be asked for: 5 % for FEW_SEEDS, falling with the square of n.

    At most what leaves a quarter to each side of each column, as a quantile near the middle says nothing of tails.
    """
    return float(np.clip(0.05 * (FEW_SEEDS / n) ** 2, 2 * EXCEEDING / RESAMPLES, min(1.0, columns / 2)))


def _resampled_sides(known: Moments, many: Mask, fewest: int, error: float, alone: bool) -> tuple[Numbers, str]:
    """Critical values down and up (2 x 1, or 2 x columns if each is alone), half of the error for each, and the method.

    `many` are the columns that are resampled, `fewest` the seeds that tell something in the one that has fewest.
    """
    spread, there = known.spread[:, many], known.there[:, many]
    columns = 1 if alone else spread.shape[1]
    seen = max(error, readable_error(fewest, columns))
    resamples = int(min(RESAMPLES, max(1000, 4 * EXCEEDING / seen)))
    extremes = extreme_t(spread, there, resamples, alone)
    # The largest t says how far a mean may lie above the truth, and so how far down an interval has to reach.
    values: Numbers = np.quantile(extremes, 1.0 - seen / 2.0, axis=0, method="higher")[::-1]
    if seen == error:
        return values, BOOTSTRAP
    n = there.sum(axis=0) if alone else there.sum(axis=0).min()
    plain, wanted = (critical_t(n, each, columns) for each in (seen, error))
    return np.maximum(1.0, values / plain) * wanted, WIDENED


def extreme_t(spread: Numbers, there: Mask, resamples: int, alone: bool = False) -> Numbers:
    """-t and t of resamples: the largest over columns (resamples x 2 x 1), or of every column (resamples x 2 x columns).

    `spread` is centred, 0 where not `there`.
    """
    part = max(1, min(resamples, LARGEST_TABLE // len(spread)))
    parts = []
    for start in range(0, resamples, part):
        t = _t_of(resampled(len(spread), part, start), spread, there)
        both = np.stack([-t, t], axis=1)
        parts.append(both if alone else both.max(axis=2, keepdims=True))
    return np.concatenate(parts)[:resamples]


def _t_of(weights: Numbers, spread: Numbers, there: Mask) -> Numbers:
    """T of every column for each row of weights (resamples x seeds); 0 where nothing was drawn, or nothing moved."""
    n = weights @ there
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = weights @ spread / n
        variance = weights @ spread**2 / n - mean**2
        variance[variance < 1e-12 * (spread**2).mean(axis=0)] = 0.0
        t: Numbers = mean / np.sqrt(variance / (n - 1))
    t[np.isnan(t)] = 0.0
    return t


@lru_cache(maxsize=8)
def resampled(seeds: int, resamples: int, start: int) -> Numbers:
    """How often every resample (rows, from `start`) draws every seed (columns); keyed, so equal tables give equal results."""
    generator = np.random.default_rng([2004, start] if start else 2004)
    return generator.multinomial(seeds, np.full(seeds, 1.0 / seeds), size=resamples).astype(float)
