"""Confidence intervals of paired differences; every interval of a difference comes from here.

Each row is one seed's paired difference; each column is one comparison. An interval is mean +- c * SE. The critical values
c, one per side, come from a bootstrap-t over seeds: they are quantiles of the largest t and of the largest -t over all
columns (max-t). The intervals of a table therefore hold simultaneously, use the correlation of columns, and cover on both
sides when a measure is skewed.

With few seeds the bootstrap cannot resolve a small alpha: the smallest it can resolve, alpha0 (`smallest_alpha`), is 5 % for
FEW_SEEDS and grows as seeds become fewer. For a smaller alpha, c = t(alpha) * max(1, boot(alpha0) / t(alpha0)), where t is
Student's critical value with Bonferroni's correction. Normal differences of four seeds thus have Student's intervals, skewed
ones have wider intervals, and no number of seeds switches abruptly from one method to the other. A column with few
informative seeds (38 of 40 have the same value) has Student's t, with the degrees of freedom of those few; the other columns
are not affected.

Sources: Efron & Tibshirani 1993, ch. 12 (bootstrap-t); Westfall & Young 1993 (max-t). The function `smallest_alpha` is chosen
by the coverage measured in docs/proofs/interval_coverage.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special

Numbers = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

FEW_SEEDS = 20  # with fewer seeds, resamples cannot resolve an alpha of 5 %
FEWEST_RESAMPLED = 4  # with fewer seeds, many resamples repeat a single one
ROUNDED = 1e-6  # smaller steps between values, as a share of their range, are rounding
RESAMPLES = 20_000  # upper limit
EXCEEDING = 50  # resamples that must lie beyond an estimated quantile
LARGEST_TABLE = 4_000_000  # bootstrap counts (resamples x seeds) in memory at a time
BLOCK = 200  # columns at a time where each has its own interval
NO_SPREAD, STUDENT, BOOTSTRAP, WIDENED = "no spread", "Student's t", "bootstrap-t", "Student's t, wider"


class Moments(NamedTuple):
    """Statistics of each column of a table of differences (seeds x columns); NaN entries are left out."""

    n: Numbers
    mean: Numbers
    standard_error: Numbers  # of the mean
    centred: Numbers  # differences minus their mean; 0 where not observed
    observed: Mask  # entries that are not NaN

    @property
    def varies(self) -> Mask:
        """Columns with at least two entries that are not all equal."""
        return (self.n >= 2) & (self.standard_error > 1e-12 * (1.0 + np.abs(self.mean)))

    @property
    def skewness(self) -> Numbers:
        """Sample skewness: mean cubed deviation / cubed standard deviation; 0 where nothing varies."""
        with np.errstate(invalid="ignore", divide="ignore"):
            second, third = ((self.centred**power).sum(axis=0) / self.n for power in (2, 3))
            ratio = third / second**1.5
        return np.where(self.varies, ratio, 0.0)


class Intervals(NamedTuple):
    """The mean, the interval and the method of every column; arrays have one entry per column.

    A column whose entries are all equal has an interval of zero width; one with too few entries has NaN ends. `may_differ` is
    an upper bound of the share of seeds that differ, for columns in which no observed seed does; it is 1 for the others.
    """

    n: Numbers
    mean: Numbers
    low: Numbers
    high: Numbers
    deviation: Numbers  # standard deviation of a seed's difference
    skewness: Numbers
    critical: Numbers  # critical value: standard errors from the mean to an end, averaged over both sides
    method: npt.NDArray[np.str_]
    may_differ: Numbers

    @property
    def sign(self) -> npt.NDArray[np.int8]:
        """1 above zero, -1 below, 0 where the interval contains zero, as it does for identical arms."""
        return np.asarray((self.low > 0).astype(np.int8) - (self.high < 0), np.int8)


def moments(differences: Numbers) -> Moments:
    """The `Moments` along the first axis of `differences`; NaN entries are left out."""
    observed = ~np.isnan(differences)
    n = observed.sum(axis=0)
    values = np.where(observed, differences, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = values.sum(axis=0) / n
        centred = np.where(observed, differences - mean, 0.0)
        standard_error = np.sqrt((centred**2).sum(axis=0) / (n - 1) / n)
    return Moments(n, mean, standard_error, centred, observed)


def critical_t(n: npt.ArrayLike, alpha: float, comparisons: int = 1) -> Numbers:
    """Two-sided critical value of Student's t for a mean of n values, at familywise `alpha` over `comparisons` (Bonferroni).

    It is computed from the tail, so that it is accurate for a tiny alpha; it is infinite where n is 1 or less.
    """
    freedom = np.asarray(n, float) - 1.0
    value = -special.stdtrit(np.maximum(freedom, 1.0), alpha / (2.0 * comparisons))
    return np.where(freedom >= 1.0, value, np.inf)


def student(differences: Numbers, confidence: float, comparisons: int = 1) -> tuple[Numbers, Numbers, Numbers]:
    """Means along the first axis, and the low and high ends of Student's t intervals (Bonferroni over `comparisons`).

    The ends are NaN where there are fewer than two entries.
    """
    stats = moments(differences)
    with np.errstate(invalid="ignore"):
        width = np.where(stats.n >= 2, critical_t(stats.n, 1.0 - confidence, comparisons) * stats.standard_error, np.nan)
    return stats.mean, stats.mean - width, stats.mean + width


def bonferroni(confidence: float, parts: int) -> float:
    """Confidence of each of `parts` tables or analyses whose joint confidence is to be `confidence`."""
    return 1.0 - (1.0 - confidence) / max(parts, 1)


def simultaneous(differences: Numbers, confidence: float) -> Intervals:
    """Intervals of the columns of `differences` (seeds x columns) that hold simultaneously with this confidence.

    NaN entries are left out. The bootstrap has a fixed seed, so identical tables give identical intervals.
    """
    return simultaneous_at(differences, 1.0 - confidence)


def separate(differences: Numbers, confidence: float) -> Intervals:
    """Intervals of the columns, each with this confidence by itself; they do not hold simultaneously."""
    parts = [differences[:, start : start + BLOCK] for start in range(0, differences.shape[1], BLOCK)]
    blocks = [simultaneous_at(part, 1.0 - confidence, separately=True) for part in parts]
    return Intervals(*(np.concatenate(each) for each in zip(*blocks, strict=True)))


def simultaneous_at(differences: Numbers, alpha: float, fewest: int = 2, *, separately: bool = False) -> Intervals:
    """As `simultaneous`, for a familywise `alpha` of any size; columns with fewer than `fewest` entries have NaN ends.

    With `separately`, `alpha` applies to each column by itself.
    """
    differences = differences[~np.isnan(differences).all(axis=1)]
    stats, informative = moments(differences), informative_seeds(differences)
    enough = stats.n >= fewest
    varies = stats.varies & enough
    resampled = varies & (informative >= np.maximum(FEWEST_RESAMPLED, np.minimum(stats.n, FEW_SEEDS) / 2))
    columns = 1 if separately else max(int(varies.sum()), 1)
    student_t = np.where(varies, critical_t(informative, alpha, columns), np.where(enough, 0.0, np.nan))
    critical = np.stack([student_t, student_t])  # down and up
    method = np.where(varies, STUDENT, np.where(enough, NO_SPREAD, "")).astype("U20")
    if resampled.any():
        part = alpha * (1.0 if separately else resampled.sum() / columns)
        fewest_informative = int(informative[resampled].min())
        critical[:, resampled], method[resampled] = bootstrap_critical(stats, resampled, fewest_informative, part, separately)
    standard_error = np.where(varies, stats.standard_error, 0.0)
    identical = enough & ~varies & (stats.mean == 0.0)
    return Intervals(
        stats.n, stats.mean, stats.mean - critical[0] * standard_error, stats.mean + critical[1] * standard_error,
        stats.standard_error * np.sqrt(stats.n), stats.skewness, critical.mean(axis=0), method,
        np.where(identical, share_that_may_differ(stats.n, alpha), 1.0),
    )  # fmt: skip


def share_that_may_differ(n: npt.ArrayLike, alpha: float) -> Numbers:
    """Upper confidence bound of the probability of an event that none of n seeds has shown: 1 - alpha^(1 / n).

    Source: Clopper & Pearson 1934, for none of n; Hanley & Lippman-Hand 1983 (the rule of three, 3 / n).
    """
    return np.asarray(1.0 - alpha ** (1.0 / np.maximum(np.asarray(n, float), 1.0)))


def share_interval(count: int, n: int, confidence: float = 0.95) -> tuple[float, float, float]:
    """The share count / n with the ends of its interval; NaN where n is 0. Source: Wilson 1927.

    >>> [round(end, 3) for end in share_interval(8, 10)]
    [0.8, 0.49, 0.943]
    """
    if not n:
        return np.nan, np.nan, np.nan
    from scipy.stats import binomtest  # takes its time to import

    ends = binomtest(count, n).proportion_ci(confidence, "wilson")
    return count / n, float(ends.low), float(ends.high)


def informative_seeds(differences: Numbers) -> Numbers:
    """Number of informative seeds of each column: entries that differ from its most frequent value, plus one for that value.

    Where 38 of 40 seeds have the same value, the other two are too few to estimate a variance: resamples without them have
    none, and their t is infinite. Values a step of which is below ROUNDED of the range are the same. NaN entries do not count.
    """
    informative = []
    for column in differences.T:
        values = np.sort(column[~np.isnan(column)])
        steps = np.diff(values)
        counts = np.bincount(np.cumsum(np.append(0, steps > ROUNDED * steps.sum())))
        informative.append(counts.sum() - counts.max() + 1)
    return np.array(informative, float)


def smallest_alpha(n: int, columns: int) -> float:
    """The smallest alpha that resamples of n seeds can resolve: 5 % for FEW_SEEDS, falling with the square of n.

    It is at most a quarter per side and column, because a quantile near the median does not describe a tail.
    """
    return float(np.clip(0.05 * (FEW_SEEDS / n) ** 2, 2 * EXCEEDING / RESAMPLES, min(1.0, columns / 2)))


def bootstrap_critical(
    stats: Moments, resampled: Mask, fewest_informative: int, alpha: float, separately: bool
) -> tuple[Numbers, str]:
    """Critical values down and up at alpha / 2 each, for the columns `resampled`, and the method they come from.

    They are 2 x 1, or 2 x columns if intervals hold separately. `fewest_informative` is the smallest number of informative
    seeds of these columns.
    """
    centred, observed = stats.centred[:, resampled], stats.observed[:, resampled]
    columns = 1 if separately else centred.shape[1]
    alpha_0 = max(alpha, smallest_alpha(fewest_informative, columns))
    resamples = int(min(RESAMPLES, max(1000, 4 * EXCEEDING / alpha_0)))
    extremes = extreme_t(centred, observed, resamples, separately)
    # A large t means that the sample mean lies above the true one, so its quantile is the critical value downwards.
    critical: Numbers = np.quantile(extremes, 1.0 - alpha_0 / 2.0, axis=0, method="higher")[::-1]
    if alpha_0 == alpha:
        return critical, BOOTSTRAP
    n = observed.sum(axis=0) if separately else observed.sum(axis=0).min()
    return np.maximum(1.0, critical / critical_t(n, alpha_0, columns)) * critical_t(n, alpha, columns), WIDENED


def extreme_t(centred: Numbers, observed: Mask, resamples: int, separately: bool = False) -> Numbers:
    """The t statistics -t and t of resamples: their maximum over columns (resamples x 2 x 1), or all (resamples x 2 x columns).

    `centred` are the differences minus their column means, 0 where not `observed`.
    """
    part = max(1, min(resamples, LARGEST_TABLE // len(centred)))
    parts = []
    for start in range(0, resamples, part):
        t = _t_statistics(bootstrap_counts(len(centred), part, start), centred, observed)
        both = np.stack([-t, t], axis=1)
        parts.append(both if separately else both.max(axis=2, keepdims=True))
    return np.concatenate(parts)[:resamples]


def _t_statistics(counts: Numbers, centred: Numbers, observed: Mask) -> Numbers:
    """The t statistic of every column for each resample (`counts`: resamples x seeds); 0 where it is undefined."""
    n = counts @ observed
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = counts @ centred / n
        variance = counts @ centred**2 / n - mean**2
        variance[variance < 1e-12 * (centred**2).mean(axis=0)] = 0.0
        t: Numbers = mean / np.sqrt(variance / (n - 1))
    t[np.isnan(t)] = 0.0
    return t


@lru_cache(maxsize=8)
def bootstrap_counts(seeds: int, resamples: int, start: int) -> Numbers:
    """How often each resample (rows, from `start`) contains each seed (columns). The generator's seed is fixed."""
    generator = np.random.default_rng([2004, start] if start else 2004)
    return generator.multinomial(seeds, np.full(seeds, 1.0 / seeds), size=resamples).astype(float)
