"""Files that are chosen by name: whether one can be used, and if not, which line of which file is wrong."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from salesim.config.config_files import at_line, choice, configs_folder, file_of, line_of, picked, read_yaml
from salesim.config.dotted_keys import meant_key
from salesim.config.errors import InputError
from salesim.config.experiment import Experiment
from salesim.config.options import SCHEMAS
from salesim.config.scenario import adapter, base_mapping
from salesim.config.validation_errors import MISSING, problem_in
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
    if group == "experiment":
        check_experiment(file_of(group, name, folders))
        return
    mapping = choice(group, name, folders)
    if group in KINDS:
        check_values(group, mapping, family(group, name, folders))


def check_experiment(path: Path) -> None:
    """Refuse an experiment's file with a key that does not exist, or with an experiment that lacks something."""
    settings = read_yaml(path)
    if "experiment" in settings and "defaults" not in settings:
        check_values("experiment", settings["experiment"], [path], start="experiment.")
    check_whole(path)


def check_whole(path: Path) -> None:
    """Refuse a file of a whole configuration, as an experiment's or a `config.yaml`, with a key that does not exist."""
    keys = {"experiment": Experiment.__dataclass_fields__, "compare": base_mapping()["compare"]}
    known = base_mapping() | {group: dict.fromkeys(inner) for group, inner in keys.items()} | {"defaults": None}
    for key in unknown_keys(read_yaml(path), known):
        raise InputError(f"{at_line(path, line_of(path, key))}: {key} is not a parameter; {meant_key(key, known)}")


def unknown_keys(mapping: Mapping[str, Any], known: Mapping[str, Any], start: str = "") -> Iterator[str]:
    """Dotted keys that another mapping does not have; a group that is empty there may have any."""
    for key, value in mapping.items():
        if key not in known:
            yield f"{start}{key}"
        elif isinstance(value, Mapping) and isinstance(known[key], Mapping) and known[key]:
            yield from unknown_keys(value, known[key], f"{start}{key}.")


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
        problem = problem_in(error, KINDS[group], group)
        place = start + problem.key.removeprefix(f"{group}.")
        path = next((file for file in files if line_of(file, place, whole=True)), files[0])
        parentless = problem.type in MISSING and len(files) == 1 and group != "experiment"
        text = inherits_nothing(group, problem.key) if parentless else problem.text
        raise InputError(f"{at_line(path, line_of(path, place))}: {text}") from error
    except (TypeError, ValueError, RecursionError) as error:
        raise InputError(f"{files[0]} has a value that is no text, number, list or group: {error}") from error


def inherits_nothing(group: str, key: str) -> str:
    """The message for a file that lacks a key and inherits from no other."""
    parent = picked(configs_folder(), group)
    rest = f"write `defaults: [{parent}]` as its first line to take everything else from {parent}"
    return f"{key} is missing, and the file inherits from no other; {rest}"


def named_in(mapping: Mapping[str, Any]) -> set[tuple[str, str]]:
    """Group and name of the files that rivals and initiatives name, as far as they are well formed."""
    rivals, plans = mapping.get("rivals"), mapping.get("initiatives")
    names: list[tuple[str, Any]] = []
    if isinstance(rivals, Mapping):
        strategies = rivals.get("strategies")
        names += [("strategy", name) for name in (strategies if isinstance(strategies, list) else [])]
        names += [(group, rivals.get(group)) for group in ("channel", "licence")]
    for plan in plans if isinstance(plans, list) else []:
        if isinstance(plan, Mapping):
            names += [(group, plan.get(group)) for group in ("strategy", "channel", "licence")]
    return {(group, name) for group, name in names if isinstance(name, str)}
