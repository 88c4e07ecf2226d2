"""What a study is: arms that share seeds."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from salesim.scenario import Scenario


@dataclass(frozen=True)
class Arm:
    """One scenario to compare, in a contest ("alone" or "everyone")."""

    contest: str
    name: str
    scenario: Scenario


@dataclass(frozen=True)
class Study:
    """Arms, seeds, and where results go. `folder` is the results root; the study's own folder is `folder / name`."""

    name: str
    question: str
    baseline: str
    arms: tuple[Arm, ...]
    seeds: int
    first_seed: int
    workers: int
    confidence: float
    books: int
    folder: Path
    resolved: dict[str, Any]
    command: str
