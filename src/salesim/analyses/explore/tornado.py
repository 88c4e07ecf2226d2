"""One number at a time: where each arm crosses the baseline along it, and what a difference hangs on most (a tornado)."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np
import pandas as pd

from salesim.analyses.explore.axes import NumberAxis
from salesim.analyses.explore.points import Points
from salesim.analyses.explore.spec import ArmName, Exploration
from salesim.analyses.explore.tables import name_columns
from salesim.analyses.records import Result, result_of
from salesim.config.dotted_keys import at_path
from salesim.config.validation import as_mapping
from salesim.runs.runner import Runner
from salesim.stats.intervals import Intervals, Numbers, simultaneous
from salesim.stats.root_finding import Crossing, Curve, crossings

DIGITS = 9  # of a difference, so that rounding of sums is no effect
Located = Sequence[tuple[int, Crossing]]  # crossings, each with the place of its axis
LARGEST = 3  # numbers of each arm along which tipping points are sought


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


def run_tornado(spec: Exploration, runner: Runner) -> Result:
    """The tables of a tornado with the crossings of the largest numbers of each arm."""

    def largest(arm: ArmName, bars: pd.DataFrame) -> Located:
        return [(place, each) for place in bars.index[:LARGEST].tolist() for each in crossings_of(spec, runner, arm, place)[0]]

    return result_of(runner, tables_of(spec, runner, largest))


def tables_of(spec: Exploration, runner: Runner, sought: Callable[[ArmName, pd.DataFrame], Located]) -> dict[str, pd.DataFrame]:
    """Run all arms as they are set and at both ends of each range, with the same seeds; then look for crossings.

    `sought` gives those of an arm, each with the place of its axis, out of its bars.
    """
    points, seeds = Points(spec, ends_of(spec.axes), runner), spec.settings.tornado_seeds
    points.play(f"tornado, {len(spec.axes)} numbers at both ends", points.everywhere(), seeds)
    bars = {arm: bars_of(points.difference(arm, seeds), spec).assign(value=values_of(spec, arm)) for arm in spec.others}
    rows = [
        {**name_columns(arm), "axis": spec.axes[place].name, **crossing._asdict()}
        for arm, mine in bars.items()
        for place, crossing in sought(arm, mine)
    ]
    tornado = pd.concat([mine.assign(**name_columns(arm)) for arm, mine in bars.items()], ignore_index=True)
    tipping = pd.DataFrame(rows, columns=["contest", "arm", "axis", *Crossing._fields])
    axes = pd.DataFrame([axis.row() for axis in spec.axes]).astype({"beta_b": float})
    return {"tornado_axes": axes, "tornado": tornado, "tornado_tipping": tipping}


def ends_of(axes: Sequence[NumberAxis]) -> Numbers:
    """As everything is set, then the low and the high end of each axis by itself (points x axes; NaN leaves what is set)."""
    points = np.full((1 + 2 * len(axes), len(axes)), np.nan)
    for place, axis in enumerate(axes):
        points[1 + 2 * place : 3 + 2 * place, place] = axis.low, axis.high
    return points


def bars_of(differences: Numbers, spec: Exploration) -> pd.DataFrame:
    """A row for each axis, by its place among them, the largest swing first (differences: points x seeds).

    The intervals of all swings hold together, and so do those of all ends.
    """
    differences = np.round(differences, DIGITS)
    low, high, confidence = differences[1::2], differences[2::2], spec.study.confidence
    ends, swing = simultaneous(differences.T, confidence), simultaneous((high - low).T, confidence)
    table = pd.DataFrame({"axis": [axis.name for axis in spec.axes], "at_low": [axis.low for axis in spec.axes],
                          "at_high": [axis.high for axis in spec.axes]})  # fmt: skip
    for name, mine, rows in (("as_set", ends, [0] * len(low)), ("low_end", ends, range(1, len(differences), 2)),
                             ("high_end", ends, range(2, len(differences), 2)), ("swing", swing, range(len(low)))):  # fmt: skip
        table = table.join(named(name, mine, list(rows)))
    table["moves"] = swing.sign != 0
    signs = np.column_stack([np.full(len(low), ends.sign[0]), ends.sign[1::2], ends.sign[2::2]])
    table["turns"] = (signs.min(axis=1) < 0) & (signs.max(axis=1) > 0)
    return table.sort_values("swing", key=np.abs, ascending=False, kind="stable")


def values_of(spec: Exploration, arm: ArmName) -> pd.Series:
    """What each number is set to in an arm, by the place of its axis."""
    (mine,) = (each for each in spec.arms if each.name == arm)
    settings = as_mapping(mine.arm.scenario)
    return pd.Series([float(at_path(settings, paths[0])) if paths else np.nan for paths in mine.paths])


def named(name: str, intervals: Intervals, rows: list[int]) -> pd.DataFrame:
    """Means and ends of some of the intervals, as columns that begin with a name."""
    parts: Mapping[str, Numbers] = {"": intervals.mean, "_low": intervals.low, "_high": intervals.high}
    return pd.DataFrame({f"{name}{end}": values[rows] for end, values in parts.items()})
