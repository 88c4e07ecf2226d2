"""What `salesim explore` asks: axes, arms and how hard to look, all checked before the first run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from salesim.analyses.explore.axes import NumberAxis, TracedArm, check_numbers, filed_axes, number_axes, traced
from salesim.analyses.records import check_kept, check_weeks, record_of_study
from salesim.config.axes import Axis
from salesim.config.check_axes import check_axes
from salesim.config.compose_study import Composed, key_of, study_of
from salesim.config.config_files import choice, configs_folder, place_of, read_yaml
from salesim.config.errors import InputError, meant
from salesim.config.options import ExploreSettings
from salesim.config.overrides.composer import Composer
from salesim.config.study import Study
from salesim.config.validation import checked
from salesim.config.worlds import check_enough
from salesim.metrics import METRICS
from salesim.model.parameters import Scenario
from salesim.stats.intervals import Numbers

FEWEST_TRAJECTORIES = 4
POINTS_PER_AXIS = 2  # of an emulator, which are too few to learn from
LOW, HIGH = 0.05, 0.95  # quantiles of worlds between which a number is varied
ArmName = tuple[str, str]  # contest and arm


@dataclass(frozen=True)
class Exploration:
    """What is asked: to `explore` where each arm wins, the `tipping` points along the only axis, or a `tornado`."""

    study: Study
    axes: tuple[NumberAxis, ...]
    arms: tuple[TracedArm, ...]
    settings: ExploreSettings

    @property
    def kind(self) -> str:
        """Which of the three it is."""
        return "tipping" if self.settings.tipping is not None else "tornado" if self.settings.tornado else "explore"

    @property
    def file(self) -> Path:
        """Where the record goes; the tables are beside it."""
        return self.study.own_folder / "explore" / f"{self.kind}.json"

    @property
    def others(self) -> list[ArmName]:
        """Every arm but the baseline."""
        return [arm.name for arm in self.arms if arm.name[1] != self.study.baseline]

    @property
    def upwards(self) -> float:
        """1 if more of the measure is better, else -1."""
        return 1.0 if METRICS[self.settings.measure].better == "up" else -1.0

    def scenarios(self, points: Numbers) -> dict[ArmName, list[Scenario]]:
        """The scenario of every arm at every point (points x axes), all checked. Raises InputError."""
        return {arm.name: [arm.at(row, self.axes) for row in points] for arm in self.arms}

    def record(self) -> dict[str, Any]:
        """What is asked, as plain values."""
        metric = METRICS[self.settings.measure]
        return record_of_study(self.study, self.study.arms) | {
            "measure": self.settings.measure,
            "title": metric.title,
            "unit": metric.unit,
            "better": metric.better,
            "kind": self.kind,
            "axes": [axis.row() for axis in self.axes],
            "base_points": self.settings.points,
            "emulator_points": self.settings.emulator_points,
            "least_r2": self.settings.least_r2,
            "seeds": getattr(self.settings, {"explore": "seeds"}.get(self.kind, f"{self.kind}_seeds")),
            "tipping_seeds": self.settings.tipping_seeds,
            "most_seeds": self.settings.most_seeds,
            "first_seed": self.study.first_seed,
            "varied": sorted({path for arm in self.arms for paths in arm.paths for path in paths}),
        }


def exploration_of(typed: Sequence[str], composer: Composer, line: str) -> Exploration:
    """The exploration that words ask for. Raises InputError for anything that could not be run."""
    axes, words = composer.axes(composer.words(typed))
    base = composer(words)
    settings = checked(ExploreSettings, base.mapping["explore"], "explore")
    given = {key_of(word) for word in words}
    if settings.tornado and settings.tipping is None:
        check_used(given, "a tornado is made with", "tornado_seeds", settings.tornado_seeds)
    if settings.tipping is not None:
        check_used(given, "a tipping point is looked for with", "tipping_seeds", settings.tipping_seeds)
        axes = [tipping_axis(settings.tipping, axes, composer)]
        if axes[0].key in given:
            raise InputError(f"{axes[0].key} is given twice, once in tipping={settings.tipping}; leave the other out")
    filed = declared_ranges(settings.axes, composer.folders) if settings.tornado else settings.axes
    filed = ranges_of_worlds(settings.members) if settings.members else filed
    axes = axes or filed_axes("explore.axes", filed, given, composer)
    if not axes:
        raise InputError(
            "there is no axis: explore.axes has none that is not fixed on the command line; give one or more, as "
            "'market.worth.spillover=interval(0,1)'"
        )
    check_axes(axes, base.mapping)
    check_numbers(axes)
    fixed = [*words, f"study.seeds={settings.seeds}", *([] if "study.records" in given else ["study.records=0"])]

    def composed(more: Sequence[str]) -> Study:
        return study_of([*fixed, *more], composer, line)

    study = composed([])
    check(study, settings)
    check_kept(study, "explore")
    if 0 < settings.emulator_points <= POINTS_PER_AXIS * len(axes) and not settings.tornado:
        raise InputError(
            f"explore.emulator_points is {settings.emulator_points}; it has to be more than {POINTS_PER_AXIS} for each axis "
            f"({len(axes)}), or 0 for plain sampling"
        )
    needed, fewer = worlds_needed(settings)
    check_enough(study.worlds, needed, f"ask for fewer {fewer}=…")
    numbered = number_axes(axes, base.chosen, composer.folders, study)
    check_weeks(
        [settings.measure], min([study.arms[0].scenario.weeks, *(axis.low for axis in numbered if axis.key == "weeks")])
    )
    return Exploration(study, tuple(numbered), tuple(traced(study, numbered, composed, is_one_market(base))), settings)


def is_one_market(base: Composed) -> bool:
    """Whether no arm changes the market."""
    return "market" not in str(base.mapping["experiment"].get("arms"))


def worlds_needed(settings: ExploreSettings) -> tuple[int, str]:
    """How many worlds an ensemble has to have, each with one seed at a point, and the option that says how many."""
    if settings.tipping:
        return settings.tipping_seeds, "tipping_seeds"
    if settings.tornado:
        return settings.tornado_seeds, "tornado_seeds"
    # Plain sampling confirms regret in worlds of their own; an emulator goes through the worlds again from point to point.
    return (settings.most_seeds if settings.emulator_points else 2 * settings.most_seeds), "most_seeds"


def check_used(given: set[str], what: str, name: str, seeds: int) -> None:
    """Refuse options of a design where there is none. Raises InputError."""
    others = ["tornado", "tornado_seeds"] if name == "tipping_seeds" else []
    unused = ["seeds", "most_seeds", "points", "trajectories", "emulator_points", "least_r2", *others]
    for key in sorted(given & {f"explore.{each}" for each in unused}):
        raise InputError(f"{key.removeprefix('explore.')} would change nothing: {what} {name}={seeds}; change that")


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


def declared_ranges(axes: Mapping[str, str], folders: Sequence[Path]) -> dict[str, str]:
    """Every number whose uncertainty is written down: what the fit of the default market varied, priors of `fit`, `axes`."""
    free = read_yaml(configs_folder() / "evidence" / "fit.yaml")["free"]
    searched = {key: f"interval({low},{high})" for key, (low, high) in free.items()}
    priors: Mapping[str, str] = choice("fit", "standard", folders)["priors"]
    return {**searched, **priors, **axes}


def ranges_of_worlds(text: str) -> dict[str, str]:
    """The 90 % range of each setting over the kept worlds of a fit, from its members.csv. Raises InputError."""
    file = place_of(text)
    try:
        members = pd.read_csv(file)
        kept = members[members["kept"].astype(bool)]
    except (OSError, KeyError, ValueError) as error:
        raise InputError(f"explore.members is {text}, which is no members.csv of `salesim fit`") from error
    ends = {key: kept[key].quantile([LOW, HIGH]).tolist() for key in kept if key.startswith("market.")}
    if len(kept) < 2 or not ends:
        raise InputError(f"explore.members is {text}, which has fewer than two worlds; fit again with other numbers")
    return {key: f"interval({low:.6g},{high:.6g})" for key, (low, high) in ends.items() if low < high}
