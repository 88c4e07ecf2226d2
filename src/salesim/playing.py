"""Many scenarios over seeds, of which a few numbers are kept."""

from collections.abc import Iterable
from functools import partial
from typing import Protocol

from salesim.errors import InputError
from salesim.scenario import Scenario
from salesim.studies.pools import Workers
from salesim.studies.run import play_missing, summary
from salesim.studies.store import Found, RunKey, Shelf, as_text, scenario_key


def parts_text(parts: tuple[str, ...], scenario: Scenario, seed: int) -> str:
    """One run as the text that a shelf keeps, the named parts alone: a design has tens of thousands of runs."""
    found = summary(scenario, seed)
    return as_text({part: found[part] for part in parts})


class Listener(Protocol):
    """Who is told how far it is."""

    def begin(self, name: str) -> None:
        """The next runs belong to this stage."""

    def tell(self, done: int, total: int) -> None:
        """`done` of `total` runs of the stage are finished; its first call says how many were finished before."""


class Player:
    """Plays scenarios over seeds, each of them once, through a shelf; finished runs survive an interruption.

    `parts` of a run are kept (`studies.run.summary`). `asked` are all runs that were wanted, `failed` those that went wrong;
    they are left out of what is made of the others.
    """

    def __init__(self, shelf: Shelf, parts: tuple[str, ...], workers: int | Workers, listener: Listener) -> None:
        self.shelf, self.parts, self.workers, self.listener = shelf, parts, workers, listener
        self.failed: dict[RunKey, str] = {}
        self.asked: set[RunKey] = set()

    def play(self, name: str, wanted: Iterable[tuple[str, Scenario, int]]) -> None:
        """Play what is not on the shelf of (key, scenario, seed). Raises InputError if every run failed.

        What an earlier stage has asked for does not belong to this one: so "finished earlier" means by an earlier command.
        """
        runs = {(key, seed): scenario for key, scenario, seed in wanted if (key, seed) not in self.asked}
        self.asked |= runs.keys()
        if all(run in self.shelf.known for run in runs):
            return
        self.listener.begin(name)
        failed = play_missing(runs, self.shelf, self.workers, self.listener.tell, partial(parts_text, self.parts))
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
