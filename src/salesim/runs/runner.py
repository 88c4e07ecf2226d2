"""Many scenarios over seeds, of which a few numbers are kept."""

from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Protocol

from salesim.config.errors import InputError
from salesim.config.workers import Workers
from salesim.model.parameters import Scenario
from salesim.runs.manifest import read_record
from salesim.runs.run_study import parts_text, run_missing
from salesim.runs.store import Found, RunIndex, RunKey, RunStore, scenario_key, shards_in


class Finished:
    """The finished runs of some stores, the first of them first."""

    def __init__(self, *stores: Mapping[RunKey, Found]) -> None:
        self.stores = stores

    def __contains__(self, run: RunKey) -> bool:
        return any(run in store for store in self.stores)

    def get(self, run: RunKey) -> Found | None:
        """What was found of a run; nothing if it is not finished."""
        return next((store[run] for store in self.stores if run in store), None)


class Listener(Protocol):
    """Who is told how far it is."""

    def begin(self, name: str) -> None:
        """The next runs belong to this stage."""

    def tell(self, done: int, total: int) -> None:
        """`done` of `total` runs of the stage are finished; its first call says how many were finished before."""


class Runner:
    """Plays scenarios over seeds, each of them once, through a store; finished runs survive an interruption.

    `parts` of a run are kept (`studies.run.summary`). `asked` are all runs that were wanted, `failed` those that went wrong;
    they are left out of what is made of the others. `whole` are runs that `salesim run` has kept, with all their parts
    (`whole_runs`); they are not played again.
    """

    def __init__(
        self,
        store: RunStore,
        parts: tuple[str, ...],
        workers: int | Workers,
        listener: Listener,
        whole: Mapping[RunKey, Found] | None = None,
    ) -> None:
        self.store, self.parts, self.workers, self.listener = store, parts, workers, listener
        self.whole = whole or {}
        self.finished = Finished(store.index, self.whole)
        self.failed: dict[RunKey, str] = {}
        self.asked: set[RunKey] = set()

    def play(self, name: str, wanted: Iterable[tuple[str, Scenario, int]]) -> None:
        """Play what is not in the store of (key, scenario, seed). Raises InputError if every run failed.

        What an earlier stage has asked for does not belong to this one: so "finished earlier" means by an earlier command.
        """
        runs = {(key, seed): scenario for key, scenario, seed in wanted if (key, seed) not in self.asked}
        self.asked |= runs.keys()
        runs = {run: scenario for run, scenario in runs.items() if run not in self.whole}
        if all(run in self.store.index for run in runs):
            return
        self.listener.begin(name)
        failed = run_missing(runs, self.store, self.workers, self.listener.tell, partial(parts_text, self.parts))
        self.failed |= failed
        if runs and len(failed) == len(runs):
            first = next(iter(failed.values())).strip().splitlines()[-1]
            raise InputError(f"every run failed; the first said: {first}")

    def found(self, key: str, seed: int) -> Found | None:
        """What is known of a run; nothing if it failed."""
        return self.finished.get((key, seed))


def whole_runs(folder: Path) -> Mapping[RunKey, Found]:
    """The runs that `salesim run` has kept in a study's folder; none where it has not finished, or a sweep has."""
    if not (folder / "study.json").is_file() or read_record(folder).get("kind") == "sweep":
        return {}
    return index_of(folder / "runs")


def index_of(store: Path) -> RunIndex:
    """The runs on a store, for reading; damaged shards are passed over."""
    known = RunIndex(store)
    for shard in shards_in(store):
        known.add(shard)
    return known


def keyed(scenarios: Iterable[Scenario]) -> list[tuple[str, Scenario]]:
    """Scenarios with their keys."""
    return [(scenario_key(scenario), scenario) for scenario in scenarios]
