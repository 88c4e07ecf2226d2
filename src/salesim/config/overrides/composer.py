"""Words in, composed settings out: the files of all groups, and what the words change in them."""

import shlex
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from salesim.config.compose_study import Composed
from salesim.config.config_files import choices, chosen_files, composed, merged, start_file
from salesim.config.dotted_keys import at_path, put
from salesim.config.errors import InputError
from salesim.config.overrides.grammar import ARMS, Change, Grammar
from salesim.config.user_files import check_file, check_whole, named_in


class Composer(Grammar):
    """Reads the words of one command, and composes the settings that they ask for.

    `command` decides what can be written short, and which groups there are: explore and explain have one of their own.
    """

    def __init__(self, folders: Sequence[Path], command: str = "run") -> None:
        super().__init__(folders, command)
        self.whole: set[tuple[str, str]] = set()
        if start_file(folders).parent != folders[-1]:
            check_whole(start_file(folders))

    def __call__(self, words: Sequence[str]) -> Composed:
        """The composed settings; `words` have whole keys. Raises InputError for whatever cannot be set."""
        changes = [self.change(word, words) for word in words]
        named = {each.key: each.value for each in changes if each.key in self.groups}
        self.check((group, name) for group, name in named.items() if name)
        chosen = chosen_files(self.groups, named, self.folders)
        self.check(chosen.items())
        mapping = composed(chosen, self.folders)
        for each in changes:
            if each.key not in self.groups:
                apply(mapping, each)
        self.check(named_in(mapping))
        return Composed(mapping, chosen)

    def check(self, files: Iterable[tuple[str, str]]) -> None:
        """Refuse what a person's own files of these groups and names say wrong. Raises InputError with path and line."""
        for group, name in files:
            if (group, name) not in self.whole and name in choices(group, self.folders[:-1]):
                check_file(group, name, self.folders)
            self.whole.add((group, name))


def apply(mapping: dict[str, Any], change: Change) -> None:
    """Make one change; a group of values is merged into the one that is there. Raises InputError for an unknown key."""
    if change.sign == "~":
        above, _, last = change.key.rpartition(".")
        at_path(mapping, change.key)
        del at_path(mapping, above)[last]
        return
    if not change.sign and change.key.startswith(ARMS):
        name = change.key.removeprefix(ARMS)
        if name not in at_path(mapping, ARMS.rstrip(".")):
            raise InputError(f"{change.key} is no arm yet; one more is added with {shlex.quote(f'+{change.word}')}")
    old = at_path(mapping, change.key) if not change.sign else None
    value = merged(old, change.value) if isinstance(old, dict) and isinstance(change.value, dict) else change.value
    put(mapping, change.key, value, new=bool(change.sign))
