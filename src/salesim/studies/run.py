"""Run a study: every arm with every seed, resumable, in threads (compiled rules release the interpreter's lock)."""

import json
import os
import platform
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml

from salesim import __version__
from salesim.compare.paired import differences
from salesim.compare.verdict import sentences
from salesim.errors import InputError
from salesim.metrics import METRICS, SHOWN, measured, tables
from salesim.metrics.money import BRIDGE, bridge
from salesim.scenario import Scenario
from salesim.studies.design import Arm, Study
from salesim.studies.store import Shelf, open_folder, scenario_key, write_whole
from salesim.week import play

BATCH = 20
PACKAGES = ("mesa", "numpy", "pandas", "numba", "scipy", "plotly", "hydra-core", "pydantic")
Tell = Callable[[int, int], None]
Row = dict[str, Any]


def run_study(study: Study, tell: Tell | None = None) -> Path:
    """Play what is not yet finished, then write all tables; returns the study's folder.

    `tell(done, total)` is called as runs finish. Tables do not depend on the number of workers, nor on how often the
    study was interrupted. A failed run is kept with its traceback in `failed.json`, and the rest goes on.
    Raises InputError before any run if the folder cannot be written to.
    """
    folder = study.folder / study.name
    open_folder(folder)
    shelf = Shelf(folder / "runs")
    seeds = range(study.first_seed, study.first_seed + study.seeds)
    keys = {id(arm): scenario_key(arm.scenario) for arm in study.arms}
    wanted = {(keys[id(arm)], seed): arm.scenario for arm in study.arms for seed in seeds}
    failed = play_missing(wanted, shelf, study.workers, tell)
    rows = [
        (arm, seed, shelf.known[keys[id(arm)], seed])
        for arm in study.arms
        for seed in seeds
        if (keys[id(arm)], seed) in shelf.known
    ]
    if not rows:
        raise InputError(f"every run failed; the first said: {next(iter(failed.values())).splitlines()[-1]}")
    write_tables(study, folder, rows)
    write_books(study, folder)
    write_verdict(study, folder)
    write_record(study, folder, failed)
    return folder


def play_missing(wanted: dict[tuple[str, int], Scenario], shelf: Shelf, workers: int, tell: Tell | None) -> dict[str, str]:
    """Play every wanted run that is not on the shelf; returns tracebacks of failed ones by key."""
    missing = [key for key in wanted if key not in shelf.known]
    done, failed = len(wanted) - len(missing), {}
    finished: dict[tuple[str, int], Any] = {}
    if tell:
        tell(done, len(wanted))
    with ThreadPoolExecutor(workers or os.cpu_count() or 1) as pool:
        running = {pool.submit(summary, wanted[key], key[1]): key for key in missing}
        try:
            for future in as_completed(running):
                key = running[future]
                try:
                    finished[key] = future.result()
                except (ArithmeticError, LookupError, MemoryError, TypeError, ValueError):
                    failed[f"{key[0]} seed {key[1]}"] = traceback.format_exc()
                done += 1
                if tell:
                    tell(done, len(wanted))
                if len(finished) >= BATCH:
                    shelf.add(finished)
                    finished = {}
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            if finished:
                shelf.add(finished)
    return failed


def summary(scenario: Scenario, seed: int) -> dict[str, Any]:
    """One run, and everything that tables need of it."""
    books = play(scenario, seed)
    customers = scenario.market.customers
    spread = float(np.exp(0.43 * customers.value_sigma))  # thirds of a normal are at +-0.43 standard deviations
    edges = (customers.value_median_k / spread, customers.value_median_k * spread)
    return {
        "measures": measured(books),
        "years": tables.years(books),
        "bridge": bridge(books),
        "durations": tables.durations(books),
        "passthrough": tables.passthrough(books),
        "segments": tables.segments(books, edges),
    }


