"""What arms made of points: measures by point and seed, as many seeds as were asked for."""

from collections.abc import Iterable, Mapping

import numpy as np

from salesim.analyses.explore.spec import Exploration, scenarios_of
from salesim.runs.runner import Runner, keyed
from salesim.stats.intervals import Numbers

Arm = tuple[str, str]  # contest and name


class Points:
    """Points (points x axes), the scenario of each arm at each, and how many seeds each arm has there.

    Values are counted so that more is better. Only seeds that were asked for here are looked at, whatever else is on the
    store: results do not depend on what was played before.
    """

    def __init__(self, asked: Exploration, values: Numbers, runner: Runner) -> None:
        self.asked, self.values, self.runner = asked, values, runner
        self.scenarios = {arm: keyed(scenarios) for arm, scenarios in scenarios_of(asked, values).items()}
        self.n_seeds = {arm: np.zeros(len(values), int) for arm in self.scenarios}

    def base(self, contest: str) -> Arm:
        """The baseline of a contest."""
        return contest, self.asked.study.baseline

    def play(self, name: str, rows: Mapping[Arm, Iterable[int]], seeds: int, start: int = 0) -> None:
        """Have each arm played at these points with seeds number `start` to `seeds - 1`."""
        first, wanted = self.asked.study.first_seed, []
        for arm, places in rows.items():
            for row in places:
                key, scenario = self.scenarios[arm][row]
                wanted += [(key, scenario, seed) for seed in range(first + start, first + seeds)]
                self.n_seeds[arm][row] = max(self.n_seeds[arm][row], seeds)
        self.runner.run(name, wanted)

    def everywhere(self) -> Mapping[Arm, Iterable[int]]:
        """All arms at all points."""
        return {arm: range(len(self.values)) for arm in self.scenarios}

    def of(self, arm: Arm, seeds: int) -> Numbers:
        """The measure of an arm, points x seeds; NaN where it was not asked for, failed, or could not be measured."""
        first, found = self.asked.study.first_seed, np.full((len(self.values), seeds), np.nan)
        for row, (key, _) in enumerate(self.scenarios[arm]):
            for place in range(min(seeds, self.n_seeds[arm][row])):
                known = self.runner.result(key, first + place)
                if known is not None:
                    found[row, place] = known["measures"][self.asked.measure]
        return self.asked.upwards * found

    def difference(self, arm: Arm, seeds: int) -> Numbers:
        """The arm less the baseline of its contest, seed by seed: points x seeds."""
        return self.of(arm, seeds) - self.of(self.base(arm[0]), seeds)
