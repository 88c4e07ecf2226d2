"""Runs an exploration: screening, design, indices, rules and regret; or the search for crossings along one axis."""

from collections.abc import Mapping
from itertools import compress
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from salesim.analyses.explore.axes import in_units
from salesim.analyses.explore.cost import PARTS, cost, design_of, steps_of
from salesim.analyses.explore.points import Points
from salesim.analyses.explore.spec import ArmName, Exploration, exploration_of
from salesim.analyses.protocol import Analysis
from salesim.analyses.records import Result, open_runner, result_of, save_analysis
from salesim.report.console.sections import print_exploration, print_explored
from salesim.report.text.explore import plan
from salesim.runs.runner import Progress, Runner
from salesim.stats import sensitivity
from salesim.stats.discovery import FOLDS, Discovery, Score, discover, estimate, share_of_chance
from salesim.stats.intervals import Intervals, Numbers
from salesim.stats.prim import Box
from salesim.stats.regret import largest_regret_high, summary
from salesim.stats.root_finding import Crossing, crossings

RULES = ("contest", "arm", "axis", "low", "high", "names", *Score._fields)
ESTIMATED = ("n", "mean", "low", "high", "sign")


def run(spec: Exploration, progress: Progress) -> Result:
    """Run what is asked for; `cost` has checked that every point can be run."""
    with open_runner(spec.study, spec.file.parent, PARTS, progress) as runner:
        return run_crossings(spec, runner) if spec.tipping else run_design(spec, runner)


def run_design(spec: Exploration, runner: Runner) -> Result:
    """Screening, indices, rules and regret."""
    screening, kept = screen(spec, runner)
    points = Points(spec, design_of(spec, kept.tolist()), runner)
    points.play(f"Sobol design, {len(points.values)} points", points.everywhere(), spec.settings.seeds)
    play_undecided(points)
    names = [axis.name for axis in compress(spec.axes, kept)]
    values, groups = points.values[:, kept], sensitivity.groups_of(len(names), spec.settings.points)
    estimates = {arm: estimated(points, arm) for arm in spec.others}
    tables = {
        "axes": pd.DataFrame([axis.row() for axis in spec.axes]).assign(kept=kept).astype({"beta_b": float}),
        "points": points_table(pd.DataFrame(values, columns=names), groups, estimates),
        "screening": screening,
        "indices": indices_of(points, names),
        "rules": rules_table({arm: discover(values, estimates[arm].sign, groups) for arm in spec.others}, names),
        "regret": regret_of(points),
    }
    return result_of(runner, tables, points=len(values))


def screen(spec: Exploration, runner: Runner) -> tuple[pd.DataFrame, np.ndarray]:
    """Morris' effects of each axis on each arm's difference, and which axes may matter to any of them.

    Without trajectories, or where a difference could not be measured, there are no effects and all axes are kept.
    """
    steps, kept, tables = steps_of(spec), np.zeros(len(spec.axes), bool), {}
    nothing = pd.DataFrame(columns=["contest", "arm", "axis", "effect", "half"]), ~kept
    if not len(steps):
        return nothing
    points = Points(spec, in_units(steps, spec.axes), runner)
    points.play(f"screening, {len(steps)} points", points.everywhere(), spec.settings.seeds)
    for arm in spec.others:
        mean = np.nanmean(points.difference(arm, spec.settings.seeds), axis=1)
        if not np.isfinite(mean).all():
            return nothing
        table = sensitivity.screened(steps, mean, spec.study.confidence)
        kept |= sensitivity.kept_axes(table)
        tables[arm] = table.assign(axis=[axis.name for axis in spec.axes])
    return stacked(tables), kept if kept.any() else ~kept


def stages_of_seeds(spec: Exploration) -> list[int]:
    """With how many seeds points are judged, stage by stage: twice as many each time, up to the most."""
    stages = [spec.settings.seeds]
    while stages[-1] < spec.settings.most_seeds:
        stages.append(min(2 * stages[-1], spec.settings.most_seeds))
    return stages


def estimated(points: Points, arm: ArmName) -> Intervals:
    """Intervals of an arm's difference at every point, so that all stages together keep the confidence."""
    spec = points.spec
    return estimate(points.difference(arm, spec.settings.most_seeds), spec.study.confidence, len(stages_of_seeds(spec)))


def play_undecided(points: Points) -> None:
    """More seeds, stage by stage, where an arm does not clearly differ from the baseline yet."""
    for seeds in stages_of_seeds(points.spec)[1:]:
        rows: dict[ArmName, set[int]] = {}
        for arm in points.spec.others:
            now = estimated(points, arm)
            undecided = np.flatnonzero((now.sign == 0) & ~((now.low == 0) & (now.high == 0))).tolist()
            rows[arm] = set(undecided)
            rows.setdefault(points.baseline(arm[0]), set()).update(undecided)
        n_open = len(set().union(*rows.values()))
        if n_open:
            points.play(f"{n_open} undecided points, {seeds} seeds", {arm: sorted(mine) for arm, mine in rows.items()}, seeds)


def indices_of(points: Points, axes: list[str]) -> pd.DataFrame:
    """Sobol indices of each arm's mean difference over the seeds that all points have."""
    spec, tables = points.spec, {}
    for arm in spec.others:
        differences = points.difference(arm, spec.settings.seeds)
        chance = share_of_chance(differences)
        table = sensitivity.indices(len(axes), differences.mean(axis=1), spec.study.confidence, chance)
        tables[arm] = table.assign(axis=axes, chance_share=chance)
    return stacked(tables)


