"""What a hand-out shows: a lesson's market under every cut of its feedbacks, at every lever point, and on every path."""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from math import prod
from pathlib import Path
from typing import Any

from salesim.classroom.lesson import Lesson, lesson_of, said
from salesim.config.compose_study import key_of, study_of
from salesim.config.dotted_keys import put
from salesim.config.errors import InputError, meant
from salesim.config.options import HandoutSettings
from salesim.config.overrides.composer import Composer
from salesim.config.scenario import default_scenario, scenario_from
from salesim.config.study import Study
from salesim.config.validation import checked
from salesim.model.parameters import Scenario
from salesim.runs.store import scenario_key

YEAR_WEEKS = 52
LANGUAGE = "en"  # of the page
MOST_SCENARIOS = 4096
KINDS = ("loops", "levers", "paths")
FIXED = ("experiment", "strategy", "contest", "initiatives", "weeks")  # what the lesson says


@dataclass(frozen=True)
class Handout:
    """What is asked: a lesson, what the reader may change, and the scenarios of each of the KINDS in order.

    `loops`: bit i of the place is 1 where feedback i is cut. `levers`: every combination of values, each with every card.
    `paths`: every sequence of cards over the rounds; the last index changes fastest. `words` compose the market.
    """

    study: Study
    settings: HandoutSettings
    lesson: Lesson
    scenarios: dict[str, list[Scenario]]
    words: tuple[str, ...]

    @cached_property
    def keys(self) -> dict[str, list[str]]:
        """The keys of all scenarios, by kind."""
        return {kind: [scenario_key(scenario) for scenario in each] for kind, each in self.scenarios.items()}

    @property
    def wanted(self) -> dict[tuple[str, int], Scenario]:
        """The runs, each once."""
        pairs = [pair for kind in KINDS for pair in zip(self.keys[kind], self.scenarios[kind], strict=True)]
        return {(key, seed): scenario for key, scenario in pairs for seed in self.study.all_seeds}

    @property
    def n_years(self) -> int:
        """Whole years of a run."""
        return self.scenarios["loops"][0].weeks // YEAR_WEEKS

    def now(self, key: str) -> int:
        """The place of the market's own value among those of a lever, or else of the nearest."""
        own: Any = self.scenarios["loops"][0]
        for part in key.split("."):
            own = getattr(own, part)
        values = self.settings.levers[key].values
        return min(range(len(values)), key=lambda place: abs(values[place] - own))

    @property
    def file(self) -> Path:
        """The page."""
        return self.study.own_folder / f"{self.settings.lesson}.html"


def handout_of(typed: Sequence[str], composer: Composer, line: str) -> Handout:
    """The hand-out that words ask for. Raises InputError for anything that could not be run or shown."""
    axes, words = composer.axes(composer.words(typed))
    for axis in axes:
        raise InputError(f"{axis.key}={axis.text} has several values; a hand-out is about one market: give one value")
    check_words(words)
    settings = checked(HandoutSettings, composer([*words, "experiment=null"]).mapping["handout"], "handout")
    lesson = lesson_of(settings.lesson, composer.folders)
    check_lesson(lesson, settings)
    words = [*of_lesson(lesson, settings, words), *words]
    study = study_of([*words, "study.records=0", "experiment=null", "contest=everyone"], composer, line)
    study = replace(
        study, name=study.resolved["study"]["name"] or f"handout_{settings.lesson}", question=said(lesson.title, LANGUAGE)
    )
    return Handout(study, settings, lesson, Scenarios(composer, words, lesson, settings).all(), tuple(words))


def check_words(words: Sequence[str]) -> None:
    """Refuse settings that the lesson itself makes. Raises InputError."""
    for word in words:
        if key_of(word) in FIXED:
            raise InputError(f"{word} cannot be set here, as the lesson says it; copy the lesson into lesson/ of a folder of "
                             "yours, change it there, and name both with --config-dir FOLDER lesson=NAME")  # fmt: skip


