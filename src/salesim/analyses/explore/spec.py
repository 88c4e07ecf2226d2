"""What `salesim explore` asks: axes, arms and how hard to look, all checked before the first run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from salesim.analyses.explore.axes import NumberAxis, TracedArm, check_numbers, names_of, traced
from salesim.config.axes import Axis
from salesim.config.check_axes import Parse, check_axes, check_once, check_options, is_whole, meaning_of
from salesim.config.compose_study import Compose, key_of, study_of
from salesim.config.config_files import file_of, read_yaml
from salesim.config.errors import InputError, meant
from salesim.config.study import Study
from salesim.metrics import METRICS

WHOLE = {"trajectories": (0, 1000), "points": (1, 65_536), "most_seeds": (3, 10_000), "tipping_seeds": (24, 100_000)}
OPTIONS = ("measure", "tipping", *WHOLE)
FEWEST_POINTS = 16  # base points of a Sobol design; with fewer an index is hardly more than chance
FEWEST_SEEDS = 3
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


def exploration_of(words: Sequence[str], folders: Sequence[Path], line: str, compose: Compose, parse: Parse) -> Exploration:
    """The exploration that words ask for. Raises InputError for anything that could not be played or told."""
    options, words = sorted_out(words)
    settings = settings_of(options, folders)
    axes, rest = parse(words)
    check_options(rest, (*OPTIONS, "seeds"))
    check_once([*(f"{axis.key}={axis.text}" for axis in axes), *rest])
    if "tipping" in options:
        axes = [tipping_axis(options["tipping"], axes, parse)]
    asked = {key_of(word) for word in rest}
    if "tipping" in options and "study.seeds" in asked:
        raise InputError(
            "seeds would change nothing: a tipping point is looked for with "
            f"tipping_seeds={settings['tipping_seeds']}; change that"
        )
    if "study.seeds" not in asked:
        rest = [f"study.seeds={settings['seeds']}", *rest]
    if "study.records" not in asked:
        rest = ["study.records=0", *rest]
    axes = axes or filed_axes(settings, asked, parse)
    check_axes(axes, compose(rest).mapping)
    check_numbers(axes)

    def composed(more: Sequence[str]) -> Study:
        return study_of([*rest, *more], folders, line, compose)

    study = composed([])
    check(study, settings)
    known = with_names(axes, compose(rest).chosen, folders)
    values = dict.fromkeys(WHOLE, 0) | {name: int(settings[name]) for name in WHOLE}
    return Exploration(
        study, tuple(known), tuple(traced(study, known, composed)), str(settings["measure"]), "tipping" in options,
        values["trajectories"], values["points"], study.seeds, values["most_seeds"], values["tipping_seeds"],
        second_of(known, study),
    )  # fmt: skip


def sorted_out(words: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """Options, and the other words. Raises InputError."""
    options: dict[str, str] = {}
    rest = []
    for word in words:
        key, equals, value = word.partition("=")
        if key in OPTIONS and equals:
            if key in options:
                raise InputError(f"{key} is given twice; give it once")
            options[key] = value
        else:
            rest.append(word)
    return options, rest


def tipping_axis(word: str, others: Sequence[Axis], parse: Parse) -> Axis:
    """The axis along which a tipping point is sought. Raises InputError."""
    if others:
        raise InputError("a tipping point is sought along one parameter; leave the other intervals out, or fix them")
    axes, _ = parse([word])
    if not axes or not axes[0].is_interval or axes[0].log:
        raise InputError(f"tipping={word} is no interval; write tipping=market.worth.spillover=interval(0,1), in quotes")
    return axes[0]


def settings_of(options: Mapping[str, str], folders: Sequence[Path]) -> dict[str, Any]:
    """The settings of `explore/standard.yaml` with the options of the command line. Raises InputError."""
    path = file_of("explore", "standard", folders)
    found = read_yaml(path)
    for name in (*WHOLE, "measure", "seeds", "axes"):
        if name not in found:
            raise InputError(f"{name} is missing in {path}; salesim show and the shipped file say what it is")
    found |= {name: value for name, value in options.items() if name != "tipping"}
    for name, (low, high) in WHOLE.items():
        try:
            found[name] = int(str(found[name]))
        except ValueError:
            found[name] = low - 1 if not isinstance(found[name], str) else found[name]
        if not isinstance(found[name], int) or not low <= found[name] <= high:
            came = options.get(name, found[name])
            raise InputError(f"{name} is {came}; it has to be a whole number from {low} to {high} ({path})")
    if found["measure"] not in METRICS:
        raise InputError(f"measure is {found['measure']}, which is no measure; {meant(str(found['measure']), METRICS)}")
    return found


def check(study: Study, settings: Mapping[str, Any]) -> None:
    """What is possible alone but not for an exploration. Raises InputError."""
    points, trajectories = settings["points"], settings["trajectories"]
    if len({arm.name for arm in study.arms}) < 2:
        raise InputError(f"experiment {study.name} has one arm, and nothing to compare it with; add one or name another")
    if points < FEWEST_POINTS or points & (points - 1):
        raise InputError(f"points is {points}; Sobol indices need a power of two from {FEWEST_POINTS} on, as 64 or 128")
    if 0 < trajectories < FEWEST_TRAJECTORIES:
        raise InputError(f"trajectories is {trajectories}; screening needs {FEWEST_TRAJECTORIES} or more, or 0 to leave it out")
    if study.seeds < FEWEST_SEEDS:
        raise InputError(f"seeds is {study.seeds}; an interval at every point needs {FEWEST_SEEDS} or more")
    if settings["most_seeds"] < study.seeds:
        raise InputError(
            f"most_seeds is {settings['most_seeds']} and seeds is {study.seeds}; the first has to be at least the second"
        )


def filed_axes(settings: Mapping[str, Any], asked: set[str], parse: Parse) -> list[Axis]:
    """The axes of the file, less what the command line has fixed. Raises InputError."""
    axes = settings["axes"]
    if not isinstance(axes, Mapping) or any(not isinstance(text, str) for text in axes.values()):
        raise InputError(f"axes in explore/standard.yaml is {axes!r}; it has to have lines `key: interval(low,high)`")
    found, fixed = parse([f"{key}={text}" for key, text in axes.items() if key not in asked])
    if fixed:
        raise InputError(f"axes in explore/standard.yaml has {fixed[0]}, which is one value; write interval(low,high)")
    if not found:
        raise InputError(
            "there is no axis: explore/standard.yaml has none that is not fixed on the command line; give one or more, as "
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
