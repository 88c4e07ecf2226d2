"""An exploration from screening to regret: plays what is needed, stage by stage, and leaves tables."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from salesim.analyses.explore.axes import Named, in_units
from salesim.analyses.explore.cost import PARTS, check_packages, design_of, steps_of
from salesim.analyses.explore.points import Arm, Points
from salesim.analyses.explore.spec import Exploration
from salesim.runs.folder import open_folder
from salesim.runs.runner import Progress, Runner, runs_of_study
from salesim.runs.store import RunStore
from salesim.stats import sensitivity
from salesim.stats.discovery import Estimate, Found, at_look, discover, estimate, share_of_luck
from salesim.stats.intervals import Numbers
from salesim.stats.regret import summary, worst_points
from salesim.stats.root_finding import Crossing, Curve, crossings


@dataclass(frozen=True)
class Explored:
    """What came of a design: tables by arm, over the axes that were kept; dropped axes stayed as they are set."""

    kept: tuple[Named, ...]
    points: Numbers
    screening: pd.DataFrame
    indices: pd.DataFrame
    estimates: dict[Arm, Estimate]
    found: dict[Arm, Found]
    regret: pd.DataFrame
    runs: int
    failed: int


@dataclass(frozen=True)
class Tipped:
    """What came of the search for tipping points: crossings of each arm with the baseline, and the curve behind them."""

    crossings: dict[Arm, list[Crossing]]
    curves: dict[Arm, Curve]
    runs: int
    failed: int


def explore(asked: Exploration, listener: Progress) -> Explored:
    """Screening, indices, rules and regret. Raises InputError before any run if a point could not be played."""
    check_packages()
    steps = steps_of(asked)
    with open_folder(asked.study.own_folder):
        runner = player_of(asked, listener)
        everything = Points(asked, design_of(asked), runner)  # checks all points of the whole design, before the first run
        screening, kept = screen(asked, steps, runner)
        points, axes = everything, asked.axes
        if not kept.all():
            axes = tuple(axis for axis, keep in zip(asked.axes, kept, strict=True) if keep)
            points = Points(asked, reduced(asked, kept), runner)
        points.play(f"Sobol design, {len(points.values)} points", points.everywhere(), asked.seeds)
        decide(points)
        mine = points.values[:, kept]
        groups = sensitivity.groups_of(len(axes), asked.points)
        estimates = {arm: estimated(points, arm) for arm in asked.others}
        return Explored(
            axes, mine, screening, indices_of(points, axes), estimates,
            {arm: discover(mine, estimates[arm].sign, groups) for arm in asked.others},
            regret_of(points), len(runner.requested), len(runner.failed),
        )  # fmt: skip


def player_of(asked: Exploration, listener: Progress) -> Runner:
    """Who plays, and keeps measures alone."""
    whole = runs_of_study(asked.study.own_folder)
    return Runner(RunStore(asked.folder / "runs"), PARTS, asked.study.worker_spec, listener, whole)


def screen(asked: Exploration, steps: Numbers, runner: Runner) -> tuple[pd.DataFrame, np.ndarray]:
    """Morris' effects of each axis on each arm's difference, and which axes may matter to any of them."""
    kept, tables = np.zeros(len(asked.axes), bool), []
    if not len(steps):
        return pd.DataFrame(columns=["contest", "arm", "axis", "effect", "half"]), ~kept
    points = Points(asked, in_units(steps, asked.axes), runner)
    points.play(f"screening, {len(steps)} points", points.everywhere(), asked.seeds)
    for arm in asked.others:
        mean = np.nanmean(points.difference(arm, asked.seeds), axis=1)
        if not np.isfinite(mean).all():
            return pd.DataFrame(columns=["contest", "arm", "axis", "effect", "half"]), np.ones(len(asked.axes), bool)
        table = sensitivity.screened(steps, mean, asked.study.confidence)
        kept |= sensitivity.may_matter(table)
        tables.append(labelled(arm, table.assign(axis=[axis.name for axis in asked.axes])))
    return pd.concat(tables, ignore_index=True), kept if kept.any() else ~kept


def labelled(arm: Arm, table: pd.DataFrame) -> pd.DataFrame:
    """A table with contest and arm in front."""
    return pd.concat([pd.DataFrame({"contest": arm[0], "arm": arm[1]}, index=table.index), table], axis=1)


def reduced(asked: Exploration, kept: np.ndarray) -> Numbers:
    """The Sobol design of the axes that are kept; the others are NaN, which leaves what is set."""
    axes = [axis for axis, keep in zip(asked.axes, kept, strict=True) if keep]
    design = np.full((asked.points * (len(axes) + 2), len(asked.axes)), np.nan)
    design[:, kept] = in_units(sensitivity.sobol_design(len(axes), asked.points), axes)
    return design


def looks(asked: Exploration) -> list[int]:
    """Seeds at which points are looked at: twice as many each time, up to the most."""
    found = [asked.seeds]
    while found[-1] < asked.most_seeds:
        found.append(min(2 * found[-1], asked.most_seeds))
    return found


def estimated(points: Points, arm: Arm) -> Estimate:
    """Intervals of an arm's difference at every point, so that all looks together keep the confidence."""
    asked = points.asked
    confidence = at_look(asked.study.confidence, len(looks(asked)))
    return estimate(points.difference(arm, asked.most_seeds), confidence)


