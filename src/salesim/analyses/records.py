"""What the analyses of a study share: what executes their runs, what these cost, and what is written in their folder."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from salesim.config.compose_study import called
from salesim.config.errors import InputError
from salesim.config.study import Arm, Study
from salesim.metrics import fewest_weeks
from salesim.model.parameters import Scenario
from salesim.runs.cost import Cost, cost_of
from salesim.runs.digests import sealed
from salesim.runs.files import write_json
from salesim.runs.folder import open_folder
from salesim.runs.runner import Progress, Runner, joined, runs_of_study
from salesim.runs.store import RunIndex, RunKey, RunSummary, model_version, scenario_key
from salesim.runs.summary import OF_STUDY, summary_text
from salesim.runs.tables import write_table
from salesim.version import __version__


class Result(NamedTuple):
    """What came out of an analysis: tables by name, and the facts that its record adds to what was asked.

    `failures` are the tracebacks of runs that failed, by arm and seed in words, where the analysis writes them.
    """

    tables: dict[str, pd.DataFrame]
    facts: dict[str, Any]
    failures: Mapping[str, str] = {}


def result_of(runner: Runner, tables: dict[str, pd.DataFrame], **facts: Any) -> Result:
    """The result with the number of runs that were requested, and of those that failed."""
    return Result(tables, {"runs": len(runner.requested), "failed": len(runner.failed), **facts})


@contextmanager
def open_runner(study: Study, folder: Path, parts: tuple[str, ...], progress: Progress) -> Iterator[Runner]:
    """Hold the study's folder for writing, alone; the runner keeps `parts` of runs in `folder`/runs, or in the shared store.

    It does not run again what `salesim run` has kept of the study. Raises InputError if the folder cannot be held.
    """
    with open_folder(study.own_folder, runs=study.runs_folder(kind_of(parts), folder)) as opened:
        yield Runner(opened.store, parts, study.worker_spec, progress, whole_runs(study, parts), study.worlds)


def finished_runs(study: Study, folder: Path, parts: tuple[str, ...]) -> Mapping[RunKey, RunSummary]:
    """The finished runs that `open_runner` would not run again."""
    return joined(RunIndex(study.runs_folder(kind_of(parts), folder)), whole_runs(study, parts))


def whole_runs(study: Study, parts: tuple[str, ...]) -> Mapping[RunKey, RunSummary]:
    """The finished runs of `salesim run`, if it keeps these parts."""
    if not set(parts) <= set(OF_STUDY):
        return {}
    return RunIndex(study.runs_folder("whole")) if study.store else runs_of_study(study.own_folder)


def kind_of(parts: tuple[str, ...]) -> str:
    """The kind of runs of which these parts are kept."""
    return "whole" if parts == OF_STUDY else "-".join(parts)


def cost_of_runs(
    study: Study, folder: Path, parts: tuple[str, ...], runs: Collection[RunKey], timed: Sequence[Scenario]
) -> Cost:
    """What runs cost, by one run of each of the scenarios `timed`, whose results are not kept."""
    finished = finished_runs(study, folder, parts)
    n_finished, summarize = sum(run in finished for run in runs), partial(summary_text, parts=parts)
    return cost_of(len(runs), n_finished, timed, study.first_seed, summarize, study.worker_spec)


def cost_of_arms(study: Study, runs: Collection[RunKey]) -> Cost:
    """What runs of a study's arms cost, by one of the first arm and one of the middle; they are kept whole."""
    timed = [study.arms[0].scenario, study.arms[len(study.arms) // 2].scenario]
    return cost_of_runs(study, study.own_folder, OF_STUDY, runs, timed)


def check_kept(study: Study, command: str) -> None:
    """Refuse to keep records and series of agents where an analysis keeps measures alone. Raises InputError."""
    for name in ("records", "series"):
        if getattr(study, name):
            raise InputError(
                f"study.{name} would change nothing: `salesim {command}` keeps only measures; `salesim run` keeps it"
            )


def check_series(study: Study) -> None:
    """Refuse series of agents for no seed. Raises InputError."""
    if study.series and not study.records:
        raise InputError("study.records is 0, and study.series is of the seeds whose records are kept; set records=1 or more")


def check_weeks(measures: Iterable[str], weeks: float) -> None:
    """Refuse measures that are missing in runs of so few weeks, before any run. Raises InputError."""
    for name in measures:
        if weeks < (fewest := fewest_weeks(name)):
            raise InputError(
                f"weeks is {weeks:g}, and {name} is missing in runs of fewer than {fewest} weeks; use longer runs, or another "
                "measure"
            )


def record_of_study(study: Study, arms: Sequence[Arm]) -> dict[str, Any]:
    """What the record of an analysis says of its study and of the arms that it is about."""
    return {
        "name": study.name,
        "question": study.question,
        "baseline": study.baseline,
        "contests": list(dict.fromkeys(arm.contest for arm in arms)),
        "arms": list(dict.fromkeys(arm.name for arm in study.arms)),
        "command": study.command,
        "confidence": study.confidence,
        "salesim": __version__,
        "model": model_version(),
        "keys": {called(arm): scenario_key(arm.scenario) for arm in arms},
        "resolved": study.resolved,
        **({"ensemble": study.worlds.summary} if study.worlds else {}),
    }


def save_analysis(spec: Any, result: Result) -> Path:
    """Write the tables as Parquet and CSV, and the record, last of all; returns the study's folder.

    `spec` is what an analysis of a study's arms asks: its `study`, its `record()`, and the `file` of that, beside the tables.
    """
    folder: Path = spec.study.own_folder
    with open_folder(folder):
        spec.file.parent.mkdir(exist_ok=True)
        for name, table in result.tables.items():
            write_table(spec.file.parent, name, table)
        write_json(spec.file, sealed(spec.record() | result.facts, spec.file.parent, tuple(result.tables)))
    return folder
