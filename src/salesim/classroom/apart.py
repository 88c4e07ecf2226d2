"""The runs of a class in a process of their own, which yields to the server: no run keeps a phone waiting."""

import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import active_children, get_context
from typing import Any

from salesim.classroom.lesson import Lesson
from salesim.classroom.results import Result, Runs
from salesim.model.signals import undisturbed
from salesim.runs.executors import follow_parent

NICENESS = 10  # of 19: a tenth of the server's share where both want the same core, all of one that is free
RUNS: list[Runs] = []  # of the process that makes them, one


class RunsApart:
    """Gives the results that `Runs` gives. A process that dies, as for want of memory, is started again once per result."""

    def __init__(self, lesson: Lesson) -> None:
        self.lesson, self.is_closed = lesson, False
        self.start()

    def start(self) -> None:
        """Start the process."""
        self.pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=begin, initargs=(self.lesson,))
        with undisturbed():  # Ctrl-C is for the server, which ends this process
            self.pool.submit(int)

    def curve(self, market: str) -> Result:
        """See `Runs.curve`."""
        return self.ask("curve", market)

    def cuts(self, n_cut: int) -> Result:
        """See `Runs.cuts`."""
        return self.ask("cuts", n_cut)

    def round(self, cards: Sequence[Sequence[Sequence[str]]]) -> Result:
        """See `Runs.round`."""
        return self.ask("round", cards)

    def ask(self, name: str, what: Any) -> Result:
        """Wait for a result. Raises BrokenProcessPool if the process dies twice, or was closed."""
        try:
            return self.pool.submit(answer, name, what).result()
        except BrokenProcessPool:
            if self.is_closed:
                raise
            self.start()
            return self.pool.submit(answer, name, what).result()

    def close(self) -> None:
        """End the process at once, in the middle of a run too."""
        self.is_closed = True
        for process in active_children():
            process.kill()
        self.pool.shutdown(wait=False, cancel_futures=True)


def begin(lesson: Lesson) -> None:
    """Make this process yield to others, and end when the server does."""
    follow_parent()
    if hasattr(os, "nice"):  # not on Windows
        os.nice(NICENESS)
    RUNS.append(Runs(lesson))


def answer(name: str, what: Any) -> Result:
    """A result of this process."""
    result: Result = getattr(RUNS[0], name)(what)
    return result
