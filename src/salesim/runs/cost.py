"""What many runs will cost, before they start: time by timing two of them, and disk by what a run leaves."""

from collections.abc import Sequence
from dataclasses import replace
from time import perf_counter
from typing import NamedTuple

from salesim.config.study import Sweep, Workers
from salesim.model.parameters import Scenario
from salesim.runs.executors import Attempt, Summarize
from salesim.runs.store import RunIndex
from salesim.runs.summary import MEASURES, measures_text

SHARD_SHARE = 0.5  # of a run's JSON that is left when shards are compressed
NUMBER_BYTES = 28  # of a measure in Parquet and CSV together
POINT_BYTES = 3 * NUMBER_BYTES  # of a measure of a point and arm: mean and interval
WARM_WEEKS = 4
SINGLE = {"threads": "thread", "processes": "process"}
REPORT_BYTES = 5_000_000  # of report.html, nearly all of it the library that draws
EFFICIENCY = 0.9  # of workers side by side


class Cost(NamedTuple):
    """What many runs will need; `workers` in words."""

    run_seconds: float
    seconds: float
    disk_bytes: float
    n_finished: int
    workers: str


def cost_of_sweep(sweep: Sweep) -> Cost:
    """Time and disk for what is not yet finished of a sweep, its tables included."""
    first, middle = sweep.placed[0], sweep.placed[len(sweep.placed) // 2]
    scenarios = [place.scenario(sweep.first) for place in (first, middle)]
    keys, seeds = {placed.key for placed in sweep.placed}, sweep.all_seeds
    n_finished = sum(key in keys and seed in seeds for key, seed in RunIndex.read(sweep.own_folder / "runs"))
    cost = cost_of(sweep.n_runs, n_finished, scenarios, sweep.first_seed, measures_text, sweep.worker_spec)
    tables = NUMBER_BYTES * sweep.n_runs + POINT_BYTES * len(sweep.placed)
    return cost._replace(disk_bytes=cost.disk_bytes + tables * len(MEASURES))


def cost_of(
    n_runs: int, n_finished: int, scenarios: Sequence[Scenario], seed: int, summarize: Summarize, workers: Workers
) -> Cost:
    """Time of what is not yet finished, and disk of all runs.

    Runs these scenarios with one seed, and keeps nothing of them.
    """
    with Attempt():  # an error is reported when the run counts
        summarize(replace(scenarios[0], weeks=min(WARM_WEEKS, scenarios[0].weeks)), seed)  # compiles, if need be
    timed = [time_of(scenario, seed, summarize) for scenario in scenarios]
    run_seconds = sum(seconds for seconds, _ in timed) / len(timed)
    disk_bytes = n_runs * SHARD_SHARE * max(size for _, size in timed)
    return Cost(run_seconds, (n_runs - n_finished) * run_seconds / speed(workers), disk_bytes, n_finished, in_words(workers))


def speed(workers: Workers) -> float:
    """How many runs workers play in the time of one."""
    n_workers = 1 if workers.kind == "dask" else workers.here
    return n_workers * (EFFICIENCY if n_workers > 1 else 1.0)


def time_of(scenario: Scenario, seed: int, summarize: Summarize) -> tuple[float, int]:
    """Seconds that a run takes, and bytes of its text; no bytes if it fails."""
    started, text = perf_counter(), ""
    with Attempt():
        text = summarize(scenario, seed)
    return perf_counter() - started, len(text)


def in_words(workers: Workers) -> str:
    """Workers as a sentence names them."""
    if workers.kind == "dask":
        return "one thread of the cluster"
    return f"{workers.here} {workers.kind}" if workers.here > 1 else f"one {SINGLE[workers.kind]}"
