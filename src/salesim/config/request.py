"""What was asked: the command, the folders to search, and the overrides, out of the words of a command line."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from salesim.config.errors import InputError, meant

COMMANDS = ("run", "compare", "sweep", "explore", "explain", "show", "list", "verify", "export")
DRY_RUN = "--dry-run"
PLANNED = ("run", "compare", "sweep", "explore", "explain")  # commands that play runs, and say before what they take
GROUPS = ("market", "strategy", "channel", "licence", "study", "compare", "experiment")
SETTLED = ("explore", "explain")  # groups with one file each, which is not chosen


@dataclass(frozen=True)
class Request:
    """What was asked: a command, overrides, folders to search (a person's own first), and the line itself."""

    command: str
    overrides: tuple[str, ...]
    folders: tuple[Path, ...]
    line: str
    dry_run: bool = False


def understood(words: list[str], line: str) -> Request:
    """Command, options and overrides in the words of a command line. Raises InputError."""
    words, own = without_folder(words)
    dry_run = DRY_RUN in words
    words = [word for word in words if word != DRY_RUN]
    command = "run"
    if words and "=" not in words[0] and words[0][:1] not in "+~":
        command = words.pop(0)
        if command not in COMMANDS:
            raise InputError(f"{command} is not a command; {meant(command, COMMANDS)} (`salesim --help` says more)")
    if dry_run and command not in PLANNED:
        raise InputError(f"{DRY_RUN} is an option of {', '.join(PLANNED)}; `salesim {command}` makes no plan before")
    from salesim.config.config_files import check_folder, configs_folder

    if own:
        check_folder(own, (*GROUPS, *SETTLED))
    return Request(command, tuple(words), (*([own.resolve()] if own else []), configs_folder()), line, dry_run)


def without_folder(words: Sequence[str]) -> tuple[list[str], Path | None]:
    """The words without `--config-dir`, and its folder. Raises InputError for any other option."""
    rest, own = [], None
    waiting = iter(words)
    for word in waiting:
        option, _, value = word.partition("=")
        if option == "--config-dir":
            folder = value or next(waiting, "")
            if not folder:
                raise InputError("--config-dir needs a folder behind it")
            own = Path(folder)
        elif word.startswith("-") and word != DRY_RUN:
            nearest = meant(option, ("--config-dir", DRY_RUN, "--version", "--help"))
            raise InputError(f"{option} is not an option; {nearest}")
        else:
            rest.append(word)
    return rest, own
