"""Which targets no market of the priors has: alone, two together, or three together."""

from collections.abc import Callable, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np

from salesim.analyses.fit.bank import Bank, evened, numbers_of
from salesim.analyses.fit.spec import Fit
from salesim.stats.emulator import Emulator
from salesim.stats.intervals import Numbers

WITHIN = 2.8  # standard deviations, of chance and of the target's error, within which a market has a number
ALONE, TOGETHER = "out of reach", "contradict each other"
MOST_TOGETHER = 3  # targets of which it is asked whether a market has them at the same time
Attempt = Callable[[Sequence[int]], Numbers]  # places of targets to how far markets made for them are away (markets x places)


class Conflict(NamedTuple):
    """Measures that no market has at the same time, and what is wrong: one is out of reach, or some contradict each other.

    `low` and `high` are the ends of what the runs have of one that is out of reach, else NaN.
    """

    measures: str
    what: str
    low: float
    high: float


def conflicts(spec: Fit, known: Bank, rough: Emulator, attempt: Attempt) -> list[Conflict]:
    """The smallest groups of targets that no run of the priors has, nor a market that is made for them by `attempt`.

    Runs of the priors are few where three targets have to meet, so that they alone would often find a contradiction.
    """
    values, variance = numbers_of(spec)
    expected, covariance = rough.predict(known.points)
    spread = np.sqrt(np.diagonal(covariance, axis1=1, axis2=2) + variance)
    away = np.maximum(np.abs(evened(spec, known.outputs) - values), np.abs(expected - values)) / spread
    groups: list[tuple[int, ...]] = []
    for size in range(1, MOST_TOGETHER + 1):
        for places in combinations(range(len(values)), size):
            if any(set(smaller) <= set(places) for smaller in groups) or nearest_run(away[:, list(places)]) <= WITHIN:
                continue
            if nearest_run(attempt(places)) > WITHIN:
                groups.append(places)
    return [conflict(spec, known, places) for places in groups]


def conflict(spec: Fit, known: Bank, places: Sequence[int]) -> Conflict:
    """What is wrong with the targets at these places."""
    if len(places) == 1:
        mine = known.outputs[:, places[0]]
        return Conflict(spec.targets[places[0]].measure, ALONE, float(mine.min()), float(mine.max()))
    return Conflict(" and ".join(spec.targets[place].measure for place in places), TOGETHER, np.nan, np.nan)


def nearest_run(away: Numbers) -> float:
    """How far the run that comes nearest to some targets (runs x targets) is from the one that it misses most."""
    worst = away.max(axis=1)
    return float(np.nan_to_num(worst, nan=np.inf).min())
