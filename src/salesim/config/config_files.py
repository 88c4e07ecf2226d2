"""YAML files of strategies, channels, licences, markets …, found by name; the user's folders come before the shipped one.

Whoever needs settings reads them here: the command line, Python, help and completion.
"""

import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

from salesim.config.errors import InputError, meant

APPROACH = ("strategy", "channel", "licence")  # what a vendor chooses and an initiative may change; files have a `name`
GROUPS = ("market", *APPROACH)  # the groups of files that make a scenario
CONTESTS = ("alone", "everyone")
WORLDS = "worlds"  # key with which a market names the file of its worlds (`worlds.read_members`)
_POWER_OF_TEN = re.compile(r"^[-+]?(\d[\d_]*\.?[\d_]*|\.[\d_]+)[eE][-+]?\d+$")


def place_of(text: str) -> Path:
    """A path as people write it; `~` is the home folder. Raises InputError if nobody knows which that is."""
    try:
        return Path(text).expanduser()
    except RuntimeError as error:
        raise InputError(f"{text} begins with a home folder that is not known here; write the whole path") from error


def configs_folder() -> Path:
    """The shipped configs: inside an installed package, else in the repository."""
    here = Path(__file__).resolve().parents[1]
    for folder in (here / "configs", here.parents[1] / "configs"):
        if (folder / "config.yaml").is_file():
            return folder
    raise InputError(f"the shipped configs are missing beside {here}; install salesim again")


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Plain YAML that refuses a key given twice and reads, as the command line does, 1e-3 as a number and a date as text."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set[str]()
        for key_node, _ in node.value:
            is_word = isinstance(key_node, yaml.ScalarNode)
            if not is_word or key_node.value in seen:
                wrong = f"{key_node.value} is given twice" if is_word else "a key has to be a word"
                raise yaml.constructor.ConstructorError(None, None, wrong, key_node.start_mark)
            seen.add(key_node.value)
        mapping: dict[Any, Any] = super().construct_mapping(node, deep)
        return mapping


_Loader.add_implicit_resolver("tag:yaml.org,2002:float", _POWER_OF_TEN, list("-+.0123456789"))
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in rules if tag != "tag:yaml.org,2002:timestamp"]
    for first, rules in _Loader.yaml_implicit_resolvers.items()
}


