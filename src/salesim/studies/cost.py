"""What a sweep will cost, before it is played: time by two timed runs, and disk by what a run leaves."""

from dataclasses import replace
from time import perf_counter
from typing import NamedTuple

from salesim.studies.design import Placed, Sweep
from salesim.studies.pools import Attempt, Workers
from salesim.studies.run import MEASURES, measures_text
from salesim.studies.store import Known, shards_in

SHARD_SHARE = 0.5  # of a run's JSON that is left when shards are compressed
NUMBER_BYTES = 28  # of a measure in Parquet and CSV together
POINT_BYTES = 3 * NUMBER_BYTES  # of a measure of a point and arm: mean and interval
WARM_WEEKS = 4
SINGLE = {"threads": "thread", "processes": "process"}
EFFICIENCY = 0.9  # of workers side by side


class Cost(NamedTuple):
    """What a sweep will need; `workers` in words."""

    run_seconds: float
    seconds: float
    disk_bytes: float
    n_finished: int
    workers: str


def expected(sweep: Sweep) -> Cost:
    """Time and disk for what is not yet finished. Plays a run of the first and of the middle place, and keeps neither."""
    first, middle = sweep.placed[0], sweep.placed[len(sweep.placed) // 2]
    with Attempt():  # a run that fails is told of when it is played
        measures_text(replace(first.scenario(sweep.first), weeks=WARM_WEEKS), sweep.first_seed)  # compiles, if need be
    timed = [time_of(place, sweep) for place in (first, middle)]
    run_seconds = sum(seconds for seconds, _ in timed) / len(timed)
    n_finished = finished(sweep)
    n_workers = 1 if sweep.players.kind == "dask" else sweep.players.here
    seconds = (sweep.n_runs - n_finished) * run_seconds / (n_workers * (EFFICIENCY if n_workers > 1 else 1.0))
    n_bytes = max(size for _, size in timed)
    run_bytes = SHARD_SHARE * n_bytes + NUMBER_BYTES * len(MEASURES)
    disk_bytes = sweep.n_runs * run_bytes + len(sweep.placed) * POINT_BYTES * len(MEASURES)
    return Cost(run_seconds, seconds, disk_bytes, n_finished, in_words(sweep.players))


def in_words(players: Workers) -> str:
    """Who plays."""
    if players.kind == "dask":
        return "one thread of the cluster"
    return f"{players.here} {players.kind}" if players.here > 1 else f"one {SINGLE[players.kind]}"


def time_of(place: Placed, sweep: Sweep) -> tuple[float, int]:
    """Seconds that a run takes, and bytes that it leaves; none if it fails."""
    scenario, started, text = place.scenario(sweep.first), perf_counter(), ""
    with Attempt():
        text = measures_text(scenario, sweep.first_seed)
    return perf_counter() - started, len(text)


def finished(sweep: Sweep) -> int:
    """How many runs are on the shelf already."""
    shelf = sweep.own_folder / "runs"
    if not shelf.is_dir():
        return 0
    keys, seeds = {placed.key for placed in sweep.placed}, sweep.all_seeds
    known = Known(shelf)
    for path in shards_in(shelf):
        known.index(path)
    return sum(key in keys and seed in seeds for key, seed in known)
