"""The commands that make runs as Python functions: the words of the command line in, the opened study out."""

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rich.console import Console

from salesim.analyses.protocol import answered
from salesim.config.errors import InputError
from salesim.config.request import DRY_RUN, request_of
from salesim.report.console.settings import written
from salesim.report.console.tables import screen
from salesim.runs.study_tables import StudyTables, open_study

MEANING = """Do what `salesim {command}` does, and open its study.

`words` are those of the command line, as "market.customers.count=100"; `settings` are words too, as `seeds=10`. It prints what
the command prints unless `quiet`. Raises InputError for what the command would refuse.

>>> study = {name}("market.customers.count=40", weeks=52, folder="my_results")  # doctest: +SKIP
>>> study["differences"]  # doctest: +SKIP
"""


def as_function(command: str, name: str) -> Callable[..., StudyTables]:
    """A command as a function of this name."""

    def function(*words: str, config_dir: str | Path | None = None, quiet: bool = True, **settings: Any) -> StudyTables:
        typed = [command, *words, *(f"{key}={written(value)}" for key, value in settings.items())]
        typed += [] if config_dir is None else ["--config-dir", str(config_dir)]
        request = request_of(typed, shlex.join(["salesim", *typed]))
        _, folder = answered(request, Console(quiet=True) if quiet else screen())
        if folder is None:
            raise InputError(f"{DRY_RUN} makes no study that could be opened; use it on the command line")
        return open_study(folder)

    function.__doc__, function.__name__, function.__qualname__ = MEANING.format(command=command, name=name), name, name
    return function


run_study = as_function("run", "run_study")
compare, sweep, explore, explain = (as_function(name, name) for name in ("compare", "sweep", "explore", "explain"))