def read_yaml(path: Path) -> dict[str, Any]:
    """A YAML file as a mapping. Raises InputError if it cannot be read or holds something else."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not a text file in UTF-8; save it as one") from error
    return deepcopy(parsed(path, text))


@lru_cache(maxsize=256)
def parsed(path: Path, text: str) -> dict[str, Any]:
    """The text of a YAML file as a mapping; cached, as a sweep reads the same files at every point."""
    try:
        settings = yaml.load(text, _Loader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        place = getattr(error, "problem_mark", None)
        line = f" in line {place.line + 1}" if place else ""
        reason = getattr(error, "problem", None) or getattr(error, "reason", "a value is too long or nested too deeply")
        raise InputError(f"{path} is not valid YAML{line}: {reason}") from error
    if not isinstance(settings, dict) or not all(isinstance(key, str) for key in settings):
        raise InputError(f"{path} holds no settings; it has to consist of lines `key: value`")
    return settings


def check_keys_once(given: str, text: str) -> None:
    """Refuse a group of the command line, as `{a: 1, a: 2}`, that has a key twice. Raises InputError."""
    try:
        yaml.load(text, _Loader)
    except yaml.constructor.ConstructorError as error:
        raise InputError(f"{given!r} cannot be read: {error.problem}; name each key once") from error
    except yaml.YAMLError:  # the command line's grammar has read what YAML cannot
        return


def choices(group: str, folders: Sequence[Path]) -> dict[str, Path]:
    """All files of a group by name; an earlier folder hides a later one. Names that begin with a dot belong to the system."""
    files: dict[str, Path] = {}
    for folder in reversed(folders):
        files |= {path.stem: path for path in sorted((folder / group).glob("[!.]*.yaml"))}
    return files


def file_of(group: str, name: str, folders: Sequence[Path]) -> Path:
    """The file of one choice. Raises InputError with the nearest name if there is none."""
    files = choices(group, folders)
    if name in files:
        return files[name]
    for folder in folders:
        if name in [path.stem for path in (folder / group).glob("*.yml")]:
            raise InputError(f"{folder / group / name}.yml is not found under this name; rename it to {name}.yaml")
    places = " and ".join(str(folder / group) for folder in folders)
    yours = "" if len(folders) > 1 else f"; yours is found with --config-dir FOLDER, as FOLDER/{group}/{name}.yaml"
    raise InputError(f"there is no {group} named {name!r}; {meant(name, files)} (its file would be in {places}{yours})")


def choice(group: str, name: str, folders: Sequence[Path], heirs: Sequence[str] = ()) -> dict[str, Any]:
    """One choice of a group as a full mapping.

    `defaults: [other, _self_]` in the file inherits from another one; a file without a `name` gets that of its file.
    `heirs` are the files that inherit from this one, the first of them first.
    """
    path = file_of(group, name, folders)
    if name in heirs:
        raise InputError(
            f"{path} inherits from itself ({' from '.join([*heirs, name])}); change its defaults, or its file's name"
        )
    settings = read_yaml(path)
    if "defaults" in settings and group in APPROACH:
        settings = {"name": name} | settings
    return inherited(group, settings, folders, path, (*heirs, name))


def inherited(
    group: str, settings: Mapping[str, Any], folders: Sequence[Path], where: Path | str, heirs: Sequence[str] = ()
) -> dict[str, Any]:
    """A mapping with what it inherits; a later entry of `defaults` overrides an earlier one. `where` is its file or key.

    The files that an experiment chooses (`override /strategy: mine`) stay in `defaults`, by group.
    """
    own, parents = {key: value for key, value in settings.items() if key != "defaults"}, settings.get("defaults", [])
    if group == "experiment" and (chosen := picks_in(parents)):
        own, parents = {**own, "defaults": chosen}, [parent for parent in parents if not isinstance(parent, Mapping)]
    if not isinstance(parents, list) or not all(isinstance(parent, str) for parent in parents):
        example = f"[{parents}]" if isinstance(parents, str) and parents.isidentifier() else "[pitch]"
        raise InputError(f"defaults in {where} is {parents!r}; it has to be a list of names, as {example}")
    files, result = choices(group, folders), dict[str, Any]()
    for parent in parents:
        if parent != "_self_" and parent not in files:
            place = at_line(where, line_of(where, "defaults")) if isinstance(where, Path) else where
            raise InputError(f"{place}: there is no {group} named {parent!r} to inherit from; {meant(parent, files)}")
    for parent in parents if "_self_" in parents else [*parents, "_self_"]:
        result = merged(result, own if parent == "_self_" else choice(group, parent, folders, heirs))
    return result


def family(group: str, name: str, folders: Sequence[Path]) -> list[Path]:
    """The file of a choice, then those it inherits from, the nearest first."""
    path = file_of(group, name, folders)
    parents = [each for each in read_yaml(path).get("defaults", []) if isinstance(each, str) and each != "_self_"]
    return [path, *(older for parent in reversed(parents) for older in family(group, parent, folders))]


def merged(base: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """`base` with `change` on top, group by group."""
    result = dict(base)
    for key, value in change.items():
        old = result.get(key)
        result[key] = merged(old, value) if isinstance(old, Mapping) and isinstance(value, Mapping) else value
    return result


def start_file(folders: Sequence[Path]) -> Path:
    """The `config.yaml` with which every command starts: the user's own if there is one."""
    return next(folder / "config.yaml" for folder in folders if (folder / "config.yaml").is_file())


