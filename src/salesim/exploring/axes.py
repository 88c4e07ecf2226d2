"""Axes: `key=interval(low,high)` on the command line, and where a key's value lies in the scenarios of all arms."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from salesim.arms import as_mapping, at_path, differences
from salesim.config import default_scenario
from salesim.errors import InputError
from salesim.scenario import Scenario
from salesim.studies.design import Arm, Study

INTERVAL = re.compile(r"(?P<key>[^=\s]+)=interval\((?P<ends>.*)\)", re.DOTALL)
FIXED = ("study", "experiment", "contest", "hydra")  # what all arms and points share


@dataclass(frozen=True)
class Axis:
    """A number that is varied evenly from `low` to `high`; its name is the shortest end of the key that is unique."""

    key: str
    low: float
    high: float
    name: str = ""
    whole: bool = False
    unit: str = ""
    meaning: str = ""

    def value(self, share: float) -> float:
        """The value at a share of the way from low to high."""
        value = self.low + share * (self.high - self.low)
        return float(round(value)) if self.whole else value


def is_axis(word: str) -> bool:
    """Whether a word of the command line is meant as an axis."""
    return "=interval" in word.replace(" ", "")


def axis_of(word: str) -> Axis:
    """An axis from `key=interval(low,high)`. Raises InputError."""
    found = INTERVAL.fullmatch(word.strip())
    example = "write it as 'market.worth.spillover=interval(0,1)', in quotes for the shell"
    if not found:
        raise InputError(f"{word!r} is no interval; {example}")
    try:
        low, high = (float(end) for end in found["ends"].split(","))
    except ValueError:
        raise InputError(f"{word!r} needs two numbers, the lower first; {example}") from None
    return checked_axis(found["key"].lstrip("+"), low, high)


def checked_axis(key: str, low: float, high: float) -> Axis:
    """An axis whose ends are in order. Raises InputError."""
    if not (math.isfinite(low) and math.isfinite(high)):
        raise InputError(f"{key} goes from {low:g} to {high:g}; both ends have to be numbers")
    if low >= high:
        what = "has no width" if low == high else "ends before it begins"
        raise InputError(f"{key}=interval({low:g},{high:g}) {what}; give the lower end first and a higher one after it")
    if key.split(".")[0] in FIXED:
        raise InputError(f"{key} is the same for all runs; an axis can be a number of the market, the vendors, or weeks")
    return Axis(key, low, high)


def named(axes: Sequence[Axis]) -> list[str]:
    """Short names, one an axis. Raises InputError for a key that is there twice."""
    keys = [axis.key for axis in axes]
    for key in keys:
        if keys.count(key) > 1:
            raise InputError(f"{key} is an axis twice; give it once")
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

    def at(self, values: Sequence[float], axes: Sequence[Axis]) -> Scenario:
        """The arm's scenario with these values of the axes; NaN leaves what is set. Raises InputError."""
        changes: dict[str, Any] = {}
        for value, axis, paths in zip(values, axes, self.paths, strict=True):
            if not math.isnan(value):
                changes |= dict.fromkeys(paths, int(value) if axis.whole else float(value))
        try:
            return default_scenario(self.arm.scenario, **changes) if changes else self.arm.scenario
        except InputError as error:
            place = ", ".join(f"{axis.key}={value:g}" for value, axis in zip(values, axes, strict=True))
            raise InputError(f"arm {self.arm.name} cannot be played at {place}: {error}") from error


def traced(study: Study, axes: Sequence[Axis], compose: Callable[[Sequence[str]], Study]) -> tuple[list[Axis], list[TracedArm]]:
    """The axes with what is known of them, and where each arm's scenario carries their values.

    `compose` makes the study with further overrides. Where a value lies is found by composing both ends of every axis,
    so that points need no composing. Raises InputError for an unknown key, an end out of bounds, or an axis without effect.
    """
    names = named(axes)
    paths: dict[int, list[tuple[str, ...]]] = {id(arm): [] for arm in study.arms}
    known = []
    for axis, name in zip(axes, names, strict=True):
        ends = [compose([f"{axis.key}={plain(end)}"]) for end in (axis.low, axis.high)]
        whole = False
        for arm, low, high in zip(study.arms, ends[0].arms, ends[1].arms, strict=True):
            mine, first = differences(as_mapping(low.scenario), as_mapping(high.scenario)), as_mapping(low.scenario)
            starts = {path: at_path(first, path) for path in mine}
            if any(not isinstance(mine[p], int | float) or mine[p] != axis.high or starts[p] != axis.low for p in mine):
                raise InputError(f"{axis.key} is not a number; an axis has to be one")
            whole = whole or any(isinstance(value, int) for value in mine.values())
            paths[id(arm)].append(tuple(mine))
        if not any(paths[id(arm)][-1] for arm in study.arms):
            raise InputError(f"{axis.key} changes nothing: every arm of experiment {study.name} sets it; name another axis")
        known.append(Axis(axis.key, axis.low, axis.high, name, whole))
    return known, [TracedArm(arm, tuple(paths[id(arm)])) for arm in study.arms]


def plain(value: float) -> str:
    """A number as it is typed."""
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def in_units(shares: np.ndarray, axes: Sequence[Axis]) -> np.ndarray:
    """Rows of shares (0 to 1) as values of the axes."""
    return np.array([[axis.value(share) for share, axis in zip(row, axes, strict=True)] for row in shares])


def in_words(bounds: Mapping[str, tuple[float, float]], means: Mapping[str, float]) -> str:
    """Bounds by name as a person would say them; `means` has the second parameter of beta distributions by name.

    >>> in_words({"hours": (12.0, float("inf")), "complexity_a": (float("-inf"), 2.0)}, {"complexity_a": 2.0})
    'hours > 12 and mean complexity < 0.5 (complexity_a < 2)'
    """
    parts = []
    for name, (low, high) in bounds.items():
        text = between(name, low, high)
        if text and name in means:
            b = means[name]
            text = f"{between(f'mean {name[:-2]}', rounded_mean(low, b), rounded_mean(high, b))} ({text})"
        parts += [text] if text else []
    return " and ".join(parts) or "everywhere"


def rounded_mean(a: float, b: float) -> float:
    """Mean of the beta distribution (a, b) with two digits; infinite bounds stay."""
    return round(a / (a + b), 2) if math.isfinite(a) else a


def between(name: str, low: float, high: float) -> str:
    """One bound or two in words."""
    if math.isfinite(low) and math.isfinite(high):
        return f"{low:g} < {name} < {high:g}"
    if math.isfinite(low):
        return f"{name} > {low:g}"
    return f"{name} < {high:g}" if math.isfinite(high) else ""
