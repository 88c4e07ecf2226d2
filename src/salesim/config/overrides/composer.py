"""Words in, composed settings out: the files of all groups, and what the words change in them."""

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from salesim.config.compose_study import Composed
from salesim.config.config_files import chosen_files, composed, merged, start_file
from salesim.config.dotted_keys import at_path, put
from salesim.config.errors import InputError
from salesim.config.overrides.grammar import ARMS, Change, Grammar
from salesim.config.planned import levers_in, with_levers
from salesim.config.user_files import check_own, check_whole


class Composer(Grammar):
    """Reads the words of one command, and composes the settings that they ask for.

    `command` decides what can be written short, and which groups there are: explore and explain have one of their own.
    """

    def __init__(self, folders: Sequence[Path], command: str = "run") -> None:
        super().__init__(folders, command)
        if start_file(folders).parent != folders[-1]:
            check_whole(start_file(folders))

    def __call__(self, words: Sequence[str]) -> Composed:
        """The composed settings; `words` have whole keys. Raises InputError for whatever cannot be set."""
        changes = [self.change(word, words) for word in words]
        named = {each.key: each.value for each in changes if each.key in self.groups}
        chosen = chosen_files(self.groups, named, self.folders)
        for group, name in chosen.items():
            check_own(group, name, self.folders)
        mapping = composed(chosen, self.folders)
        for each in changes:
            if each.key not in self.groups:
                apply(mapping, each)
        levers = levers_in({each.key: each.value for each in changes if not each.sign})
        return Composed(with_levers(mapping, levers, self.folders), chosen)


def apply(mapping: dict[str, Any], change: Change) -> None:
    """Make one change; a group of values is merged into the one that is there. Raises InputError for an unknown key."""
    if change.sign == "~":
        above, _, last = change.key.rpartition(".")
        at_path(mapping, change.key)
        if isinstance(at_path(mapping, above), list):
            raise InputError(f"{change.word} leaves out a part of a list; give the list whole, as {above}=[…]")
        del at_path(mapping, above)[last]
        return
    if not change.sign and change.key.startswith(ARMS):
        name = change.key.removeprefix(ARMS)
        if name not in at_path(mapping, ARMS.rstrip(".")):
            raise InputError(f"{change.key} is no arm yet; one more is added with {shlex.quote(f'+{change.word}')}")
    old = at_path(mapping, change.key) if not change.sign else None
    if isinstance(old, dict) and old and change.value == {}:
        raise InputError(f"{change.word} would change nothing: a group keeps what is not named; leave parts out with ~KEY")
    value = merged(old, change.value) if isinstance(old, dict) and isinstance(change.value, dict) else change.value
    put(mapping, change.key, value, new=bool(change.sign))
