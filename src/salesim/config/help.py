"""The pages of `salesim --help` and `salesim COMMAND --help`, made from the table of commands and the typed options."""

import json
import shutil
import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

from salesim.config.commands import COMMANDS, LINKED, SEVERAL, Command
from salesim.config.errors import InputError, meant
from salesim.config.options import Option
from salesim.config.request import OWN_GROUP

NARROW, WIDE = 60, 100  # least and largest width of a page, in columns
COLUMN = 30  # in which the meanings begin
LONGEST_LIST = 60  # characters of a default
CHANGES = (
    ("market.commoditization.pressure_per_week=0.002", "One number."),
    ("'rivals.strategies=[diagnostic,pitch]'", "A list, in quotes for the shell."),
    ("strategy=diagnostic", "Another file of a group: market, strategy, channel, licence, study, …"),
    ("seeds=10", "Short for study.seeds=10; each command's page lists its short names."),
    ("strategy=mine --config-dir my/folder", "Adds your own strategy, my/folder/strategy/mine.yaml, as an arm."),
    ("'+experiment.arms.mild=[\"strategy.systems.promise_inflation=0.2\"]'", "Adds an arm that is defined by settings."),
)
EXAMPLES = (
    ("salesim", "Three strategies, compared."),
    ("salesim run experiment=margin_spiral", "Another experiment."),
    ("salesim compare budget=2min", "A verdict within two minutes."),
    ("salesim sweep weeks=260,520", "The arms at two points of the settings."),
    ("salesim explain arm=diagnostic", "Why an arm differs from the baseline."),
)
DRY_RUN = ("--dry-run", "Check everything, print the number of runs and the estimated time, then stop.")
OPTIONS = (
    (
        "--config-dir DIR",
        "Your own folder of settings, with subfolders such as strategy/, market/ and experiment/. A file measures.py in it "
        "is run as Python code, and adds your own measures.",
    ),
    ("--help, --version", "Print help, for a command or in general; print the version."),
)


def page_of(words: Sequence[str]) -> str:
    """The page of the first command among the words, else the general one. Raises InputError for help on an unknown command."""
    if words[:1] == ["help"] and words[1:] and words[1] not in COMMANDS and not words[1].startswith("-"):
        raise InputError(f"{words[1]} is not a command; {meant(words[1], COMMANDS)} (`salesim --help` says more)")
    command = next((word for word in words if word in COMMANDS), "")
    width = max(NARROW, min(WIDE, shutil.get_terminal_size((WIDE, 24)).columns))
    return "\n".join(lines_of(command, COMMANDS[command], width) if command else general(width)) + "\n"


def general(width: int) -> Iterator[str]:
    """The lines of the general page."""
    yield "salesim: how should we sell as our product turns into a commodity?"
    yield ""
    yield from wrapped(
        "Simulates a market and compares ways of selling in it. Without a command, `salesim` compares three strategies.", width
    )
    yield from table("Commands", [(name, command.summary) for name, command in COMMANDS.items()], width, 14)
    yield "  `salesim COMMAND --help` describes a command, with its options and examples."
    yield from table("Examples", EXAMPLES, width, 40)
    yield from table("Change any setting with KEY=VALUE, as many as you like", CHANGES, width)
    yield from table("Options", (DRY_RUN, *OPTIONS), width)
    yield ""
    yield from wrapped("To resume an interrupted command, run it again.", width)


def lines_of(name: str, command: Command, width: int) -> Iterator[str]:
    """The lines of a command's page."""
    yield from wrapped(f"salesim {name}: {command.purpose[0].lower()}{command.purpose[1:]}", width)
    yield ""
    yield f"Usage: {command.usage}{' [--dry-run]' * command.makes_runs}"
    if command.several:
        several = (*SEVERAL, *LINKED) if name == "sweep" else SEVERAL
        yield from table("Several values; use quotes wherever there are brackets or blanks", several, width)
    if command.options:
        defaults, meanings = defaults_of(command.options), meanings_of(command.options)
        rows = [(f"{each.word}{defaults[each.key]}", f"{meanings[each.key]} {each.allowed}") for each in command.options]
        yield from table("Options and defaults", rows, width)
    if command.makes_runs or name == "show":
        yield from table("", [("KEY=VALUE", "Any other setting; `salesim show` prints them all.")], width)
    yield from table("General options", (*[DRY_RUN] * command.makes_runs, *OPTIONS), width)
    yield ""
    yield "Examples"
    yield from (f"  {example}" for example in command.examples)
    yield ""
    yield from wrapped(f"Writes {command.writes}", width)


def defaults_of(options: Sequence[Option]) -> dict[str, str]:
    """The default of each option by key, as in `=40`; for a group of numbers its first, as in `.gross_margin=0.01`."""
    from salesim.config.config_files import base_mapping, configs_folder, picked
    from salesim.config.dotted_keys import dotted

    filed = dict(dotted(base_mapping(*OWN_GROUP))) | {"experiment": picked(configs_folder(), "experiment")}
    return {each.key: shown(filed[each.key] if each.default is None else each.default) for each in options}


def meanings_of(options: Sequence[Option]) -> dict[str, str]:
    """The meaning of each option by key, as a sentence: its own, else that of the comment in the file that contains it."""
    from salesim.config.config_files import configs_folder, file_of
    from salesim.config.notes import notes_in

    folders, meanings = (configs_folder(),), {}
    for option in options:
        group, _, inner = option.key.partition(".")
        filed = "" if option.meaning else notes_in(file_of(group, "standard", folders))[inner].meaning
        meanings[option.key] = option.meaning or f"{filed[0].upper()}{filed[1:]}."
    return meanings


def shown(value: Any) -> str:
    """A default as it is typed; of a long list the first part alone."""
    if isinstance(value, dict):
        return "." + "=".join(map(str, next(iter(value.items()))))
    if isinstance(value, list):
        whole = ",".join(map(str, value))
        return f"=[{whole if len(whole) <= LONGEST_LIST else f'{value[0]},…'}]"
    return f"={json.dumps(value) if value is None or isinstance(value, bool) else value}"


def table(title: str, rows: Sequence[tuple[str, str]], width: int, column: int = COLUMN) -> Iterator[str]:
    """A heading, and words with their meaning beside them or, if a word is long, below."""
    if title:
        yield ""
        yield title
    for word, text in rows:
        lines = wrapped(text, width - column)
        if len(word) + 4 > column:
            yield f"  {word}"
        else:
            yield f"  {word:<{column - 2}}{next(lines)}"
        yield from (f"{'':<{column}}{line}" for line in lines)


def wrapped(text: str, width: int) -> Iterator[str]:
    """A text in lines of at most `width` columns."""
    return iter(textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False))
