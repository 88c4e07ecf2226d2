"""Words of the command line by Hydra's grammar: settings, and axes of a sweep."""

import re
import shlex
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import ChoiceSweep, Glob, IntervalSweep, Override, QuotedString, RangeSweep
from hydra.errors import HydraException

from salesim.config.axes import Axis, values_in
from salesim.config.config_files import choices, file_of
from salesim.config.errors import InputError
from salesim.config.request import GROUPS

SHORT = ("seeds", "first_seed", "workers", "confidence", "records", "folder", "name", "design", "points", "design_seed")
SHORTER = {"executor": "study.executor.kind", "executor.address": "study.executor.address"}
ARMS = "experiment.arms."
SHARED = ("study", "compare", "contest", "experiment")  # by all runs
DECLARED = (
    "measures",
    "equivalence_margins",
    "interim_analyses",
    "confirmation_seeds",
    "budget",
)  # short for compare.measures …


def parsed(words: Sequence[str], folders: Sequence[Path]) -> list[Override]:
    """Overrides by Hydra's grammar, short names made long, choices looked up. Raises InputError."""
    parser = OverridesParser.create()
    found = []
    for given in words:
        word = made_long(given)
        try:
            override = parser.parse_override(word)
        except HydraException as error:
            raise InputError(f"{given!r} cannot be read; {readable(given, words, parser)}") from error
        key = override.key_or_group
        if not key:
            raise InputError(f"{given!r} has no key; write key=value, as study.seeds=10")
        if key == "hydra" or key.startswith(("hydra.", "hydra/")) or override.package is not None:
            raise InputError(f"{given!r} is about Hydra itself, which has no settings here; `salesim show` lists what there is")
        if override.is_sweep_override():
            raise InputError(f"{given!r} gives several values where one is needed; {played_each(given, words, folders)}")
        if key in GROUPS and not override.is_delete():
            value = override.value()
            if not isinstance(value, str | int | float):
                raise InputError(f"{key} is {value!r}; it has to be the name of a file in {key}/")
            if "*" in str(value):
                raise InputError(f"{given!r} is a pattern; `salesim sweep '{key}=glob({value})'` plays all that fit it")
            file_of(key, str(value), folders)
            override = parser.parse_override(f"{key}={word.partition('=')[2]}")
        found.append(override)
    return found


def readable(given: str, words: Sequence[str], parser: OverridesParser) -> str:
    """How one of the words, which Hydra's grammar cannot read, is written, ready to be pasted into a shell."""
    key, equals, value = given.partition("=")
    if value and (whole := with_the_next(given, words, parser)):
        return f"a blank ends a word: put quotes around all of it, as {shlex.quote(whole)}, or leave the blank out"
    if key in GROUPS and not equals:
        return f"write {key}=NAME; `salesim list` has the names"
    if "=" in value and not set(value) & set("'\""):
        parts = [part.strip() for part in value.strip("[] ").split(",")]
        quoted = ",".join(f'"{part}"' if "=" in part else part for part in parts)
        in_list = value.startswith("[") or key.lstrip("+").startswith(ARMS)
        word = f"{key}=[{quoted}]" if in_list else f"{key}={quoted}"
        with suppress(HydraException):
            parser.parse_override(word)
            return f"what has a = inside needs quotes of its own: {shlex.quote(word)}"
    if re.fullmatch(r"\w+\(.*", value):
        return "write interval(low,high), range(first,end,step), glob(pattern) or tag(log,interval(low,high)), numbers inside"
    return "write key=value, and lists as 'rivals.strategies=[pitch,diagnostic]'"


def with_the_next(given: str, words: Sequence[str], parser: OverridesParser) -> str:
    """A word with those behind it that belong to it, as a blank in a list parts them; empty if none makes it readable."""
    whole = given
    for word in words[words.index(given) + 1 :]:
        if "=" in word and not whole.count("[") > whole.count("]"):
            break
        whole = f"{whole} {word}"
        with suppress(HydraException):
            parser.parse_override(made_long(whole))
            return whole
    return ""


