"""A bench without a market: measures come from arrays, so that a thousand comparisons take minutes."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from salesim.analyses.compare.sample_source import Bench
from salesim.analyses.compare.spec import ArmName, Plan
from salesim.config.scenario import default_scenario
from salesim.config.study import Arm, Study
from salesim.runs.store import RunStore

LOOKS = (20, 40, 80, 160, 320)


class Silent:
    """Progress that is not shown."""

    def begin(self, stage: str) -> None:
        """Nothing."""

    def advance(self, done: int, total: int) -> None:
        """Nothing."""

    def end(self, found: str) -> None:
        """Nothing."""


class ArrayBench(Bench):
    """Plays nothing: `measures` holds for each arm its measures by seed."""

    def __init__(self, plan: Plan, measures: Mapping[ArmName, Mapping[str, np.ndarray]]) -> None:
        self.plan, self.measures, self.listener, self.first_seed = plan, measures, Silent(), 1
        self.store: RunStore | None = None
        self.pairs = dict.fromkeys(plan.keys, 0)
        self.failed: dict[str, str] = {}
        self.played = 0

    def play(self, pairs: Mapping[ArmName, int]) -> None:
        """Take so many seeds of each arm as played."""
        self.pairs = {name: max(before, pairs.get(name, 0)) for name, before in self.pairs.items()}

    def values(self, name: ArmName, measure: str, pairs: int | None = None) -> np.ndarray:
        """A measure of an arm, by seed."""
        return self.measures[name][measure][: self.pairs[name] if pairs is None else min(pairs, self.pairs[name])]


def plan(arms: tuple[str, ...], matters: Mapping[str, float], looks: tuple[int, ...] = LOOKS) -> Plan:
    """A plan of one contest; its scenarios differ in their length alone, and are never played."""
    scenarios = [Arm("alone", arm, default_scenario(weeks=1 + number)) for number, arm in enumerate(arms)]
    resolved = {"compare": {"budget": None}}
    study = Study("stand_in", "?", arms[0], tuple(scenarios), 1, 1, 1, 0.95, 0, Path("nowhere"), resolved, "")
    return Plan(study, tuple(matters), dict(matters), looks, 40, 1_000_001, None)
