"""Play a sweep, and write its tables: one row a run, one a point and arm, one a paired difference, one an effect."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from salesim.config.study import Placed, Sweep
from salesim.metrics import SHOWN
from salesim.model.parameters import Scenario
from salesim.runs.files import write_json, write_whole
from salesim.runs.folder import open_folder, versions
from salesim.runs.runner import Progress, check_not_all_failed, run_missing
from salesim.runs.store import RunKey, RunStore, model_version, records_version
from salesim.runs.summary import MEASURES, measures_text
from salesim.runs.tables import TableFile
from salesim.stats.differences import word
from salesim.stats.intervals import Numbers, simultaneous, student
from salesim.stats.variance_shares import effects

TABLES = ("runs", "points", "differences", "effects", "scenarios")


class Wanted(Mapping[RunKey, Scenario]):
    """The runs of a sweep by key, each scenario made when it is asked for; equal ones are there once."""

    def __init__(self, sweep: Sweep) -> None:
        self.places = {placed.key: placed for placed in sweep.placed}
        self.seeds = sweep.all_seeds
        self.scenario = lru_cache(maxsize=64)(lambda key: self.places[key].scenario(sweep.first))

    def __getitem__(self, key: RunKey) -> Scenario:
        return self.scenario(key[0])

    def __iter__(self) -> Iterator[RunKey]:
        return ((key, seed) for key in self.places for seed in self.seeds)

    def __len__(self) -> int:
        return len(self.places) * len(self.seeds)


def run_sweep(sweep: Sweep, progress: Progress | None = None) -> Path:
    """Run what is not yet finished, then write all tables; returns the sweep's folder.

    Tables do not depend on who played, nor on how often the sweep was interrupted. A failed run is kept with its traceback
    in `failed.json`, and the rest goes on. Raises InputError before any run if the folder holds another study or cannot be
    written to, and after them if not one went well.
    """
    folder = sweep.own_folder
    with open_folder(folder, identity(sweep)) as opened:
        write_whole(folder / "resolved.yaml", yaml.safe_dump(sweep.resolved, sort_keys=False).encode())
        write_json(folder / "study.json", record_of(sweep))
        write_scenarios(sweep, folder)
        wanted = Wanted(sweep)
        failures = run_missing(wanted, opened.store, sweep.worker_spec, progress, measures_text)
        check_not_all_failed(failures, len(wanted), f"every run of {sweep.name}")
        write_tables(sweep, folder, opened.store, failures)
        failed = {
            f"point {placed.point} {placed.contest}/{placed.arm} seed {seed}": failures[placed.key, seed]
            for placed in (sweep.placed if failures else ())
            for seed in sweep.all_seeds
            if (placed.key, seed) in failures
        }
        opened.finish(record_of(sweep), failed, TABLES)
    return folder


def identity(sweep: Sweep) -> dict[str, Any]:
    """What makes it this sweep and no other; more seeds or points make it a longer one."""
    return {
        "kind": "sweep",
        "axes": {axis.key: axis.text for axis in sweep.axes},
        "settings": dict(sweep.settings),
        "design": sweep.design,
        "baseline": sweep.baseline,
        "contests": list(sweep.contests),
        "arms": list(sweep.arms),
    }


def record_of(sweep: Sweep) -> dict[str, Any]:
    """What is asked, and what repeats it."""
    return {
        "name": sweep.name,
        "question": sweep.question,
        **identity(sweep),
        "notes": {key: list(note) for key, note in sweep.notes.items()},
        "points": len(sweep.points),
        "command": sweep.command,
        "seeds": list(sweep.all_seeds),
        "confidence": sweep.confidence,
        "model": model_version(),
        "records_version": records_version(),
        **versions(),
    }


def write_scenarios(sweep: Sweep, folder: Path) -> None:
    """The key of every scenario, and what it has instead of the first one: enough to play any run again."""
    with TableFile(folder, "scenarios") as table:
        for placed in sweep.placed:
            place = {"point": placed.point, "contest": placed.contest, "arm": placed.arm}
            table.add_row(place | {"key": placed.key, "differences": json.dumps(placed.differences)})


def write_tables(sweep: Sweep, folder: Path, store: RunStore, failures: Mapping[RunKey, str]) -> None:
    """All tables in the order of points, contests, arms and seeds; every run is read once."""
    names = MEASURES
    points: list[dict[str, Any]] = []
    with ExitStack() as stack:
        runs, table, differences = (stack.enter_context(TableFile(folder, name)) for name in TABLES[:3])
        for _, together in groupby(sweep.placed, lambda placed: (placed.point, placed.contest)):
            found = []
            for placed in together:
                values = values_of(placed, sweep, store, failures, names)
                found.append((placed, values))
                key = place_of(placed, sweep)
                good = ~np.isnan(values).all(axis=1)
                seeds = np.asarray(sweep.all_seeds)[good].tolist()
                columns = dict(zip(names, values[good].T.tolist(), strict=True))
                runs.add({**key, "seed": seeds, **columns}, len(seeds))
                points.append(key | summed_up(values[good], names, sweep.confidence))
                table.add_row(points[-1])
            for row in paired(sweep, found, names):
                differences.add_row(row)
        if len(sweep.arms) < 2:
            differences.add({name: [] for name in ("point", "contest", "arm", "measure", "difference", "low", "high")}, 0)
    with TableFile(folder, "effects") as table:
        for row in effects(points, columns_of(sweep), sweep.contests, SHOWN):
            table.add_row(row)


def place_of(placed: Placed, sweep: Sweep) -> dict[str, Any]:
    """The columns that say where a row belongs."""
    return {"point": placed.point, "contest": placed.contest, "arm": placed.arm, **sweep.settings_at(placed)}


def columns_of(sweep: Sweep) -> list[str]:
    """The columns of swept parameters; arms of an experiment are one too."""
    own = [sweep.arm_key or "arm"] if len(sweep.arms) > 1 else []
    return [*own, *(axis.key for axis in sweep.axes)]


def values_of(placed: Placed, sweep: Sweep, store: RunStore, failures: Mapping[RunKey, str], names: tuple[str, ...]) -> Numbers:
    """Measures of a scenario, seeds x measures; a failed run is a row of NaN."""
    rows = np.full((sweep.seeds, len(names)), np.nan)
    for row, seed in enumerate(sweep.all_seeds):
        if (placed.key, seed) not in failures:
            measures = store.index[placed.key, seed]["measures"]
            rows[row] = [measures[name] for name in names]
    return rows


def summed_up(values: Numbers, names: tuple[str, ...], confidence: float) -> dict[str, Any]:
    """Number of runs, and the mean of each measure in Student's interval, each for itself; NaN where nothing is known."""
    mean, low, high = student(values, confidence)
    row: dict[str, Any] = {"n": len(values)}
    for place, name in enumerate(names):
        row[name] = float(mean[place])
        row[f"{name}_low"] = float(low[place])
        row[f"{name}_high"] = float(high[place])
    return row


