"""What would turn the answer of `salesim run` round: its arms at both ends of a few uncertain numbers, a small tornado."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import product
from pathlib import Path

import pandas as pd

from salesim.analyses.explore.axes import NumberAxis, TracedArm, check_numbers, filed_axes, number_axes, traced
from salesim.analyses.explore.cost import PARTS
from salesim.analyses.explore.points import Points
from salesim.analyses.explore.spec import ArmName, Exploration, declared_ranges, is_one_market
from salesim.analyses.explore.tornado import Located, along, ends_of, tables_of
from salesim.analyses.records import Result, cost_of_runs, finished_runs, open_runner, result_of, save_analysis
from salesim.config.check_axes import check_axes
from salesim.config.compose_study import Composed, key_of, study_of
from salesim.config.config_files import choice
from salesim.config.dotted_keys import at_path
from salesim.config.errors import InputError, meant
from salesim.config.experiment import settings_of
from salesim.config.options import ExploreSettings
from salesim.config.overrides.composer import Composer
from salesim.config.study import Study
from salesim.config.validation import checked
from salesim.metrics import fewest_weeks
from salesim.report.study_files import TURNS_TABLES, read_study
from salesim.report.text.answer import Question
from salesim.report.text.turns import pairs
from salesim.runs.cost import Cost
from salesim.runs.runner import Progress, Runner, keyed
from salesim.runs.store import RunKey
from salesim.stats.root_finding import grid, inverted

FEWEST_SEEDS = 5  # of a study, below which intervals at the ends say nothing
MOST_SEEDS = 20  # of each arm at an end
VALUES = 7  # of a number, at which a crossing is looked for
MOST_ARMS, MOST_PAIRS, MOST_CROSSINGS = 3, 2, 2  # that are run, and compared; numbers of each pair along which it is sought
UNCERTAIN = "study.uncertain"


@dataclass(frozen=True)
class Turns(Exploration):
    """A tornado over `study.uncertain`, of the first contest; `declared` is how many numbers have a declared range."""

    declared: int

    @property
    def file(self) -> Path:
        """The record, beside that of a whole tornado."""
        return self.study.own_folder / "explore" / "turns.json"

    def between(self, names: Sequence[str], baseline: str) -> "Turns":
        """Some of the arms, with one of them as the baseline of the others."""
        arms = tuple(arm for arm in self.arms if arm.name[1] in names)
        return replace(self, study=replace(self.study, baseline=baseline, arms=tuple(arm.arm for arm in arms)), arms=arms)


def turns_of(study: Study, words: Sequence[str], composer: Composer, line: str) -> Turns | None:
    """What is tried of a study; None where its answer is not about a choice, or is over worlds, or has too few seeds or weeks.

    Numbers that the command line fixes are left out, and so are those of which an end cannot be run, unless the command line
    names them. Raises InputError for a name that is no setting, or has no declared range.
    """
    base = composer(words)
    keys, given = settings_of(base.mapping).uncertain, {key_of(word) for word in words}
    settings = checked(ExploreSettings, choice("explore", "standard", composer.folders), "explore")
    ranges = declared_ranges(settings.axes, composer.folders)
    for key in keys:
        at_path(base.mapping, key)
        if key not in ranges:
            raise InputError(
                f"{UNCERTAIN} names {key}, which has no declared range; {meant(key, ranges)}, or add it to explore.axes"
            )
    first = replace(study, arms=tuple(arm for arm in study.arms if arm.contest == study.contests[0]))
    too_short = study.arms[0].scenario.weeks < fewest_weeks(study.answer.measures[0])
    if study.worlds or study.answer.kind == "fall" or len(first.arms) < 2 or study.seeds < FEWEST_SEEDS or too_short:
        return None
    axes = filed_axes(UNCERTAIN, {key: ranges[key] for key in keys}, given, composer)
    check_axes(axes, base.mapping)
    check_numbers(axes)
    numbered = number_axes(axes, base.chosen, composer.folders, first)
    kept = movable(first, numbered, base, lambda more: study_of([*words, *more], composer, line), UNCERTAIN in given)
    if not kept:
        return None
    settings = replace(
        settings, measure=study.answer.measures[0], tornado=True, tornado_seeds=min(MOST_SEEDS, study.seeds)
    )  # fmt: skip
    arms = (TracedArm(arm, tuple(paths)) for arm, paths in zip(first.arms, zip(*kept.values(), strict=True), strict=True))
    return Turns(first, tuple(axis for axis in numbered if axis.key in kept), tuple(arms), settings, len(ranges))


def movable(
    study: Study, axes: Sequence[NumberAxis], base: Composed, compose: Callable[[Sequence[str]], Study], all_of_them: bool
) -> Mapping[str, list[tuple[str, ...]]]:
    """The paths of each axis in each arm, by its key; without those of which an end cannot be run, unless that is refused."""

    def composed(more: Sequence[str]) -> Study:
        whole = compose(more)
        return replace(whole, arms=tuple(arm for arm in whole.arms if arm.contest == study.arms[0].contest))

    kept = {}
    for axis in axes:
        try:
            arms = traced(study, [axis], composed, is_one_market(base))
            for arm, end in product(arms, (axis.low, axis.high)):
                arm.at([end], [axis])
            kept[axis.key] = [arm.paths[0] for arm in arms]
        except InputError:
            if all_of_them:
                raise
    return kept


def runs_at_ends(spec: Turns) -> dict[ArmName, set[RunKey]]:
    """The runs of each arm at both ends of every number."""
    seeds = range(spec.study.first_seed, spec.study.first_seed + spec.settings.tornado_seeds)
    scenarios = spec.scenarios(ends_of(spec.axes)[1:])
    return {arm: set(product(dict(keyed(mine)), seeds)) for arm, mine in scenarios.items()}


def cost(spec: Turns) -> tuple[int, int, Cost]:
    """How many runs are sure, how many crossings may add, and what the sure ones cost.

    Which arms are run only the study says; those count that are finished already, then the first ones.
    """
    by_arm = runs_at_ends(spec)
    finished = finished_runs(spec.study, spec.file.parent, PARTS)
    likely = sorted(by_arm.values(), key=lambda mine: -sum(run in finished for run in mine))[:MOST_ARMS]
    runs = set().union(*likely)
    timed = [spec.arms[0].arm.scenario]
    crossing = 2 * (VALUES - 2) * spec.settings.tornado_seeds  # of two arms; both ends are run already
    most = 0 if spec.file.is_file() else MOST_PAIRS * min(MOST_CROSSINGS, len(spec.axes)) * crossing
    return len(runs), most, cost_of_runs(spec.study, spec.file.parent, PARTS, runs, timed)


def try_ends(spec: Turns, progress: Progress) -> None:
    """Run the arms that the answer is about at both ends of each number, look for crossings, and save what was found."""
    folder = spec.study.own_folder
    wanted = list(pairs(Question(read_study(folder))))[:MOST_PAIRS]
    if not wanted:
        remove(folder)
        return
    names = {name for pair in wanted for name in pair}
    spec = spec.between(sorted(names), wanted[0][1])
    with open_runner(spec.study, spec.file.parent, PARTS, progress) as runner:
        result = tried(spec, wanted, runner)
    save_analysis(spec, result)


def tried(spec: Turns, wanted: Sequence[tuple[str, str]], runner: Runner) -> Result:
    """A tornado of each pair of arms, with its crossings along numbers that turn it."""
    points = Points(spec, ends_of(spec.axes), runner)
    stage = f"what would turn the answer round, {len(spec.axes)} numbers at both ends"
    points.play(stage, points.everywhere(), spec.settings.tornado_seeds)
    parts: dict[str, list[pd.DataFrame]] = {}
    for arm, against in wanted:
        pair = spec.between((arm, against), against)
        tables = tables_of(pair, runner, partial(crossed, pair, runner))
        for name, table in tables.items():
            parts.setdefault(name, []).append(table.assign(against=against))
    whole = {name: pd.concat(parts[of], ignore_index=True) for name, of in TURNS_TABLES.items()}
    return result_of(runner, whole, pairs=[list(pair) for pair in wanted], declared=spec.declared)


def crossed(spec: Turns, runner: Runner, arm: ArmName, bars: pd.DataFrame) -> Located:
    """Where the largest of the numbers that turn the sign do so, by the seeds with which their ends were run."""
    found, seeds = [], range(spec.settings.tornado_seeds)
    for place in bars.index[bars["turns"]][:MOST_CROSSINGS].tolist():
        axis = spec.axes[place]
        values = grid(axis.low, axis.high, VALUES, axis.whole)
        if crossing := inverted(values, along(spec, runner, arm, place, values, seeds), spec.study.confidence):
            found.append((place, crossing))
    return found


def remove(folder: Path) -> None:
    """Leave nothing of an earlier answer, where this one is not tried."""
    for file in (folder / "explore").glob("turns*.*"):
        file.unlink()
