"""Times: processor seconds of calls that alternate, their ratios, and what other processes use."""

import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

Work = Callable[[], object]


class Figure(NamedTuple):
    """A median and the range it comes from."""

    middle: float
    low: float
    high: float


def figure(values: Sequence[float]) -> Figure:
    return Figure(statistics.median(values), min(values), max(values))


def processor(work: Work) -> float:
    """Processor seconds of all threads for one call; other programs on the machine are not in it."""
    start = time.process_time()
    work()
    return time.process_time() - start


def alternating(works: Mapping[str, Work], times: int, clock: Callable[[Work], float] = processor) -> dict[str, list[float]]:
    """Seconds of each work, called in turn `times` times, so that a slow minute of the machine meets all of them."""
    found: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(times):
        for name, work in works.items():
            found[name].append(clock(work))
    return found


def ratio(above: Sequence[float], below: Sequence[float]) -> Figure:
    """Pairwise ratios of two that alternated."""
    return figure([a / b for a, b in zip(above, below, strict=True)])


def wall(work: Work) -> float:
    """Seconds on the wall for one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def peak_bytes(code: str, *words: str) -> int:
    """Largest resident memory of a fresh Python that runs `code`."""
    script = f"{code}\nimport resource\nprint(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    return int(last_word(script, *words)) * 1024


def last_word(script: str, *words: str) -> str:
    """The last word that a fresh Python prints; it finds the benchmark's files."""
    here = str(Path(__file__).parent)
    done = subprocess.run([sys.executable, "-c", script, *words], capture_output=True, text=True, check=True, cwd=here)
    return done.stdout.split()[-1]


def resident_bytes() -> int:
    """Resident memory of this process now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def of_a_child(command: Sequence[str], environment: Mapping[str, str] | None = None) -> tuple[float, float]:
    """Seconds on the wall and processor seconds of a command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, env=environment)
    seconds, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
