"""Where does an arm win? A box that separates points it wins from points it loses, scored on held-out points.

A point is a combination of parameters with one paired difference per seed. It is decided if the interval of its mean excludes
zero; only decided points are labelled. Source of the method: Bryant & Lempert 2010 (scenario discovery).
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from salesim.stats.intervals import Intervals, Mask, Numbers, bonferroni, separate, share_interval
from salesim.stats.prim import Box, best_box, halfway

FOLDS = 3  # one group of points in three is held out for scoring
FEW_POINTS = 20  # decided points below which no rule is fitted
CLEAR = 0.05  # an outcome rarer than this among decided points gets no rule


def estimate(differences: Numbers, confidence: float, analyses: int = 1) -> Intervals:
    """Intervals of the rows of `differences` (points x seeds, NaN where a seed was not run), separately by row.

    They do not hold simultaneously for all points; the confidence is joint over `analyses` analyses of a point. Its `sign` is 0
    at a point that is undecided.
    """
    return separate(differences.T, bonferroni(confidence, analyses))


def share_of_chance(differences: Numbers) -> float:
    """Share of the variance of points' means that is due to chance of their seeds (points x seeds, without NaN).

    It is the residual variance of a two-way layout, divided by the number of seeds; an effect of a seed that is the same at
    all points does not count. NaN where the points do not differ.
    """
    n_points, n_seeds = differences.shape
    mean = differences.mean(axis=1)
    rest = differences - mean[:, None] - differences.mean(axis=0) + differences.mean()
    noise = (rest**2).sum() / max((n_points - 1) * (n_seeds - 1), 1) / n_seeds
    between = mean.var(ddof=1)
    return float(noise / between) if between > 0 else float("nan")


class Score(NamedTuple):
    """Quality of a rule on points it was not fitted to.

    `coverage` is the share of the hits that it names (recall), `density` the share of hits among what it names (precision),
    both with 95 % intervals (Wilson 1927). `hits` and `points` are counts. NaN where a denominator is 0.
    """

    coverage: float
    density: float
    hits: int
    points: int
    coverage_low: float
    coverage_high: float
    density_low: float
    density_high: float


def score(predicted: Mask, actual: Mask) -> Score:
    """Coverage and density of the points that a rule predicts, against the actual ones."""
    both = int((predicted & actual).sum())
    total, chosen = int(actual.sum()), int(predicted.sum())
    (coverage, *ends), (density, *more) = share_interval(both, total), share_interval(both, chosen)
    return Score(coverage, density, total, len(actual), *ends, *more)


class Discovery(NamedTuple):
    """Where an arm wins: a box if there are enough points of both kinds, and its score.

    It names the rarer kind: where the arm wins, or where it loses if it mostly wins (`names` is 1 or -1). The bounds are
    rounded as printed.
    """

    names: int
    box: Box | None = None
    score: Score | None = None


def discover(points: Numbers, signs: npt.NDArray[np.int8], groups: npt.NDArray[np.int64]) -> Discovery:
    """Box of the points (points x parameters) of the rarer sign, 1 or -1, against those of the other.

    It is fitted to two thirds of the `groups` and scored on the decided points of the rest. Points of a group share coordinates
    and must not be split.
    """
    names = 1 if (signs == 1).sum() <= (signs == -1).sum() else -1
    decided, held_out, actual = signs != 0, groups % FOLDS == FOLDS - 1, signs == names
    learn, check = decided & ~held_out, decided & held_out
    if learn.sum() < FEW_POINTS or actual[learn].mean() < CLEAR or not check.any():
        return Discovery(names)
    box = rounded(halfway(best_box(points[learn], actual[learn]), points[learn]), points)
    return Discovery(names, box, score(box.holds(points[check]), actual[check]))


def rounded(box: Box, points: Numbers) -> Box:
    """The bounds rounded to a hundredth of each parameter's range, so that the printed box is the one that is scored."""
    span = points.max(axis=0) - points.min(axis=0)
    digits = [2 - int(np.floor(np.log10(width))) if width > 0 else 0 for width in span]
    ends = [np.array([round(float(x), d) for x, d in zip(side, digits, strict=True)]) for side in box]
    return Box(*ends)
