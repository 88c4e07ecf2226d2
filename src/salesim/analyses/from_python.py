"""The commands that make runs as Python functions: the words of the command line in, the opened study out."""

import shlex
from pathlib import Path
from typing import Any

from rich.console import Console

from salesim.analyses.protocol import answered
from salesim.config.errors import InputError
from salesim.config.request import DRY_RUN, request_of
from salesim.report.console.settings import written
from salesim.report.console.tables import screen
from salesim.runs.study_tables import StudyTables, open_study


def run_study(*words: str, config_dir: str | Path | None = None, quiet: bool = True, **settings: Any) -> StudyTables:
    """Run the arms of an experiment as `salesim run` does, and open the study.

    `words` are those of the command line, as "market.customers.count=100"; `settings` are words too, as `seeds=10`. It prints
    what the command prints unless `quiet`. The module in which this is called has to be importable without running it again
    where executor is "processes". Raises InputError for what the command would refuse.

    >>> study = run_study("market.customers.count=40", seeds=4, weeks=52, folder="my_results")  # doctest: +SKIP
    >>> study["differences"]  # doctest: +SKIP
    """
    return opened("run", words, config_dir, quiet, settings)


def compare(*words: str, config_dir: str | Path | None = None, quiet: bool = True, **settings: Any) -> StudyTables:
    """Run until every difference is settled, as `salesim compare` does; arguments and errors are those of `run_study`."""
    return opened("compare", words, config_dir, quiet, settings)


def sweep(*words: str, config_dir: str | Path | None = None, quiet: bool = True, **settings: Any) -> StudyTables:
    """Run the arms at many points, as `salesim sweep` does; arguments and errors are those of `run_study`."""
    return opened("sweep", words, config_dir, quiet, settings)


def explore(*words: str, config_dir: str | Path | None = None, quiet: bool = True, **settings: Any) -> StudyTables:
    """Find out where each arm wins, as `salesim explore` does; arguments and errors are those of `run_study`."""
    return opened("explore", words, config_dir, quiet, settings)


def explain(*words: str, config_dir: str | Path | None = None, quiet: bool = True, **settings: Any) -> StudyTables:
    """Find out why two arms differ, as `salesim explain` does; arguments and errors are those of `run_study`."""
    return opened("explain", words, config_dir, quiet, settings)


def opened(
    command: str, words: tuple[str, ...], config_dir: str | Path | None, quiet: bool, settings: dict[str, Any]
) -> StudyTables:
    """Do what a command line with these words does, and open its study. Raises InputError."""
    typed = [command, *words, *(f"{key}={written(value)}" for key, value in settings.items())]
    typed += [] if config_dir is None else ["--config-dir", str(config_dir)]
    request = request_of(typed, shlex.join(["salesim", *typed]))
    _, folder = answered(request, Console(quiet=True) if quiet else screen())
    if folder is None:
        raise InputError(f"{DRY_RUN} makes no study that could be opened; use it on the command line")
    return open_study(folder)
