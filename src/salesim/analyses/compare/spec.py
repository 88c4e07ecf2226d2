"""What a comparison declares before its first run: measures, equivalence margins, interim analyses, and a budget."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

from salesim.analyses.records import check_series, check_weeks, record_of_study
from salesim.config.answer import margins_of
from salesim.config.compose_study import key_of, study_of
from salesim.config.errors import InputError, meant
from salesim.config.options import CompareSettings
from salesim.config.overrides.composer import Composer
from salesim.config.study import Study
from salesim.config.validation import checked
from salesim.metrics import METRICS, OF_SCENARIO
from salesim.report.text import amounts
from salesim.runs.files import if_whole
from salesim.runs.store import scenario_key, scenarios
from salesim.stats.sequential import FEWEST

_BUDGET = re.compile(r"(\d+(?:\.\d+)?) ?(runs?|s|min|h)")
_SECONDS = {"s": 1.0, "min": 60.0, "h": 3600.0}
PAIRS = 1_000_000  # the most that an interim analysis may ask for
PREFIX = "compare_"
JUDGED_BY_RUN = (
    "which needs a number of the scenario besides the records, and cannot be judged by compare; it stands in runs.csv. Name "
    "measures of METRICS, as compare.measures=[gross_margin,cycle_weeks]"
)
ArmName = tuple[str, str]  # contest, arm


@dataclass(frozen=True)
class Budget:
    """The most that may be played: runs, or seconds; the other is None."""

    runs: int | None
    seconds: float | None

    def __str__(self) -> str:
        """As people write it: 500 runs, 90 s, 2 min."""
        if self.seconds is None:
            return f"{self.runs:,} runs"
        return f"{self.seconds / 60.0:g} min" if self.seconds >= 60.0 and self.seconds % 60.0 == 0.0 else f"{self.seconds:g} s"


@dataclass(frozen=True, eq=False)
class Comparison:
    """A study to be judged, and how. Its own seeds are those of the interim analyses. Two are equal if they are the same."""

    study: Study
    measures: tuple[str, ...]
    equivalence_margins: Mapping[str, float]
    interim_analyses: tuple[int, ...]
    confirmation_seeds: int
    first_confirmation_seed: int
    share_that_may_differ: float
    budget: Budget | None

    @property
    def error(self) -> float:
        """Chance that any verdict is wrong."""
        return 1.0 - self.study.confidence

    @property
    def file(self) -> Path:
        """Where the record goes; the tables are beside it."""
        return self.study.own_folder / "compare.json"

    @property
    def seeds_each(self) -> int:
        """How many seeds of both arms make a pair: those of a world, whose mean counts, or one."""
        return self.study.worlds.seeds_each if self.study.worlds else 1

    @cached_property
    def interim(self) -> Study:
        """The study with the seeds of all interim analyses, in worlds of their own."""
        return self.part(0, self.interim_analyses[-1], self.study.first_seed)

    @cached_property
    def confirmation(self) -> Study:
        """The study with the confirmation seeds, in worlds of their own."""
        return self.part(self.interim_analyses[-1], self.confirmation_seeds, self.first_confirmation_seed)

    def part(self, first: int, pairs: int, first_seed: int) -> Study:
        """The study with so many pairs, and with as many worlds, if there are any, from one on."""
        worlds = self.study.worlds.part(first, pairs, first_seed) if self.study.worlds else None
        resolved = self.study.resolved | ({"worlds": worlds.record()} if worlds else {})
        seeds = pairs * self.seeds_each
        part = replace(self.study, seeds=seeds, first_seed=first_seed, seed_list=(), records=min(self.study.records, seeds))
        return replace(part, worlds=worlds, resolved=resolved)

    @cached_property
    def keys(self) -> dict[ArmName, str]:
        """Key of each arm's scenario; arms with the same key share their runs."""
        return {(arm.contest, arm.name): scenario_key(arm.scenario) for arm in self.study.arms}

    def arms(self, contest: str) -> list[str]:
        """The names of a contest's arms, its baseline first."""
        names = [arm for where, arm in self.keys if where == contest]
        return sorted(names, key=lambda name: name != self.study.baseline)

    def record(self) -> dict[str, Any]:
        """What is declared before the first run, as plain values."""
        lists = {name: list(getattr(self, name)) for name in ("measures", "interim_analyses")}
        names = ("equivalence_margins", "confirmation_seeds", "first_confirmation_seed", "share_that_may_differ")
        return (
            record_of_study(self.study, self.study.arms)
            | lists
            | {name: getattr(self, name) for name in names}
            | {
                "same_scenarios": [names for names in scenarios(self.study).values() if len(names) > 1],
                "first_seed": self.study.first_seed,
                "budget": str(self.budget) if self.budget else None,
            }
        )


