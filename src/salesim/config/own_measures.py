"""A user's own measures: the file `measures.py` of a folder given with `--config-dir`, which is run as Python code.

Its text goes to the workers with the runs, so that other processes and machines have the same measures.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import wraps
from numbers import Real
from pathlib import Path
from traceback import extract_tb
from typing import Any, NamedTuple

import numpy as np

from salesim import metrics
from salesim.config.config_files import APPROACH
from salesim.config.errors import InputError
from salesim.config.request import MEASURES_FILE
from salesim.metrics import METRICS, OF_SCENARIO, Metric
from salesim.model.records import DEAL, WEEK, Records

TAKEN = {*OF_SCENARIO, *APPROACH, "contest", "arm", "seed", "world", "point", "n", "weeks"}  # other columns


class OwnFile(NamedTuple):
    """The file with own measures, and its text; both are empty where there is none."""

    path: str = ""
    text: str = ""


_adopted = OwnFile()


def adopted() -> OwnFile:
    """The file whose measures count now."""
    return _adopted


def adopt_from(folder: Path | None) -> None:
    """Take the measures of a folder's file, in place of those before. Raises InputError if they cannot be used."""
    path = folder / MEASURES_FILE if folder else None
    if path is None or not path.is_file():
        return adopt(OwnFile())
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read: {error}; save it as a text file in UTF-8") from error
    return adopt(OwnFile(str(path), text))


def adopt(file: OwnFile) -> None:
    """Take the measures of a file, in place of those before. Raises InputError if they cannot be used."""
    global _adopted
    if file == _adopted:
        return
    metrics.adopt({})
    _adopted = OwnFile()
    if file.text or file.path:
        own = measures_in(file)
        for metric in own.values():
            metric.function(Records(np.zeros(0, DEAL), np.zeros(0, WEEK), n_weeks=0, n_vendors=1), 0)
        metrics.adopt(own)
    _adopted = file


def measures_in(file: OwnFile) -> dict[str, Metric]:
    """The measures of a file by name. Runs its code. Raises InputError."""
    names: dict[str, Any] = {"__name__": "own_measures", "__file__": file.path}
    with one_sentence(file.path):
        exec(compile(file.text, file.path, "exec"), names)  # noqa: S102  # the help of --config-dir says that it is run
    marked = {each.__name__: each.metric for each in names.values() if isinstance(getattr(each, "metric", None), Metric)}
    if not marked:
        raise InputError(
            f"{file.path} has no measure; write `@measure(title, unit=…, better='up', equivalence_margin=…)` above a "
            "function of (records, vendor), after `from salesim import measure`"
        )
    for name in marked:
        start, _, end = name.rpartition("_")
        if name in METRICS or name in TAKEN or (end in ("low", "high") and start in {*METRICS, *marked}):
            raise InputError(f"{file.path}: {name} is the name of another column; give the function another one")
        if not name.isidentifier():
            raise InputError(f"{file.path}: {name} is no name of a measure; write its function with def")
    return {name: metric._replace(function=guarded(name, metric, file.path)) for name, metric in marked.items()}


def guarded(name: str, metric: Metric, path: str) -> Callable[[Records, int], float]:
    """The function of a measure, so that it changes no records, and says in one sentence what is wrong with it."""

    @wraps(metric.function)
    def measure(records: Records, vendor: int) -> float:
        deals, weeks = (table.view() for table in (records.deals, records.weeks))
        deals.flags.writeable = weeks.flags.writeable = False
        with one_sentence(path, f"the measure {name} fails{'' if len(deals) else ' on a run without deals'}: "):
            value: Any = metric.function(replace(records, deals=deals, weeks=weeks), vendor)
        if not isinstance(value, Real) or math.isinf(value):
            raise InputError(f"{path}: the measure {name} gives {value!r}; it has to be a number, or NaN if there is none")
        return float(value)

    return measure


@contextmanager
def one_sentence(path: str, what: str = "") -> Iterator[None]:
    """Turn what goes wrong in a user's code into an InputError with the line of the file."""
    try:
        yield
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt | MemoryError | InputError):
            raise
        lines = [frame.lineno for frame in extract_tb(error.__traceback__) if frame.filename == path]
        line = error.lineno if isinstance(error, SyntaxError) else lines[-1] if lines else None
        reason = error.msg if isinstance(error, SyntaxError) else f"{type(error).__name__}: {error}"
        raise InputError(f"{path}{f' line {line}' if line else ''}: {what}{reason}") from error


def own_measures() -> Mapping[str, Any]:
    """Unit, title and better direction of each own measure, as a study's record keeps them."""
    own = {name: metric for name, metric in METRICS.items() if metric.margin is not None}
    return {name: {"unit": each.unit, "better": each.better, "title": each.title} for name, each in own.items()}
