"""Differences in two stages, the second as long as the first advises, with intervals that stay valid.

The plain mean would not do: how many pairs were added depends on what the first ones showed. So each stage is given a weight
that was fixed before (w1^2 + w2^2 = 1), and the mean is the one whose standardized form is w1 Z1 + w2 Z2. Given the first
stage, Z2 is standard normal however long the second was made to be; therefore so is the sum. The interval is

    sum(w sqrt(n) mean) / sum(w sqrt(n))  +-  critical * s / sum(w sqrt(n)),

s from within the stages. Sources: Bauer & Koehne 1994; Cui, Hung & Wang 1999; Lehmacher & Wassmer 1999. The critical values of
the two sides are those of the largest t and -t over all differences under resampling within stages, as in `intervals.py`.
"""

from collections.abc import Callable, Sequence

import numpy as np

from salesim.stats.intervals import LARGEST_TABLE, Intervals, Mask, Numbers, Sides, moments, resampled, sides
from salesim.stats.sequential import FEWEST

RESAMPLES = 10_000


def stage_weights(planned: Sequence[int]) -> Numbers:
    """Weights of stages from the pairs that are planned for them before the first: proportional to their roots."""
    pairs = np.array(planned, dtype=float)
    weights: Numbers = np.sqrt(pairs / pairs.sum())
    return weights


def combined(stages: Sequence[Numbers], weights: Numbers, level: float) -> Intervals:
    """Intervals of columns, together wrong with chance `level`, from the stages' differences (each seeds x columns).

    NaN entries are left out; a column with fewer than FEWEST entries in a stage has NaN ends, one without spread no width, and
    one that is the same in too many seeds infinite ends.
    """
    known = [moments(stage) for stage in stages]
    n = np.array([each.n for each in known])
    enough: Mask = np.asarray((n >= FEWEST).all(axis=0))
    roots = weights[:, None] * np.sqrt(n)
    means = np.array([np.where(each.n > 0, each.mean, 0.0) for each in known])
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(enough, (roots * means).sum(axis=0) / roots.sum(axis=0), np.nan)
        deviation = np.sqrt(sum((each.spread**2).sum(axis=0) for each in known) / (n.sum(axis=0) - len(known)))
        error = deviation / roots.sum(axis=0)
    wanted = enough & (error > 1e-12 * (1.0 + np.abs(mean)))
    usable, extremes = resolved(
        lambda columns: extremes_combined([(each.spread[:, columns], each.there[:, columns]) for each in known], weights),
        wanted, np.mean([commonest(stage) for stage in stages], axis=0), level,
    )  # fmt: skip
    critical = sides(extremes, level)
    low, high = ends(mean, error, critical, (enough, wanted, usable))
    with np.errstate(invalid="ignore", divide="ignore"):
        third = sum((each.spread**3).sum(axis=0) for each in known) / n.sum(axis=0)
        skewness = np.where(wanted, third / deviation**3, 0.0)
    both, one = np.full(len(mean), sum(critical) / 2.0), np.ones(len(mean))
    method = "bootstrap-t, largest over all, in two stages"
    return Intervals(n.sum(axis=0), mean, low, high, deviation, skewness, both, np.full(len(mean), method), one)


def extremes_combined(stages: Sequence[tuple[Numbers, np.ndarray]], weights: Numbers) -> Numbers:
    """The largest -Z and Z = w1 Z1 + w2 Z2 over columns (resamples x 2); a stage is its spread, 0 if not there, and where."""
    resamples = min(RESAMPLES, max(1, LARGEST_TABLE // max(len(spread) for spread, _ in stages)))
    total = squares = pairs = 0.0
    for number, ((spread, there), weight) in enumerate(zip(stages, weights, strict=True)):
        drawn = resampled(len(spread), resamples, number)
        n = np.maximum(drawn @ there, 1.0)
        mean = drawn @ spread / n
        total = total + weight * np.sqrt(n) * mean
        squares = squares + drawn @ spread**2 - n * mean**2
        pairs = pairs + n
    deviation = np.sqrt(np.maximum(squares, 0.0) / (pairs - len(stages)))
    scale = np.sqrt(sum((spread**2).sum(axis=0) for spread, _ in stages))  # a trifle of it is no spread
    with np.errstate(invalid="ignore", divide="ignore"):
        t = total / np.where(deviation > 1e-6 * scale, deviation, 0.0)
    t[np.isnan(t)] = 0.0  # nothing moved
    return np.column_stack([-t.min(axis=1), t.max(axis=1)])


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
