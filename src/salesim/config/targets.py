"""The numbers of a person's own market: measures with a value each, and how sure it is; read from a YAML file."""

import hashlib
from collections.abc import Mapping
from math import isfinite
from pathlib import Path
from typing import Any, NamedTuple

from salesim.config.config_files import at_line, line_of, place_of, read_yaml
from salesim.config.errors import InputError, meant, shown
from salesim.metrics import METRICS, OF_SCENARIO

HOW = "`win_rate: {value: 0.25, standard_error: 0.02}`"
NORMAL_95 = 1.96  # standard errors from the middle to the end of a 95 % interval


class Target(NamedTuple):
    """A measure that a market has to reproduce: its value, and the standard error of that, in the unit of the measure."""

    measure: str
    value: float
    standard_error: float


def read_targets(text: str) -> tuple[tuple[Target, ...], str]:
    """The targets in a file, and the digest of the file. Raises InputError that names file, line and measure."""
    path = place_of(text)
    if path.is_dir():
        raise InputError(f"targets is {path}, which is a folder; name a YAML file with lines such as {HOW}")
    if not path.exists():
        raise InputError(f"targets is {text}, and there is no such file; write one, with lines such as {HOW}")
    targets = tuple(target_of(path, name, given) for name, given in read_yaml(path).items())
    return targets, hashlib.sha256(path.read_bytes()).hexdigest()


def target_of(path: Path, name: str, given: Any) -> Target:
    """One line of the file. Raises InputError."""
    where = at_line(path, line_of(path, name))
    if name not in (*METRICS, *OF_SCENARIO):
        raise InputError(f"{where}: {name} is not a measure; {meant(name, (*METRICS, *OF_SCENARIO))}")
    if not isinstance(given, Mapping) or set(given) not in ({"value", "standard_error"}, {"value", "tolerance"}):
        raise InputError(
            f"{where}: {name} is {shown(given)}; it has to have a value and a standard_error (or a tolerance, half a 95 % "
            f"interval), as {HOW}"
        )
    for part, number in given.items():
        if isinstance(number, bool) or not isinstance(number, int | float) or not isfinite(number):
            raise InputError(f"{where}: {part} of {name} is {shown(number)}; it has to be a number, as {HOW}")
    value, error = float(given["value"]), float(given.get("standard_error", given.get("tolerance", 0.0) / NORMAL_95))
    if error < 0.0:
        raise InputError(f"{where}: the {list(given)[1]} of {name} is {error:g}; it has to be 0 or more")
    unit = METRICS[name].unit if name in METRICS else ""
    if abs(value) > 1.0 and unit.split(" ")[0] in ("share", "0") and unit != "share a year":
        raise InputError(f"{where}: {name} is {value:g}, and a share goes up to 1; write {value / 100:g} for {value:g} %")
    return Target(name, value, error)