def write_tables(study: Study, folder: Path, rows: list[tuple[Arm, int, dict[str, Any]]]) -> None:
    """All tables of runs, in the order of contests, arms and seeds."""

    def keyed(arm: Arm, seed: int) -> Row:
        return {"contest": arm.contest, "arm": arm.name, "seed": seed}

    write_table(folder, "runs", [keyed(arm, seed) | found["measures"] for arm, seed, found in rows])
    write_table(folder, "years", [keyed(arm, seed) | row for arm, seed, found in rows for row in found["years"]])
    steps = [keyed(a, s) | {"step": step, "amount_k": f["bridge"][step]} for a, s, f in rows for step in BRIDGE]
    write_table(folder, "bridge", steps)
    quotes = [keyed(arm, seed) | row for arm, seed, found in rows for row in found["passthrough"]]
    write_table(folder, "passthrough", quotes)
    closing: list[Row] = []
    segments: list[Row] = []
    for arm in study.arms:
        mine = [found for other, _, found in rows if other is arm]
        if not mine:
            continue
        key = {"contest": arm.contest, "arm": arm.name}
        closing += [key | row for row in tables.closing(sum(found["durations"] for found in mine))]
        counts = sum(found["segments"] for found in mine)
        for i, complexity in enumerate(tables.COMPLEXITY):
            for j, value in enumerate(tables.VALUE):
                cell = {"complexity": complexity, "value": value, "won": counts[i, j, 0], "processes": counts[i, j, 1]}
                segments.append(key | cell)
    write_table(folder, "closing", closing)
    write_table(folder, "segments", segments)


def write_table(folder: Path, name: str, rows: list[Row]) -> None:
    """A table as Parquet and CSV."""
    frame = pd.DataFrame(rows)
    write_whole(folder / f"{name}.parquet", frame.to_parquet(index=False))
    write_whole(folder / f"{name}.csv", frame.to_csv(index=False).encode())


def write_books(study: Study, folder: Path) -> None:
    """All deals and weeks of every arm for the first seeds."""
    for arm in study.arms:
        for seed in range(study.first_seed, study.first_seed + min(study.books, study.seeds)):
            place = folder / "books" / f"{arm.contest}-{arm.name}-{seed}"
            stamp = scenario_key(arm.scenario)
            if (place / "key").is_file() and (place / "key").read_text() == stamp:
                continue
            play(arm.scenario, seed).export(place)
            (place / "key").write_text(stamp)


def write_verdict(study: Study, folder: Path) -> None:
    """Differences with intervals, and the verdict in sentences."""
    runs = pd.read_parquet(folder / "runs.parquet")
    found = differences(runs, study.baseline, SHOWN, study.confidence)
    found.insert(3, "title", [METRICS[name].title for name in found["measure"]])
    found.insert(4, "unit", [METRICS[name].unit for name in found["measure"]])
    found.insert(5, "better", [METRICS[name].better for name in found["measure"]])
    write_table(folder, "differences", found.to_dict("records"))
    words = sentences(runs, found, METRICS, study.baseline, study.confidence)
    write_whole(folder / "verdict.json", json.dumps({"sentences": words}, indent=2).encode())


def write_record(study: Study, folder: Path, failed: dict[str, str]) -> None:
    """What was run: the resolved config, versions, seeds, and the line that repeats it."""
    write_whole(folder / "resolved.yaml", yaml.safe_dump(study.resolved, sort_keys=False).encode())
    if failed:
        write_whole(folder / "failed.json", json.dumps(failed, indent=2).encode())
    else:
        (folder / "failed.json").unlink(missing_ok=True)
    record = {
        "name": study.name,
        "question": study.question,
        "baseline": study.baseline,
        "command": study.command,
        "contests": list(dict.fromkeys(arm.contest for arm in study.arms)),
        "arms": list(dict.fromkeys(arm.name for arm in study.arms)),
        "seeds": list(range(study.first_seed, study.first_seed + study.seeds)),
        "confidence": study.confidence,
        "failed": len(failed),
        "salesim": __version__,
        "versions": {"python": platform.python_version()} | {name: metadata.version(name) for name in PACKAGES},
        "keys": {f"{arm.contest}/{arm.name}": scenario_key(arm.scenario) for arm in study.arms},
    }
    write_whole(folder / "study.json", json.dumps(record, indent=2).encode())
