"""What `sweep` and `explore` vary: axes checked against the settings before the first run."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from salesim.config.axes import Axis
from salesim.config.compose_study import MAY_DIFFER
from salesim.config.config_files import GROUPS
from salesim.config.dotted_keys import at_path
from salesim.config.errors import InputError, meant, unknown_setting
from salesim.config.notes import notes_in, notes_of
from salesim.config.request import OWN_GROUP
from salesim.config.user_files import SCENARIO_KINDS
from salesim.config.validation import steps

VARIABLE = (*MAY_DIFFER, "weeks")


def check_axes(axes: Sequence[Axis], base: Mapping[str, Any]) -> None:
    """Refuse axes that are no settings of a scenario, or that contradict each other."""
    keys = [axis.key for axis in axes]
    for axis in axes:
        root = axis.key.split(".")[0]
        if root not in VARIABLE:
            if root in ("study", "experiment", "contest", *OWN_GROUP):
                raise InputError(f"{axis.key}={axis.text} varies what all runs share; what can vary is {', '.join(VARIABLE)}")
            at_path(base, axis.key)
            raise unknown_setting(axis.key, meant(root, VARIABLE))
        value = at_path(base, axis.key)
        inner = [key for key in keys if key.startswith(f"{axis.key}.") and axis.key not in GROUPS]
        if inner:
            raise InputError(f"{axis.key} and {inner[0]} are both varied, and the one is a part of the other; vary one of them")
        if axis.is_interval and (isinstance(value, bool) or not isinstance(value, int | float)):
            raise InputError(
                f"{axis.key}={axis.text} is an interval of numbers, and {axis.key} is no number; write values a,b,c"
            )


def is_whole(key: str) -> bool:
    """Whether a setting is a whole number.

    >>> is_whole("market.customers.count"), is_whole("market.customers.complexity_a"), is_whole("weeks")
    (True, False, True)
    """
    group, *path = key.split(".")
    return key == "weeks" or steps(SCENARIO_KINDS.get(group), path)[-1][0] is int


def meaning_of(key: str, chosen: Mapping[str, str], folders: Sequence[Path]) -> tuple[str, str]:
    """Unit and meaning of a setting, as the comments of its file say; a file that is chosen has neither."""
    group, _, inner = key.partition(".")
    if group in GROUPS:
        note = notes_of(group, chosen[group], folders).get(inner)
    else:
        start = next(folder / "config.yaml" for folder in folders if (folder / "config.yaml").is_file())
        note = notes_in(start).get(key)
    return (note.unit, note.meaning) if note else ("", "")
