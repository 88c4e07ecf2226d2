"""Which arm is best? Sequential selection that stops as soon as all other arms are far enough behind.

Kim and Nelson's fully sequential procedure: after a first stage, arms are dropped one seed at a time when their sum lags
behind another's by more than a triangular boundary, which closes at the indifference zone. The best arm is chosen with
probability 1 - alpha if it leads by at least the zone. Common random numbers reduce the variance of the differences, and so
narrow the boundary. The procedure assumes normal differences and independent seeds. Where two arms differ only in rare
seeds, the first stage lasts until they have differed often enough to estimate a variance.

Source: Kim & Nelson 2001, ACM TOMACS 11(3), with c = 1.
"""

from typing import NamedTuple

import numpy as np

from salesim.stats.intervals import Numbers

DIFFERING = 5  # seeds of the first stage in which two arms differ, unless they never do


class Selected(NamedTuple):
    """The remaining candidates (columns, best first), pairs used by each arm (all columns), and the largest number of pairs."""

    candidates: tuple[int, ...]
    used: tuple[int, ...]
    most: int
    decided: bool


class Boundary(NamedTuple):
    """What the first stage determines: variances of the differences of two arms, the indifference zone, and h^2."""

    variance: Numbers
    zone: float
    h_squared: float

    @property
    def most(self) -> int:
        """Pairs after which the selection certainly ends: the largest of h^2 S^2 / zone^2."""
        return int(self.h_squared * self.variance.max() / self.zone**2)

    def staying(self, candidates: list[int], sums: Numbers, r: int) -> list[int]:
        """Arms that no other arm leads by more than max(0, h^2 S^2 / (2 zone) - r zone / 2) after r pairs."""
        slack = np.maximum(0.0, self.h_squared * self.variance / (2.0 * self.zone) - r * self.zone / 2.0)
        return [arm for arm in candidates if all(sums[arm] >= sums[other] - slack[arm, other] for other in candidates)]


def select(values: Numbers, zone: float, alpha: float, first: int) -> Selected:
    """Select the arm with the largest mean from `values` (seeds x arms) with an indifference zone in their unit.

    The first stage has at least `first` seeds. A seed in which a candidate has NaN is left out; arms that are NaN in all of
    the first stage do not take part. With too few seeds for a decision, `candidates` are the arms that remain.
    """
    part = np.flatnonzero(~np.isnan(values[:first]).all(axis=0))
    used = np.zeros(values.shape[1], dtype=int)
    whole = np.flatnonzero(~np.isnan(values[:, part]).any(axis=1))
    length = first_stage(values[np.ix_(whole, part)], first)
    whole = whole[:length] if length else whole
    used[part] = len(whole)
    if len(part) < 2 or not length:
        return Selected(tuple(part.tolist()), tuple(used.tolist()), 0, decided=len(part) == 1)
    stage = values[np.ix_(whole, part)]
    boundary, sums, r = boundary_of(stage, zone, alpha), stage.sum(axis=0), len(stage)
    candidates = boundary.staying(list(range(len(part))), sums, r)
    for row in values[whole[-1] + 1 :, part]:
        if len(candidates) == 1 or r > boundary.most:
            break
        if not np.isnan(row[candidates]).any():
            sums, r = sums + np.nan_to_num(row), r + 1
            candidates = boundary.staying(candidates, sums, r)
            used[part[candidates]] = r
    ranked = sorted(candidates, key=lambda arm: -sums[arm])
    ranked = ranked[:1] if r > boundary.most else ranked
    return Selected(tuple(part[ranked].tolist()), tuple(used.tolist()), boundary.most, decided=len(ranked) == 1)


def first_stage(values: Numbers, first: int) -> int:
    """Number of seeds of the first stage, at least `first`; 0 if there are too few. Identical arms do not prolong it."""
    if len(values) < first:
        return 0
    differing = (values[:, :, None] != values[:, None, :]).cumsum(axis=0)
    enough = ((differing >= DIFFERING) | (differing[-1] == 0)).all(axis=(1, 2))
    return first + int(np.argmax(enough[first - 1 :])) if enough[-1] else 0


def boundary_of(stage: Numbers, zone: float, alpha: float) -> Boundary:
    """Boundary of a first stage (seeds x arms): eta = ((2 alpha / (k - 1))^(-2 / (n0 - 1)) - 1) / 2, h^2 = 2 eta (n0 - 1)."""
    first, n_arms = stage.shape
    eta = 0.5 * ((2.0 * alpha / (n_arms - 1)) ** (-2.0 / (first - 1)) - 1.0)
    variance = (stage[:, :, None] - stage[:, None, :]).var(axis=0, ddof=1)
    return Boundary(variance, zone, 2.0 * eta * (first - 1))
