"""The scenario of every arm at every point: composed once for each choice of files, then only its numbers are replaced."""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from salesim.config.axes import Axis, shown
from salesim.config.check_axes import is_number
from salesim.config.compose_study import differences, left_for_all
from salesim.config.config_files import GROUPS
from salesim.config.design import Point, applying
from salesim.config.dotted_keys import at_path, put
from salesim.config.errors import InputError
from salesim.config.experiment import Experiment
from salesim.config.overrides.composer import Composer
from salesim.config.planned import levers_in, with_levers
from salesim.config.scenario import default_scenario, scenario_mapping, validated
from salesim.config.study import Placed
from salesim.config.validation import as_mapping
from salesim.config.worlds import Worlds
from salesim.model.parameters import Scenario
from salesim.runs.store import key_in

ELSEWHERE = object()  # equal to no value of the first scenario


@dataclass(frozen=True)
class SweepArms:
    """The arms of a sweep (overrides by name), what they are values of, the axes of the points, and the other words."""

    experiment: Experiment
    arm_key: str
    axes: tuple[Axis, ...]
    words: tuple[str, ...]


class Base(NamedTuple):
    """A scenario of an arm; others differ from it in numbers only.

    `axis_of` has the key of the axis whose value is at a path of the scenario, `first` what the first scenario has there.
    `differences` are those from the first scenario at all other paths.
    """

    scenario: Scenario
    axis_of: dict[str, str]
    first: dict[str, Any]
    differences: dict[str, Any]


class Scenarios:
    """Every scenario with its point, contest and arm, in this order; `first` is the first of them.

    Raises InputError that names the place where a scenario cannot be run.
    """

    def __init__(self, spec: SweepArms, points: Sequence[Point], composer: Composer, worlds: Worlds | None) -> None:
        self.spec, self.points, self.composer, self.worlds = spec, points, composer, worlds
        self.bases: dict[tuple[str, ...], Base] = {}
        self.first: Scenario

    def __len__(self) -> int:
        return len(self.points) * len(self.spec.experiment.contests) * len(self.spec.experiment.arms)

    def __iter__(self) -> Iterator[Placed]:
        for number, point in enumerate(self.points):
            for contest in self.spec.experiment.contests:
                for arm in self.spec.experiment.arms:
                    try:
                        yield Placed(number, contest, arm, *self.scenario(point, contest, arm))
                    except InputError as error:
                        raise InputError(f"{self.place(number, point, arm)}: {with_axis(error, point)}") from error

    def scenario(self, point: Point, contest: str, arm: str) -> tuple[str, dict[str, Any]]:
        """The key of a scenario, and how it differs from the first one. Raises InputError."""
        here = applying(point, self.spec.axes, arm=arm)
        numbers = {key: value for key, value in here.items() if is_number(value)}
        kind = (contest, arm, *(key if key in numbers else f"{key}={value!r}" for key, value in here.items()))
        if kind not in self.bases:
            self.bases[kind] = self.base(here, numbers, contest, arm)
        base = self.bases[kind]
        changes = {path: numbers[key] for path, key in base.axis_of.items()}
        scenario = default_scenario(base.scenario, **changes)
        own = {path: value for path, value in changes.items() if value != base.first[path]}
        return key_in(self.worlds, scenario), base.differences | own

    def base(self, here: Point, numbers: Point, contest: str, arm: str) -> Base:
        """The scenario of an arm at a point, made from files, and where the numbers of the point are in it."""
        overrides = self.spec.experiment.arms[arm]
        chosen = [f"{key}={value}" for key, value in here.items() if key in GROUPS]
        composed = self.composer([*left_for_all(self.spec.words, [*overrides, *chosen]), *chosen, *overrides]).mapping
        marks = {key: f"value of {key}" for key in numbers}
        mapping, marked = (
            scenario_mapping(at_point(composed, values, self.composer.folders), contest, self.composer.folders[:-1])
            for values in (here, here | marks)
        )
        scenario = validated(mapping)
        if not self.bases:
            self.first = scenario
        axis_of = {path: mark.removeprefix("value of ") for path, mark in differences(mapping, marked).items()}
        whole = as_mapping(self.first)
        apart = {key: value for key, value in differences(whole, as_mapping(scenario)).items() if key not in axis_of}
        first = {
            path: ELSEWHERE if any(path.startswith(f"{key}.") for key in apart) else at_path(whole, path) for path in axis_of
        }
        return Base(scenario, axis_of, first, apart)

    def place(self, number: int, point: Point, arm: str) -> str:
        """A point and arm as text; points are counted from 0, as in the tables."""
        where = ", ".join(f"{key}={shown(value)}" for key, value in point.items())
        return f"point {number} of 0 to {len(self.points) - 1} ({where}), arm {arm}" if where else f"arm {arm}"


def with_axis(error: InputError, point: Point) -> str:
    """What is wrong at a point; what an axis gives is changed there."""
    axis = next((key for key in point if error.text.startswith(f"{key} ")), "")
    return f"{error.text}; change the values of {axis}" if axis else str(error)


def at_point(mapping: Mapping[str, Any], point: Point, folders: Sequence[Path]) -> dict[str, Any]:
    """A copy of a composed mapping with a point's numbers and lists put in, also where initiatives choose a file."""
    changed = deepcopy(dict(mapping))
    for key, value in point.items():
        if key not in GROUPS:
            put(changed, key, deepcopy(value))
    return with_levers(changed, levers_in(point), folders)
