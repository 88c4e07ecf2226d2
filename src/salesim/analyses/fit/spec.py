"""What `salesim fit` asks: the numbers, what may change in the market, and how many runs; all checked before the first run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from salesim.analyses.crm.imported import Imported, imported
from salesim.analyses.explore.axes import NumberAxis, TracedArm, check_numbers, filed_axes, in_units, number_axes
from salesim.analyses.records import check_kept, check_weeks, record_of_study
from salesim.config.axes import Axis
from salesim.config.check_axes import check_axes
from salesim.config.compose_study import key_of, study_of
from salesim.config.config_files import configs_folder, family, place_of, read_yaml
from salesim.config.dotted_keys import leaves
from salesim.config.errors import InputError
from salesim.config.notes import Note, notes_of
from salesim.config.options import FitSettings
from salesim.config.overrides.composer import Composer
from salesim.config.study import Study
from salesim.config.targets import HOW, Target, read_targets
from salesim.config.validation import checked
from salesim.model.parameters import Scenario
from salesim.stats.emulator import n_terms
from salesim.stats.intervals import Numbers

NAME = "ours"  # of the market, if no other is given
RUNS_PER_TERM = 2  # of the emulator, at least
DIGITS = 6  # of a setting: enough for every purpose, and few enough for the last bits of linear algebra not to matter


@dataclass(frozen=True)
class Fit:
    """What is asked: `axes` are the settings that may change, each with its prior; `notes` say what every setting means."""

    study: Study
    axes: tuple[NumberAxis, ...]
    targets: tuple[Target, ...]
    settings: FitSettings
    digest: str  # of the files of targets and of the export
    notes: Mapping[str, Note]
    reasons: Mapping[str, str]  # why the priors that are the file's are as wide as they are, by dotted key
    crm: Imported | None = None
    own: tuple[str, ...] = ()  # settings that the user's market file has, and that may change all the same

    @property
    def source(self) -> str:
        """The files of the numbers, as they were given."""
        return source_of(self.settings)

    @property
    def file(self) -> Path:
        """Where the record goes; the tables are beside it."""
        return self.study.own_folder / "fit" / "fit.json"

    @property
    def market(self) -> Path:
        """The file of the central market, in a folder that `--config-dir` can name."""
        return self.file.parent / "market" / f"{self.study.name}.yaml"

    def values(self, points: Numbers) -> Numbers:
        """The settings at points of the unit cube (points x axes), rounded."""
        return np.array([[float(f"{value:.{DIGITS}g}") for value in row] for row in in_units(points, self.axes)])

    def scenarios(self, points: Numbers) -> list[Scenario]:
        """The market at each point, with the vendors of the command. Raises InputError for one that cannot be run."""
        arm = TracedArm(self.study.arms[0], tuple((axis.key,) for axis in self.axes))
        return [arm.at(row, self.axes) for row in self.values(points)]

    def record(self) -> dict[str, Any]:
        """What is asked, as plain values."""
        return record_of_study(self.study, self.study.arms) | {
            "targets": self.source,
            "crm": self.crm.record() if self.crm else None,
            "targets_digest": self.digest,
            "own_settings": self.own,
            "measures": [target.measure for target in self.targets],
            "axes": [axis.row() | {"reason": self.reasons.get(axis.key, "")} for axis in self.axes],
            "seeds": self.settings.points,
            "weeks": self.study.arms[0].scenario.weeks,
            **{name: getattr(self.settings, name) for name in ("points", "waves", "wave_points", "worlds", "checks")},
        }


def fit_of(typed: Sequence[str], composer: Composer, line: str) -> Fit:
    """The fit that words ask for. Raises InputError for anything that could not be run."""
    axes, words = composer.axes(composer.words(typed))
    base = composer(words)
    settings = checked(FitSettings, base.mapping["fit"], "fit")
    targets, digest, crm = numbers_in(settings)
    given = {key_of(word) for word in words} | {axis.key for axis in axes}
    filed = filed_axes("fit.priors", settings.priors, given, composer)
    axes = [*axes, *filed]
    check_priors(axes, base.mapping, settings)
    named = "study.name" in given
    weeks = [] if "weeks" in given else [f"weeks={settings.default_weeks}"]
    study = study_of([*words, *weeks, "experiment=null", "study.records=0"], composer, line)
    study = replace(
        study, name=study.name if named else NAME, question=f"Which markets have the numbers of {source_of(settings)}?"
    )
    if len(study.arms) > 1:
        raise InputError("a fit has one way of selling, that of your own company; name it with strategy=NAME")
    check_kept(study, "fit")
    check_weeks([target.measure for target in targets], study.arms[0].scenario.weeks)
    notes = notes_of("market", base.chosen["market"], composer.folders)
    numbered = number_axes(axes, base.chosen, composer.folders, study)
    whys = notes_of("fit", base.chosen["fit"], composer.folders)
    reasons = {axis.key: "; ".join(filter(None, whys.get(f"priors.{axis.key}", ()))) for axis in filed}
    own = own_settings(base.chosen["market"], composer.folders)
    free = tuple(axis.key for axis in filed if axis.key in own)
    return Fit(study, tuple(numbered), targets, settings, digest, notes, reasons, crm, free)


def own_settings(market: str, folders: Sequence[Path]) -> set[str]:
    """The settings that a market's files outside of the package give, by dotted key."""
    files = [path for path in family("market", market, folders) if configs_folder() not in path.parents]
    return {f"market.{key}" for path in files for key, _ in leaves(read_yaml(path))}