def played_each(given: str, words: Sequence[str], folders: Sequence[Path]) -> str:
    """What to do with several values of one setting: a command that plays each, or a list if that was meant."""
    key, _, values = given.partition("=")
    as_list = f"one list is written {shlex.quote(f'{key}=[{values}]')}"
    root = made_long(given).partition("=")[0].split(".")[0]
    if root in SHARED:
        return as_list if root == "compare" else "all runs share it: give one, or the whole command once for each"
    own = [f"--config-dir={folder}" for folder in folders[:-1]]
    sweep = f"to play each: {shlex.join(['salesim', 'sweep', *words, *own])}"
    return sweep if key in GROUPS else f"{sweep} ({as_list})"


def axes_of(words: Sequence[str], folders: Sequence[Path]) -> tuple[list[Axis], list[str]]:
    """The words that give several values, as axes by Hydra's grammar, and the other words. Raises InputError."""
    parser = OverridesParser.create()
    axes, rest = [], []
    for given in words:
        try:
            override = parser.parse_override(made_long(given))
        except HydraException:
            rest.append(given)  # whatever is wrong with it is said with the plain words
            continue
        if override.is_sweep_override():
            axes.append(axis_of(override, given, folders))
        else:
            rest.append(made_long(given))
    return axes, rest


def axis_of(override: Override, given: str, folders: Sequence[Path]) -> Axis:
    """What one sweep of Hydra's grammar varies. Raises InputError for what has no fixed order or size."""
    key, text = override.key_or_group, given.partition("=")[2]
    asked: Any = override.value()
    tags: set[str] = getattr(asked, "tags", set())
    if is_special(override) or override.package is not None:
        raise InputError(f"{given!r} adds or deletes a setting; a sweep varies those that are there: write {key}={text}")
    if getattr(asked, "shuffle", False):
        raise InputError(f"{given!r} asks for a random order; points of a sweep have a fixed one: leave shuffle out")
    if tags and not (tags == {"log"} and isinstance(asked, IntervalSweep)):
        raise InputError(f"{given!r} has the tag {', '.join(sorted(tags))}; only tag(log, interval(low,high)) means something")
    if isinstance(asked, IntervalSweep):
        ends: tuple[Any, Any] = (asked.start, asked.end)  # whole numbers after int(interval(…))
        whole = all(isinstance(end, int) for end in ends)
        return Axis(key, text, (), float(ends[0]), float(ends[1]), whole, "log" in tags)
    values: list[Any] = []
    if isinstance(asked, Glob):
        names = sorted(choices(key, folders))
        values = asked.filter(names)
        if not values:
            raise InputError(f"{given!r} fits none of {', '.join(names) or 'the settings, which have no names'}")
    elif isinstance(asked, RangeSweep):
        values = values_in(asked.range, key, text)
    elif isinstance(asked, ChoiceSweep):
        values = list(override.sweep_iterator(plain_value))
    if any(isinstance(value, IntervalSweep | RangeSweep | ChoiceSweep) for value in values):
        raise InputError(f"{given!r} puts a range among values; write either a range or values")
    for value in values if key in GROUPS else ():
        file_of(key, str(value), folders)
    return Axis(key, text, tuple(values))


def plain_value(value: Any) -> Any:
    """A value of Hydra's grammar without its quotes."""
    if isinstance(value, list):
        return [plain_value(part) for part in value]
    if isinstance(value, dict):
        return {str(plain_value(key)): plain_value(part) for key, part in value.items()}
    return value.text if isinstance(value, QuotedString) else value


def made_long(word: str) -> str:
    """`seeds=10` is study.seeds=10, and experiment=null leaves the experiment out."""
    key, equals, value = word.partition("=")
    if key in SHORT:
        return f"study.{word}"
    if key in SHORTER:
        return f"{SHORTER[key]}={value}"
    if key.split(".")[0] in DECLARED:
        return f"compare.{word}"
    if equals and key == "experiment" and value in ("null", ""):
        return "~experiment"
    return word


def is_special(override: Override) -> bool:
    """Whether an override adds or deletes a key."""
    return override.is_add() or override.is_force_add() or override.is_delete()
