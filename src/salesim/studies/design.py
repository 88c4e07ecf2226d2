"""What a study is: arms that share seeds."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from salesim.errors import InputError
from salesim.scenario import Scenario
from salesim.studies.pools import Workers


@dataclass(frozen=True)
class Arm:
    """One scenario to compare, in a contest ("alone" or "everyone")."""

    contest: str
    name: str
    scenario: Scenario


@dataclass(frozen=True)
class Study:
    """Arms, seeds, and where results go. `folder` is the results root; the study's own folder is `folder / name`.

    The first `books` seeds of every arm keep all their deals and weeks. Raises InputError for what cannot be compared.
    """

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
    executor: str = "threads"
    address: str = ""

    def __post_init__(self) -> None:
        names = [(arm.contest, arm.name) for arm in self.arms]
        for contest in self.contests:
            if (contest, self.baseline) not in names:
                known = ", ".join(name for where, name in names if where == contest)
                raise InputError(f"baseline is {self.baseline!r}, which is no arm of contest {contest}; its arms are {known}")
        twice = sorted({"/".join(name) for name in names if names.count(name) > 1})
        if twice:
            raise InputError(f"arms {', '.join(twice)} are there twice; give every arm a name of its own (experiment.arms)")
        if not names or self.seeds < 1:
            raise InputError(f"a study needs an arm and a seed; it has {len(names)} arms and study.seeds={self.seeds}")
        if not 0.0 < self.confidence < 1.0:
            raise InputError(f"study.confidence is {self.confidence}; it has to be above 0 and below 1")

    @property
    def own_folder(self) -> Path:
        """The study's folder."""
        return self.folder / self.name

    @property
    def players(self) -> Workers:
        """Who plays its runs."""
        return Workers(self.executor, self.workers, self.address)

    @property
    def contests(self) -> list[str]:
        """Contests in the order of their first arms."""
        return list(dict.fromkeys(arm.contest for arm in self.arms))

    @property
    def all_seeds(self) -> range:
        """The seeds that all arms share."""
        return range(self.first_seed, self.first_seed + self.seeds)
