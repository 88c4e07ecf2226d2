"""The measure of every arm at every point, by seed, with as many seeds as were asked for there."""

from collections.abc import Iterable, Mapping

import numpy as np

from salesim.analyses.explore.spec import ArmName, Exploration
from salesim.runs.runner import Runner, keyed
from salesim.stats.intervals import Numbers


class Points:
    """Points (points x axes), the scenario of each arm at each, and how many seeds each arm has there.

    Values are counted so that more is better. Only seeds that were asked for here are used, whatever else is in the store:
    results do not depend on what was run before. The first seed of a point is `apart` seeds after that of the point before: 0
    gives all points the same seeds. Raises InputError for a point that cannot be run.
    """

    def __init__(self, spec: Exploration, values: Numbers, runner: Runner, apart: int = 0) -> None:
        self.spec, self.values, self.runner, self.apart = spec, values, runner, apart
        self.scenarios = {arm: keyed(scenarios) for arm, scenarios in spec.scenarios(values).items()}
        self.n_seeds = {arm: np.zeros(len(values), int) for arm in self.scenarios}

    def baseline(self, contest: str) -> ArmName:
        """The baseline of a contest."""
        return contest, self.spec.study.baseline

    def play(self, stage: str, rows: Mapping[ArmName, Iterable[int]], seeds: int, start: int = 0) -> None:
        """Have each arm run at these points with seeds number `start` to `seeds - 1`."""
        runs = []
        for arm, chosen in rows.items():
            for row in chosen:
                first = self.first_seed(row)
                runs += [(*self.scenarios[arm][row], seed) for seed in range(first + start, first + seeds)]
                self.n_seeds[arm][row] = max(self.n_seeds[arm][row], seeds)
        self.runner.run(stage, runs)

    def first_seed(self, row: int) -> int:
        """The first seed of a point."""
        return self.spec.study.first_seed + self.apart * row

    def everywhere(self) -> Mapping[ArmName, Iterable[int]]:
        """All arms at all points."""
        return {arm: range(len(self.values)) for arm in self.scenarios}

    def measured(self, arm: ArmName, row: int, seeds: Iterable[int]) -> list[float]:
        """The measure of an arm at a point for seeds by their number; NaN where a run failed or could not be measured."""
        first, key = self.first_seed(row), self.scenarios[arm][row][0]
        runs = [self.runner.result(key, first + seed) for seed in seeds]
        return [self.spec.upwards * run["measures"][self.spec.settings.measure] if run else np.nan for run in runs]

    def of(self, arm: ArmName, seeds: int) -> Numbers:
        """The measure of an arm, points x seeds; NaN where a seed was not asked for, too."""
        table = np.full((len(self.values), seeds), np.nan)
        for row, played in enumerate(self.n_seeds[arm].tolist()):
            n = min(seeds, played)
            table[row, :n] = self.measured(arm, row, range(n))
        return table

    def difference(self, arm: ArmName, seeds: int) -> Numbers:
        """The arm less the baseline of its contest, seed by seed: points x seeds."""
        return self.of(arm, seeds) - self.of(self.baseline(arm[0]), seeds)
