"""Run scenarios over seeds: only what is not finished, on any executor, and so that an interruption loses next to nothing."""

from collections import ChainMap
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any, Protocol

from salesim.config.errors import InputError
from salesim.config.study import Workers
from salesim.config.worlds import Worlds
from salesim.model.parameters import Scenario
from salesim.runs.dispatch import outcomes
from salesim.runs.executors import EXECUTORS, Summarize, Task
from salesim.runs.files import STUDY, if_whole
from salesim.runs.store import RunIndex, RunKey, RunStore, RunSummary, scenario_key
from salesim.runs.summary import summary_text

SHARD_RUNS = 200  # runs of a shard at most
SAVE_SECONDS = 1.0  # of finished runs that a killed process loses at most


class Progress(Protocol):
    """What shows how far a command is."""

    def begin(self, stage: str) -> None:
        """The next runs belong to this stage."""

    def advance(self, done: int, total: int) -> None:
        """`done` of `total` runs of the stage are finished; the first call says how many were finished before."""


def run_missing(
    wanted: Mapping[RunKey, Scenario],
    store: RunStore,
    workers: int | Workers,
    progress: Progress | None = None,
    summarize: Summarize = summary_text,
) -> dict[RunKey, str]:
    """Run every wanted run that is not in the store; returns the tracebacks of those that failed.

    `workers` is a number of threads (0: one for each core), or `Workers` of another kind. `summarize` makes the text of a
    scenario and a seed that the store keeps. Finished runs are saved every SAVE_SECONDS.
    """
    missing = [key for key in wanted if key not in store.index]
    done, failures = len(wanted) - len(missing), dict[RunKey, str]()
    if progress:
        progress.advance(done, len(wanted))
    if not missing:
        return {}
    spec = workers if isinstance(workers, Workers) else Workers(count=workers)
    executor = EXECUTORS[spec.kind](spec, summarize)
    unsaved: dict[RunKey, str] = {}
    saved_at = monotonic()
    try:
        for outcome in outcomes((Task(key, wanted[key]) for key in missing), len(missing), executor):
            if outcome.traceback:
                failures[outcome.key] = outcome.traceback
            else:
                unsaved[outcome.key] = outcome.text
            done += 1
            if progress:
                progress.advance(done, len(wanted))
            if len(unsaved) >= SHARD_RUNS or monotonic() - saved_at > SAVE_SECONDS:
                store.add(unsaved)
                unsaved, saved_at = {}, monotonic()
    finally:
        executor.close()
        store.add(unsaved)
    return failures


def check_not_all_failed(failures: Mapping[RunKey, str], n_runs: int, what: str = "every run") -> None:
    """Raise InputError with the first error if all of `n_runs` runs failed; `what` names them."""
    if n_runs and len(failures) == n_runs:
        first = next(iter(failures.values())).strip().splitlines()[-1]
        raise InputError(f"{what} failed; the first error is: {first}")


class Runner:
    """Runs scenarios over seeds, each of them once, through a store; finished runs survive an interruption.

    `parts` of each run are kept (`summary.PARTS`). `requested` are all runs that were wanted, `failed` the tracebacks of those
    that failed. `complete` are runs of `salesim run`, which have all their parts (`runs_of_study`) and are not run again.
    With `worlds`, a scenario with a seed is run in the world of the seed; `moved` has the run behind each that was wanted.
    """

    def __init__(
        self,
        store: RunStore,
        parts: tuple[str, ...],
        workers: int | Workers,
        progress: Progress,
        complete: Mapping[RunKey, RunSummary] | None = None,
        worlds: Worlds | None = None,
    ) -> None:
        self.store, self.parts, self.workers, self.progress = store, parts, workers, progress
        self.complete = complete or {}
        self.finished = joined(store.index, self.complete)
        self.failed: dict[RunKey, str] = {}
        self.requested: set[RunKey] = set()
        self.worlds, self.moved = worlds, dict[RunKey, RunKey]()
        self.known: dict[tuple[str, int], tuple[str, Scenario]] = {}  # scenarios by key and world

    def run(self, stage: str, wanted: Iterable[tuple[str, Scenario, int]]) -> None:
        """Run what is not finished of (key, scenario, seed). Raises InputError if every run failed.

        Runs that an earlier stage requested do not belong to this one, so "finished earlier" means by an earlier command.
        """
        runs = {run: scenario for run, scenario in map(self.placed, wanted) if run not in self.requested}
        self.requested |= runs.keys()
        runs = {run: scenario for run, scenario in runs.items() if run not in self.complete}
        if all(run in self.store.index for run in runs):
            return
        self.progress.begin(stage)
        failed = run_missing(runs, self.store, self.workers, self.progress, partial(summary_text, parts=self.parts))
        self.failed |= failed
        check_not_all_failed(failed, len(runs))

    def result(self, key: str, seed: int) -> RunSummary | None:
        """The summary of a run; None if it failed."""
        return self.finished.get(self.moved.get((key, seed), (key, seed)))

    def placed(self, wanted: tuple[str, Scenario, int]) -> tuple[RunKey, Scenario]:
        """The run behind a wanted one, and its scenario; both are as wanted where there are no worlds."""
        key, scenario, seed = wanted
        if not self.worlds:
            return (key, seed), scenario
        world = self.worlds.at(seed)
        if (key, world) not in self.known:
            moved = self.worlds.scenario(scenario, world)
            self.known[key, world] = scenario_key(moved), moved
        in_world, moved = self.known[key, world]
        self.moved[key, seed] = in_world, seed
        return (in_world, seed), moved


def runs_of_study(folder: Path) -> Mapping[RunKey, RunSummary]:
    """The runs that `salesim run` has kept in a study's folder; none if it has not finished, or if the study is a sweep."""
    record = if_whole(folder / STUDY)
    if not record or record.get("kind") == "sweep":
        return {}
    return RunIndex(folder / "runs")


def joined(*stores: Any) -> Mapping[RunKey, RunSummary]:
    """The finished runs of several stores; where two have the same run, the first store counts."""
    return ChainMap(*stores)


def keyed(scenarios: Iterable[Scenario]) -> list[tuple[str, Scenario]]:
    """Scenarios with their keys."""
    return [(scenario_key(scenario), scenario) for scenario in scenarios]