def parse(typed: Sequence[str], composer: Composer, line: str) -> Comparison:
    """The comparison that words ask for; `line` repeats them. Raises InputError for what cannot be judged, before any run."""
    words = composer.words(typed)
    mapping = composer(words).mapping
    declared = checked(CompareSettings, mapping.get("compare"), "compare")
    for trouble in chain(of_measures(declared), of_words(words, declared)):
        raise InputError(trouble)
    study = study_of(words, composer, line)
    check_weeks(declared.measures, min(arm.scenario.weeks for arm in study.arms))
    check_series(study)
    declared = in_worlds(declared, study, "compare.interim_analyses" in map(key_of, words))
    for trouble in of_seeds(declared, study):
        raise InputError(trouble)
    study = replace(study, name=PREFIX + study.name, resolved={**study.resolved, "compare": dict(mapping["compare"])})
    margins = margins_of(declared.equivalence_margins)
    comparison = Comparison(
        study, declared.measures, {name: margins[name] for name in declared.measures},
        declared.interim_analyses, declared.confirmation_seeds, declared.first_confirmation_seed,
        declared.share_that_may_differ, budget_of(declared.budget),
    )  # fmt: skip
    check_horizon(comparison)
    return comparison


def in_worlds(declared: CompareSettings, study: Study, given: bool) -> CompareSettings:
    """The interim analyses for which the worlds suffice: a pair needs a world of its own. Raises InputError."""
    if not study.worlds or not declared.interim_analyses:
        return declared
    n_worlds, confirmation = len(study.worlds.members), declared.confirmation_seeds
    fitting = tuple(pairs for pairs in declared.interim_analyses if pairs + confirmation <= n_worlds)
    if not fitting or (given and fitting != declared.interim_analyses):
        wanted = declared.interim_analyses[-1 if given else 0] + confirmation
        raise InputError(
            f"every pair needs a world of its own, and market={study.worlds.market} has {n_worlds} worlds for {wanted} pairs, "
            f"the {confirmation} of the confirmation seeds included; fit more worlds, or write fewer pairs, as "
            f"compare.interim_analyses=[{max(FEWEST, n_worlds - confirmation)}], or worlds=central"
        )
    return replace(declared, interim_analyses=fitting)


def of_words(words: Sequence[str], declared: CompareSettings) -> Iterator[str]:
    """Words that would change nothing: the number of seeds, and the equivalence margin of a measure that is not judged."""
    for word in words:
        key = key_of(word)
        start, _, name = key.rpartition(".")
        if key == "study.seeds":
            yield (
                f"{word} would change nothing: a comparison runs as many seeds as it needs; set compare.interim_analyses or "
                "budget=…"
            )
        if start == "compare.equivalence_margins" and name in METRICS and name not in declared.measures:
            yield (
                f"{word} would change nothing: {name} is not judged; say "
                f"compare.measures=[{','.join([*declared.measures, name])}], or leave the word out"
            )


