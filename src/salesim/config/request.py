"""A request: the command, the folders to search, and the words of settings, out of a command line."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from salesim.config.commands import COMMANDS
from salesim.config.errors import InputError, meant

DRY_RUN = "--dry-run"
CHECK = "--check"  # of `salesim classroom`
MEASURES_FILE = "measures.py"  # in a folder of --config-dir (`own_measures`)
GROUPS = ("market", "strategy", "channel", "licence", "study", "compare", "experiment")
OWN_GROUP = ("explore", "explain", "fit", "handout")  # commands with a group of their own, which the others do not have
TOP_KEYS = ("weeks", "rivals", "initiatives", "contest")  # settings outside the groups


def groups_of(command: str) -> tuple[str, ...]:
    """Groups whose files a command can choose."""
    return (*GROUPS, *(group for group in OWN_GROUP if command in (group, "show")))


@dataclass(frozen=True)
class Request:
    """A request: a command, its words, folders to search (a person's own first), and the line itself."""

    command: str
    words: tuple[str, ...]
    folders: tuple[Path, ...]
    line: str
    dry_run: bool = False


def request_of(words: list[str], line: str) -> Request:
    """Command, options and other words of a command line, in any order. Raises InputError."""
    words, own = without_folder(words)
    dry_run = DRY_RUN in words
    words = [word for word in words if word != DRY_RUN]
    names = [word for word in words if word and "=" not in word and word[0] not in "+~"]
    command = next((word for word in names if word in COMMANDS), "")
    if command:
        words.remove(command)
    elif names[:1] == words[:1] and names:
        raise InputError(f"{names[0]} is not a command; {meant(names[0], COMMANDS)} (`salesim --help` says more)")
    command = command or "run"
    if dry_run and not COMMANDS[command].makes_runs:
        others = ", ".join(name for name, each in COMMANDS.items() if each.makes_runs)
        raise InputError(f"{DRY_RUN} is an option of {others}; `salesim {command}` makes no runs")
    if CHECK in words and command != "classroom":
        raise InputError(f"{CHECK} is an option of classroom; `salesim {command}` has {DRY_RUN} or nothing like it")
    from salesim.config.config_files import check_folder, configs_folder

    if own:
        check_folder(own, (*GROUPS, *OWN_GROUP, "evidence", "lesson"))
    if "salesim.config.own_measures" in sys.modules or (own and (own / MEASURES_FILE).is_file()):  # numba takes its time
        from salesim.config.own_measures import adopt_from

        adopt_from(own)
    return Request(command, tuple(words), (*([own.resolve()] if own else []), configs_folder()), line, dry_run)


def without_folder(words: Sequence[str]) -> tuple[list[str], Path | None]:
    """The words without `--config-dir`, and its folder. Raises InputError for any other option."""
    from salesim.config.config_files import place_of

    rest, own = [], None
    waiting = iter(words)
    for word in waiting:
        option, equals, value = word.partition("=")
        if option == "--config-dir":
            folder = value if equals else next(waiting, "")
            if not folder:
                raise InputError("--config-dir needs a folder behind it, as --config-dir my/folder")
            if own:
                raise InputError(f"--config-dir is given twice ({own} and {folder}); put your files into one folder")
            own = place_of(folder)
        elif option == "--version" or (option == DRY_RUN and equals):
            alone = "takes no value" if equals else "takes no other words"
            raise InputError(f"{option} {alone}, and {' '.join(words)} came; write {option} by itself")
        elif word.startswith("-") and word not in (DRY_RUN, CHECK):
            nearest = meant(option, ("--config-dir", CHECK, DRY_RUN, "--version", "--help"))
            raise InputError(f"{option} is not an option; {nearest}")
        else:
            rest.append(word)
    return rest, own
