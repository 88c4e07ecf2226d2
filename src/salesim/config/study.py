"""What a study is: arms that share seeds; a sweep: such arms at every point of a design; and the workers of both."""

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from salesim.config.answer import AnswerSettings
from salesim.config.axes import Axis, shown
from salesim.config.design import Point
from salesim.config.errors import InputError
from salesim.config.options import StudySettings
from salesim.config.scenario import default_scenario
from salesim.config.worlds import Worlds
from salesim.model.parameters import Scenario

_ADDRESS = re.compile(r"((tcp|tls|ws|wss|ucx)://)?([\w.-]+|\[[\da-fA-F:.]+\]):\d{1,5}")


@dataclass(frozen=True)
class Workers:
    """What executes the runs of a study: the kind, how many (0 is one for each core), and the address of a Dask scheduler."""

    kind: Literal["threads", "processes", "dask"] = "threads"
    count: int = 0
    address: str = ""

    def __post_init__(self) -> None:
        if self.kind == "dask" and not self.address:
            raise InputError(
                "executor is dask, but executor.address is empty; give the address of the scheduler, as "
                "executor.address=tcp://localhost:8786"
            )
        if self.address and self.kind == "dask" and not _ADDRESS.fullmatch(self.address):
            raise InputError(
                f"executor.address is {self.address}; it has to be that of a Dask scheduler, with its port, as "
                "executor.address=tcp://localhost:8786"
            )
        if self.address and self.kind != "dask":
            raise InputError(
                f"executor.address is {self.address}, but executor is {self.kind}; only executor=dask has an address"
            )

    @property
    def here(self) -> int:
        """How many of this machine."""
        return self.count or os.cpu_count() or 1


@dataclass(frozen=True)
class Arm:
    """One scenario to compare, in a contest ("alone" or "everyone")."""

    contest: str
    name: str
    scenario: Scenario


@dataclass(frozen=True, kw_only=True)
class Seeded:
    """What a study and a sweep share: seeds, and where results go. `folder` is the root; the own folder is `folder / name`."""

    name: str
    question: str
    baseline: str
    seeds: int
    first_seed: int
    confidence: float
    folder: Path
    worker_spec: Workers
    resolved: dict[str, Any]
    command: str
    seed_list: tuple[int, ...] = ()  # if they do not follow each other
    worlds: Worlds | None = None  # of an ensemble; each seed then belongs to one of them
    store: Path | None = None  # of finished runs that studies share

    @property
    def own_folder(self) -> Path:
        """The folder of this study or sweep."""
        return self.folder / self.name

    def runs_folder(self, kind: str, own: Path | None = None) -> Path:
        """Where finished runs are kept: those of this `kind` in the shared store, or else in the study's or an `own` folder.

        Runs of one kind have the same parts: "whole" ones have all, those of a sweep "measures" alone.
        """
        return self.store / kind if self.store else (own or self.own_folder) / "runs"

    def in_world(self, scenario: Scenario, seed: int) -> Scenario:
        """What is run of a scenario with a seed: the scenario in the world of the seed, if there are worlds."""
        return self.worlds.scenario(scenario, self.worlds.at(seed)) if self.worlds else scenario

    @property
    def all_seeds(self) -> Sequence[int]:
        """The seeds that all scenarios share."""
        return self.seed_list or range(self.first_seed, self.first_seed + self.seeds)


def given_by(settings: StudySettings) -> dict[str, Any]:
    """The fields of `Seeded` that the settings of a study give."""
    workers = Workers(settings.executor.kind, settings.workers, settings.executor.address)
    plain = {name: getattr(settings, name) for name in ("seeds", "first_seed", "seed_list", "confidence")}
    places = {"folder": Path(settings.folder), "store": Path(settings.store) if settings.store else None}
    return {**plain, **places, "worker_spec": workers}


@dataclass(frozen=True, kw_only=True)
class Study(Seeded):
    """Arms with the same seeds; the first `records` seeds of every arm keep all their deals and weeks."""

    arms: tuple[Arm, ...]
    records: int
    discount_rate: float  # a year, of present values
    series: tuple[str, ...] = ()  # kinds of agents whose values over time are kept for the same seeds
    series_weeks: int = 13
    answer: AnswerSettings = field(default_factory=AnswerSettings)
    margins: Mapping[str, float] = field(default_factory=dict)  # smallest difference of each measure that matters
    market_changes: Mapping[str, Any] = field(default_factory=dict)  # what the experiment's file sets in the market, by key

    @property
    def contests(self) -> list[str]:
        """Contests in the order of their first arms."""
        return list(dict.fromkeys(arm.contest for arm in self.arms))


@dataclass(frozen=True)
class Placed:
    """A scenario of a sweep: its point, contest and arm, its key, and by dotted key how it differs from the first one."""

    point: int
    contest: str
    arm: str
    key: str
    differences: dict[str, Any]

    @property
    def place(self) -> dict[str, Any]:
        """Where it is in the sweep, as columns of a table."""
        return {"point": self.point, "contest": self.contest, "arm": self.arm}

    def scenario(self, first: Scenario) -> Scenario:
        """The whole scenario, made from the first one."""
        return default_scenario(first, **self.differences) if self.differences else first


@dataclass(frozen=True, kw_only=True)
class Sweep(Seeded):
    """Points on axes; at each of them arms in contests, with the same seeds everywhere.

    `placed` has every scenario, in the order of points, contests and arms; `first` is the scenario of the first of them.
    """

    axes: tuple[Axis, ...]
    design: str
    points: tuple[Point, ...]
    contests: tuple[str, ...]
    arms: tuple[str, ...]
    margins: Mapping[str, float]  # smallest difference of each measure that matters
    arm_key: str  # the key whose values are the arms, as strategy; empty if the arms are those of an experiment
    first: Scenario
    placed: tuple[Placed, ...]
    settings: Mapping[str, str] = field(default_factory=dict)  # by key, everything else that was set, as it was typed
    notes: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # unit and meaning of what is varied, by key

    @property
    def n_runs(self) -> int:
        """How many runs its tables have."""
        return len(self.placed) * self.seeds

    def settings_at(self, placed: Placed) -> dict[str, Any]:
        """Where a scenario is and what is set there, a column for each swept setting; lists as text."""
        named = {self.arm_key: placed.arm} if self.arm_key else {}
        point = self.points[placed.point].items()
        return placed.place | named | {key: shown(value) if isinstance(value, list | dict) else value for key, value in point}