def source_of(settings: FitSettings) -> str:
    """The files of the numbers, as they were given."""
    return " and ".join(str(place_of(text)) for text in (settings.targets, settings.export) if text)


def numbers_in(settings: FitSettings) -> tuple[tuple[Target, ...], str, Imported | None]:
    """The targets of a file and of an export, those of the file first, their digest, and the export. Raises InputError."""
    if settings.mapping and not settings.export:
        raise InputError(f"mapping={settings.mapping} says what an export means, and there is none; add export=FILE")
    if settings.targets is None and settings.export is None:
        raise InputError(
            f"`salesim fit` needs your numbers: targets=FILE, a YAML file with lines such as {HOW}, or export=FILE, an export "
            "of opportunities"
        )
    targets, digest = read_targets(settings.targets) if settings.targets else ((), "")
    if settings.export is None:
        return targets, digest, None
    crm = imported(settings.export, settings.mapping)
    given = {target.measure for target in targets}
    more = tuple(target for target in crm.targets if target.measure not in given)
    return (*targets, *more), "+".join(filter(None, (digest, crm.digest))), crm


def check_priors(axes: Sequence[Axis], base: Mapping[str, Any], settings: FitSettings) -> None:
    """Refuse priors that are no intervals of settings of the market, and too few runs for them. Raises InputError."""
    if not axes:
        raise InputError("there is no setting to fit: all of fit.priors are fixed on the command line; leave one of them out")
    check_axes(axes, base)
    check_numbers(axes)
    for axis in axes:
        if not axis.key.startswith("market."):
            raise InputError(
                f"{axis.key}={axis.text} is no setting of the market; a fit changes the market alone: give one value"
            )
        if not axis.is_interval:
            raise InputError(f"{axis.key}={axis.text} is a list of values; a prior is an interval: write interval(low,high)")
    fewest = RUNS_PER_TERM * n_terms(len(axes))
    if settings.points < fewest:
        raise InputError(
            f"fit.points is {settings.points}; {len(axes)} settings need {fewest} runs or more: give more, or fix some settings"
        )
    if settings.waves and settings.wave_points < (fewest := n_terms(len(axes))):
        raise InputError(
            f"fit.wave_points is {settings.wave_points}; {len(axes)} settings need {fewest} or more in a wave: give more, or "
            "fit.waves=0"
        )