def of_measures(declared: CompareSettings) -> Iterator[str]:
    """What is wrong with the measures, each of which is known and named once, and has an equivalence margin."""
    judged, margins = declared.measures, margins_of(declared.equivalence_margins)
    if not judged:
        yield "compare.measures is []; name at least one, as compare.measures=[gross_margin,cycle_weeks]"
    for where, names in (("equivalence_margins", margins), ("measures", judged)):
        for name in names:
            if name not in METRICS:
                reason = JUDGED_BY_RUN if name in OF_SCENARIO else f"which is not a measure; {meant(name, METRICS)}"
                yield f"compare.{where} has {name!r}, {reason}"
    for name in judged:
        if judged.count(name) > 1:
            yield f"compare.measures names {name} twice; name every measure once"
        if name not in margins:
            yield (
                f"compare.equivalence_margins.{name} is missing: which differences count as none has to be declared before the "
                f"first run. Add the line `{name}: {example_of(name)}` ({METRICS[name].unit}) under `equivalence_margins:` in "
                f"configs/compare/standard.yaml, or say +compare.equivalence_margins.{name}={example_of(name)}"
            )
    for name, value in margins.items():
        unit, key = METRICS[name].unit, f"compare.equivalence_margins.{name}"
        if value <= 0:
            yield f"{key} is {value:g}; an equivalence margin has to be above 0 ({unit}), as {key}={example_of(name)}"
        if value >= 1.0 and unit.startswith(("share", "0 to 1")):
            points = f", which is {amounts.declared(value / 100, unit)}" if unit.startswith("share") else ""
            likely = f"; did you mean {value / 100:g}{points}?" if value < 100 else ""
            yield f"{key} is {value:g}, but it goes from 0 to 1 ({unit}){likely}"


def example_of(measure: str) -> str:
    """An example of an equivalence margin."""
    return "0.01" if METRICS[measure].unit.startswith("share") else "1"


def of_seeds(declared: CompareSettings, study: Study) -> Iterator[str]:
    """What is wrong with arms, interim analyses and confirmation seeds: two arms, each analysis later than the one before."""
    analyses, first = declared.interim_analyses, study.first_seed
    said, example = f"compare.interim_analyses is {list(analyses)}", "as compare.interim_analyses=[10,20,40,80,160,320]"
    if len({arm.name for arm in study.arms}) < 2:
        yield (
            f"experiment {study.name} has one arm, {study.arms[0].name}; a comparison needs two or more, "
            "name an experiment (`salesim list`) or add one with '+experiment.arms.mine=[…]'"
        )
    if not analyses or analyses[0] < FEWEST:
        yield f"{said}; the first interim analysis needs at least {FEWEST} pairs, {example}"
    if any(later <= early for early, later in pairwise(analyses)):
        yield f"{said}; each interim analysis has to come after more pairs than the one before, {example}"
    if analyses[-1] > PAIRS:
        yield f"compare.interim_analyses ends with {analyses[-1]}; it has to be at most {PAIRS} pairs"
    last = first + analyses[-1] * (study.worlds.seeds_each if study.worlds else 1) - 1
    if declared.first_confirmation_seed <= last:
        yield (
            f"compare.first_confirmation_seed is {declared.first_confirmation_seed}, but the interim analyses may use seeds "
            f"{first} to {last}; confirmation seeds have to be above {last}"
        )


def check_horizon(comparison: Comparison) -> None:
    """Interim analyses beyond the last declared one, after verdicts were seen, would raise the error. Raises InputError."""
    file = comparison.file
    before = if_whole(file)
    now, last = comparison.record(), comparison.interim_analyses[-1]
    same = all(before.get(key) == now[key] for key in ("keys", "first_seed"))
    declared = before.get("interim_analyses", [last])[-1]
    if same and before.get("open") and last > declared:
        raise InputError(
            f"{file} has the verdicts of interim analyses declared for up to {declared:,} pairs, and some of them are open. "
            f"Going on to {last:,} pairs after seeing them would give more false verdicts than {100 * comparison.error:g} %; "
            f"declare the longer comparison anew, on seeds of its own: first_seed={comparison.study.first_seed + last} name=…"
        )


def budget_of(value: str | float | None) -> Budget | None:
    """`500runs`, `90s`, `2min` or `1.5h`. Raises InputError."""
    if value is None:
        return None
    text = str(value).strip()
    parts = _BUDGET.fullmatch(text)
    if not parts or float(parts[1]) <= 0:
        raise InputError(f"compare.budget is {text}; it has to be runs or time, as budget=500runs, budget=90s or budget=2min")
    number, unit = float(parts[1]), parts[2]
    if not unit.startswith("run"):
        return Budget(None, number * _SECONDS[unit])
    if number != int(number):
        raise InputError(f"compare.budget is {text}; runs are whole, as budget=500runs")
    return Budget(int(number), None)
