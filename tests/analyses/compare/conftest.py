"""Small comparisons of the real market, and the scripts of docs/proofs as modules."""

import importlib
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from salesim.analyses.compare.spec import Comparison
from salesim.config.scenario import default_scenario
from salesim.config.study import Arm, Study, Workers

PROOFS = Path(__file__).parents[3] / "docs" / "proofs"
SMALL = {"market.customers.count": 40, "market.selling.salespeople": 2, "weeks": 78}


class Remembers:
    """A listener that remembers; `stop` raises an interrupt after so many runs."""

    def __init__(self, stop: int | None = None) -> None:
        self.stop = stop
        self.runs = 0
        self.stages: list[str] = []

    def begin(self, stage: str) -> None:
        self.stages.append(stage)

    def advance(self, done: int, total: int) -> None:
        assert done <= total
        self.runs += 1
        if self.stop is not None and self.runs >= self.stop:
            raise KeyboardInterrupt

    def analysed(self, pairs: int, settled: tuple[int, int], chosen: tuple[int, int]) -> None:
        assert settled[0] <= settled[1]
        assert chosen[0] <= chosen[1]
        self.stages[-1] += f": {pairs} pairs"

    def confirmed(self, seeds: int, runs: int) -> None:
        self.stages[-1] += f": {seeds} seeds, {runs} runs"


@pytest.fixture
def make_comparison(tmp_path: Path) -> Callable[..., Comparison]:
    """A maker of comparisons: make_comparison(("pitch", "diagnostic"), interim_analyses=(10, 20))."""

    def make(strategies=("pitch", "diagnostic", "rainmaking"), place="here", **changes: Any) -> Comparison:
        arms = tuple(Arm("alone", name, default_scenario(strategy=name.rstrip("2"), **SMALL)) for name in strategies)
        study = Study(
            name="small",
            question="?",
            baseline=strategies[0],
            arms=arms,
            seeds=1,
            first_seed=1,
            worker_spec=Workers(count=2),
            confidence=0.95,
            records=1,
            discount_rate=0.08,
            folder=tmp_path / place,
            resolved={"compare": {}},
            command="salesim compare",
        )
        margins = {"gross_margin": 0.01, "win_rate": 0.02}
        return replace(Comparison(study, tuple(margins), margins, (10, 20, 40), 12, 1001, 0.05, None), **changes)

    return make


@pytest.fixture(scope="session")
def proof() -> Callable[[str], ModuleType]:
    """A script of docs/proofs by name."""
    sys.path.insert(0, str(PROOFS))
    try:
        yield importlib.import_module
    finally:
        sys.path.remove(str(PROOFS))
