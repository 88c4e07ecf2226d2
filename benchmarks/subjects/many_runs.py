"""Three strategies, many seeds: two workers against one, and memory that does not grow with the number of runs."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from clocks import alternating, figure, peak_bytes, ratio, wall
from markets import market_of
from rows import Row, one, row
from salesim.model.parameters import Scenario
from salesim.runs.runner import run_missing
from salesim.runs.store import RunStore, scenario_key

TITLE = "Many runs: three strategies, 1,000 customers, 520 weeks"
STRATEGIES = ("pitch", "diagnostic", "rainmaking")
SEEDS = {"quick": 6, "default": 30, "full": 200}
GROWTH = 1.1  # of peak memory from n to 4n runs, the store's own lists included
PEAK = """
import sys, tempfile
from pathlib import Path
from subjects.many_runs import played
with tempfile.TemporaryDirectory() as folder:
    played(Path(folder), int(sys.argv[1]), 2)
"""


def rows(quick: bool, full: bool) -> Iterator[Row]:
    """Seconds on the wall, as two workers are compared."""
    seeds = SEEDS["quick" if quick else "full" if full else "default"]
    with tempfile.TemporaryDirectory() as folder:
        played(Path(folder), 2, 2)
        works = {
            "one": lambda: played(Path(tempfile.mkdtemp(dir=folder)), seeds, 1),
            "two": lambda: played(Path(tempfile.mkdtemp(dir=folder)), seeds, 2),
        }
        seconds = alternating(works, 1 if quick else 3, wall)
    n_runs = seeds * len(STRATEGIES)
    found = ratio(seconds["one"], seconds["two"])
    yield row(f"{n_runs} runs: one worker over two workers, on the wall", found, at_least=1.8)
    yield row(f"{n_runs} runs on one worker, on the wall", figure(seconds["one"]), " s")
    few = seeds // 4 if not quick else 3
    small, large = (peak_bytes(PEAK, str(count)) for count in (few, 4 * few))
    what = f"peak memory of {4 * few * len(STRATEGIES)} runs over that of {few * len(STRATEGIES)}"
    yield row(what, one(large / small), at_most=GROWTH)


def scenarios() -> list[Scenario]:
    return [market_of(1_000, 520, strategy=name) for name in STRATEGIES]


def played(folder: Path, seeds: int, workers: int) -> None:
    """All strategies with so many seeds, kept on a new store."""
    wanted = {(scenario_key(each), seed): each for each in scenarios() for seed in range(1, seeds + 1)}
    failed = run_missing(wanted, RunStore(folder), workers, None)
    if failed:
        raise RuntimeError(next(iter(failed.values())))
