"""Differences in two stages, the second as long as the first advises, with intervals that stay valid.

The plain mean would not do: how many pairs were added depends on what the first ones showed. So each stage is given a weight
that was fixed before (w1^2 + w2^2 = 1), and the mean is the one whose standardized form is w1 Z1 + w2 Z2. Given the first
stage, Z2 is standard normal however long the second was made to be; therefore so is the sum. The interval is

    sum(w sqrt(n) mean) / sum(w sqrt(n))  +-  critical * s / sum(w sqrt(n)),

s from within the stages. Sources: Bauer & Koehne 1994; Cui, Hung & Wang 1999; Lehmacher & Wassmer 1999. The critical value
is that of the largest |t| over all differences under resampling within stages, as in `paired.py`.
"""

from collections.abc import Sequence

import numpy as np

from salesim.compare.looks import FEWEST, Intervals
from salesim.compare.paired import LARGEST_TABLE, Numbers, moments, resampled

RESAMPLES = 10_000


def stage_weights(planned: Sequence[int]) -> Numbers:
    """Weights of stages from the pairs that are planned for them before the first: proportional to their roots."""
    pairs = np.array(planned, dtype=float)
    weights: Numbers = np.sqrt(pairs / pairs.sum())
    return weights


def combined(stages: Sequence[Numbers], weights: Numbers, level: float) -> Intervals:
    """Intervals of columns, together wrong with chance `level`, from the stages' differences (each seeds x columns).

    NaN entries are left out; a column with fewer than FEWEST entries in a stage has NaN ends, one without spread no width.
    """
    known = [moments(stage) for stage in stages]
    n = np.array([each.n for each in known])
    enough = (n >= FEWEST).all(axis=0)
    roots = weights[:, None] * np.sqrt(n)
    means = np.array([np.where(each.n > 0, each.mean, 0.0) for each in known])
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(enough, (roots * means).sum(axis=0) / roots.sum(axis=0), np.nan)
        deviation = np.sqrt(sum((each.spread**2).sum(axis=0) for each in known) / (n.sum(axis=0) - len(known)))
        error = deviation / roots.sum(axis=0)
    usable = enough & (error > 1e-12 * (1.0 + np.abs(mean)))
    critical = 0.0
    if usable.any():
        largest = largest_combined([(each.spread[:, usable], each.there[:, usable]) for each in known], weights)
        critical = float(np.quantile(largest, 1.0 - level, method="higher"))
    width = np.where(usable, critical * error, np.where(enough, 0.0, np.nan))
    with np.errstate(invalid="ignore", divide="ignore"):
        third = sum((each.spread**3).sum(axis=0) for each in known) / n.sum(axis=0)
        skewness = np.where(usable, third / deviation**3, 0.0)
    method = "bootstrap-t, largest over all, in two stages"
    return Intervals(n.sum(axis=0), mean, mean - width, mean + width, deviation, skewness, critical, method)


def largest_combined(stages: Sequence[tuple[Numbers, np.ndarray]], weights: Numbers) -> Numbers:
    """The largest |w1 Z1 + w2 Z2| over columns of every resample; a stage is its spread (0 where not there), and where."""
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
    with np.errstate(invalid="ignore", divide="ignore"):
        t = np.where(deviation > 0.0, np.abs(total) / deviation, 0.0)
    largest: Numbers = t.max(axis=1)
    return largest
