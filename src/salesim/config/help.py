"""The pages of `salesim --help` and `salesim COMMAND --help`, made from the table of commands and the typed options."""

import shutil
import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

from salesim.config.commands import COMMANDS, SEVERAL, Command
from salesim.config.errors import InputError, meant
from salesim.config.options import Option

NARROW, WIDE = 60, 100  # columns of a page, within those of the terminal
COLUMN = 30  # where the meaning of a word begins
CHANGES = (
    ("market.commoditization.pressure_per_week=0.002", "One number."),
    ("'rivals.strategies=[diagnostic,pitch]'", "A list, in quotes for the shell."),
    ("strategy=diagnostic", "Another file: market, strategy, channel, licence, study, experiment, …"),
    ("seeds=10", "Short for study.seeds=10; the pages of the commands have all that can be written short."),
    ("strategy=mine --config-dir my/folder", "Your own strategy in my/folder/strategy/mine.yaml, which is one arm more."),
    ("'+experiment.arms.mild=[\"strategy.systems.promise_inflation=0.2\"]'", "One arm more, made of settings."),
)
EXAMPLES = (
    ("salesim", "Three strategies, compared."),
    ("salesim run experiment=margin_spiral", "Another experiment."),
    ("salesim compare budget=2min", "A verdict within two minutes."),
    ("salesim sweep weeks=260,520", "The arms at two points of the settings."),
    ("salesim explain arm=diagnostic", "Why an arm differs from the baseline."),
)
DRY_RUN = ("--dry-run", "Check everything, and say how many runs there are and how long they take, without a single run.")
OPTIONS = (
    ("--config-dir DIR", "A folder of your own with strategy/, channel/, licence/, market/, experiment/, study/, … inside."),
    ("--help, --version", "This page, or that of a command; the version."),
)


def page_of(words: Sequence[str]) -> str:
    """The page of the first command among the words, else the general one. Raises InputError for `help` of no command."""
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
        "An artificial market in which ways of selling are compared. `salesim` alone compares three strategies.", width
    )
    yield from table("Commands", [(name, command.summary) for name, command in COMMANDS.items()], width, 14)
    yield "  `salesim COMMAND --help` describes one, with its options and examples."
    yield from table("For example", EXAMPLES, width, 40)
    yield from table("Every setting can be changed by its name, key=value, as often as you like", CHANGES, width)
    yield from table("Options", (DRY_RUN, *OPTIONS), width)
    yield ""
    yield from wrapped("If a command was stopped, give it again: it goes on where it was.", width)


def lines_of(name: str, command: Command, width: int) -> Iterator[str]:
    """The lines of a command's page."""
    yield from wrapped(f"salesim {name}: {command.purpose[0].lower()}{command.purpose[1:]}", width)
    yield ""
    yield f"Usage: {command.usage}{' [--dry-run]' * command.makes_runs}"
    if command.several:
        yield from table("Several values; put them in quotes where there are brackets or blanks", SEVERAL, width)
    if command.options:
        defaults = defaults_of(command.options)
        rows = [
            (f"{option.word}{defaults[option.key]}", f"{option.doc.text} {option.allowed}".strip())
            for option in command.options
        ]
        yield from table("Options, with the values they have if you do not give them", rows, width)
    if command.makes_runs or name == "show":
        yield from table("", [("KEY=VALUE", "Any other setting; `salesim show` prints them all.")], width)
    yield from table("Options that begin with two dashes", (*[DRY_RUN] * command.makes_runs, *OPTIONS), width)
    yield ""
    yield "Examples"
    yield from (f"  {example}" for example in command.examples)
    yield ""
    yield from wrapped(f"It leaves {command.leaves}", width)


def defaults_of(options: Sequence[Option]) -> dict[str, str]:
    """By key, what stands behind the word of an option: `=40`, or for a group of numbers its first, `.gross_margin=0.01`."""
    from salesim.config.config_files import configs_folder, picked, read_yaml

    folder = configs_folder()
    files: dict[str, Any] = {"": read_yaml(folder / "config.yaml") | {"experiment": picked(folder, "experiment")}}
    defaults = {}
    for option in options:
        group, _, inner = option.key.partition(".") if "." in option.key else ("", "", option.key)
        if group not in files:
            files[group] = read_yaml(folder / group / f"{picked(folder, group) or 'standard'}.yaml")
        value: Any = files[group] if option.default is None else {inner: option.default}
        for part in inner.split("."):
            value = value[part]
        defaults[option.key] = shown(value)
    return defaults


def shown(value: Any) -> str:
    """A default as it is typed."""
    if isinstance(value, dict):
        return "." + "=".join(map(str, next(iter(value.items()))))
    text = "null" if value is None else f"[{','.join(map(str, value))}]" if isinstance(value, list) else str(value)
    return f"={text}"


def table(title: str, rows: Sequence[tuple[str, str]], width: int, column: int = COLUMN) -> Iterator[str]:
    """A heading, and words with what they mean beside or, where a word is long, below."""
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
    """A text in lines of at most so many columns."""
    return iter(textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False))
