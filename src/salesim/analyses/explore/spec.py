"""What `salesim explore` asks: axes, arms and how hard to look, all checked before the first run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from salesim.analyses.explore.axes import NumberAxis, TracedArm, check_numbers, names_of, traced
from salesim.config.axes import Axis
from salesim.config.check_axes import check_axes, is_whole, meaning_of
from salesim.config.compose_study import key_of, study_of
from salesim.config.errors import InputError, meant
from salesim.config.options import ExploreSettings
from salesim.config.overrides.composer import Composer
from salesim.config.study import Study
from salesim.config.validation import checked
from salesim.metrics import METRICS

FEWEST_TRAJECTORIES = 4


@dataclass(frozen=True)
class Exploration:
    """What is asked. `tipping` looks for the crossings along the only axis; else the axes span a design."""

    study: Study
    axes: tuple[NumberAxis, ...]
    arms: tuple[TracedArm, ...]
    measure: str
    tipping: bool
    trajectories: int
    points: int
    seeds: int
    most_seeds: int
    tipping_seeds: int
    second: dict[str, float]  # second parameter of the beta distributions whose first is an axis, by the axis' name

    @property
    def folder(self) -> Path:
        """Where the tables go: beside those of the study."""
        return self.study.own_folder / "explore"

    @property
    def others(self) -> list[tuple[str, str]]:
        """Contest and name of every arm but the baseline."""
        return [(a.arm.contest, a.arm.name) for a in self.arms if a.arm.name != self.study.baseline]

    @property
    def upwards(self) -> float:
        """1 if more of the measure is better, else -1."""
        return 1.0 if METRICS[self.measure].better == "up" else -1.0


def exploration_of(typed: Sequence[str], composer: Composer, line: str) -> Exploration:
    """The exploration that words ask for. Raises InputError for anything that could not be played."""
    axes, words = composer.axes(composer.words(typed))
    base = composer(words)
    settings = checked(ExploreSettings, base.mapping["explore"], "explore")
    given = {key_of(word) for word in words}
    if settings.tipping is not None:
        if "explore.seeds" in given:
            raise InputError(
                "seeds would change nothing: a tipping point is looked for with "
                f"tipping_seeds={settings.tipping_seeds}; change that"
            )
        axes = [tipping_axis(settings.tipping, axes, composer)]
    axes = axes or filed_axes(settings.axes, given, composer)
    check_axes(axes, base.mapping)
    check_numbers(axes)
    fixed = [*words, f"study.seeds={settings.seeds}", *([] if "study.records" in given else ["study.records=0"])]

    def composed(more: Sequence[str]) -> Study:
        return study_of([*fixed, *more], composer, line)

    study = composed([])
    check(study, settings)
    known = with_names(axes, base.chosen, composer.folders)
    return Exploration(
        study, tuple(known), tuple(traced(study, known, composed)), settings.measure, settings.tipping is not None,
        settings.trajectories, settings.points, settings.seeds, settings.most_seeds, settings.tipping_seeds,
        second_of(known, study),
    )  # fmt: skip


def tipping_axis(word: str, others: Sequence[Axis], composer: Composer) -> Axis:
    """The axis along which a tipping point is sought. Raises InputError."""
    if others:
        raise InputError("a tipping point is sought along one parameter; leave the other intervals out, or fix them")
    axes, _ = composer.axes([word])
    if not axes or not axes[0].is_interval or axes[0].log:
        raise InputError(f"tipping={word} is no interval; write tipping=market.worth.spillover=interval(0,1), in quotes")
    return axes[0]


def check(study: Study, settings: ExploreSettings) -> None:
    """What is possible alone but not for an exploration. Raises InputError."""
    points, trajectories = settings.points, settings.trajectories
    if settings.measure not in METRICS:
        raise InputError(f"explore.measure is {settings.measure}, which is no measure; {meant(settings.measure, METRICS)}")
    if len({arm.name for arm in study.arms}) < 2:
        raise InputError(f"experiment {study.name} has one arm, and nothing to compare it with; add one or name another")
    if points & (points - 1):
        raise InputError(f"explore.points is {points}; Sobol indices need a power of two, as 64 or 128")
    if 0 < trajectories < FEWEST_TRAJECTORIES:
        raise InputError(
            f"explore.trajectories is {trajectories}; screening needs {FEWEST_TRAJECTORIES} or more, or 0 to leave it out"
        )
    if settings.most_seeds < settings.seeds:
        raise InputError(
            f"explore.most_seeds is {settings.most_seeds} and explore.seeds is {settings.seeds}; the first has to be at least "
            "the second"
        )


def filed_axes(axes: Mapping[str, str], given: set[str], composer: Composer) -> list[Axis]:
    """The axes of the file, less what the command line has fixed. Raises InputError."""
    found, fixed = composer.axes([f"{key}={text}" for key, text in axes.items() if key not in given])
    if fixed:
        raise InputError(f"explore.axes has {fixed[0]}, which is one value; write interval(low,high)")
    if not found:
        raise InputError(
            "there is no axis: explore.axes has none that is not fixed on the command line; give one or more, as "
            "'market.worth.spillover=interval(0,1)'"
        )
    return found


def with_names(axes: Sequence[Axis], chosen: Mapping[str, str], folders: Sequence[Path]) -> list[NumberAxis]:
    """The axes with short names, unit and meaning, of whole numbers where the setting is one. Raises InputError."""
    whole = [replace(axis, whole=True) if is_whole(axis.key) else axis for axis in axes]
    return [
        NumberAxis(axis, name, *meaning_of(axis.key, chosen, folders)) for axis, name in zip(whole, names_of(axes), strict=True)
    ]


def second_of(axes: Sequence[NumberAxis], study: Study) -> dict[str, float]:
    """Second parameters of beta distributions, so that a bound on the first can be said as a mean."""
    customers, keys = study.arms[0].scenario.market.customers, {axis.key for axis in axes}
    found = {}
    for axis in axes:
        start, _, name = axis.key.rpartition(".")
        other = f"{name[:-2]}_b"
        if start == "market.customers" and name.endswith("_a") and f"{start}.{other}" not in keys and hasattr(customers, other):
            found[axis.name] = float(getattr(customers, other))
    return found


def scenarios_of(exploration: Exploration, points: np.ndarray) -> dict[tuple[str, str], list[Any]]:
    """The scenario of every arm at every point (points x axes), all checked. Raises InputError."""
    return {
        (traced_arm.arm.contest, traced_arm.arm.name): [traced_arm.at(row, exploration.axes) for row in points]
        for traced_arm in exploration.arms
    }
