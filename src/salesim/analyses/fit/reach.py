"""Which targets no market of the priors has, alone, in pairs, or all together."""

from itertools import combinations
from typing import NamedTuple

import numpy as np

from salesim.analyses.fit.bank import Bank, numbers_of
from salesim.analyses.fit.spec import Fit
from salesim.stats.emulator import Emulator
from salesim.stats.intervals import Numbers

WITHIN = 2.8  # standard deviations, of chance and of the target's error, within which a market has a number
ALONE, TOGETHER = "out of reach", "contradict each other"


class Conflict(NamedTuple):
    """Measures that no market has at the same time, and what is wrong: one is out of reach, or two contradict each other.

    `low` and `high` are the ends of what the runs have of one that is out of reach, else NaN.
    """

    measures: str
    what: str
    low: float
    high: float


def conflicts(spec: Fit, known: Bank, rough: Emulator) -> list[Conflict]:
    """Targets that no run has, and pairs of the others that no run has at the same time."""
    values, variance = numbers_of(spec)
    _, covariance = rough.predict(known.points)
    away = np.abs(known.outputs - values) / np.sqrt(np.diagonal(covariance, axis1=1, axis2=2) + variance)
    names = [target.measure for target in spec.targets]
    alone = [place for place in range(len(names)) if nearest_run(away[:, [place]]) > WITHIN]
    ends = zip(known.outputs.min(axis=0).tolist(), known.outputs.max(axis=0).tolist(), strict=True)
    rows = [Conflict(name, ALONE, *both) for place, (name, both) in enumerate(zip(names, ends, strict=True)) if place in alone]
    pairs = combinations([place for place in range(len(names)) if place not in alone], 2)
    apart = [pair for pair in pairs if nearest_run(away[:, list(pair)]) > WITHIN]
    return rows + [Conflict(f"{names[one]} and {names[other]}", TOGETHER, np.nan, np.nan) for one, other in apart]


def nearest_run(away: Numbers) -> float:
    """How far the run that comes nearest to some targets (runs x targets) is from the one that it misses most."""
    return float(away.max(axis=1).min())
