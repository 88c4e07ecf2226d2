"""A lesson as data: its market, its cards, and its steps in order, out of a file in `configs/lesson/`."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import Field
from pydantic.dataclasses import dataclass

from salesim.config.config_files import choice
from salesim.config.errors import InputError, meant
from salesim.config.options import STRICT, Seed, Text
from salesim.config.scenario import default_scenario
from salesim.config.validation import checked
from salesim.model.parameters import Scenario
from salesim.model.parameters.market import Effort, Period

Words = Annotated[dict[str, str], Field(min_length=1)]  # language -> text
KINDS = ("text", "draw", "reveal", "cut", "markets", "compete", "debrief", "question")
FEWEST_SEEDS = 20  # behind a score: with one seed, chance is as large as the differences between cards


@dataclass(frozen=True, config=STRICT)
class Option:
    """An answer to choose."""

    label: Words
    about: Words = Field(default_factory=lambda: {"en": ""})


@dataclass(frozen=True, config=STRICT)
class Card:
    """A strategy that a team can play."""

    strategy: Text
    label: Words
    about: Words


@dataclass(frozen=True, config=STRICT)
class Step:
    """A part of a lesson: what it does, how long it takes, and its texts by language.

    `again` draws a curve that starts from the one before; `cuts` is how many feedbacks are cut; `right` is the right option.
    """

    kind: Literal["text", "draw", "reveal", "cut", "markets", "compete", "debrief", "question"]
    minutes: Annotated[float, Field(ge=0, le=240)]
    title: Words
    text: Words
    notes: Words
    after: Words = Field(default_factory=lambda: {"en": ""})
    again: Text | None = None
    cuts: Annotated[int, Field(ge=1, le=2)] = 1
    options: dict[str, Option] = Field(default_factory=dict)
    right: str | None = None


@dataclass(frozen=True, config=STRICT)
class Lesson:
    """A lesson: see `configs/lesson/spiral.yaml` for the meaning of every key."""

    title: Words
    about: Words
    market: Text
    compared_market: Text
    strategy: Text
    settings: dict[str, Any]
    seeds: Annotated[int, Field(ge=FEWEST_SEEDS, le=1000)]
    first_seed: Seed
    lowest_margin: float
    highest_margin: float
    rounds: Annotated[int, Field(ge=1, le=10)]
    weeks_per_round: Annotated[Period, Field(le=520)]
    training_hours: Effort
    most_markets: Annotated[int, Field(ge=1, le=200)]
    first_card: Text
    watched_card: Text
    cards: Annotated[dict[str, Card], Field(min_length=2, max_length=6)]
    loops: dict[str, Option]
    order: Annotated[tuple[str, ...], Field(min_length=1)]
    steps: dict[str, Step]

    @property
    def minutes(self) -> float:
        """The length of the lesson."""
        return sum(self.steps[name].minutes for name in self.order)

    @cached_property
    def screens(self) -> tuple["Screen", ...]:
        """All screens in order."""
        return tuple(screen for name in self.order for screen in screens_of(name, self.steps[name], self))

    @cached_property
    def years(self) -> int:
        """Whole years of a run; kept, as every answer is checked with it."""
        return scenario_of(self).weeks // 52

    def has(self, *kinds: str) -> bool:
        """Whether the lesson has a step of one of these kinds."""
        return any(self.steps[name].kind in kinds for name in self.order)


class Screen(NamedTuple):
    """A screen of a step; `stage` tells what is open or shown, `key` is that of its answers, empty if it takes none."""

    step: str
    stage: str
    number: int = 0
    key: str = ""


def screens_of(name: str, step: Step, lesson: Lesson) -> list[Screen]:
    """The screens of a step in order."""
    if step.kind == "draw":
        return [Screen(name, "ask", key=name)]
    if step.kind == "reveal":
        return [Screen(name, "year", year) for year in range(1, lesson.years + 1)]
    if step.kind in ("cut", "question"):
        stages = ("counts", "result") if step.kind == "cut" else ("result",)
        return [Screen(name, "ask", key=name), *(Screen(name, stage) for stage in stages)]
    if step.kind == "compete":
        rounds = range(1, lesson.rounds + 1)
        return [
            screen for n in rounds for screen in (Screen(name, "ask", n, f"{name}.{n}"), Screen(name, "result", n))
        ]  # fmt: skip
    return [Screen(name, "shown")]


def scenario_of(lesson: Lesson, **differences: Any) -> Scenario:
    """The lesson's market in which everyone does the same, with differences by dotted name. Raises InputError."""
    ours = {"market": lesson.market, "strategy": lesson.strategy, "contest": "everyone", **lesson.settings}
    return default_scenario(None, **(ours | differences))


def lesson_of(name: str, folders: Sequence[Path]) -> Lesson:
    """The lesson of a file, checked. Raises InputError."""
    lesson = checked(Lesson, choice("lesson", name, folders), "lesson")
    check_steps(lesson)
    scenario_of(lesson)
    for card in lesson.cards.values():
        scenario_of(lesson, strategy=card.strategy)
    scenario_of(lesson, market=lesson.compared_market)
    return lesson


def check_steps(lesson: Lesson) -> None:
    """Refuse a lesson whose parts name what is not there. Raises InputError."""
    places = {"lesson.first_card": lesson.first_card, "lesson.watched_card": lesson.watched_card}
    for key, card in places.items():
        if card not in lesson.cards:
            raise InputError(f"{key} is {card}, which is no card; {meant(card, lesson.cards)}")
    for name in lesson.order:
        if name not in lesson.steps:
            raise InputError(f"lesson.order names the step {name}, which lesson.steps lacks; {meant(name, lesson.steps)}")
    if len({*lesson.order}) < len(lesson.order):
        raise InputError("lesson.order names a step twice; give the second one another name in lesson.steps")
    for name in lesson.order:
        check_step(lesson, name)
    loops = default_scenario().market.loops.__dataclass_fields__
    for loop in lesson.loops:
        if loop not in loops:
            raise InputError(f"lesson.loops has {loop}, which is no feedback of the market; {meant(loop, loops)}")
    if lesson.has("cut") and len(lesson.loops) < 3:
        raise InputError("lesson.loops has fewer than three feedbacks, but a step cuts some; add feedbacks of the market")


def check_step(lesson: Lesson, name: str) -> None:
    """Refuse a step that lacks what its kind needs. Raises InputError."""
    step = lesson.steps[name]
    if step.kind == "question" and len(step.options) < 2:
        raise InputError(f"lesson.steps.{name} is a question with fewer than two options; add some to its `options`")
    if step.right is not None and step.right not in step.options:
        raise InputError(f"lesson.steps.{name}.right is {step.right}; {meant(step.right, step.options)}")
    if step.again is not None and step.again not in lesson.order[: lesson.order.index(name)]:
        raise InputError(f"lesson.steps.{name}.again is {step.again}; it has to be a step before it in lesson.order")


def said(words: Mapping[str, str], language: str) -> str:
    """A text in a language, or else in the first language that it has."""
    return words.get(language) or next(iter(words.values()))