def picks_in(defaults: Any) -> dict[str, str | None]:
    """The files that a list `defaults` chooses by group: `market: mine`, or `override /market: mine` in an experiment."""
    entries = [entry for entry in defaults if isinstance(entry, Mapping)] if isinstance(defaults, list) else []
    return {
        str(group).removeprefix("override ").lstrip("/"): None if name is None else str(name)
        for entry in entries
        for group, name in entry.items()
    }


def picked(folder: Path, group: str) -> str:
    """The file of a group that a folder's `config.yaml` chooses; `standard` if it chooses none."""
    return picks_in(read_yaml(folder / "config.yaml").get("defaults")).get(group) or "standard"


def chosen_files(groups: Sequence[str], named: Mapping[str, str | None], folders: Sequence[Path]) -> dict[str, str]:
    """The file of each group: as named, else as the experiment chooses, else as `config.yaml` does, else `standard`.

    An experiment that is named None is left out. Raises InputError for a group that an experiment cannot choose.
    """
    start = picks_in(read_yaml(start_file(folders)).get("defaults"))
    experiment = {"experiment": start.get("experiment"), **named}["experiment"]
    theirs = choice("experiment", experiment, folders).get("defaults", {}) if experiment else {}
    for group in theirs:
        if group not in groups:
            raise InputError(f"{file_of('experiment', str(experiment), folders)} chooses a {group}; {meant(group, groups)}")
    chosen = {**dict.fromkeys(groups, "standard"), **start, **theirs, "experiment": experiment, **named}
    return {group: name for group in groups if (name := chosen[group]) is not None}


def composed(chosen: Mapping[str, str], folders: Sequence[Path]) -> dict[str, Any]:
    """The files of all groups, with what `config.yaml` sets on top, and then what the experiment sets.

    Of a market that names the file of its worlds, `ensemble` has that file, and all settings as they are in the market's file.
    """
    files = {group: choice(group, name, folders) for group, name in chosen.items()}
    if reference := files["market"].pop(WORLDS, None):
        files["ensemble"] = {**reference, "market": chosen["market"], "central": {"market": deepcopy(files["market"])}}
    layers = (read_yaml(start_file(folders)), files.pop("experiment", {}))
    for layer in layers:
        files = merged(files, {key: value for key, value in layer.items() if key != "defaults"})
    return files


@cache
def base_mapping(*more: str) -> dict[str, Any]:
    """The shipped `config.yaml` without an experiment, with all its files read, as a plain mapping that nobody may change.

    `more` are groups beside those that every command has.
    """
    shipped = (configs_folder(),)
    return composed(chosen_files((*GROUPS, "study", "compare", *more), {"experiment": None}, shipped), shipped)


def line_of(path: Path, key: str, whole: bool = False) -> int:
    """The line of a YAML file that sets a dotted key, or as much of it as is there (all of it if `whole`); 0 if none does."""
    node, line = yaml.compose(path.read_text(encoding="utf-8"), _Loader), 0
    for part in key.split("."):
        pairs = {word.value: (word, inner) for word, inner in node.value} if isinstance(node, yaml.MappingNode) else {}
        if part not in pairs:
            return 0 if whole else line
        word, node = pairs[part]
        line = word.start_mark.line + 1
    return line


def at_line(path: Path, line: int) -> str:
    """A place in a file; line 0 means that it is not known."""
    return f"{path} line {line}" if line else str(path)


def check_folder(folder: Path, groups: Sequence[str]) -> None:
    """Refuse a user's folder that does not exist, is a file, or has no folder of a known group inside. Raises InputError."""
    if not folder.is_dir():
        what = "is a file" if folder.exists() else "does not exist"
        raise InputError(f"--config-dir {folder} {what}; name a folder that holds strategy/, experiment/, …")
    if not any((folder / group).is_dir() for group in groups) and not (folder / "measures.py").is_file():
        inside = ", ".join(f"{group}/" for group in groups)
        raise InputError(
            f"--config-dir {folder} has none of the folders {inside} inside, and no measures.py; a strategy of yours is "
            "strategy/mine.yaml in it"
        )
