"""What a comparison declares before its first run: measures, what matters, looks, fresh seeds, budget."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

from salesim.config.errors import InputError, meant
from salesim.config.options import CompareSettings
from salesim.config.scenario import checked
from salesim.config.study import Study
from salesim.metrics import METRICS
from salesim.report.text import amounts
from salesim.report.text.sizes import shared
from salesim.runs.store import scenario_key
from salesim.runs.summary import MEASURES
from salesim.stats.sequential import FEWEST

_BUDGET = re.compile(r"(\d+(?:\.\d+)?) ?(runs?|s|min|h)")
_SECONDS = {"s": 1.0, "min": 60.0, "h": 3600.0}
PAIRS = 1_000_000  # the most a look may ask for
PREFIX = "compare_"
SHARE = 1 / 6  # of a budget goes to the pilot, and as much is kept back for fresh seeds
LEAST_SEEDS = 3 * FEWEST  # of every scenario within a budget: for the pilot, to be judged with it, and fresh ones
ArmName = tuple[str, str]  # contest, arm


@dataclass(frozen=True)
class Budget:
    """What may be spent: runs, or seconds; the other is None."""

    runs: int | None
    seconds: float | None

    def __str__(self) -> str:
        """As people write it: 500 runs, 90 s, 2 min."""
        if self.seconds is None:
            return f"{self.runs:,} runs"
        return f"{self.seconds / 60.0:g} min" if self.seconds >= 60.0 and self.seconds % 60.0 == 0.0 else f"{self.seconds:g} s"


class Shares(NamedTuple):
    """A budget of runs shared out: seeds of the pilot, runs of the second stage at most, fresh seeds at least."""

    pilot: int
    second: int
    fresh: int


@dataclass(frozen=True)
class Plan:
    """A study to be judged, and how. Its own seeds are those of the looks, or in budget mode of the pilot."""

    study: Study
    measures: tuple[str, ...]
    matters: Mapping[str, float]
    looks: tuple[int, ...]
    fresh: int
    first_fresh_seed: int
    budget: Budget | None

    @property
    def error(self) -> float:
        """Chance that any statement is wrong."""
        return 1.0 - self.study.confidence

    @cached_property
    def keys(self) -> dict[ArmName, str]:
        """Key of each arm's scenario; arms with the same key share their runs."""
        return {(arm.contest, arm.name): scenario_key(arm.scenario) for arm in self.study.arms}

    def runs(self, pairs: Mapping[ArmName, int]) -> int:
        """How many runs it takes to play so many seeds of each arm; what arms share is counted once."""
        most: dict[str, int] = {}
        for name, key in self.keys.items():
            most[key] = max(most.get(key, 0), pairs[name])
        return sum(most.values())

    @cached_property
    def one_each(self) -> int:
        """How many runs a seed of every arm takes."""
        return self.runs(dict.fromkeys(self.keys, 1))

    @property
    def least(self) -> int:
        """The smallest budget of runs."""
        return LEAST_SEEDS * self.one_each

    def shares(self, runs: int) -> Shares:
        """A budget of `least` runs or more shared out: a sixth for the pilot, a sixth or more for fresh seeds, all of it."""
        part = max(FEWEST, int(SHARE * runs / self.one_each))
        pilot, fresh = min(part, self.looks[0]), min(part, self.fresh)
        return Shares(pilot, runs - (pilot + fresh) * self.one_each, fresh)


def check_words(words: Sequence[str]) -> None:
    """A comparison finds the number of its seeds itself. Raises InputError for a word that sets it."""
    for word in words:
        if word.partition("=")[0].strip() in ("seeds", "study.seeds"):
            raise InputError(
                f"{word} would change nothing: a comparison plays as many seeds as it takes; set compare.looks or budget=…"
            )


def check_used(words: Sequence[str], measures: Sequence[str]) -> None:
    """What matters is said of measures that are judged. Raises InputError for a word that would change nothing."""
    for word in words:
        key = word.partition("=")[0].strip().lstrip("+")
        name = key.removeprefix("compare.").removeprefix("matters.")
        if key.endswith(f"matters.{name}") and name in METRICS and name not in measures:
            raise InputError(
                f"{word} would change nothing: {name} is not judged; say compare.measures=[{','.join([*measures, name])}], or "
                "leave the word out"
            )


def plan_of(study: Study, mapping: Mapping[str, Any]) -> Plan:
    """A plan from a study and the composed settings it came from. Raises InputError for what cannot be judged."""
    declared = checked(CompareSettings, mapping.get("compare"), "compare")
    check_measures(declared)
    check_looks(declared)
    check_arms(study)
    check_seeds(declared, study)
    plan = Plan(
        study=replace(study, name=PREFIX + study.name, resolved={**study.resolved, "compare": dict(mapping["compare"])}),
        measures=declared.measures,
        matters={name: declared.matters[name] for name in declared.measures},
        looks=declared.looks,
        fresh=declared.fresh,
        first_fresh_seed=declared.first_fresh_seed,
        budget=budget_of(declared.budget),
    )
    check_budget(plan)
    return plan