def decide(points: Points) -> None:
    """More seeds where an arm cannot be told from the baseline yet."""
    for seeds in looks(points.asked)[1:]:
        rows: dict[Arm, set[int]] = {}
        for arm in points.asked.others:
            now = estimated(points, arm)
            undecided = np.flatnonzero((now.sign == 0) & ~((now.low == 0) & (now.high == 0)))
            rows[arm] = set(undecided.tolist())
            rows.setdefault(points.base(arm[0]), set()).update(undecided.tolist())
        places = {arm: sorted(chosen) for arm, chosen in rows.items()}
        n_open = len(set().union(*rows.values()))
        if n_open:
            points.play(f"{n_open} undecided points, {seeds} seeds", places, seeds)


def indices_of(points: Points, axes: tuple[Named, ...]) -> pd.DataFrame:
    """Sobol indices of each arm's mean difference over the seeds that all points have."""
    asked, tables = points.asked, []
    for arm in asked.others:
        differences = points.difference(arm, asked.seeds)
        mean = differences.mean(axis=1)
        table = sensitivity.indices(len(axes), mean, asked.study.confidence)
        tables.append(labelled(arm, table.assign(axis=[axis.name for axis in axes], luck=share_of_luck(differences))))
    return pd.concat(tables, ignore_index=True)


def regret_of(points: Points) -> pd.DataFrame:
    """How far each arm falls behind the best, on average and at its worst point; the latter on seeds not looked at before."""
    asked, tables = points.asked, []
    for contest in asked.study.contests:
        arms = [arm for arm in points.scenarios if arm[0] == contest]
        means = pd.DataFrame({name: points.of((contest, name), asked.seeds).mean(axis=1) for _, name in arms})
        table = summary(means).assign(contest=contest, worst_point=-1, behind="", n=0)
        for worst in worst_points(means):
            away = fresh(points, contest, worst.arm, worst.best, worst.point)
            row = table["arm"] == worst.arm
            values = [worst.point, worst.best, int(away.n[0]), away.mean[0], away.low[0], away.high[0]]
            for column, value in zip(("worst_point", "behind", "n", "worst", "low", "high"), values, strict=True):
                table.loc[row, column] = value
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def fresh(points: Points, contest: str, arm: str, best: str, row: int) -> Estimate:
    """By how much `best` is ahead of `arm` at a point, from as many new seeds as a point can have."""
    asked, runner = points.asked, points.runner
    seeds = range(asked.study.first_seed + asked.most_seeds, asked.study.first_seed + 2 * asked.most_seeds)
    pair = [points.scenarios[contest, name][row] for name in (best, arm)]
    runner.run(f"{arm} at its worst, {contest}", [(*one, seed) for one in pair for seed in seeds])
    found = [[runner.result(key, seed) for seed in seeds] for key, _ in pair]
    measure = [[f["measures"][asked.measure] if f else np.nan for f in one] for one in found]
    away = asked.upwards * (np.array(measure[0], float) - np.array(measure[1], float))
    return estimate(away[None, :], asked.study.confidence)


def tip(asked: Exploration, listener: Progress) -> Tipped:
    """Where each arm crosses the baseline along the only axis."""
    (axis,) = asked.axes
    seeds = range(asked.tipping_seeds)
    ends = np.array([[axis.low], [axis.high]])
    with open_folder(asked.study.own_folder):
        runner = player_of(asked, listener)
        Points(asked, ends, runner)  # checks both ends before the first run
        found, curves = {}, {}
        for arm in asked.others:

            def evaluate(values: Numbers, chosen: range, arm: Arm = arm) -> Numbers:
                points = Points(asked, np.asarray(values, float)[:, None], runner)
                rows = {one: range(len(values)) for one in (arm, points.base(arm[0]))}
                points.play(f"{arm[1]}, {arm[0]}: {len(values)} values, {len(chosen)} seeds", rows, chosen.stop, chosen.start)
                return points.difference(arm, chosen.stop)[:, chosen.start :]

            found[arm], curves[arm] = crossings(evaluate, axis.low, axis.high, seeds, asked.study.confidence, axis.whole)
        return Tipped(found, curves, len(runner.requested), len(runner.failed))
