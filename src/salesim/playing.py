"""Many scenarios over seeds, of which a few numbers are kept; and how far it is."""

import math
import time
from collections.abc import Iterable
from functools import partial
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from salesim.errors import InputError
from salesim.scenario import Scenario
from salesim.studies.pools import Workers
from salesim.studies.run import play_missing, summary
from salesim.studies.store import Found, RunKey, Shelf, as_text, scenario_key

QUIET_LINES = 4  # of progress a stage when nobody watches


def parts_text(parts: tuple[str, ...], scenario: Scenario, seed: int) -> str:
    """One run as the text that a shelf keeps, the named parts alone: a design has tens of thousands of runs."""
    found = summary(scenario, seed)
    return as_text({part: found[part] for part in parts})


class Stages:
    """A bar for each stage with runs done and time left; a few plain lines when output is not a terminal."""

    def __init__(self, console: Console) -> None:
        self.console, self.name = console, ""
        self.started, self.first, self.told = time.monotonic(), 0, 0
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
        self.name, self.started, self.first, self.told = name, time.monotonic(), 0, 0
        self.bar.reset(self.task, description=name)

    def tell(self, done: int, total: int) -> None:
        """`done` of `total` runs of the stage are finished; its first call says how many were finished before."""
        if self.console.is_terminal:
            self.bar.update(self.task, completed=done, total=total)
        elif not self.told:
            self.first, self.told = done, 1
            known = f", {done} of them finished earlier" if done else ""
            self.say(f"{self.name}: {total} runs{known}")
        elif done < total and done * QUIET_LINES >= self.told * total:
            self.told = done * QUIET_LINES // total + 1
            seconds = (time.monotonic() - self.started) / max(done - self.first, 1) * (total - done)
            self.say(f"  {done} of {total} runs, about {math.ceil(seconds)} s left")

    def say(self, words: str) -> None:
        """A line that is written at once."""
        self.console.print(words)
        self.console.file.flush()


class Player:
    """Plays scenarios over seeds, each of them once, through a shelf; finished runs survive an interruption.

    `parts` of a run are kept (`studies.run.summary`). `asked` are all runs that were wanted, `failed` those that went wrong;
    they are left out of what is made of the others.
    """

    def __init__(self, shelf: Shelf, parts: tuple[str, ...], workers: int | Workers, stages: Stages) -> None:
        self.shelf, self.parts, self.workers, self.stages = shelf, parts, workers, stages
        self.failed: dict[RunKey, str] = {}
        self.asked: set[RunKey] = set()

    def play(self, name: str, wanted: Iterable[tuple[str, Scenario, int]]) -> None:
        """Play what is not on the shelf of (key, scenario, seed). Raises InputError if every run failed."""
        runs = {(key, seed): scenario for key, scenario, seed in wanted if (key, seed) not in self.failed}
        self.asked |= runs.keys()
        if all(run in self.shelf.known for run in runs):
            return
        self.stages.begin(name)
        failed = play_missing(runs, self.shelf, self.workers, self.stages.tell, partial(parts_text, self.parts))
        self.failed |= failed
        if runs and len(failed) == len(runs):
            first = next(iter(failed.values())).strip().splitlines()[-1]
            raise InputError(f"every run failed; the first said: {first}")

    def found(self, key: str, seed: int) -> Found | None:
        """What is known of a run; nothing if it failed."""
        return self.shelf.known.get((key, seed))


def keyed(scenarios: Iterable[Scenario]) -> list[tuple[str, Scenario]]:
    """Scenarios with their keys."""
    return [(scenario_key(scenario), scenario) for scenario in scenarios]
