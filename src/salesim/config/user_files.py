"""Files that are chosen by name: whether one can be used, and if not, which line of which file is wrong."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from salesim.config.config_files import (
    GROUPS,
    WORLDS,
    at_line,
    base_mapping,
    choice,
    choices,
    configs_folder,
    family,
    file_of,
    line_of,
    picked,
    read_yaml,
)
from salesim.config.dotted_keys import dotted, meant_key
from salesim.config.errors import InputError, unknown_setting
from salesim.config.experiment import Experiment
from salesim.config.options import SCHEMAS
from salesim.config.validation import WrongValueError, checked
from salesim.model.parameters import Channel, Licence, Market, Strategy

SCENARIO_KINDS: dict[str, Any] = {"market": Market, "strategy": Strategy, "channel": Channel, "licence": Licence}
KINDS = SCENARIO_KINDS | SCHEMAS | {"experiment": Experiment}


def trouble_with(group: str, name: str, folders: Sequence[Path]) -> str:
    """What is wrong with the file of a choice, its path first; empty if it can be used."""
    try:
        check_file(group, name, folders)
    except InputError as error:
        return str(error)
    return ""


def check_own(group: str, name: str, folders: Sequence[Path]) -> None:
    """Refuse a file of the user that cannot be used; shipped ones are taken as they are. Raises InputError."""
    if name in choices(group, folders[:-1]):
        check_file(group, name, folders)


def check_file(group: str, name: str, folders: Sequence[Path]) -> None:
    """Refuse a file that cannot be used, whatever else is set. Raises InputError with its path, and the line where known."""
    if group not in KINDS:  # a lesson, which the classroom checks
        choice(group, name, folders)
        return
    if group != "experiment":
        settings = choice(group, name, folders)
        if group == "market":
            settings.pop(WORLDS, None)
        check_values(group, settings, family(group, name, folders))
        return
    path = file_of(group, name, folders)
    settings = read_yaml(path)
    if "experiment" in settings and "defaults" not in settings:
        check_values("experiment", settings["experiment"], [path], start="experiment.")
    check_whole(path)


def check_whole(path: Path) -> None:
    """Refuse a file of a whole configuration, as an experiment's or a `config.yaml`, with a key that does not exist.

    A group that is empty in the shipped configuration may have any keys.
    """
    inner = {"experiment": Experiment.__dataclass_fields__, "compare": base_mapping()["compare"]}
    known = base_mapping() | {group: dict.fromkeys(keys) for group, keys in inner.items()} | {"defaults": None}
    keys = dict(dotted(known))
    for key, value in dotted(read_yaml(path)):
        above, where = key.rpartition(".")[0], at_line(path, line_of(path, key))
        if key not in keys and (not above or keys.get(above)):
            raise unknown_setting(key, meant_key(key, known), f"{where}: ")
        if key in GROUPS and not isinstance(value, Mapping):
            raise InputError(f"{where}: {key} is {value!r}; a file is chosen with `defaults: [override /{key}: NAME]`")


def check_values(group: str, mapping: Any, files: Sequence[Path], start: str = "") -> None:
    """Refuse a mapping that is not of its group's kind. `start` is where it stands in the first of `files`."""
    try:
        checked(KINDS[group], mapping, group)
    except WrongValueError as error:
        place = start + error.key.removeprefix(f"{group}.")
        path = next((file for file in files if line_of(file, place, whole=True)), files[0])
        text = error.text
        if error.missing and len(files) == 1 and group != "experiment":
            parent = picked(configs_folder(), group)
            text = (
                f"{error.key} is missing, and the file inherits from no other; write `defaults: [{parent}]` as its first line "
                f"to take everything else from {parent}"
            )
        raise InputError(f"{at_line(path, line_of(path, place))}: {text}") from error
