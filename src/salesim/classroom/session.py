"""A class while it goes on: events are checked, recorded and applied, runs are made when a screen needs them."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import BrokenExecutor
from typing import Any

from salesim.classroom.answers import (
    RefusedError,
    checked_answer,
    checked_counts,
    checked_seconds,
)
from salesim.classroom.apart import RunsApart
from salesim.classroom.records import Journal
from salesim.classroom.results import TEAMS, Result, Runs
from salesim.classroom.room import Room, Seat

NEEDED = {"draw": "curve", "reveal": "curve", "markets": "compared", "debrief": "curve"}  # results by kind of step


class Session:
    """One class. `is_replay` shows a finished one: nothing is answered, recorded or run."""

    def __init__(
        self,
        room: Room,
        journal: Journal,
        runs: Runs | RunsApart,
        is_replay: bool = False,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.room, self.journal, self.runs, self.is_replay, self.clock = room, journal, runs, is_replay, clock
        self.is_busy = False
        self.running = asyncio.Lock()

    async def record(self, kind: str, **parts: Any) -> None:
        """Record an event. Raises RefusedError if the disk is full."""
        try:
            await self.journal.add({"kind": kind, "time": round(self.clock(), 3), **parts})
        except OSError as error:
            raise RefusedError("not_saved") from error

    async def join(self, person: str) -> None:
        """Somebody comes, for the first time."""
        await self.record("join", person=person)

    async def answer(self, person: str, key: Any, value: Any) -> None:
        """An answer to the open screen. Raises RefusedError."""
        screen = self.room.screen
        if not self.room.is_open or key != screen.key:
            raise RefusedError("closed")
        await self.record("answer", person=person, key=screen.key, value=checked_answer(self.room.lesson, screen, value))

    async def act(self, message: dict[str, Any]) -> None:
        """Do what the instructor asks. Raises RefusedError."""
        actions: dict[str, Callable[[Any], Awaitable[None]]] = {
            "next": lambda _: self.go(self.room.position + 1),
            "back": lambda _: self.go(self.room.position - 1),
            "skip": lambda _: self.go(self.next_step()),
            "pause": lambda value: self.record("pause", on=bool(value)),
            "lock": lambda value: self.record("lock", on=bool(value)),
            "timer": self.give_time,
            "counts": self.count,
            "end": lambda _: self.record("end"),
        }
        action = actions.get(str(message.get("do")))
        if action is None:
            raise RefusedError("unreadable")
        await action(message.get("value"))

    async def count(self, value: Any) -> None:
        """Raised hands, as the instructor counted them."""
        screen = self.room.screen
        if not self.room.is_open:
            raise RefusedError("closed")
        await self.record("counts", key=screen.key, counts=checked_counts(self.room.lesson, screen, value))

    async def give_time(self, value: Any) -> None:
        """More seconds for the screen."""
        await self.record("timer", seconds=checked_seconds(value) + (self.room.seconds_left(self.clock()) or 0.0))

    def next_step(self) -> int:
        """The first screen of the next step, or the last screen."""
        screens, here = self.room.lesson.screens, self.room.position
        later = (n for n in range(here, len(screens)) if screens[n].step != screens[here].step)
        return next(later, len(screens) - 1)

    async def go(self, to: int) -> None:
        """Show another screen, once its runs are made; a second press meanwhile does nothing."""
        if self.is_busy or not 0 <= to < len(self.room.lesson.screens):
            return
        self.is_busy = True
        try:
            if not self.is_replay:
                await self.prepare(to)
            await self.record("go", to=to)
        finally:
            self.is_busy = False

    async def prepare(self, to: int) -> None:
        """Make the runs that a screen needs, and record what they gave."""
        lesson = self.room.lesson
        screen = lesson.screens[to]
        step = lesson.steps[screen.step]
        await self.result("curve")
        if step.kind in NEEDED:
            await self.result(NEEDED[step.kind])
        for n_cut in range(1, step.cuts + 1) if step.kind == "cut" and screen.stage != "ask" else ():
            await self.result(f"cuts{n_cut}")  # of two also each by itself, to compare
        if step.kind == "compete":
            closed = screen.number if screen.stage == "result" else screen.number - 1
            for number in range(1, closed + 1):
                await self.play_round(screen.step, number)

    async def prepare_all(self) -> None:
        """Make ahead what no decision of the class changes, in the order in which a lesson needs it."""
        lesson = self.room.lesson
        await self.result("curve")
        most = max((lesson.steps[name].cuts for name in lesson.order if lesson.steps[name].kind == "cut"), default=0)
        for n_cut in range(1, most + 1):
            await self.result(f"cuts{n_cut}")
        if lesson.has("markets"):
            await self.result("compared")

    async def result(self, key: str) -> None:
        """Make a result, if it is not there yet; one that is there waits for no other runs."""
        if key in self.room.results:
            return
        async with self.running:
            if key not in self.room.results:
                await self.record("result", key=key, result=await self.made(made, self.runs, key))

    async def play_round(self, step: str, number: int) -> None:
        """Run all markets to the end of a round, unless the same cards were run before."""
        async with self.running:
            if not self.room.n_markets:
                return
            cards = [
                [list(self.room.played(step, number, Seat(market, team))) for team in range(TEAMS)]
                for market in range(self.room.n_markets)
            ]
            key = f"{step}.{number}"
            if key not in self.room.results or self.room.results[key]["cards"] != cards:
                await self.record("result", key=key, result=await self.made(self.runs.round, cards))

    @staticmethod
    async def made(make: Callable[..., Result], *what: Any) -> Result:
        """A result, made while the class goes on. Raises RefusedError if the process of the runs has died."""
        try:
            return await asyncio.to_thread(make, *what)
        except BrokenExecutor as error:
            raise RefusedError("no_runs") from error


def made(runs: Runs | RunsApart, key: str) -> Result:
    """A result that no decision of the class changes, by its key."""
    lesson = runs.lesson
    if key in ("curve", "compared"):
        return runs.curve(lesson.market if key == "curve" else lesson.compared_market)
    return runs.cuts(int(key.removeprefix("cuts")))


def made_again(runs: Runs, key: str, result: Result) -> Result:
    """A recorded result, out of new runs; a round of the competition has its cards with it."""
    return runs.round(result["cards"]) if "cards" in result else made(runs, key)
