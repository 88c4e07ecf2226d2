"""What would turn the answer of `salesim run` round: its arms at both ends of a few uncertain numbers, a small tornado."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, product
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
from salesim.config.errors import InputError
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
    base, measure = composer(words), study.answer.measures[0]
    settings = checked(ExploreSettings, choice("explore", "standard", composer.folders), "explore")
    ranges = declared_ranges(settings.axes, composer.folders)
    chosen = {key: range_of(key, ranges, base) for key in settings_of(base.mapping).uncertain}
    first, given = of_first_contest(study), {key_of(word) for word in words}
    too_few = len(first.arms) < 2 or study.seeds < FEWEST_SEEDS or study.arms[0].scenario.weeks < fewest_weeks(measure)
    if study.worlds or study.answer.kind == "fall" or too_few:
        return None
    axes = filed_axes(UNCERTAIN, chosen, given, composer)
    check_axes(axes, base.mapping)
    check_numbers(axes)
    numbered, kept = number_axes(axes, base.chosen, composer.folders, first), dict[NumberAxis, list[tuple[str, ...]]]()
    for axis in numbered:
        try:
            arms = traced(
                first, [axis], lambda more: of_first_contest(study_of([*words, *more], composer, line)), is_one_market(base)
            )
            for arm, end in product(arms, (axis.low, axis.high)):
                arm.at([end], [axis])
            kept[axis] = [arm.paths[0] for arm in arms]
        except InputError:
            if UNCERTAIN in given:
                raise
    if not kept:
        return None
    settings = replace(settings, measure=measure, tornado=True, tornado_seeds=min(MOST_SEEDS, study.seeds))
    traces = (TracedArm(arm, paths) for arm, paths in zip(first.arms, zip(*kept.values(), strict=True), strict=True))
    return Turns(first, tuple(kept), tuple(traces), settings, len(ranges))


def range_of(key: str, ranges: Mapping[str, str], base: Composed) -> str:
    """The declared range of a number. Raises InputError where there is none."""
    at_path(base.mapping, key)
    if key not in ranges:
        known = f"the {len(ranges)} numbers of `salesim explore tornado=true` have one, and so has what you add to explore.axes"
        raise InputError(f"{UNCERTAIN} names {key}, which has no declared range; {known}")
    return ranges[key]


def of_first_contest(study: Study) -> Study:
    """A study without its other contests."""
    return replace(study, arms=tuple(arm for arm in study.arms if arm.contest == study.contests[0]))


def cost(spec: Turns) -> tuple[int, int, Cost]:
    """How many runs are sure, how many crossings may add, and what the sure ones cost.

    Which arms are run only the study says; those count that are finished already, then the first ones.
    """
    n_seeds = spec.settings.tornado_seeds
    seeds = range(spec.study.first_seed, spec.study.first_seed + n_seeds)
    by_arm = [set(product(dict(keyed(mine)), seeds)) for mine in spec.scenarios(ends_of(spec.axes)[1:]).values()]
    finished = finished_runs(spec.study, spec.file.parent, PARTS)
    contrasted = spec.study.answer.pairs[:MOST_PAIRS] if spec.study.answer.kind == "contrast" else ()
    n_arms = len(set(chain(*contrasted))) or MOST_ARMS
    likely = sorted(by_arm, key=lambda mine: -sum(run in finished for run in mine))[:n_arms]
    runs = set[RunKey]().union(*likely)
    crossing = 2 * (VALUES - 2) * n_seeds  # of two arms; both ends are run already
    n_pairs = min(MOST_PAIRS, len(spec.arms) - 1)
    most = 0 if spec.file.is_file() else n_pairs * min(MOST_CROSSINGS, len(spec.axes)) * crossing
    return len(runs), most, cost_of_runs(spec.study, spec.file.parent, PARTS, runs, [spec.arms[0].arm.scenario])


def try_ends(spec: Turns, progress: Progress) -> None:
    """Run the arms that the answer is about at both ends of each number, look for crossings, and save what was found."""
    wanted = list(pairs(Question(read_study(spec.study.own_folder))))[:MOST_PAIRS]
    if not wanted:
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
    located, seeds = [], range(spec.settings.tornado_seeds)
    for place in bars.index[bars["turns"]][:MOST_CROSSINGS].tolist():
        axis = spec.axes[place]
        values = grid(axis.low, axis.high, VALUES, axis.whole)
        if crossing := inverted(values, along(spec, runner, arm, place, values, seeds), spec.study.confidence):
            located.append((place, crossing))
    return located


def remove(folder: Path) -> None:
    """Leave nothing of an earlier answer."""
    for file in filter(Path.is_file, (folder / "explore").glob("turns*.*")):
        file.unlink()
