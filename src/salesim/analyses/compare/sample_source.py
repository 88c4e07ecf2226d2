"""The bench: plays what a stage needs, and gives measures and paired differences of what it has played."""

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import NamedTuple, Protocol

import numpy as np
import pandas as pd

from salesim.analyses.compare.spec import ArmName, Plan
from salesim.model.parameters import Scenario
from salesim.runs.runner import Progress, run_missing
from salesim.runs.store import RunKey, RunStore
from salesim.stats.intervals import Numbers


class Listener(Progress, Protocol):
    """What shows how far a comparison is."""

    def end(self, found: str) -> None:
        """The stage has ended, and found this."""


class Column(NamedTuple):
    """A difference that is asked for: `arm` less `against`, on one measure in one contest."""

    contest: str
    measure: str
    arm: str
    against: str


class Bench:
    """Runs of a plan from `first_seed` on. An arm's runs beyond what its stages asked for are not looked at.

    `failed` has the tracebacks of runs that failed, by arm and seed in words.
    """

    def __init__(self, plan: Plan, store: RunStore, listener: Listener, first_seed: int) -> None:
        self.plan, self.store, self.listener, self.first_seed = plan, store, listener, first_seed
        self.pairs: dict[ArmName, int] = dict.fromkeys(plan.keys, 0)
        self.failed: dict[str, str] = {}
        self.played = 0  # runs that were not in the store

    def missing(self, pairs: Mapping[ArmName, int]) -> dict[RunKey, Scenario]:
        """The runs of so many seeds of each arm that no stage has asked for yet."""
        wanted: dict[RunKey, Scenario] = {}
        for arm in self.plan.study.arms:
            name = (arm.contest, arm.name)
            seeds = range(self.first_seed + self.pairs[name], self.first_seed + pairs.get(name, 0))
            wanted |= {(self.plan.keys[name], seed): arm.scenario for seed in seeds}
        return wanted

    def play(self, pairs: Mapping[ArmName, int]) -> None:
        """Play so many seeds of each arm, counted from the first; what is in the store is not played again."""
        wanted = self.missing(pairs)
        self.played += sum(key not in self.store.index for key in wanted)
        failures = run_missing(wanted, self.store, self.plan.study.worker_spec, self.listener)
        for arm in self.plan.study.arms:
            name = (arm.contest, arm.name)
            key = self.plan.keys[name]
            self.failed |= {
                f"{arm.contest}/{arm.name} seed {seed}": why for (other, seed), why in failures.items() if other == key
            }
            self.pairs[name] = max(self.pairs[name], pairs.get(name, 0))

    def values(self, name: ArmName, measure: str, pairs: int | None = None) -> Numbers:
        """A measure of an arm by seed; NaN for a run that failed or has nothing to measure."""
        key, count = self.plan.keys[name], self.pairs[name] if pairs is None else min(pairs, self.pairs[name])
        found = (self.store.index.get((key, seed)) for seed in range(self.first_seed, self.first_seed + count))
        return np.array([run["measures"][measure] if run else np.nan for run in found], dtype=float)

    def differences(self, columns: Sequence[Column], pairs: int | None = None) -> Numbers:
        """Seeds x columns; NaN where one of the two arms was not played."""
        longest = max(self.pairs.values()) if pairs is None else pairs
        table = np.full((longest, len(columns)), np.nan)
        for place, (contest, measure, arm, against) in enumerate(columns):
            one, other = (self.values((contest, name), measure, pairs) for name in (arm, against))
            both = min(len(one), len(other))
            table[:both, place] = one[:both] - other[:both]
        return table

    def race(self, contest: str, measure: str) -> tuple[list[str], Numbers]:
        """The arms of a contest, and a measure as seeds x arms; NaN where an arm was not played."""
        names = [arm for where, arm in self.pairs if where == contest]
        columns = [pd.Series(self.values((contest, arm), measure)) for arm in names]
        return names, pd.concat(columns, axis=1).to_numpy(float)


def against_baseline(plan: Plan) -> list[Column]:
    """Every declared measure of every arm against the baseline of its contest."""
    base = plan.study.baseline
    return [Column(contest, measure, arm, base) for contest, arm in plan.keys if arm != base for measure in plan.measures]


def all_pairs(plan: Plan) -> list[Column]:
    """Every declared measure of every two arms of a contest; the baseline is always the one compared with."""
    found = []
    for contest in plan.study.contests:
        names = sorted((name for where, name in plan.keys if where == contest), key=lambda name: name != plan.study.baseline)
        found += [Column(contest, m, arm, against) for against, arm in combinations(names, 2) for m in plan.measures]
    return found