def check_measures(declared: CompareSettings) -> None:
    """Known measures, each once, each with a positive smallest difference that matters. Raises InputError."""
    if not declared.measures:
        raise InputError("compare.measures is []; name at least one, as compare.measures=[gross_margin,cycle_weeks]")
    for name in [*declared.measures, *declared.matters]:
        if name not in METRICS:
            where = "compare.matters" if name in declared.matters else "compare.measures"
            raise InputError(f"{where} has {name!r}, {not_judged(name)}")
    twice = [name for name in declared.measures if declared.measures.count(name) > 1]
    if twice:
        raise InputError(f"compare.measures names {twice[0]} twice; name every measure once")
    for name in declared.measures:
        if name not in declared.matters:
            raise InputError(
                f"compare.matters.{name} is missing: which difference of it matters has to be declared before the first run. "
                f"Add the line `{name}: {base_of(name)}` ({METRICS[name].unit}) under `matters:` in "
                f"configs/compare/standard.yaml, or say +compare.matters.{name}={base_of(name)}"
            )
    for name, value in declared.matters.items():
        check_matter(name, value)


def not_judged(name: str) -> str:
    """Why a comparison cannot judge what has this name."""
    if name in MEASURES:
        return (
            "which needs a number of the scenario besides the records, and cannot be judged by compare; it stands in runs.csv. "
            "Name measures of METRICS, as compare.measures=[gross_margin,cycle_weeks]"
        )
    return f"which is not a measure; {meant(name, METRICS)}"


def check_matter(name: str, value: float) -> None:
    """The smallest difference that matters is above 0, and one that can be. Raises InputError."""
    unit = METRICS[name].unit
    if value <= 0:
        raise InputError(
            f"compare.matters.{name} is {value:g}; the smallest difference that matters has to be above 0 "
            f"({unit}), as compare.matters.{name}={base_of(name)}"
        )
    if value >= 1.0 and unit.startswith(("share", "0 to 1")):
        words = f", which is {amounts.declared(value / 100, unit)}" if unit.startswith("share") else ""
        meant_words = f"; did you mean {value / 100:g}{words}?" if value < 100 else ""
        raise InputError(f"compare.matters.{name} is {value:g}, but it goes from 0 to 1 ({unit}){meant_words}")


def base_of(measure: str) -> str:
    """An example of a difference that matters."""
    return "0.01" if METRICS[measure].unit.startswith("share") else "1"


def check_looks(declared: CompareSettings) -> None:
    """At least one look, each later than the one before, the first not too early. Raises InputError."""
    looks = list(declared.looks)
    example = "as compare.looks=[20,40,80,160,320]"
    if not looks or looks[0] < FEWEST:
        raise InputError(f"compare.looks is {looks}; the first look, the pilot, needs at least {FEWEST} pairs, {example}")
    if any(later <= early for early, later in pairwise(looks)):
        raise InputError(f"compare.looks is {looks}; each look has to come after more pairs than the one before, {example}")
    if looks[-1] > PAIRS:
        raise InputError(f"compare.looks ends with {looks[-1]}; it has to be at most {PAIRS} pairs")


def check_arms(study: Study) -> None:
    """Two arms in every contest. Raises InputError."""
    for contest in study.contests:
        names = [arm.name for arm in study.arms if arm.contest == contest]
        if len(names) < 2:
            raise InputError(
                f"experiment {study.name} has one arm, {names[0]}; a comparison needs two or more, "
                "name an experiment (`salesim list`) or add one with '+experiment.arms.mine=[…]'"
            )


def check_seeds(declared: CompareSettings, study: Study) -> None:
    """Fresh seeds come after those of the last look. Raises InputError."""
    asked = budget_of(declared.budget)
    most = max(declared.looks[-1], declared.looks[0] + asked.runs if asked and asked.runs else 0)
    last = study.first_seed + most - 1
    if declared.first_fresh_seed <= last:
        raise InputError(
            f"compare.first_fresh_seed is {declared.first_fresh_seed}, but the verdicts may use seeds {study.first_seed} to "
            f"{last}; fresh seeds have to be above {last}"
        )


def budget_of(asked: str | float | None) -> Budget | None:
    """`500runs`, `90s`, `2min` or `1.5h`. Raises InputError."""
    if asked is None:
        return None
    text = str(asked).strip()
    found = _BUDGET.fullmatch(text)
    if not found or float(found[1]) <= 0:
        raise InputError(f"compare.budget is {text}; it has to be runs or time, as budget=500runs, budget=90s or budget=2min")
    number, unit = float(found[1]), found[2]
    if unit.startswith("run"):
        if number != int(number):
            raise InputError(f"compare.budget is {text}; runs are whole, as budget=500runs")
        return Budget(int(number), None)
    return Budget(None, number * _SECONDS[unit])


def check_budget(plan: Plan) -> None:
    """Enough runs for a pilot, as many pairs to be judged, and fresh seeds. Raises InputError."""
    if plan.budget and plan.budget.runs is not None and plan.budget.runs < plan.least:
        raise InputError(
            f"compare.budget is {plan.budget}; the smallest is {plan.least:,}: {least_words(plan)}. "
            f"Ask for budget={plan.least}runs{fewer_arms(plan)}"
        )


def least_words(plan: Plan) -> str:
    """The sum behind the smallest budget of runs."""
    same = shared(plan.study)
    return (
        f"{plan.one_each} scenarios x {LEAST_SEEDS} seeds, {FEWEST} for the pilot, {FEWEST} to be judged with it and {FEWEST} "
        f"fresh ones for the sizes{f' ({same})' if same else ''}"
    )


def fewer_arms(plan: Plan) -> str:
    """What one contest alone would need, where there are more."""
    if len(plan.study.contests) == 1:
        return ""
    first = plan.study.contests[0]
    few = LEAST_SEEDS * plan.runs({name: int(name[0] == first) for name in plan.keys})
    return f", or for one contest (contest={first} needs {few})"