def check_lesson(lesson: Lesson, settings: HandoutSettings) -> None:
    """Refuse settings that name what the lesson does not have, and more than a page holds. Raises InputError."""
    for card in settings.cards:
        if card not in lesson.cards:
            raise InputError(
                f"handout.cards has {card}, which is no card of lesson {settings.lesson}; {meant(card, lesson.cards)}"
            )
    for key, lever in settings.levers.items():
        if len(lever.values) != len(lever.names):
            raise InputError(f"handout.levers has {len(lever.values)} values and {len(lever.names)} names of {key}; as many")
    points, cards = prod(len(lever.values) for lever in settings.levers.values()), len(settings.cards)
    n = 2 ** len(lesson.loops) + points * cards + cards**lesson.rounds
    if n > MOST_SCENARIOS:
        raise InputError(f"the hand-out has {n:,} scenarios, and can have {MOST_SCENARIOS:,}; name fewer cards, as "
                         "cards=[pitch,diagnose], or fewer feedbacks in the lesson")  # fmt: skip


def of_lesson(lesson: Lesson, settings: HandoutSettings, given: Sequence[str]) -> list[str]:
    """The words that a lesson stands for, but for those that are given."""
    first = lesson.cards[settings.cards[0]].strategy
    values = {
        "market": lesson.market,
        "study.seeds": settings.seeds,
        "study.first_seed": lesson.first_seed,
        **lesson.settings,
    }
    keys = {key_of(word) for word in given}
    fixed = [f"strategy={first}", f"weeks={lesson.rounds * lesson.weeks_per_round}"]
    return [*(f"{key}={value}" for key, value in values.items() if key not in keys), *fixed]


class Scenarios:
    """Makes the scenarios of a hand-out. Raises InputError for one that cannot be run."""

    def __init__(self, composer: Composer, words: Sequence[str], lesson: Lesson, settings: HandoutSettings) -> None:
        self.mapping = composer([*words, "experiment=null"]).mapping
        self.folders, self.lesson, self.settings = composer.folders[:-1], lesson, settings
        self.strategies = [lesson.cards[card].strategy for card in settings.cards]

    def all(self) -> dict[str, list[Scenario]]:
        """The scenarios by kind."""
        return {"loops": self.loops(), "levers": self.levers(), "paths": self.paths()}

    def made(self, contest: str, **changes: Any) -> Scenario:
        """The market with some changes of what our vendor does."""
        mapping = deepcopy(self.mapping)
        for key, value in changes.items():
            put(mapping, key, value)
        return scenario_from(mapping, contest, self.folders)

    def loops(self) -> list[Scenario]:
        """Every vendor does the first card, with every set of feedbacks cut."""
        base, names = self.made("everyone"), list(self.lesson.loops)
        cuts = ({f"market.loops.{name}": 0 for i, name in enumerate(names) if mask >> i & 1} for mask in range(2 ** len(names)))
        return [default_scenario(base, **cut) if cut else base for cut in cuts]

    def levers(self) -> list[Scenario]:
        """Our vendor does one card among rivals of the market, at every combination of values."""
        bases = [self.made("alone", strategy=strategy) for strategy in self.strategies]
        keys = list(self.settings.levers)
        points = product(*(lever.values for lever in self.settings.levers.values()))
        return [default_scenario(base, **dict(zip(keys, point, strict=True))) for point in points for base in bases]

    def paths(self) -> list[Scenario]:
        """Our vendor takes one card each round among rivals of the market."""
        paths = product(self.strategies, repeat=self.lesson.rounds)
        return [self.made("alone", initiatives=self.plans(path)) for path in paths]

    def plans(self, path: Sequence[str]) -> list[dict[str, Any]]:
        """The changes of strategy on a path; the vendor begins with the first card, so that another one is a change too."""
        weeks, hours = self.lesson.weeks_per_round, self.lesson.training_hours
        before = [self.strategies[0], *path]
        return [
            {"week": n * weeks, "strategy": strategy, "training_hours": hours}
            for n, strategy in enumerate(path)
            if strategy != before[n]
        ]
