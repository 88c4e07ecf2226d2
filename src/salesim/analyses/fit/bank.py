"""Markets at points of the priors, each run once, and the numbers that they have; the points of the first design."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from salesim.analyses.fit.spec import Fit
from salesim.config.errors import InputError
from salesim.runs.runner import Runner, keyed
from salesim.stats.emulator import Emulator, emulator, n_terms
from salesim.stats.intervals import Numbers

PARTS = ("measures",)  # of a run, which are kept
NEAR, FEWEST_NEAR = 10, 150  # runs per term of the emulator after a wave, and at least; the nearest to the targets
COUNTED = ("turnover",)  # measures that are rates of rare events: few of them in a run, so that their chance is skewed


class Bank(NamedTuple):
    """Points of the unit cube (runs x axes), and the numbers of a run at each (runs x targets); all of them finite."""

    points: Numbers
    outputs: Numbers

    def joined(self, more: "Bank") -> "Bank":
        """Both."""
        return Bank(np.vstack([self.points, more.points]), np.vstack([self.outputs, more.outputs]))


def simulated(spec: Fit, runner: Runner, stage: str, points: Numbers, seeds: Sequence[int]) -> Numbers:
    """Run the market at each point with its own seed; the numbers of each (points x targets), NaN where it has none."""
    markets = keyed(spec.scenarios(points))
    runs = [(key, scenario, seed) for (key, scenario), seed in zip(markets, seeds, strict=True)]
    runner.run(stage, runs)
    results = [runner.result(key, seed) for key, _, seed in runs]
    return np.array(
        [[run["measures"][target.measure] if run else np.nan for target in spec.targets] for run in results], dtype=float
    )


def bank(spec: Fit, runner: Runner, stage: str, points: Numbers, first_seed: int) -> Bank:
    """The runs at these points that have all numbers. Raises InputError where hardly any has."""
    outputs = simulated(spec, runner, stage, points, range(first_seed, first_seed + len(points)))
    whole = np.isfinite(outputs).all(axis=1)
    if whole.sum() < n_terms(len(spec.axes)):
        lacking = spec.targets[int(np.isfinite(outputs).sum(axis=0).argmin())].measure
        raise InputError(
            f"only {whole.sum()} of {len(points)} runs have all measures of {spec.source} ({lacking} is missing most "
            "often); use longer runs with weeks=…, or leave that measure out"
        )
    return Bank(points[whole], outputs[whole])


def nearest(spec: Fit, known: Bank, rough: Emulator) -> Emulator:
    """An emulator of the runs whose expected numbers are nearest to the targets, as a `rough` one says.

    They are chosen by what is expected, never by what came out: chance that helped a run to come near would bias the means.
    """
    expected, covariance = rough.predict(known.points)
    values, variance = numbers_of(spec)
    away = ((expected - values) ** 2 / (np.diagonal(covariance, axis1=1, axis2=2) + variance)).sum(axis=1)
    rows = np.argsort(away, kind="stable")[: max(FEWEST_NEAR, NEAR * n_terms(len(spec.axes)))]
    return emulator(known.points[rows], evened(spec, known.outputs[rows]))


def numbers_of(spec: Fit) -> tuple[Numbers, Numbers]:
    """The values of the targets and the variances of their errors, evened."""
    values, errors = np.array([(target.value, target.standard_error) for target in spec.targets]).T
    low, high = evened(spec, np.maximum(values - errors, 0.0)), evened(spec, values + errors)
    counted = [target.measure in COUNTED for target in spec.targets]
    return evened(spec, values), np.where(counted, 0.5 * (high - low), errors) ** 2


def evened(spec: Fit, numbers: Numbers) -> Numbers:
    """Numbers (... x targets) as emulators take them: square roots of rates of rare events, whose chance is alike all over.

    Source: Bartlett 1936.
    """
    counted = [target.measure in COUNTED for target in spec.targets]
    return np.where(counted, np.sqrt(np.where(counted, numbers, 0.0)), numbers)
