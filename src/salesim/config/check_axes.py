"""What `sweep` and `explore` vary: axes checked against the settings before the first run."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

from salesim.config.axes import Axis
from salesim.config.compose_study import MAY_DIFFER, NAMED
from salesim.config.dotted_keys import put
from salesim.config.errors import InputError, meant
from salesim.config.notes import notes_in, notes_of
from salesim.config.request import OWN_GROUP
from salesim.model.parameters import Channel, Licence, Market, Strategy

VARIABLE = (*MAY_DIFFER, "weeks")
GROUPS = ("market", *NAMED)
KINDS: dict[str, Any] = {"market": Market, "strategy": Strategy, "channel": Channel, "licence": Licence, "weeks": int}


def check_axes(axes: Sequence[Axis], base: Mapping[str, Any]) -> None:
    """Refuse axes that are no settings of a scenario, or that contradict each other."""
    keys = [axis.key for axis in axes]
    for axis in axes:
        root = axis.key.split(".")[0]
        if root not in VARIABLE:
            if root in ("study", "experiment", "contest", *OWN_GROUP):
                raise InputError(f"{axis.key}={axis.text} varies what all runs share; what can vary is {', '.join(VARIABLE)}")
            put(deepcopy(dict(base)), axis.key, None)
            raise InputError(f"{axis.key} is not a parameter of a scenario; {meant(root, VARIABLE)}")
        if axis.key not in GROUPS:
            put(deepcopy(dict(base)), axis.key, None)
        inner = [key for key in keys if key.startswith(f"{axis.key}.") and axis.key not in GROUPS]
        if inner:
            raise InputError(f"{axis.key} and {inner[0]} are both varied, and the one is a part of the other; vary one of them")
        if axis.is_interval and not is_number(base, axis.key):
            raise InputError(
                f"{axis.key}={axis.text} is an interval of numbers, and {axis.key} is no number; write values a,b,c"
            )


def is_number(base: Mapping[str, Any], key: str) -> bool:
    """Whether a setting is a number."""
    value: Any = base
    for part in key.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_whole(key: str) -> bool:
    """Whether a setting is a whole number.

    >>> is_whole("market.customers.count"), is_whole("market.customers.complexity_a"), is_whole("weeks")
    (True, False, True)
    """
    first, *path = key.split(".")
    kind = KINDS.get(first)
    for part in path:
        field = getattr(kind, "__pydantic_fields__", {}).get(part)
        kind = field.annotation if field else None
    return kind is int


def meaning_of(key: str, chosen: Mapping[str, str], folders: Sequence[Path]) -> tuple[str, str]:
    """Unit and meaning of a setting, as the comments of its file say; a file that is chosen has neither."""
    group, _, inner = key.partition(".")
    if group in GROUPS:
        note = notes_of(group, chosen[group], folders).get(inner)
    else:
        start = next(folder / "config.yaml" for folder in folders if (folder / "config.yaml").is_file())
        note = notes_in(start).get(key)
    return (note.unit, note.meaning) if note else ("", "")
