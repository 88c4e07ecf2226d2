"""The arms of an experiment, each composed and checked before any run, as one Study."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from salesim.config.answer import margins_of, with_threshold
from salesim.config.config_files import APPROACH, GROUPS
from salesim.config.errors import InputError
from salesim.config.experiment import Experiment, experiment_of, settings_of
from salesim.config.options import StudySettings
from salesim.config.scenario import scenario_from
from salesim.config.study import Arm, Study, given_by
from salesim.config.validation import as_mapping
from salesim.config.worlds import check_same_worlds, n_seeds, worlds_of

if TYPE_CHECKING:
    from salesim.config.overrides.composer import Composer

MAY_DIFFER = (*GROUPS, "rivals", "initiatives")  # between the arms of an experiment


@dataclass(frozen=True)
class Composed:
    """What came of overrides: plain mappings, and the file chosen for each group."""

    mapping: dict[str, Any]
    chosen: dict[str, str]


def study_of(words: Sequence[str], composer: "Composer", line: str) -> Study:
    """The study that overrides (with whole keys) ask for; `line` repeats it.

    Raises InputError if any arm cannot be run, or if results cannot be written to their folder.
    """
    base = composer(words).mapping
    settings = settings_of(base)
    check_places(settings)
    if settings.sweep or settings.points:
        raise InputError("study.sweep and study.points are settings of a sweep; `salesim sweep` with the same words runs it")
    scenario_from(base, folders=composer.folders[:-1])  # what is wrong in all arms is said without naming one
    experiment, words = with_own_arm(experiment_of(base), words)
    arms, own = [], composer.folders[:-1]
    for name, overrides in experiment.arms.items():
        check_arm(name, overrides)
        try:
            mapping = composer([*left_for_all(words, overrides), *overrides]).mapping if overrides else base
            check_same_worlds(base, mapping)
            scenarios = {contest: scenario_from(mapping, contest, own) for contest in experiment.contests}
        except InputError as error:
            raise InputError(f"arm {name} of experiment {experiment.name}: {error}") from error
        arms += [Arm(contest, name, scenario) for contest, scenario in scenarios.items()]
    arms.sort(key=lambda arm: experiment.contests.index(arm.contest))
    given = "study.seeds" in map(key_of, words)
    worlds = worlds_of(base, settings, composer.command, composer.folders, given)
    if worlds:
        settings = replace(settings, seeds=n_seeds(worlds, settings, composer.command))
    margins = margins_of(base["compare"].get("equivalence_margins"))
    return Study(
        name=settings.name or experiment.name,
        question=experiment.question,
        baseline=experiment.baseline,
        arms=tuple(arms),
        **given_by(settings),
        records=settings.records,
        discount_rate=settings.discount_rate,
        series=tuple(dict.fromkeys(settings.series)),
        series_weeks=settings.series_weeks,
        answer=with_threshold(experiment.answer, margins),
        margins=margins,
        market_changes=market_changes(words, composer, base),
        resolved=resolved(base, experiment, arms) | ({"worlds": worlds.record()} if worlds else {}),
        command=line,
        worlds=worlds,
    )


def market_changes(words: Sequence[str], composer: "Composer", base: Mapping[str, Any]) -> dict[str, Any]:
    """What the experiment's own file sets in the market, by dotted key."""
    without = [word for word in words if key_of(word).split(".")[0] != "experiment"]
    return differences(composer([*without, "experiment=null"]).mapping["market"], base["market"], "market")


def check_places(settings: StudySettings) -> None:
    """Refuse places for results and runs that cannot be written to, before the first run. Raises InputError."""
    for what, key, place in (("results", "folder", settings.folder), ("runs", "store", settings.store)):
        folder = Path(place or settings.folder)
        there = next(place for place in (folder.absolute(), *folder.absolute().parents) if place.exists())
        if not there.is_dir() or not os.access(there, os.W_OK):
            reason = "may not be written to" if there.is_dir() else "is not a folder"
            raise InputError(f"{what} cannot be written to {folder}: {there} {reason}; name another place with study.{key}=…")


def key_of(word: str) -> str:
    """What an override sets."""
    return word.partition("=")[0].lstrip("+~")


def check_twice(words: Sequence[str], groups: Sequence[str] = GROUPS) -> None:
    """Refuse two words that set the same; a file of a group may be chosen, and a part of it set. Raises InputError."""
    keys = [key_of(word) for word in words]
    for key in keys:
        same = [word for word, other in zip(words, keys, strict=True) if other == key]
        if len(same) > 1:
            raise InputError(f"{key} is given twice ({' and '.join(same)}); give it once")
        inner = next((other for other in keys if other.startswith(f"{key}.") and key not in groups), "")
        if inner:
            raise InputError(f"{key} and {inner} are both given, and the one is a part of the other; give one of them")


def check_arm(name: str, overrides: Sequence[str]) -> None:
    """An arm may change the market and the vendors, and nothing that all arms share. Raises InputError."""
    for word in overrides:
        if key_of(word).split(".")[0] not in MAY_DIFFER:
            what = word or "nothing"
            raise InputError(f"experiment.arms.{name} sets {what}; arms may differ in {', '.join(MAY_DIFFER)} only")
    check_twice(overrides)


def left_for_all(words: Sequence[str], overrides: Sequence[str]) -> list[str]:
    """The command line's overrides that an arm does not replace."""
    replaced = {key_of(word) for word in overrides}
    return [word for word in words if key_of(word) not in replaced]


def with_own_arm(experiment: Experiment, words: Sequence[str]) -> tuple[Experiment, list[str]]:
    """Where every arm chooses its own strategy, a strategy on the command line is one arm more (channel, licence too).

    Raises InputError for any other setting of the command line that every arm would replace.
    """
    replaced = set.intersection(*({key_of(word) for word in overrides} for overrides in experiment.arms.values()))
    arms, rest = dict(experiment.arms), []
    for word in words:
        key, value = key_of(word), word.partition("=")[2]
        if key not in replaced:
            rest.append(word)
        elif key in APPROACH and value not in arms:
            arms[value] = [word]
        else:
            raise InputError(
                f"{word} would change nothing: every arm of experiment {experiment.name} sets {key}"
                f"{f', and {value} is one of them' if value in arms else ''}; experiment=null runs it by itself"
            )
    return replace(experiment, arms=arms), rest


def resolved(base: Mapping[str, Any], experiment: Experiment, arms: Sequence[Arm]) -> dict[str, Any]:
    """Everything that was set, complete: the first arm's scenario, and by dotted key what the others have instead.

    `default_scenario(scenario, **differences)` makes them again.
    """
    first, *others = arms
    whole = as_mapping(first.scenario)
    return {
        "study": base["study"],
        "experiment": as_mapping(experiment),
        "scenario": whole,
        "scenario_of": called(first),
        "differences": {called(arm): differences(whole, as_mapping(arm.scenario)) for arm in others},
    }


def called(arm: Arm) -> str:
    """How a table names an arm."""
    return f"{arm.contest}/{arm.name}"


def differences(one: Any, other: Any, start: str = "") -> dict[str, Any]:
    """What `other` has instead of `one`, by dotted key."""
    if isinstance(one, Mapping) and isinstance(other, Mapping) and one.keys() == other.keys():
        pairs = [(str(key), one[key], other[key]) for key in one]
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = [(str(n), *both) for n, both in enumerate(zip(one, other, strict=True))]
    else:
        return {} if one == other else {start: other}
    changes: dict[str, Any] = {}
    for key, a, b in pairs:
        changes |= differences(a, b, f"{start}.{key}".lstrip("."))
    return changes
