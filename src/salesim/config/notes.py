"""Unit, meaning and source of every setting, from the comments of the YAML files."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from salesim.config.config_files import choice, family
from salesim.config.dotted_keys import leaves

_LINE = re.compile(r"^(?P<indent> *)(?P<key>[\w.]+): *(?P<value>[^#]*?) *(?:# *(?P<note>.*))?$")


class Note(NamedTuple):
    """What a comment `# unit; meaning; source` says."""

    unit: str = ""
    meaning: str = ""
    source: str = ""


class Setting(NamedTuple):
    """One number or word that is set; `filed` is what its file says."""

    key: str
    value: Any
    filed: Any
    note: Note


def notes_in(path: Path) -> dict[str, Note]:
    """The comments of a YAML file by dotted key."""
    notes: dict[str, Note] = {}
    above: list[tuple[int, str]] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        match = _LINE.match(line)
        if not match:
            continue
        indent = len(match["indent"])
        above = [(depth, key) for depth, key in above if depth < indent]
        key = ".".join([*(key for _, key in above), match["key"]])
        above.append((indent, match["key"]))
        if match["note"]:
            notes[key] = note_of(match["note"])
    return notes


def note_of(comment: str) -> Note:
    """The parts of `unit; meaning; source`; a comment of one part is a meaning."""
    parts = [part.strip() for part in comment.split(";")]
    if len(parts) < 3:
        return Note(*["", *parts][-2:])
    return Note(parts[0], "; ".join(parts[1:-1]), parts[-1])


def notes_of(group: str, name: str, folders: Sequence[Path]) -> dict[str, Note]:
    """The comments of a choice; where it says nothing, those of what it inherits from."""
    notes: dict[str, Note] = {}
    for path in reversed(family(group, name, folders)):
        notes |= notes_in(path)
    return notes


def settings_of(group: str, name: str, mapping: Mapping[str, Any], folders: Sequence[Path]) -> list[Setting]:
    """All settings of a group with what its file says about them."""
    notes = notes_of(group, name, folders)
    filed = dict(leaves(choice(group, name, folders)))
    return [Setting(key, value, filed.get(key), notes.get(key, Note())) for key, value in leaves(mapping)]
