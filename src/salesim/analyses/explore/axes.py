"""Axes of numbers with short names, and where the value of an axis lies in the scenarios of all arms."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from salesim.config.axes import Axis, shown
from salesim.config.compose_study import differences
from salesim.config.config_files import GROUPS
from salesim.config.errors import InputError
from salesim.config.scenario import default_scenario
from salesim.config.study import Arm, Study
from salesim.config.validation import as_mapping
from salesim.model.parameters import Scenario


@dataclass(frozen=True)
class NumberAxis:
    """An axis of numbers; `name` is the shortest end of its key that no other axis has, the rest is what the files say."""

    axis: Axis
    name: str
    unit: str = ""
    meaning: str = ""

    @property
    def key(self) -> str:
        """The dotted key of the setting."""
        return self.axis.key

    @property
    def low(self) -> float:
        """The smallest value."""
        return float(min(self.axis.values)) if self.axis.values else self.axis.low

    @property
    def high(self) -> float:
        """The largest value."""
        return float(max(self.axis.values)) if self.axis.values else self.axis.high

    @property
    def whole(self) -> bool:
        """Whether all values are whole numbers of a setting that has to be one."""
        return self.axis.whole

    @property
    def span(self) -> str:
        """Its values in words."""
        if self.axis.values:
            return ", ".join(map(shown, self.axis.values))
        return f"{self.low:g} to {self.high:g}{', spread over orders of magnitude' if self.axis.log else ''}"

    def row(self) -> dict[str, Any]:
        """The axis as a row of a table."""
        ends = {"low": self.low, "high": self.high, "whole": self.whole, "span": self.span}
        return {"key": self.key, "name": self.name, **ends, "unit": self.unit, "meaning": self.meaning}


def check_numbers(axes: Sequence[Axis]) -> None:
    """Refuse axes whose values are not all numbers. Raises InputError."""
    for axis in axes:
        if axis.key in GROUPS:
            raise InputError(
                f"{axis.key}={axis.text} names files; an exploration varies numbers, and {axis.key}=NAME is one arm more: "
                "for several write an experiment, or `salesim sweep` plays each"
            )
        wrong = [value for value in axis.values if isinstance(value, bool) or not isinstance(value, int | float)]
        if wrong or any(not math.isfinite(value) for value in axis.values):
            raise InputError(f"{axis.key}={axis.text} has values that are no numbers; an exploration varies numbers")


def names_of(axes: Sequence[Axis]) -> list[str]:
    """Short names, one an axis."""
    keys = [axis.key for axis in axes]
    names = []
    for key in keys:
        parts = key.split(".")
        ends = [".".join(parts[-size:]) for size in range(1, len(parts) + 1)]
        names.append(next(end for end in ends if sum(f".{other}".endswith(f".{end}") for other in keys) == 1))
    return names


@dataclass(frozen=True)
class TracedArm:
    """An arm, and for every axis the dotted paths in its scenario that carry the axis' value."""

    arm: Arm
    paths: tuple[tuple[str, ...], ...]

    def at(self, values: Sequence[float], axes: Sequence[NumberAxis]) -> Scenario:
        """The arm's scenario with these values of the axes; NaN leaves what is set. Raises InputError."""
        changes: dict[str, Any] = {}
        for value, axis, paths in zip(values, axes, self.paths, strict=True):
            if not math.isnan(value):
                changes |= dict.fromkeys(paths, int(value) if axis.whole and float(value).is_integer() else float(value))
        try:
            return default_scenario(self.arm.scenario, **changes) if changes else self.arm.scenario
        except InputError as error:
            place = ", ".join(f"{axis.key}={value:g}" for value, axis in zip(values, axes, strict=True))
            raise InputError(f"arm {self.arm.name} cannot be played at {place}: {error}") from error


def traced(study: Study, axes: Sequence[NumberAxis], compose: Callable[[Sequence[str]], Study]) -> list[TracedArm]:
    """Where each arm's scenario carries the values of the axes.

    `compose` makes the study with further overrides. Where a value lies is found by composing both ends of every axis,
    so that points need no composing. Raises InputError for an end out of bounds, or an axis without effect.
    """
    paths: dict[int, list[tuple[str, ...]]] = {id(arm): [] for arm in study.arms}
    for axis in axes:
        ends = [compose([f"{axis.key}={plain(end)}"]) for end in (axis.low, axis.high)]
        for arm, low, high in zip(study.arms, ends[0].arms, ends[1].arms, strict=True):
            paths[id(arm)].append(tuple(differences(as_mapping(low.scenario), as_mapping(high.scenario))))
        if not any(paths[id(arm)][-1] for arm in study.arms):
            raise InputError(f"{axis.key} changes nothing: every arm of experiment {study.name} sets it; name another axis")
    return [TracedArm(arm, tuple(paths[id(arm)])) for arm in study.arms]


def plain(value: float) -> str:
    """A number as it is typed."""
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def in_units(shares: np.ndarray, axes: Sequence[NumberAxis]) -> np.ndarray:
    """Rows of shares (0 to 1) as values of the axes."""
    return np.array([[axis.axis.at(share) for share, axis in zip(row, axes, strict=True)] for row in shares], dtype=float)
