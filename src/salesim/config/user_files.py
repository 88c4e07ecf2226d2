"""Files that can be chosen by name: whether one can be used, and if not, which line of which file is wrong."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from salesim.config.config_files import at_line, choice, configs_folder, file_of, line_of, picked, read_yaml
from salesim.config.errors import InputError, meant
from salesim.config.experiment import Experiment
from salesim.config.options import SCHEMAS
from salesim.config.scenario import adapter, base_mapping, dotted
from salesim.config.validation_errors import MISSING, complaint_about
from salesim.model.parameters import Channel, Licence, Market, Strategy

KINDS: dict[str, Any] = {
    "market": Market,
    "strategy": Strategy,
    "channel": Channel,
    "licence": Licence,
    "experiment": Experiment,
    **SCHEMAS,
}


def trouble_with(group: str, name: str, folders: Sequence[Path]) -> str:
    """What is wrong with the file of a choice, its path first; empty if it can be used."""
    try:
        check_file(group, name, folders)
    except InputError as error:
        return str(error)
    return ""


def check_file(group: str, name: str, folders: Sequence[Path]) -> None:
    """Refuse a file that cannot be used, whatever else is set. Raises InputError with its path, and the line where known."""
    path = file_of(group, name, folders)
    if group == "experiment":
        found = read_yaml(path)
        if isinstance(found.get("experiment"), Mapping) and "defaults" in found:
            check_keys(path, found["experiment"], [field.name for field in fields(Experiment)], "experiment.")
        elif "experiment" in found:
            check_values(group, found["experiment"], [path], start="experiment.")
        check_keys(path, {key: part for key, part in found.items() if key != "experiment"}, whole_keys())
        return
    mapping = choice(group, name, folders)
    if group in KINDS:
        check_values(group, mapping, family(group, name, folders))


def whole_keys() -> list[str]:
    """The dotted keys that a whole configuration may have outside `experiment`."""
    return ["defaults", "experiment", *dotted(base_mapping())]


def check_keys(path: Path, found: Mapping[str, Any], known: Sequence[str], start: str = "") -> None:
    """Refuse a key that is not known, wherever it is nested. Raises InputError with path and line.

    `start` is where `found` stands in the file. A known key that has no known ones inside, as `study.sweep`, may hold any.
    """
    for key, value in found.items():
        place = f"{start}{key}"
        if key not in known:
            nearest = meant(key, {name.split(".")[0] for name in known}, start)
            raise InputError(f"{at_line(path, line_of(path, place))}: {place} is not a parameter; {nearest}")
        inner = [name.removeprefix(f"{key}.") for name in known if name.startswith(f"{key}.")]
        if isinstance(value, Mapping) and inner:
            check_keys(path, value, inner, f"{place}.")


def family(group: str, name: str, folders: Sequence[Path]) -> list[Path]:
    """The file of a choice, then those it inherits from, the nearest first."""
    path = file_of(group, name, folders)
    parents = [parent for parent in read_yaml(path).get("defaults", []) if parent != "_self_"]
    return [path, *(older for parent in reversed(parents) for older in family(group, parent, folders))]


def check_values(group: str, mapping: Any, files: Sequence[Path], start: str = "") -> None:
    """Refuse a mapping that is not of its group's kind. `start` is where it stands in the first of `files`."""
    try:
        adapter(KINDS[group]).validate_json(json.dumps(mapping))
    except ValidationError as error:
        found = complaint_about(error, KINDS[group], group)
        place = start + found.key.removeprefix(f"{group}.")
        path = next((file for file in files if line_of(file, place, whole=True)), files[0])
        parentless = found.type in MISSING and len(files) == 1 and group != "experiment"
        text = inherits_nothing(group, found.key) if parentless else found.text
        raise InputError(f"{at_line(path, line_of(path, place))}: {text}") from error
    except (TypeError, ValueError, RecursionError) as error:
        raise InputError(f"{files[0]} holds something that is no text, number, list or group: {error}") from error


def inherits_nothing(group: str, key: str) -> str:
    """What to tell the author of a file that lacks a key and inherits from none."""
    parent = picked(configs_folder(), group)
    rest = f"write `defaults: [{parent}]` as its first line to have what it does not say from {parent}"
    return f"{key} is missing, and the file inherits from none; {rest}"


def named_in(mapping: Mapping[str, Any]) -> set[tuple[str, str]]:
    """Group and name of the files that rivals and initiatives name, as far as they are well formed."""
    rivals, plans = mapping.get("rivals"), mapping.get("initiatives")
    found: list[tuple[str, Any]] = []
    if isinstance(rivals, Mapping):
        strategies = rivals.get("strategies")
        found += [("strategy", name) for name in (strategies if isinstance(strategies, list) else [])]
        found += [(group, rivals.get(group)) for group in ("channel", "licence")]
    for plan in plans if isinstance(plans, list) else []:
        if isinstance(plan, Mapping):
            found += [(group, plan.get(group)) for group in ("strategy", "channel", "licence")]
    return {(group, name) for group, name in found if isinstance(name, str)}
