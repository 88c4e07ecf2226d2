"""Which arm is best? Sequential selection that stops as soon as the rest is far enough behind.

Kim and Nelson's fully sequential procedure: after a first stage, arms are dropped one seed at a time when their sum lags
behind another's by more than a triangular boundary, which closes at the indifference zone. The best arm is chosen with
probability 1 - error if it is ahead by at least the zone; shared seeds make the differences less variable, and so the
boundary narrower. It rests on normal differences, and seeds that are independent of each other.

Source: Kim & Nelson 2001, ACM TOMACS 11(3), with c = 1.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from salesim.stats.intervals import Numbers


class Selected(NamedTuple):
    """Who is left (columns, best first), pairs used by each arm (all columns), and pairs after which one is certain."""

    alive: tuple[int, ...]
    used: tuple[int, ...]
    most: int
    decided: bool


class Race(NamedTuple):
    """What the first stage fixed: variances of differences of two arms, the zone, h^2, and its pairs."""

    variance: Numbers
    zone: float
    bound: float
    first: int

    @property
    def most(self) -> int:
        """Pairs after which the race ends for certain: the largest of h^2 S^2 / zone^2."""
        return int(self.bound * self.variance.max() / self.zone**2)

    def staying(self, alive: list[int], sums: Numbers, r: int) -> list[int]:
        """Arms of whom nobody is ahead by more than max(0, h^2 S^2 / (2 zone) - r zone / 2) after r pairs."""
        slack = np.maximum(0.0, self.bound * self.variance / (2.0 * self.zone) - r * self.zone / 2.0)
        return [arm for arm in alive if all(sums[arm] >= sums[other] - slack[arm, other] for other in alive)]


def select(values: Numbers, zone: float, error: float, first: int) -> Selected:
    """Select the arm with the largest mean from `values` (seeds x arms) with an indifference zone in their unit.

    `first` seeds are the first stage. A seed in which an arm still in the race has NaN is left out; arms that are NaN in
    all of the first stage do not take part. With too few seeds for a decision, `alive` has those still in the race.
    """
    part = np.flatnonzero(~np.isnan(values[:first]).all(axis=0))
    used = np.zeros(values.shape[1], dtype=int)
    whole = np.flatnonzero(~np.isnan(values[:, part]).any(axis=1))[:first]
    used[part] = len(whole)
    if len(part) < 2 or len(whole) < first:
        return Selected(tuple(part.tolist()), tuple(used.tolist()), 0, decided=len(part) == 1)
    race = race_of(values[np.ix_(whole, part)], zone, error)
    start = values[np.ix_(whole, part)].sum(axis=0)
    for step in steps(race, values[whole[-1] + 1 :, part], start):
        alive, sums, r = step
        used[part[alive]] = r
    ranked = sorted(alive, key=lambda arm: -sums[arm])
    ranked = ranked[:1] if r > race.most else ranked
    return Selected(tuple(part[ranked].tolist()), tuple(used.tolist()), race.most, decided=len(ranked) == 1)


def race_of(stage: Numbers, zone: float, error: float) -> Race:
    """What the first stage (seeds x arms) fixes: eta = ((2 error / (k - 1))^(-2 / (n0 - 1)) - 1) / 2, h^2 = 2 eta (n0 - 1)."""
    first, n_arms = stage.shape
    eta = 0.5 * ((2.0 * error / (n_arms - 1)) ** (-2.0 / (first - 1)) - 1.0)
    variance = (stage[:, :, None] - stage[:, None, :]).var(axis=0, ddof=1)
    return Race(variance, zone, 2.0 * eta * (first - 1), first)


def steps(race: Race, later: Numbers, sums: Numbers) -> Iterator[tuple[list[int], Numbers, int]]:
    """Arms in the race, sums and pairs after the first stage, then after each later seed, until it is decided."""
    r = race.first
    alive = race.staying(list(range(len(sums))), sums, r)
    yield alive, sums, r
    for row in later:
        if len(alive) == 1 or r > race.most:
            return
        if not np.isnan(row[alive]).any():
            sums, r = sums + np.nan_to_num(row), r + 1
            alive = race.staying(alive, sums, r)
            yield alive, sums, r