def paired(sweep: Sweep, found: Sequence[tuple[Placed, Numbers]], names: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """Differences from the baseline by shared seed at one point and contest; their intervals hold together."""
    base = next((values for placed, values in found if placed.arm == sweep.baseline), None)
    others = [(placed, values) for placed, values in found if placed.arm != sweep.baseline]
    if base is None or not others:
        return
    shown = [names.index(name) for name in SHOWN]
    table = np.hstack([values[:, shown] - base[:, shown] for _, values in others])
    intervals = simultaneous(table, sweep.confidence)
    mean, low, high = (ends.reshape(len(others), -1) for ends in (intervals.mean, intervals.low, intervals.high))
    with np.errstate(invalid="ignore"):
        base_means = [mean_of(base[:, place]) for place in shown]
    for row, (placed, values) in enumerate(others):
        key = place_of(placed, sweep)
        for column, name in enumerate(SHOWN):
            ends = float(mean[row, column]), float(low[row, column]), float(high[row, column])
            yield key | {
                "measure": name,
                "mean_arm": mean_of(values[:, shown[column]]),
                "mean_baseline": base_means[column],
                "difference": ends[0],
                "low": ends[1],
                "high": ends[2],
                "verdict": word(*ends),
                "n": int((~np.isnan(values[:, shown[column]] - base[:, shown[column]])).sum()),
            }


def mean_of(values: Numbers) -> float:
    """Mean of what is there; NaN if nothing is."""
    there = values[~np.isnan(values)]
    return float(there.mean()) if len(there) else float("nan")
