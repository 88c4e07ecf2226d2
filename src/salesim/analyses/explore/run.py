"""Runs an exploration: by an emulator, else by screening and a Sobol design; crossings; or a tornado."""

from itertools import compress

import numpy as np
import pandas as pd

from salesim.analyses.explore.axes import in_units
from salesim.analyses.explore.cost import PARTS, cost, design_of, steps_of
from salesim.analyses.explore.learned import EMULATORS, learn, tables_of
from salesim.analyses.explore.points import Points
from salesim.analyses.explore.regret import regret_of
from salesim.analyses.explore.spec import ArmName, Exploration, exploration_of
from salesim.analyses.explore.tables import points_table, rules_table, stacked
from salesim.analyses.explore.tornado import run_crossings, run_tornado
from salesim.analyses.protocol import Analysis
from salesim.analyses.records import Result, open_runner, result_of
from salesim.report.console.sections import print_exploration, print_explored
from salesim.report.text.explore import plan
from salesim.runs.runner import Progress, Runner
from salesim.stats import sensitivity
from salesim.stats.discovery import discover, estimate, share_of_chance
from salesim.stats.intervals import Intervals, Mask

NO_EFFECTS = pd.DataFrame(columns=["contest", "arm", "axis", "effect", "half"])  # of a screening that was not made


def run(spec: Exploration, progress: Progress) -> Result:
    """Run what is asked for; `cost` has checked that every point can be run."""
    with open_runner(spec.study, spec.file.parent, PARTS, progress) as runner:
        return RUNS[spec.kind](spec, runner)


def run_design(spec: Exploration, runner: Runner) -> Result:
    """Indices, rules and regret from an emulator; from plain sampling if it is poor, or not wanted."""
    if not spec.settings.emulator_points:
        return sampled(spec, runner, pd.DataFrame(columns=EMULATORS))
    learned = learn(spec, runner)
    if not learned.processes or (learned.quality["held_out_r2"] < spec.settings.least_r2).any():
        return sampled(spec, runner, learned.quality)
    kept = np.ones(len(spec.axes), bool)
    tables = {"axes": axes_table(spec, kept), "screening": NO_EFFECTS, "emulators": learned.quality, **tables_of(learned)}
    return result_of(runner, tables, points=len(learned.points.values), emulated=True)


def sampled(spec: Exploration, runner: Runner, emulators: pd.DataFrame) -> Result:
    """Screening, indices, rules and regret from plain sampling; the table of emulators says why there is none."""
    screening, kept = screen(spec, runner)
    points = Points(spec, design_of(spec, kept.tolist()), runner)
    points.play(f"Sobol design, {len(points.values)} points", points.everywhere(), spec.settings.seeds)
    play_undecided(points)
    names = [axis.name for axis in compress(spec.axes, kept)]
    values, groups = points.values[:, kept], sensitivity.groups_of(len(names), spec.settings.points)
    estimates = {arm: estimated(points, arm) for arm in spec.others}
    tables = {
        "axes": axes_table(spec, kept),
        "emulators": emulators,
        "points": points_table(pd.DataFrame(values, columns=names), groups, estimates),
        "screening": screening,
        "indices": indices_of(points, names),
        "rules": rules_table({arm: discover(values, estimates[arm].sign, groups) for arm in spec.others}, names),
        "regret": regret_of(points),
    }
    return result_of(runner, tables, points=len(values), emulated=False)


def axes_table(spec: Exploration, kept: Mask) -> pd.DataFrame:
    """A row for each axis."""
    return pd.DataFrame([axis.row() for axis in spec.axes]).assign(kept=kept).astype({"beta_b": float})


def screen(spec: Exploration, runner: Runner) -> tuple[pd.DataFrame, Mask]:
    """Morris' effects of each axis on each arm's difference, and which axes may matter to any of them.

    Without trajectories, or where a difference could not be measured, there are no effects and all axes are kept.
    """
    steps, kept, tables = steps_of(spec), np.zeros(len(spec.axes), bool), {}
    nothing = NO_EFFECTS, ~kept
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


RUNS = {"explore": run_design, "tipping": run_crossings, "tornado": run_tornado}
ANALYSIS = Analysis(
    parse=exploration_of, cost=cost, run=run, print_question=print_explored, plan=plan, print_answer=print_exploration
)
