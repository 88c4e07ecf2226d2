"""The YAML files of strategies, channels, licences, markets …, found by name: a person's own folders first."""

import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from salesim.errors import InputError, meant

_POWER_OF_TEN = re.compile(r"^[-+]?(\d[\d_]*\.?[\d_]*|\.[\d_]+)[eE][-+]?\d+$")


def configs_folder() -> Path:
    """The shipped configs: inside an installed package, else in the repository."""
    here = Path(__file__).resolve().parent
    for folder in (here / "configs", here.parents[1] / "configs"):
        if (folder / "config.yaml").is_file():
            return folder
    raise InputError(f"the shipped configs are missing; they were looked for beside {here}; install salesim again")


class _Loader(yaml.SafeLoader):
    """Plain YAML that refuses a key given twice and reads 1e-3 as a number, as the command line does."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key_node, _ in node.value:
            if key_node.value in seen:
                raise yaml.constructor.ConstructorError(None, None, f"{key_node.value} is there twice", key_node.start_mark)
            seen.add(key_node.value)
        return super().construct_mapping(node, deep)


_Loader.add_implicit_resolver("tag:yaml.org,2002:float", _POWER_OF_TEN, list("-+.0123456789"))


def read_yaml(path: Path) -> dict[str, Any]:
    """A YAML file as a mapping; InputError if it cannot be read or is something else."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not a text file in UTF-8; save it as one") from error
    return deepcopy(parsed(path, text))


@lru_cache(maxsize=256)
def parsed(path: Path, text: str) -> dict[str, Any]:
    """What the text of a YAML file says; kept, as a sweep asks for the same files at every point."""
    try:
        found = yaml.load(text, _Loader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        place = getattr(error, "problem_mark", None)
        line = f" in line {place.line + 1}" if place else ""
        reason = getattr(error, "problem", None) or error
        raise InputError(f"{path} is not valid YAML{line}: {reason}") from error
    if not isinstance(found, dict) or not all(isinstance(key, str) for key in found):
        raise InputError(f"{path} holds no settings; it has to be lines of `key: value`")
    return found


def choices(group: str, folders: Sequence[Path]) -> dict[str, Path]:
    """All files of a group by name; an earlier folder hides a later one."""
    found: dict[str, Path] = {}
    for folder in reversed(folders):
        found |= {path.stem: path for path in sorted((folder / group).glob("*.yaml"))}
    return found


def file_of(group: str, name: str, folders: Sequence[Path]) -> Path:
    """The file of one choice. Raises InputError with the nearest name."""
    files = choices(group, folders)
    if name in files:
        return files[name]
    for folder in folders:
        if (folder / group / f"{name}.yml").is_file():
            raise InputError(f"{folder / group / name}.yml has to be called {name}.yaml to be found")
    places = " and ".join(str(folder / group) for folder in folders)
    raise InputError(f"there is no {group} named {name!r}; {meant(name, files)} (its file would be in {places})")


def choice(group: str, name: str, folders: Sequence[Path], heirs: Sequence[str] = ()) -> dict[str, Any]:
    """One choice of a group as a full mapping.

    `defaults: [other, _self_]` in the file inherits from another one; a file without a `name` is called by its file's.
    `heirs` are those who asked for it as a parent.
    """
    path = file_of(group, name, folders)
    if name in heirs:
        raise InputError(f"{path} inherits from itself ({' from '.join([*heirs, name])}); change its defaults")
    own = read_yaml(path)
    if "defaults" in own and group != "market":
        own = {"name": name} | own
    return inherited(group, own, folders, str(path), (*heirs, name))


def inherited(
    group: str, own: Mapping[str, Any], folders: Sequence[Path], where: str, heirs: Sequence[str] = ()
) -> dict[str, Any]:
    """A mapping with what it inherits; in `defaults`, what stands later goes over what stands earlier."""
    levers = {key: value for key, value in own.items() if key != "defaults"}
    parents = own.get("defaults", [])
    if not isinstance(parents, list) or not all(isinstance(parent, str) for parent in parents):
        raise InputError(f"defaults in {where} is {parents!r}; it has to be a list of names, as [pitch, _self_]")
    result: dict[str, Any] = {}
    for parent in parents if "_self_" in parents else [*parents, "_self_"]:
        result = merged(result, levers if parent == "_self_" else choice(group, parent, folders, heirs))
    return result


def merged(base: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """`base` with `change` on top, group by group."""
    result = dict(base)
    for key, value in change.items():
        old = result.get(key)
        result[key] = merged(old, value) if isinstance(old, Mapping) and isinstance(value, Mapping) else value
    return result


def check_folder(folder: Path, groups: Sequence[str]) -> None:
    """A person's own folder: there, a folder, and every file of the known groups can be read. Raises InputError."""
    if not folder.exists():
        raise InputError(f"--config-dir {folder} does not exist; name a folder that holds strategy/, experiment/, …")
    if not folder.is_dir():
        raise InputError(f"--config-dir {folder} is a file; name the folder that holds strategy/, experiment/, …")
    for group in groups:
        for path in choices(group, (folder,)).values():
            read_yaml(path)
