"""A source of samples without a market: measures come from arrays, so that a thousand comparisons take minutes."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from salesim.analyses.compare.interim_analyses import InterimAnalyses
from salesim.analyses.compare.rows import Confirmation
from salesim.analyses.compare.sample_source import SampleSource
from salesim.analyses.compare.spec import ArmName, Comparison
from salesim.config.scenario import default_scenario
from salesim.config.study import Arm, Study, Workers

ANALYSES, CONFIRMATION_SEEDS = (10, 20, 40, 80, 160, 320), 10  # configs/compare/standard.yaml
Measures = Mapping[ArmName, Mapping[str, np.ndarray]]


class Silent:
    """Progress that is not shown."""

    def begin(self, stage: str) -> None:
        """Nothing."""

    def advance(self, done: int, total: int) -> None:
        """Nothing."""

    def analysed(self, pairs: int, settled: tuple[int, int], chosen: tuple[int, int]) -> None:
        """Nothing."""

    def confirmed(self, seeds: int, runs: int) -> None:
        """Nothing."""


class ArraySource(SampleSource):
    """Plays nothing: `measures` holds for each arm its measures by seed, from the seed at `start` on."""

    def __init__(self, comparison: Comparison, measures: Measures, start: int = 0) -> None:
        self.comparison, self.measures, self.start = comparison, measures, start
        self.pairs = dict.fromkeys(comparison.keys, 0)
        self.failed: dict[str, str] = {}

    def play(self, pairs: Mapping[ArmName, int]) -> None:
        """Take so many seeds of each arm as played."""
        self.pairs = {name: max(before, pairs.get(name, 0)) for name, before in self.pairs.items()}

    def values(self, name: ArmName, measure: str) -> np.ndarray:
        """A measure of an arm, by seed."""
        return self.measures[name][measure][self.start : self.start + self.pairs[name]]


def comparison_of(arms: tuple[str, ...], margins: Mapping[str, float], analyses: tuple[int, ...] = ANALYSES) -> Comparison:
    """A comparison of one contest; its scenarios differ in their length alone, and are never played."""
    scenarios = [Arm("alone", arm, default_scenario(weeks=1 + number)) for number, arm in enumerate(arms)]
    study = Study(
        name="stand_in",
        question="?",
        baseline=arms[0],
        arms=tuple(scenarios),
        seeds=1,
        first_seed=1,
        worker_spec=Workers(count=1),
        confidence=0.95,
        records=0,
        discount_rate=0.08,
        folder=Path("nowhere"),
        resolved={},
        command="",
    )
    return Comparison(study, tuple(margins), dict(margins), analyses, CONFIRMATION_SEEDS, 1_000_001, 0.05, None)


def analysed(comparison: Comparison, measures: Measures) -> InterimAnalyses:
    """All interim analyses of a comparison of these measures; their seeds are the first ones."""
    source = ArraySource(comparison, measures)
    analyses = InterimAnalyses(source, None, Silent())
    analyses.play()
    return analyses


def statements(comparison: Comparison, measures: Measures) -> list[dict[str, object]]:
    """Its statements, confirmation seeds included, which come after those of the last interim analysis."""
    analyses = analysed(comparison, measures)
    confirmation = ArraySource(comparison, measures, comparison.interim_analyses[-1])
    confirmation.play(dict.fromkeys(comparison.keys, comparison.confirmation_seeds))
    with_all = Confirmation(analyses.source, confirmation, analyses.estimates)
    return [with_all.statement(column) for column in analyses.columns if column.against == comparison.study.baseline]
