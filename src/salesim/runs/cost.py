"""What many runs will cost, before they start: time by timing two of them, and disk by what a run leaves."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from salesim.config.study import Sweep, Workers
from salesim.metrics import measure_names
from salesim.model.parameters import Scenario
from salesim.runs.executors import Summarize, Task, attempt
from salesim.runs.store import RunIndex
from salesim.runs.summary import measures_text

SHARD_SHARE = 0.5  # of a run's JSON that is left when shards are compressed
NUMBER_BYTES = 28  # of a measure in Parquet and CSV together
POINT_BYTES = 3 * NUMBER_BYTES  # of a measure of a point and arm: mean and interval
WARM_WEEKS = 4
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
    keys, seeds = {placed.key for placed in sweep.placed}, set(sweep.all_seeds)
    n_finished = sum(key in keys and seed in seeds for key, seed in RunIndex(sweep.runs_folder("measures")))
    cost = cost_of(sweep.n_runs, n_finished, scenarios, sweep.first_seed, measures_text, sweep.worker_spec)
    tables = NUMBER_BYTES * sweep.n_runs + POINT_BYTES * len(sweep.placed)
    return cost._replace(disk_bytes=cost.disk_bytes + tables * len(measure_names()))


def cost_of(
    n_runs: int, n_finished: int, scenarios: Sequence[Scenario], seed: int, summarize: Summarize, workers: Workers
) -> Cost:
    """Time of what is not yet finished, and disk of all runs. Runs these scenarios with one seed, and keeps nothing of them."""
    time_of(replace(scenarios[0], weeks=min(WARM_WEEKS, scenarios[0].weeks)), seed, summarize)  # compiles, if need be
    timed = [time_of(scenario, seed, summarize) for scenario in scenarios]
    run_seconds = sum(seconds for seconds, _ in timed) / len(timed)
    disk_bytes = n_runs * SHARD_SHARE * max(size for _, size in timed)
    return Cost(run_seconds, (n_runs - n_finished) * run_seconds / speed(workers), disk_bytes, n_finished, in_words(workers))


def speed(workers: Workers) -> float:
    """How many runs the workers finish in the time of one."""
    n_workers = 1 if workers.kind == "dask" else workers.here
    return n_workers * (EFFICIENCY if n_workers > 1 else 1.0)


def time_of(scenario: Scenario, seed: int, summarize: Summarize) -> tuple[float, int]:
    """Seconds that a run takes, and bytes of its text; no bytes if it fails, which is reported when the run counts."""
    outcome = attempt(Task(("", seed), scenario), summarize)
    return outcome.seconds, len(outcome.text)


def in_words(workers: Workers) -> str:
    """Workers as a sentence names them."""
    if workers.kind == "dask":
        return "one thread of the cluster"
    return f"{workers.here} {workers.kind}" if workers.here > 1 else {"threads": "one thread"}.get(workers.kind, "one process")
