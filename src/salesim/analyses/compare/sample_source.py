"""Where a comparison's samples come from: it runs the requested seeds, and returns measures and paired differences of them."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np

from salesim.analyses.compare.spec import ArmName, Comparison
from salesim.config.study import Study
from salesim.model.parameters import Scenario
from salesim.runs.runner import Progress, run_missing
from salesim.runs.store import RunKey, RunStore, runs_of
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
    """Runs of a part of a comparison; an arm's runs beyond what it was asked to run are not used.

    A pair is a seed, or a world with all its seeds, whose mean then is its value. `failed` has the tracebacks of runs that
    failed, by arm and seed in words.
    """

    def __init__(self, comparison: Comparison, part: Study, store: RunStore, progress: Progress) -> None:
        self.comparison, self.part, self.store, self.progress = comparison, part, store, progress
        self.runs: dict[ArmName, list[RunKey]] = {name: [] for name in comparison.keys}
        self.pairs: dict[ArmName, int] = dict.fromkeys(comparison.keys, 0)
        self.failed: dict[str, str] = {}

    def play(self, pairs: Mapping[ArmName, int]) -> None:
        """Run this many pairs of each arm, counted from the first; what is in the store is not run again."""
        wanted: dict[RunKey, Scenario] = {}
        each = self.comparison.seeds_each
        for arm in self.part.arms:
            name = (arm.contest, arm.name)
            seeds = self.part.all_seeds[self.pairs[name] * each : pairs.get(name, 0) * each]
            for _, _, run, scenario in runs_of(self.part, seeds, [arm]):
                self.runs[name].append(run)
                wanted[run] = scenario
        failures = run_missing(wanted, self.store, self.comparison.study.worker_spec, self.progress)
        for (contest, arm_name), runs in self.runs.items():
            self.failed |= {f"{contest}/{arm_name} seed {run[1]}": failures[run] for run in runs if run in failures}
        self.pairs = {name: max(played, pairs.get(name, 0)) for name, played in self.pairs.items()}

    def values(self, name: ArmName, measure: str) -> Numbers:
        """A measure of an arm by pair; NaN where a run failed or has nothing to measure."""
        runs = map(self.store.index.get, self.runs[name])
        by_seed = np.array([run["measures"][measure] if run else np.nan for run in runs], dtype=float)
        return np.asarray(by_seed.reshape(-1, self.comparison.seeds_each).mean(axis=1))

    def rows(self) -> Iterator[dict[str, Any]]:
        """A row for each finished run in a world: contest, arm, seed, world and measures."""
        for (contest, arm), runs in self.runs.items():
            for run in runs:
                if self.part.worlds and (summary := self.store.index.get(run)):
                    place = {"contest": contest, "arm": arm, "seed": run[1], "world": self.part.worlds.at(run[1])}
                    yield place | summary["measures"]

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
