"""What a command will take, and how far it is: a bar on a terminal, a few plain lines elsewhere."""

import math
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from types import TracebackType
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from salesim.config.errors import InputError
from salesim.report.console.tables import screen
from salesim.runs.cost import REPORT_BYTES, Cost

QUIET_LINES = 4  # of progress a stage when nobody watches
LEAST_SECONDS = 2.0  # that have to be left for a line of one stage among others
PATIENCE_SECONDS = 2.0  # without a line
COMPILING = "The rules of the market are being compiled, once for this version; that takes some ten seconds …"
CLEARLY_MORE = 1.2  # times the least, from which the most is said too
Item = TypeVar("Item")


class Stages:
    """A bar for each stage with runs done and time left; a few plain lines when output is not a terminal.

    A command that has one stage alone need not name it.
    """

    def __init__(self, console: Console) -> None:
        self.console, self.name = console, ""
        self.started, self.first, self.said, self.compiles = time.monotonic(), 0, 0, False
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("runs"))
        self.bar = Progress(*columns, TimeRemainingColumn(), console=console, transient=True)
        self.task = self.bar.add_task("", total=None)

    def __enter__(self) -> "Stages":
        if self.console.is_terminal:
            self.bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self.console.is_terminal:
            self.bar.stop()

    def begin(self, name: str) -> None:
        """The next runs belong to this stage."""
        self.name, self.started, self.first, self.said = name, time.monotonic(), 0, 0
        self.bar.reset(self.task, description=name)

    def advance(self, done: int, total: int) -> None:
        """`done` of `total` runs of the stage are finished; its first call says how many were finished before."""
        if self.console.is_terminal:
            self.bar.update(self.task, completed=done, total=total)
        if not self.said:
            self.first, self.said = done, done * QUIET_LINES // max(total, 1) + 1
            known = f", {done:,} of them finished earlier" if done else ""
            self.say_quietly(f"{self.name}: {total:,} runs{known}" if self.name else f"{total:,} runs{known}")
            self.say_if_compiling(total - done)
        elif self.compiles:  # the first runs tell nothing of those to come
            self.started, self.first, self.compiles = time.monotonic(), done, False
        elif done < total and done * QUIET_LINES >= self.said * total:
            self.said = done * QUIET_LINES // total + 1
            seconds = (time.monotonic() - self.started) / max(done - self.first, 1) * (total - done)
            indent = "  " if self.name else ""
            if not self.name or seconds >= LEAST_SECONDS:
                self.say_quietly(f"{indent}{done:,} of {total:,} runs, about {duration(seconds)} left")

    def say_if_compiling(self, n_missing: int) -> None:
        """Say why the first run of this version takes longer than the others, if it is still to come."""
        from salesim.model.jit import is_compiled
        from salesim.model.schedule import run_weeks

        self.compiles = n_missing > 0 and not is_compiled(run_weeks)
        if self.compiles:
            self.say(COMPILING)

    def say_quietly(self, words: str) -> None:
        """A line that a bar makes superfluous."""
        if not self.console.is_terminal:
            self.say(words)

    def say(self, words: str) -> None:
        """A line that is written at once."""
        self.console.print(words)
        self.console.file.flush()


def duration(seconds: float) -> str:
    """A time as one says it.

    >>> duration(0.2), duration(1000), duration(9000)
    ('1 s', '17 min', '2.5 h')
    """
    if seconds < 90:
        return f"{max(1, math.ceil(seconds))} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def room(n_bytes: float) -> str:
    """An amount of disk as one says it."""
    size, unit = next(((size, unit) for size, unit in ((1e9, "GB"), (1e6, "MB")) if n_bytes >= size), (1e3, "kB"))
    return f"{max(n_bytes / size, 1):,.0f} {unit}"


def print_cost(n_runs: int, cost: Cost, folder: Path, console: Console, more: float = 1.0) -> None:
    """Time and room that runs will need, up to `more` times as much. Raises InputError if the disk has less."""
    if cost.n_finished >= n_runs and more == 1.0:
        time = "All runs are finished already"
    else:
        least, most = duration(cost.seconds), duration(cost.seconds * more)
        span = f"{least} to {most}" if most != least and more >= CLEARLY_MORE else most
        earlier = f" for the {n_runs - cost.n_finished:,} that are left" if cost.n_finished else ""
        each = f"a run takes {1000 * cost.run_seconds:.0f} ms here"
        time = f"About {span} on {cost.workers}{earlier}: {each}"
    size = cost.disk_bytes * more + REPORT_BYTES
    console.print(f"{time}; about {room(size)} in {folder}", soft_wrap=True)
    place = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    free = shutil.disk_usage(place).free
    if size > free:
        raise InputError(
            f"{folder} will need about {room(size)}, and {room(free)} are free there; make room, ask for fewer "
            "points or seeds, or name another place with study.folder=…"
        )


@contextmanager
def patience(words: str, console: Console) -> Iterator[None]:
    """Say why nothing is to be seen, if it takes long."""

    def say() -> None:
        console.print(words)
        console.file.flush()

    waiting = Timer(PATIENCE_SECONDS, say)
    waiting.daemon = True
    waiting.start()
    try:
        yield
    finally:
        waiting.cancel()


def watched(items: Iterable[Item], total: int, noun: str) -> Iterator[Item]:
    """The items, with a line every few seconds that says how many of `total` are checked."""
    console, said_at = screen(), time.monotonic()
    for done, item in enumerate(items):
        if time.monotonic() - said_at > 2 * PATIENCE_SECONDS:
            said_at = time.monotonic()
            console.print(f"  {done:,} of {total:,} {noun} are checked")
            console.file.flush()
        yield item
