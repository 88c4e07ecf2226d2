"""The tables of a sweep: one row per run, one a point and arm, one a paired difference, one a lead, one an effect."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np

from salesim.config.study import Placed, Sweep
from salesim.metrics import METRICS, SHOWN, measure_names
from salesim.runs.store import RunKey, RunStore
from salesim.runs.tables import TableFile
from salesim.stats.best import Best, pairwise, standings
from salesim.stats.differences import word
from salesim.stats.intervals import Numbers, student
from salesim.stats.variance_shares import effects

TABLES = ("runs", "points", "differences", "leads", "effects", "scenarios")
LEADS = ("contest", "measure", "point", "first", "second", "lead", "clear")


def write_scenarios(sweep: Sweep, folder: Path) -> None:
    """The key of every scenario, and what it has instead of the first one: enough to run any run again."""
    with TableFile(folder, "scenarios") as table:
        for placed in sweep.placed:
            table.add_row({**placed.place, "key": placed.key, "differences": json.dumps(placed.differences)})


def write_tables(sweep: Sweep, folder: Path, store: RunStore, failures: Mapping[RunKey, str]) -> None:
    """All tables in the order of points, contests, arms and seeds; every run is read once.

    `effects` are those of swept parameters; the arms of an experiment are one too.
    """
    names = measure_names()
    points: list[dict[str, Any]] = []
    with ExitStack() as stack:
        runs, table, differences, leading = (stack.enter_context(TableFile(folder, name)) for name in TABLES[:4])
        for _, together in groupby(sweep.placed, lambda placed: (placed.point, placed.contest)):
            scenarios = []
            for placed in together:
                values = values_of(placed, sweep, store, failures, names)
                scenarios.append((placed, values))
                key = sweep.settings_at(placed)
                good = ~np.isnan(values).all(axis=1)
                seeds = np.asarray(sweep.all_seeds)[good].tolist()
                columns = dict(zip(names, values[good].T.tolist(), strict=True))
                worlds = {"world": list(map(sweep.worlds.at, seeds))} if sweep.worlds else {}
                runs.add({**key, **worlds, "seed": seeds, **columns}, len(seeds))
                points.append(key | means_of(values[good], names, sweep.confidence))
                table.add_row(points[-1])
            values = np.stack([each[:, [names.index(name) for name in SHOWN]] for _, each in scenarios])
            gaps, arms = pairwise(values, sweep.confidence), [placed for placed, _ in scenarios]
            for row in differences_at(sweep, arms, values, gaps):
                differences.add_row(row)
            for row in leads_at(arms, values, gaps):
                leading.add_row(row)
        if len(sweep.arms) < 2:
            leading.add({name: [] for name in LEADS}, 0)
            differences.add({name: [] for name in ("point", "contest", "arm", "measure", "difference", "low", "high")}, 0)
    axes = [*([sweep.arm_key or "arm"] if len(sweep.arms) > 1 else []), *(axis.key for axis in sweep.axes if not axis.tied)]
    with TableFile(folder, "effects") as table:
        for row in effects(points, axes, sweep.contests, SHOWN):
            table.add_row(row)


def values_of(placed: Placed, sweep: Sweep, store: RunStore, failures: Mapping[RunKey, str], names: tuple[str, ...]) -> Numbers:
    """Measures of a scenario, seeds x measures; a failed run is a row of NaN."""
    rows = np.full((sweep.seeds, len(names)), np.nan)
    for row, seed in enumerate(sweep.all_seeds):
        if (placed.key, seed) not in failures:
            measures = store.index[placed.key, seed]["measures"]
            rows[row] = [measures[name] for name in names]
    return rows


def means_of(values: Numbers, names: tuple[str, ...], confidence: float) -> dict[str, Any]:
    """Number of runs, and the mean of each measure in Student's interval, each for itself; NaN where nothing is known."""
    mean, low, high = student(values, confidence)
    row: dict[str, Any] = {"n": len(values)}
    for place, name in enumerate(names):
        row |= {name: float(mean[place]), f"{name}_low": float(low[place]), f"{name}_high": float(high[place])}
    return row


def differences_at(sweep: Sweep, arms: Sequence[Placed], values: Numbers, gaps: Numbers) -> Iterator[dict[str, Any]]:
    """Differences from the baseline by shared seed at one point and contest; `values` are arms x seeds x measures SHOWN.

    `gaps` are the intervals of `best.pairwise`, those of an arm hold together.
    """
    base = next((row for row, placed in enumerate(arms) if placed.arm == sweep.baseline), None)
    for row, placed in enumerate(arms):
        if base is None or row == base:
            continue
        for column, name in enumerate(SHOWN):
            ends, (mine, theirs) = gaps[:, column, row, base].tolist(), values[[row, base], :, column]
            yield sweep.settings_at(placed) | {
                "measure": name,
                "mean_arm": mean_of(mine),
                "mean_baseline": mean_of(theirs),
                "difference": ends[0],
                "low": ends[1],
                "high": ends[2],
                "verdict": word(ends[0], ends[1], ends[2], sweep.margins.get(name, 0.0)),
                "n": int((~np.isnan(mine - theirs)).sum()),
            }


def leads_at(arms: Sequence[Placed], values: Numbers, gaps: Numbers) -> Iterator[dict[str, Any]]:
    """Who is best at one point and contest on each measure, by how much, and whether that is clear; "" is nobody."""
    better = {name: METRICS[name].better for name in SHOWN}
    bests = {best.measure: best for best in standings(values, [placed.arm for placed in arms], SHOWN, better, gaps)}
    for name in SHOWN if len(arms) > 1 else ():
        best = bests.get(name, Best(name, "", "", np.nan, np.nan, np.nan, (), ()))
        row = (arms[0].contest, name, arms[0].point, best.first, best.second, best.lead, len(best.contenders) == 1)
        yield dict(zip(LEADS, row, strict=True))


def mean_of(values: Numbers) -> float:
    """Mean of what is there; NaN if nothing is."""
    there = values[~np.isnan(values)]
    return float(there.mean()) if len(there) else float("nan")
