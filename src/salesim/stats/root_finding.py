"""Where do two arms cross? The root of the mean paired difference along one parameter, with an interval.

Stochastic root finding in three steps: a coarse grid brackets the places where the sign may change, a finer one narrows each
bracket, and a last grid on seeds that no grid before has used gives the answer. Its interval is by inversion: all values
of the parameter at which Student's t interval of the mean difference contains zero, so it has the coverage of a t interval.
Differences between grid points are interpolated seed by seed; the last grid has enough values for this to matter little
(with five, the interval of a saturating curve contained its root in a third of searches; tests/stats/test_root_finding.py).
Sources: Fieller 1954 for the inversion; Pasupathy & Kim 2011 on stochastic root finding.
"""

import itertools
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from salesim.stats.intervals import Numbers, student

Evaluate = Callable[[Numbers, range], Numbers]  # values of the parameter, seeds -> paired differences, values x seeds
GRID, FINER, LAST = 9, 5, 9  # values of the parameter in the first, the second and the last grid
FINE = 2001  # values of the parameter at which interpolated intervals are computed
WIDE = 0.998  # confidence while bracketing, so that a bracket rarely loses the root


class Crossing(NamedTuple):
    """A crossing: the parameter's value, its interval, and the signs (-1, 1) before and after it.

    `open_low` and `open_high` tell that the interval extends beyond the range that was searched.
    """

    at: float
    low: float
    high: float
    before: int
    after: int
    open_low: bool
    open_high: bool
    seeds: int


class Curve(NamedTuple):
    """Mean paired differences along the first grid with intervals (of `confidence` for each value separately)."""

    values: Numbers
    mean: Numbers
    low: Numbers
    high: Numbers


def intervals(differences: Numbers, confidence: float) -> tuple[Numbers, Numbers, Numbers]:
    """Mean and Student's t ends of each row; seeds without a value in some row are left out of all."""
    complete = differences[:, ~np.isnan(differences).any(axis=0)]
    return student(complete.T, confidence)


def crossings(
    evaluate: Evaluate, low: float, high: float, seeds: range, confidence: float, whole: bool = False
) -> tuple[list[Crossing], Curve]:
    """All places between `low` and `high` where the mean difference clearly changes its sign, and the first grid's curve.

    The first grid uses the first sixth of `seeds`, the second grid the first third, the last grid the others. On these alone
    both signs must be clear, or there is no crossing. The last grid is widened if the interval reaches its end. `whole`
    parameters take whole numbers only. Two changes of sign between neighbouring values of the first grid are not detected.
    """
    few, more, others = split_seeds(seeds)
    values = grid(low, high, GRID, whole)
    first = evaluate(values, few)
    roots = []
    for left, right in brackets(values, first):
        inner = grid(left, right, FINER, whole)
        narrower = brackets(inner, evaluate(inner, more)) or [(left, right)]
        crossing = None
        for start, end in dict.fromkeys([(narrower[0][0], narrower[-1][1]), (left, right), (low, high)]):
            last = grid(start, end, LAST, whole)
            crossing = inverted(last, evaluate(last, others), confidence) or crossing
            if crossing and not (crossing.open_low and start > low) and not (crossing.open_high and end < high):
                break  # the interval does not reach an end of its bracket, unless it is an end of the whole range
        if crossing:
            roots.append(crossing)
    return roots, Curve(values, *intervals(first, confidence))


def split_seeds(seeds: range) -> tuple[range, range, range]:
    """Seeds for the first, second and last grid."""
    first, second = (max(4, len(seeds) // part) for part in (6, 3))
    return seeds[:first], seeds[:second], seeds[second:]


def grid(low: float, high: float, size: int, whole: bool) -> Numbers:
    """Values evenly spread from `low` to `high`."""
    values = np.linspace(low, high, size)
    return np.unique(np.round(values)) if whole else values


def brackets(values: Numbers, differences: Numbers) -> list[tuple[float, float]]:
    """Pairs of values between which the sign changes: from the last that clearly has one sign to the next with the other.

    Where the sign is not clear at one end of the grid only, the bracket extends to that end.
    """
    mean, low, high = intervals(differences, WIDE)
    sign = (low > 0).astype(int) - (high < 0).astype(int)
    decided = np.flatnonzero(sign)
    if not len(decided):
        return [(float(values[0]), float(values[-1]))] if np.isfinite(mean).all() and mean.min() * mean.max() < 0 else []
    roots = [(float(values[a]), float(values[b])) for a, b in itertools.pairwise(decided) if sign[a] * sign[b] < 0]
    start, end = decided[0], decided[-1]
    if not roots and (np.sign(mean[:start]) == -sign[start]).any():
        roots.append((float(values[0]), float(values[start])))
    if not roots and (np.sign(mean[end + 1 :]) == -sign[end]).any():
        roots.append((float(values[end]), float(values[-1])))
    return roots


def inverted(values: Numbers, differences: Numbers, confidence: float) -> Crossing | None:
    """The crossing of the interpolated mean, and all values whose interval contains zero.

    None unless the differences are clearly above zero at some value and below at another, each with this confidence: even the
    mean difference of identical arms often crosses zero somewhere.
    """
    complete = differences[:, ~np.isnan(differences).any(axis=0)]
    _, low, high = intervals(complete, 2.0 * confidence - 1.0)  # each on one side
    if not ((low > 0).any() and (high < 0).any()):
        return None
    fine = np.linspace(values[0], values[-1], FINE)
    curves = np.stack([np.interp(fine, values, seed) for seed in complete.T], axis=1)
    mean, low, high = intervals(curves, confidence)
    change = np.flatnonzero(np.sign(mean[:-1]) * np.sign(mean[1:]) <= 0)
    middle = change[len(change) // 2]
    containing_zero = np.flatnonzero((low <= 0) & (high >= 0))
    ends = (containing_zero[0], containing_zero[-1]) if len(containing_zero) else (middle, middle + 1)
    signs = [int(np.sign(mean[place])) for place in (0, -1)]
    return Crossing(
        float(fine[middle : middle + 2].mean()), float(fine[ends[0]]), float(fine[ends[1]]), signs[0], signs[1],
        bool(ends[0] == 0), bool(ends[1] == FINE - 1), complete.shape[1],
    )  # fmt: skip
