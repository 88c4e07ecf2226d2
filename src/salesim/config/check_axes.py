"""What `sweep` and `explore` vary: axes checked against the settings, and linked with each other, before the first run."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from salesim.config.axes import ARM, Axis, shown
from salesim.config.compose_study import MAY_DIFFER
from salesim.config.config_files import GROUPS, start_file
from salesim.config.dotted_keys import at_path
from salesim.config.errors import InputError, meant, unknown_setting
from salesim.config.notes import Note, notes_in, notes_of
from salesim.config.request import OWN_GROUP
from salesim.config.user_files import SCENARIO_KINDS
from salesim.config.validation import steps

VARIABLE = (*MAY_DIFFER, "weeks")


def check_axes(axes: Sequence[Axis], base: Mapping[str, Any]) -> None:
    """Refuse axes that are no settings of a scenario, or that contradict each other. Raises InputError."""
    keys = [axis.key for axis in axes]
    for axis in axes:
        said, root = f"{axis.key}={axis.text}", axis.key.split(".")[0]
        if root not in VARIABLE:
            if root in ("study", "experiment", "contest", *OWN_GROUP):
                seeds = f"; for these seeds write 'seeds=[{axis.text}]'" if axis.key == "study.seeds" and axis.values else ""
                raise InputError(f"{said} varies what all runs share; what can vary is {', '.join(VARIABLE)}{seeds}")
            at_path(base, axis.key)
            raise unknown_setting(axis.key, meant(root, VARIABLE))
        value = at_path(base, axis.key)
        inner = [key for key in keys if key.startswith(f"{axis.key}.") and axis.key not in GROUPS]
        if inner:
            raise InputError(f"{axis.key} and {inner[0]} are both varied, and the one is a part of the other; vary one of them")
        if axis.is_interval and not is_number(value):
            raise InputError(f"{said} is an interval of numbers, and {axis.key} is no number; write values a,b,c")


def linked(axes: Sequence[Axis], arms: Sequence[str], arm_key: str) -> tuple[Axis, ...]:
    """The axes with the full names of those that they move with or depend on, and numbers of the kind of their setting.

    A condition may name an arm, as `arm` or by the key whose values are the arms. Raises InputError for a name or value that
    is not there.
    """
    by_key, whole = {axis.key: fitted(axis) for axis in axes}, list[Axis]()
    for axis in by_key.values():
        tied = key_among(axis.tied, by_key, axis) if axis.tied else ""
        if tied and by_key[tied].tied:
            raise InputError(f"{axis.key} moves with {tied}, which moves with another one; name {by_key[tied].tied} instead")
        if tied and len(by_key[tied].values) != len(axis.values):
            raise InputError(
                f"{axis.key}={axis.text} moves with {tied}={by_key[tied].text}; both need equally many values, or have to "
                "be intervals"
            )
        of_arm = axis.only_key in (ARM, arm_key) and axis.only_key
        only_key = ARM if of_arm else key_among(axis.only_key, by_key, axis) if axis.only_key else ""
        known = list(arms) if of_arm else [shown(value) for value in by_key[only_key].values] if only_key else []
        for value in axis.only:
            if value not in known:
                allowed = meant(value, known) if known else "it is an interval; a condition needs an axis of values"
                raise InputError(f"{axis.key} varies only if {axis.only_key}={value}, which never happens; {allowed}")
        whole.append(replace(axis, tied=tied, only_key=only_key))
    return tuple(whole)


def key_among(name: str, by_key: Mapping[str, Axis], axis: Axis) -> str:
    """The key of another axis, by the end of its name. Raises InputError."""
    others = [key for key in by_key if key != axis.key]
    keys = [key for key in others if f".{key}".endswith(f".{name}")]
    if len(keys) != 1:
        reason = f"it could be {' or '.join(keys)}" if keys else meant(name, others) if others else "there is no other axis"
        raise InputError(f"{axis.key}={axis.text} depends on {name}, which has to be one of the other axes; {reason}")
    return keys[0]


def fitted(axis: Axis) -> Axis:
    """An axis with numbers of the kind of its setting, so that all of its column in a table are of that kind."""
    if axis.is_interval:
        return replace(axis, whole=axis.whole or is_whole(axis.key))
    if kind_of(axis.key) is float and all(map(is_number, axis.values)):
        return replace(axis, values=tuple(map(float, axis.values)))
    return axis


def is_number(value: Any) -> bool:
    """Whether a value is a number, and no truth value."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_whole(key: str) -> bool:
    """Whether a setting is a whole number.

    >>> is_whole("market.customers.count"), is_whole("market.customers.complexity_a"), is_whole("weeks")
    (True, False, True)
    """
    return kind_of(key) is int


def kind_of(key: str) -> Any:
    """The type of a setting; None for a list or group outside the files of settings."""
    group, *path = key.split(".")
    return int if key == "weeks" else steps(SCENARIO_KINDS.get(group), path)[-1][0]


def meaning_of(key: str, chosen: Mapping[str, str], folders: Sequence[Path]) -> tuple[str, str]:
    """Unit and meaning of a setting, as the comments of its file say; a file that is chosen has neither."""
    group, _, inner = key.partition(".")
    notes = notes_of(group, chosen[group], folders) if group in GROUPS else notes_in(start_file(folders))
    return notes.get(inner if group in GROUPS else key, Note())[:2]