def regret_of(points: Points) -> pd.DataFrame:
    """How far each arm falls behind the best, on average and at its worst point; the latter on confirmation seeds."""
    spec, tables = points.spec, []
    for contest in spec.study.contests:
        arms = [name for where, name in points.scenarios if where == contest]
        values = {name: points.of((contest, name), spec.settings.most_seeds) for name in arms}
        means = pd.DataFrame({name: mine[:, : spec.settings.seeds].mean(axis=1) for name, mine in values.items()})
        table, measured = summary(means).assign(contest=contest), []
        for arm, point, best in zip(table["arm"], table["worst_point"], table["behind"], strict=True):
            n, mean, low, high = confirmed(points, (contest, arm), (contest, best), point) if best else (0, *[np.nan] * 3)
            highest = largest_regret_high(values, arm, spec.study.confidence) if best else np.nan
            measured.append((n, mean, low, max(high, highest)))
        tables.append(table.join(pd.DataFrame(measured, columns=["n", "worst", "low", "high"])))
    return pd.concat(tables, ignore_index=True)


def confirmed(points: Points, arm: ArmName, best: ArmName, point: int) -> tuple[int, float, float, float]:
    """How far the best arm of a point is ahead of another, and the interval, from as many new seeds as a point can have."""
    spec = points.spec
    seeds = range(spec.settings.most_seeds, 2 * spec.settings.most_seeds)
    points.play(f"{arm[1]} at its worst, {arm[0]}", {name: [point] for name in (best, arm)}, seeds.stop, seeds.start)
    away = np.array(points.measured(best, point, seeds)) - np.array(points.measured(arm, point, seeds))
    ahead = estimate(away[None, :], spec.study.confidence)
    return int(ahead.n[0]), float(ahead.mean[0]), float(ahead.low[0]), float(ahead.high[0])


def run_crossings(spec: Exploration, runner: Runner) -> Result:
    """Where each arm crosses the baseline along the only axis: tables of the crossings, and of the curve behind them."""
    (axis,) = spec.axes
    rows, curves = [], []
    for arm in spec.others:

        def evaluate(values: Numbers, seeds: range, arm: ArmName = arm) -> Numbers:
            points = Points(spec, np.asarray(values, float)[:, None], runner)
            places = dict.fromkeys((arm, points.baseline(arm[0])), range(len(values)))
            points.play(f"{arm[1]}, {arm[0]}: {len(values)} values, {len(seeds)} seeds", places, seeds.stop, seeds.start)
            return points.difference(arm, seeds.stop)[:, seeds.start :]

        seeds = range(spec.settings.tipping_seeds)
        crossed, curve = crossings(evaluate, axis.low, axis.high, seeds, spec.study.confidence, axis.whole)
        rows += [name_columns(arm) | crossing._asdict() for crossing in crossed]
        curves.append(pd.DataFrame(curve._asdict()).assign(**name_columns(arm)))
    tipping = pd.DataFrame(rows, columns=["contest", "arm", *Crossing._fields])
    return result_of(runner, {"tipping": tipping, "tipping_curve": pd.concat(curves, ignore_index=True)})


def stacked(tables: Mapping[ArmName, pd.DataFrame]) -> pd.DataFrame:
    """The tables of several arms as one, with contest and arm in front."""
    return pd.concat(tables, names=["contest", "arm"]).reset_index(["contest", "arm"]).reset_index(drop=True)


def name_columns(arm: ArmName) -> dict[str, Any]:
    """An arm as columns."""
    return {"contest": arm[0], "arm": arm[1]}


def points_table(values: pd.DataFrame, groups: npt.NDArray[np.int64], estimates: Mapping[ArmName, Intervals]) -> pd.DataFrame:
    """A row a point and arm: values of the axes, difference with interval, sign, and whether rules were scored on it."""
    axes, tables = values.assign(held_out=groups % FOLDS == FOLDS - 1), []
    for arm, mine in estimates.items():
        table = pd.DataFrame({"point": np.arange(len(axes)), **name_columns(arm)}).join(axes)
        tables.append(table.assign(**{name: getattr(mine, name) for name in ESTIMATED}))
    return pd.concat(tables, ignore_index=True)


def rules_table(rules: Mapping[ArmName, Discovery], axes: list[str]) -> pd.DataFrame:
    """The box of each arm, with its score on points held out: a row for each axis with a bound."""
    rows: list[dict[str, Any]] = []
    for arm, (names, box, score) in rules.items():
        if box is not None and score is not None:
            row = name_columns(arm) | {"names": names} | score._asdict()
            rows += [row | bound for bound in bounds_of(box, axes)]
    return pd.DataFrame(rows, columns=RULES)


def bounds_of(box: Box, axes: list[str]) -> list[dict[str, Any]]:
    """A row for each axis that the box bounds; a single one without an axis if it bounds none."""
    ends = zip(axes, box.low.tolist(), box.high.tolist(), strict=True)
    rows = [{"axis": axis, "low": low, "high": high} for axis, low, high in ends if np.isfinite([low, high]).any()]
    return rows or [{"axis": "", "low": -np.inf, "high": np.inf}]


ANALYSIS = Analysis(
    parse=exploration_of,
    cost=cost,
    run=run,
    save=save_analysis,
    record=Exploration.record,
    print_question=print_explored,
    plan=plan,
    print_answer=print_exploration,
)
