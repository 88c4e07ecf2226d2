"""Tipping points: where each arm crosses the baseline along one axis, all others as they are set."""

from functools import partial

import numpy as np
import pandas as pd

from salesim.analyses.explore.points import Points
from salesim.analyses.explore.spec import ArmName, Exploration
from salesim.analyses.explore.tables import name_columns
from salesim.analyses.records import Result, result_of
from salesim.runs.runner import Runner
from salesim.stats.intervals import Numbers
from salesim.stats.root_finding import Crossing, Curve, crossings


def run_crossings(spec: Exploration, runner: Runner) -> Result:
    """Where each arm crosses the baseline along the only axis: tables of the crossings, and of the curve behind them."""
    rows, curves = [], []
    for arm in spec.others:
        crossed, curve = crossings_of(spec, runner, arm, 0)
        rows += [name_columns(arm) | crossing._asdict() for crossing in crossed]
        curves.append(pd.DataFrame(curve._asdict()).assign(**name_columns(arm)))
    tipping = pd.DataFrame(rows, columns=["contest", "arm", *Crossing._fields])
    return result_of(runner, {"tipping": tipping, "tipping_curve": pd.concat(curves, ignore_index=True)})


def crossings_of(spec: Exploration, runner: Runner, arm: ArmName, place: int) -> tuple[list[Crossing], Curve]:
    """The crossings of an arm along the axis at a place, and the curve behind them."""
    axis, seeds = spec.axes[place], range(spec.settings.tipping_seeds)
    return crossings(partial(along, spec, runner, arm, place), axis.low, axis.high, seeds, spec.study.confidence, axis.whole)


def along(spec: Exploration, runner: Runner, arm: ArmName, place: int, values: Numbers, seeds: range) -> Numbers:
    """Differences of an arm from its baseline at values of an axis (values x seeds)."""
    table = np.full((len(values), len(spec.axes)), np.nan)
    table[:, place] = values
    points = Points(spec, table, runner)
    places = dict.fromkeys((arm, points.baseline(arm[0])), range(len(values)))
    stage = f"{arm[1]}, {arm[0]}: {len(values)} values of {spec.axes[place].name}, {len(seeds)} seeds"
    points.play(stage, places, seeds.stop, seeds.start)
    return points.difference(arm, seeds.stop)[:, seeds.start :]
