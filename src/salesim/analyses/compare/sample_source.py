"""Where a comparison's samples come from: it runs the requested seeds, and returns measures and paired differences of them."""

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np

from salesim.analyses.compare.spec import ArmName, Comparison
from salesim.model.parameters import Scenario
from salesim.runs.runner import Progress, run_missing
from salesim.runs.store import RunKey, RunStore
from salesim.stats.intervals import Numbers


class Column(NamedTuple):
    """A difference: `arm` less `against`, on one measure in one contest."""

    contest: str
    measure: str
    arm: str
    against: str

    @property
    def other_way(self) -> "Column":
        """The same two arms the other way round."""
        return self._replace(arm=self.against, against=self.arm)


class SampleSource:
    """Runs of a comparison from `first_seed` on; an arm's runs beyond what it was asked to run are not used.

    `failed` has the tracebacks of runs that failed, by arm and seed in words.
    """

    def __init__(self, comparison: Comparison, store: RunStore, first_seed: int, progress: Progress) -> None:
        self.comparison, self.store, self.first_seed, self.progress = comparison, store, first_seed, progress
        self.pairs: dict[ArmName, int] = dict.fromkeys(comparison.keys, 0)
        self.failed: dict[str, str] = {}

    def play(self, pairs: Mapping[ArmName, int]) -> None:
        """Run this many seeds of each arm, counted from the first; what is in the store is not run again."""
        wanted: dict[RunKey, Scenario] = {}
        for arm in self.comparison.study.arms:
            name = (arm.contest, arm.name)
            seeds = range(self.first_seed + self.pairs[name], self.first_seed + pairs.get(name, 0))
            wanted |= {(self.comparison.keys[name], seed): arm.scenario for seed in seeds}
        failures = run_missing(wanted, self.store, self.comparison.study.worker_spec, self.progress)
        for (contest, arm_name), key in self.comparison.keys.items():
            self.failed |= {f"{contest}/{arm_name} seed {seed}": why for (other, seed), why in failures.items() if other == key}
        self.pairs = {name: max(played, pairs.get(name, 0)) for name, played in self.pairs.items()}

    def values(self, name: ArmName, measure: str) -> Numbers:
        """A measure of an arm by seed; NaN for a run that failed or has nothing to measure."""
        key = self.comparison.keys[name]
        runs = (self.store.index.get((key, seed)) for seed in range(self.first_seed, self.first_seed + self.pairs[name]))
        return np.array([run["measures"][measure] if run else np.nan for run in runs], dtype=float)

    def by_arm(self, contest: str, measure: str, arms: Sequence[str]) -> Numbers:
        """A measure of arms (seeds x arms); NaN where one was not run."""
        table = np.full((max(self.pairs.values()), len(arms)), np.nan)
        for place, arm in enumerate(arms):
            values = self.values((contest, arm), measure)
            table[: len(values), place] = values
        return table

    def differences(self, columns: Sequence[Column]) -> Numbers:
        """Seeds x columns; NaN where one of the two arms was not run."""
        pairs = [self.by_arm(contest, measure, [arm, against]) for contest, measure, arm, against in columns]
        return np.column_stack([pair[:, 0] - pair[:, 1] for pair in pairs])


def all_pairs(comparison: Comparison) -> list[Column]:
    """Every declared measure of every two arms of a contest; the baseline is always the one compared with."""
    return [
        Column(contest, measure, arm, against)
        for contest in comparison.study.contests
        for against, arm in combinations(comparison.arms(contest), 2)
        for measure in comparison.measures
    ]
