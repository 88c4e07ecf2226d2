"""Run a study: every arm with every seed, resumable, on whoever plays them. Workers import this file: nothing heavy here."""

import math
import shutil
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from time import monotonic
from typing import Any

from scipy import special

from salesim.config.errors import InputError
from salesim.config.study import Study
from salesim.config.workers import Workers
from salesim.metrics import METRICS, measured, tables
from salesim.metrics.money import bridge, churn, lifetime_value_k
from salesim.metrics.survival import durations
from salesim.model.parameters import Customers, Scenario
from salesim.model.records import Records
from salesim.model.schedule import play
from salesim.runs.dispatch import outcomes
from salesim.runs.executors import POOLS, Summarize, Task
from salesim.runs.manifest import check_same
from salesim.runs.store import Found, RunKey, RunStore, as_text, opened, refused, scenario_key, write_whole

BATCH = 200  # runs of a shard at most
KEEP_SECONDS = 1.0  # of finished runs that a killed process loses at most
MEASURES = (*METRICS, "churn", "lifetime_value_k")
Tell = Callable[[int, int], None]
Edges = tuple[float, float]


def run_study(study: Study, tell: Tell | None = None) -> Path:
    """Play what is not yet finished, then write all tables; returns the study's folder.

    `tell(done, total)` is called as runs finish. Tables do not depend on the number of workers, nor on how often the study
    was interrupted: finished runs are kept in batches, and are not played again. A failed run is kept with its traceback in
    `failed.json`, and the rest goes on. Equal scenarios of several arms are played once.
    Raises InputError before any run if the folder cannot be written to, and after them if not one went well.
    """
    from salesim.runs.save_study import write_record, write_tables, write_verdict

    folder = study.own_folder
    with opened(folder):
        check_same(folder, {"kind": "run"})
        store = RunStore(folder / "runs")
        keys = [scenario_key(arm.scenario) for arm in study.arms]
        wanted = {(key, seed): arm.scenario for arm, key in zip(study.arms, keys, strict=True) for seed in study.all_seeds}
        failures = run_missing(wanted, store, study.worker_spec, tell)
        if len(failures) == len(wanted):
            raise all_failed(study.name, failures)
        played = [(arm, seed, (key, seed)) for arm, key in zip(study.arms, keys, strict=True) for seed in study.all_seeds]
        failed = {f"{arm.contest}/{arm.name} seed {seed}": failures[run] for arm, seed, run in played if run in failures}
        write_tables(folder, ((arm, seed, store.index[run]) for arm, seed, run in played if run not in failures))
        write_records(study, folder, failed)
        write_verdict(study, folder)
        write_record(study, folder, failed, store.damaged)
    return folder


def all_failed(name: str, failures: Mapping[RunKey, str]) -> InputError:
    """What to say of a study without a single good run."""
    first = next(iter(failures.values())).strip().splitlines()[-1]
    return InputError(f"every run of {name} failed; the first said: {first}")


def run_missing(
    wanted: Mapping[RunKey, Scenario],
    store: RunStore,
    workers: int | Workers,
    tell: Tell | None,
    summarize: Summarize | None = None,
) -> dict[RunKey, str]:
    """Play every wanted run that is not in the store; returns the tracebacks of those that failed.

    `workers` is a number of threads (0: one for each core), or `Workers` of another kind. `summarize` makes the
    text of a scenario and a seed (of `summary` if not given). Finished runs go to the store every KEEP_SECONDS.
    """
    missing = [key for key in wanted if key not in store.index]
    done, failures = len(wanted) - len(missing), {}
    if tell:
        tell(done, len(wanted))
    if not missing:
        return {}
    players = workers if isinstance(workers, Workers) else Workers(count=workers)
    pool = POOLS[players.kind](players, summarize or summary_text)
    fresh: dict[RunKey, str] = {}
    kept = monotonic()
    try:
        for outcome in outcomes((Task(key, wanted[key]) for key in missing), len(missing), pool):
            if outcome.trace:
                failures[outcome.key] = outcome.trace
            else:
                fresh[outcome.key] = outcome.found
            done += 1
            if tell:
                tell(done, len(wanted))
            if len(fresh) >= BATCH or monotonic() - kept > KEEP_SECONDS:
                store.keep(fresh)
                fresh, kept = {}, monotonic()
    finally:
        pool.close()
        store.keep(fresh)
    return failures


def summary_text(scenario: Scenario, seed: int) -> str:
    """One run and everything that tables need of it, as the text that a store keeps."""
    return parts_text(tuple(PARTS), scenario, seed)


def measures_text(scenario: Scenario, seed: int) -> str:
    """One run and its measures, as the text that a store keeps; a sweep needs no more."""
    return parts_text(("measures",), scenario, seed)


def parts_text(parts: tuple[str, ...], scenario: Scenario, seed: int) -> str:
    """One run and the named parts of its summary, as the text that a store keeps."""
    return as_text(summary(scenario, seed, parts))


def summary(scenario: Scenario, seed: int, parts: Iterable[str] | None = None) -> Found:
    """One run, and what tables need of it as plain lists and numbers: all PARTS, or those that are named."""
    records = play(scenario, seed)
    return {part: PARTS[part](records, scenario) for part in (PARTS if parts is None else parts)}


def measures(records: Records, scenario: Scenario) -> dict[str, float]:
    """All measures of vendor 0, and those that need a number of the scenario."""
    rate = scenario.market.licences.discount_rate_per_year
    return measured(records) | {"churn": churn(records, 0), "lifetime_value_k": lifetime_value_k(records, 0, rate)}


def segments(records: Records, scenario: Scenario) -> list[list[list[int]]]:
    """`tables.segments` by the thirds of the scenario's customers."""
    found: list[list[list[int]]] = tables.segments(records, *thirds(scenario.market.customers)).tolist()
    return found


PARTS: dict[str, Callable[[Records, Scenario], Any]] = {
    "measures": measures,
    "years": lambda records, _: tables.yearly(records),
    "bridge": lambda records, _: bridge(records),
    "durations": lambda records, _: durations(records).tolist(),
    "passthrough": lambda records, _: tables.passthrough(records),
    "segments": segments,
}


def thirds(customers: Customers) -> tuple[Edges, Edges]:
    """Where customers are cut into thirds by complexity (0 to 1) and by yearly value at stake (k$)."""
    a, b, spread = customers.complexity_a, customers.complexity_b, customers.value_sigma
    low, high = (float(special.betaincinv(a, b, share)) for share in (1 / 3, 2 / 3))
    small, large = (customers.value_median_k * math.exp(spread * special.ndtri(share)) for share in (1 / 3, 2 / 3))
    return (low, high), (small, large)


def write_records(study: Study, folder: Path, failed: dict[str, str]) -> None:
    """All deals and weeks of every arm for the first seeds; those that are there already are left, those of others go."""
    asked = {f"{arm.contest}-{arm.name}-{seed}" for arm in study.arms for seed in study.all_seeds[: study.records]}
    for stale in (folder / "records").glob("*"):
        if stale.name not in asked and (stale / "key").is_file():
            shutil.rmtree(stale, ignore_errors=True)
    for arm in study.arms:
        for seed in study.all_seeds[: study.records]:
            if f"{arm.contest}/{arm.name} seed {seed}" in failed:
                continue
            place, stamp = folder / "records" / f"{arm.contest}-{arm.name}-{seed}", scenario_key(arm.scenario)
            if (place / "key").is_file() and (place / "key").read_text() == stamp:
                continue
            try:
                play(arm.scenario, seed).export(place)
            except OSError as error:
                raise refused(place, error) from error
            write_whole(place / "key", stamp.encode())
