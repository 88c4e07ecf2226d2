"""Axes of numbers with short names, and where the value of an axis lies in the scenarios of all arms."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from salesim.config.axes import Axis, shown
from salesim.config.check_axes import is_number, is_whole, meaning_of
from salesim.config.compose_study import differences
from salesim.config.config_files import GROUPS
from salesim.config.errors import InputError
from salesim.config.overrides.composer import Composer
from salesim.config.scenario import default_scenario
from salesim.config.study import Arm, Study
from salesim.config.validation import as_mapping
from salesim.model.parameters import Scenario
from salesim.report.sweep_files import short_name
from salesim.stats.intervals import Numbers

COLUMNS = ("key", "name", "low", "high", "whole", "span", "unit", "meaning", "beta_b")  # of the table of axes


@dataclass(frozen=True)
class NumberAxis(Axis):
    """An axis of numbers, with ends also where it has values.

    `name` is the shortest end of its key that no other axis has; unit and meaning are what the files say; `beta_b` is the
    second parameter of the beta distribution whose first parameter is varied, so that a bound can be said as a mean.
    """

    name: str = ""
    unit: str = ""
    meaning: str = ""
    beta_b: float | None = None

    @property
    def span(self) -> str:
        """Its values in words."""
        if self.values:
            return ", ".join(map(shown, self.values))
        return f"{self.low:g} to {self.high:g}{', spread over orders of magnitude' if self.log else ''}"

    def row(self) -> dict[str, Any]:
        """The axis as a row of a table."""
        return {name: getattr(self, name) for name in COLUMNS}


def filed_axes(where: str, axes: Mapping[str, str], given: set[str], composer: Composer) -> list[Axis]:
    """The axes of a file, less what the command line has fixed; `where` they stand. Raises InputError."""
    varied, fixed = composer.axes([f"{key}={text}" for key, text in axes.items() if key not in given])
    if fixed:
        raise InputError(f"{where} has {fixed[0]}, which is one value; write interval(low,high)")
    return varied


def check_numbers(axes: Sequence[Axis]) -> None:
    """Refuse axes whose values are not all numbers. Raises InputError."""
    for axis in axes:
        if axis.key in GROUPS:
            raise InputError(
                f"{axis.key}={axis.text} names files; an exploration varies numbers, and {axis.key}=NAME is one arm more: "
                "for several write an experiment, or `salesim sweep` runs each"
            )
        if not all(is_number(value) and math.isfinite(value) for value in axis.values):
            raise InputError(f"{axis.key}={axis.text} has values that are no numbers; an exploration varies numbers")


def number_axes(axes: Sequence[Axis], chosen: Mapping[str, str], folders: Sequence[Path], study: Study) -> list[NumberAxis]:
    """The axes with all that their numbers mean, of whole numbers where the setting is one. Raises InputError."""
    keys, customers = [axis.key for axis in axes], study.arms[0].scenario.market.customers
    numbered = []
    for axis in axes:
        low, high = (float(end(axis.values)) if axis.values else at for end, at in ((min, axis.low), (max, axis.high)))
        start, _, last = axis.key.rpartition(".")
        other = f"{last[:-2]}_b"
        is_beta = start == "market.customers" and last.endswith("_a") and hasattr(customers, other)
        numbered.append(
            NumberAxis(
                axis.key, axis.text, axis.values, low, high, axis.whole or is_whole(axis.key), axis.log,
                short_name(axis.key, keys), *meaning_of(axis.key, chosen, folders),
                float(getattr(customers, other)) if is_beta and f"{start}.{other}" not in keys else None,
            )
        )  # fmt: skip
    return numbered


@dataclass(frozen=True)
class TracedArm:
    """An arm, and for every axis the dotted paths in its scenario that carry the axis' value."""

    arm: Arm
    paths: tuple[tuple[str, ...], ...]

    @property
    def name(self) -> tuple[str, str]:
        """Contest and arm."""
        return self.arm.contest, self.arm.name

    def at(self, values: Sequence[float], axes: Sequence[NumberAxis]) -> Scenario:
        """The arm's scenario with these values of the axes; NaN leaves what is set. Raises InputError."""
        changes: dict[str, Any] = {}
        for value, axis, paths in zip(values, axes, self.paths, strict=True):
            if not math.isnan(value):
                changes |= dict.fromkeys(paths, int(value) if axis.whole and float(value).is_integer() else float(value))
        try:
            return default_scenario(self.arm.scenario, **changes) if changes else self.arm.scenario
        except InputError as error:
            moved = ((axis.key, value) for value, axis in zip(values, axes, strict=True) if not math.isnan(value))
            place = ", ".join(f"{key}={value:g}" for key, value in moved)
            raise InputError(f"arm {self.arm.name} cannot be run at {place}: {error}") from error


def traced(
    study: Study, axes: Sequence[NumberAxis], compose: Callable[[Sequence[str]], Study], one_market: bool
) -> list[TracedArm]:
    """Where each arm's scenario carries the values of the axes.

    `compose` makes the study with further overrides. Where a value lies is found by composing both ends of every axis,
    so that points need no composing; a number of the market is where its key says if no arm changes it (`one_market`).
    Raises InputError for an end out of bounds, or an axis without effect.
    """
    by_axis: list[list[tuple[str, ...]]] = []
    for axis in axes:
        if one_market and axis.key.startswith("market."):
            by_axis.append([(axis.key,)] * len(study.arms))
            for end in (axis.low, axis.high):
                TracedArm(study.arms[0], ((axis.key,),)).at([end], [axis])
            continue
        ends = (int(end) if end.is_integer() else end for end in (axis.low, axis.high))
        low, high = ([as_mapping(arm.scenario) for arm in compose([f"{axis.key}={end!r}"]).arms] for end in ends)
        by_axis.append([tuple(differences(*both)) for both in zip(low, high, strict=True)])
        if not any(by_axis[-1]):
            raise InputError(f"{axis.key} changes nothing: every arm of experiment {study.name} sets it; name another axis")
    return [TracedArm(arm, paths) for arm, paths in zip(study.arms, zip(*by_axis, strict=True), strict=True)]


def in_units(shares: Numbers, axes: Sequence[NumberAxis]) -> Numbers:
    """Rows of shares (0 to 1) as values of the axes."""
    return np.array([[axis.at(share) for share, axis in zip(row, axes, strict=True)] for row in shares], dtype=float)


def to_shares(values: Numbers, axes: Sequence[NumberAxis]) -> Numbers:
    """Where values of the axes lie between their ends, 0 to 1 from the low to the high end."""
    columns = []
    for column, axis in zip(values.T, axes, strict=True):
        low, high, mine = (np.log(each) if axis.log else each for each in (axis.low, axis.high, column))
        columns.append((mine - low) / (high - low))
    return np.column_stack(columns)
