"""A lever that is set for all arms holds in planned changes too, although these choose whole files."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from copy import deepcopy
from pathlib import Path
from typing import Any

from salesim.config.config_files import APPROACH, inherited
from salesim.config.dotted_keys import at_path, put
from salesim.config.errors import InputError


def levers_in(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The single levers of an approach among settings by dotted key: `strategy.systems.coaching`, but not `strategy`."""
    return {key: value for key, value in settings.items() if key.partition(".")[0] in APPROACH and "." in key}


def with_levers(mapping: dict[str, Any], levers: Mapping[str, Any], folders: Sequence[Path]) -> dict[str, Any]:
    """The mapping with these levers also in the approaches that its initiatives choose.

    Raises InputError if an initiative sets one of them itself, as it could not have both values.
    """
    initiatives = mapping.get("initiatives")
    if not levers or not isinstance(initiatives, list):
        return mapping
    plans = [planned(plan, number, levers, folders) for number, plan in enumerate(initiatives)]
    return mapping | {"initiatives": plans}


def planned(plan: Any, number: int, levers: Mapping[str, Any], folders: Sequence[Path]) -> Any:
    """One initiative with the levers in each approach that it chooses; what is no initiative is checked elsewhere."""
    if not isinstance(plan, Mapping):
        return plan
    changed = dict(plan)
    for key, value in levers.items():
        group, _, lever = key.partition(".")
        chosen = plan.get(group)
        if not isinstance(chosen, str | Mapping):
            continue
        check_free(chosen, number, key, lever)
        if chosen is changed[group]:
            own = {"defaults": [chosen]} if isinstance(chosen, str) else chosen
            changed[group] = deepcopy(inherited(group, own, folders, f"initiatives[{number}].{group}"))
        put(changed[group], lever, value)
    return changed


def check_free(chosen: str | Mapping[str, Any], number: int, key: str, lever: str) -> None:
    """Refuse a lever that the initiative sets itself. Raises InputError."""
    own = None
    with suppress(InputError):
        own = at_path(chosen, lever) if isinstance(chosen, Mapping) else None
    if own is not None:
        raise InputError(
            f"{key} is set for all arms, but initiatives[{number}] sets it to {own!r} by itself; leave {key} out, or change it "
            "there with initiatives=[…]"
        )
