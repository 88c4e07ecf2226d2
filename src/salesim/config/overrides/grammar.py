"""Words of the command line: names and paths are text; numbers, lists and axes of a sweep are read by Hydra's grammar."""

import re
import shlex
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from types import NoneType
from typing import Any, NamedTuple

from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import ChoiceSweep, Glob, IntervalSweep, Override, QuotedString, RangeSweep
from hydra.errors import HydraException

from salesim.config.axes import Axis, related, shown, values_in
from salesim.config.commands import COMMANDS, SHARED
from salesim.config.compose_study import MAY_DIFFER, check_twice, key_of
from salesim.config.config_files import GROUPS as FILES
from salesim.config.config_files import base_mapping, check_keys_once, choices, file_of
from salesim.config.dotted_keys import dotted
from salesim.config.errors import InputError
from salesim.config.options import SCHEMAS, short_words
from salesim.config.request import GROUPS, OWN_GROUP, TOP_KEYS, groups_of
from salesim.config.user_files import KINDS
from salesim.config.validation import kinds_at

ARMS = "experiment.arms."
OF_MEASURES = ("equivalence_margins",)  # options with a number for each measure
OF_ALL_RUNS = ("study", "experiment", "contest")  # settings that runs share
NAMES = (*GROUPS, *OWN_GROUP, "rivals.channel", "rivals.licence")  # settings that name a file


class Change(NamedTuple):
    """What a word changes: `sign` is + or ++ where the key may be new, ~ where the setting is left out, else empty."""

    sign: str
    key: str
    value: Any
    word: str


class Grammar:
    """Reads the words of one command; what can be written short depends on the command."""

    def __init__(self, folders: Sequence[Path], command: str) -> None:
        self.folders, self.command = folders, command
        self.short = short_words(command)
        self.groups = groups_of(command)
        self.parser = OverridesParser.create()
        self.typed: dict[str, str] = {}  # how a word with a whole key was typed

    def long(self, word: str) -> str:
        """A word with its whole key: `seeds=10` is study.seeds=10."""
        key, equals, value = word.partition("=")
        bare = key.lstrip("+~")
        sign = key.removesuffix(bare)
        if self.command in OWN_GROUP and bare.removeprefix("study.") in self.short:
            bare = bare.removeprefix("study.")
        first, dot, inner = bare.partition(".")
        whole = self.short.get(bare) or (f"{self.short[first]}.{inner}" if dot and first in OF_MEASURES else bare)
        if whole in GROUPS:  # the name of a file is that of an arm too
            value = unquoted(whole, value.strip()) or value
        return f"{sign}{whole}{equals}{value}"

    def words(self, typed: Sequence[str]) -> list[str]:
        """What was typed, with whole keys. Raises InputError for one that is given twice, or is no word of this command."""
        whole = [self.long(word) for word in typed]
        self.typed |= dict(zip(whole, typed, strict=True))
        for word, each in zip(typed, whole, strict=True):
            self.check_word(word, key_of(each))
        check_twice(whole, self.groups)
        return whole

    def check_word(self, word: str, key: str) -> None:
        """Refuse a word of another command, or one that looks like a misspelt one. Raises InputError."""
        root = key.split(".")[0]
        theirs = [name for name, command in COMMANDS.items() if any(option.is_meant_by(key) for option in command.options)]
        theirs = theirs or [root] * (root in SCHEMAS and root != "study")
        counts_itself = self.command == "compare" and key == "study.seeds"  # says better why it takes no seeds
        if theirs and self.command not in (*theirs, "show") and not counts_itself:
            own = ", ".join(option.word for option in COMMANDS[self.command].options if option not in SHARED)
            others = " and ".join(f"`salesim {name}`" for name in theirs)
            raise InputError(f"{word} is for {others}; options of `salesim {self.command}` are {own}")
        if self.command != "sweep" and re.search(r" (with|if) [\w.]+(=|$)", word) and root in (*MAY_DIFFER, "weeks"):
            raise InputError(f"{word!r} links two settings with `with` or `if`; only `salesim sweep` does that")
        if "=" in word and "." not in key and key not in (*self.groups, *TOP_KEYS):
            close = get_close_matches(key.lower(), [*self.short, *self.groups, *TOP_KEYS], n=1, cutoff=0.6)
            if close and not any(known.endswith(f".{key}") for known, _ in dotted(base_mapping())):
                raise InputError(f"{key} is neither an option nor a parameter; did you mean {close[0]}?")

    def change(self, word: str, words: Sequence[str]) -> Change:
        """What one of the words with whole keys changes. Raises InputError, which quotes it as typed."""
        given = self.typed.get(word, word)
        all_given = [self.typed.get(each, each) for each in words]
        key, text = key_of(word), word.partition("=")[2].strip()
        sign = word[: len(word) - len(word.lstrip("+~"))]
        if "=" in word and not key:
            raise InputError(f"{given!r} has no key; write key=value, as study.seeds=10")
        if "${" in text:
            raise InputError(f"{given!r} refers to another setting or to the environment; write the value itself")
        if sign == "~" and ("." not in key or "=" in word):
            raise InputError(f"{given!r} cannot be left out; write ~KEY for a part of a group, or experiment=null")
        named = takes(str, key) and "=" in word
        override = None if is_plain_text(key) and "=" in word else self.parsed(word)
        if override and override.is_sweep_override():
            raise InputError(f"{given!r} gives several values where one is needed; {self.played_each(given, all_given)}")
        if named:
            value = self.name_of_file(key, text) if key in self.groups else unquoted(key, text)
            return Change(sign, key, value, word)
        if not override:
            raise InputError(f"{given!r} cannot be read; {self.readable(given, all_given)}")
        check_inside(given, text, override.value())
        return Change(sign, key, override.value(), word)

    def parsed(self, word: str) -> Override | None:
        """A word as Hydra's grammar reads it; None if it cannot."""
        with suppress(HydraException, ValueError, RecursionError):  # a number of over 4,300 digits, hundreds of brackets
            return self.parser.parse_override(word)
        return None

    def name_of_file(self, key: str, text: str) -> str | None:
        """The file that a group's word names; None leaves an experiment out. Raises InputError."""
        name = unquoted(key, text)
        if name is None and key == "experiment":
            return None
        if not name or name[0] in "[{":
            null = ", or null for your settings as the only arm" if key == "experiment" else ""
            raise InputError(f"{key} is {text or 'empty'}; it has to be the name of a file in {key}/{null}")
        if "*" in name:
            each = f"sweep '{key}=glob({name})'` runs all that fit it" if key in FILES else "list` has the names"
            raise InputError(f"{key}={text} is a pattern; `salesim {each}")
        file_of(key, name, self.folders)
        return name

    def readable(self, given: str, words: Sequence[str]) -> str:
        """How one of the words, which Hydra's grammar cannot read, is written, ready to be pasted into a shell."""
        key, equals, value = given.partition("=")
        if value and (whole := self.with_the_next(given, words)):
            return f"a blank ends a word: put quotes around all of it, as {shlex.quote(whole)}, or leave the blank out"
        if key in GROUPS and not equals:
            return f"write {key}=NAME; `salesim list` has the names"
        in_list = value.startswith("[") or key.lstrip("+").startswith(ARMS)
        if "=" in value and in_list and not set(value) & set("'\"{"):
            parts = [part.strip() for part in value.strip("[] ").split(",")]
            quoted = ",".join(f'"{part}"' if "=" in part else part for part in parts)
            word = f"{key}=[{quoted}]"
            if self.parsed(word):
                return f"what has a = inside needs quotes of its own: {shlex.quote(word)}"
        if re.fullmatch(r"\w+\(.*", value):
            return (
                "write interval(low,high), range(first,end,step), glob(pattern) or tag(log,interval(low,high)), numbers inside"
            )
        return "write key=value, and lists as 'rivals.strategies=[pitch,diagnostic]'"

    def with_the_next(self, given: str, words: Sequence[str]) -> str:
        """A word with those behind it that belong to it, as a blank in a list parts them; empty if none makes it readable."""
        whole = given
        for word in words[words.index(given) + 1 :]:
            if "=" in word and not whole.count("[") > whole.count("]"):
                break
            whole = f"{whole} {word}"
            if self.parsed(self.long(whole)):
                return whole
        return ""

    def played_each(self, given: str, words: Sequence[str]) -> str:
        """What to do with several values of one setting: a command that runs each, or a list if that was meant."""
        key, _, values = given.partition("=")
        as_list = f"one list is written {shlex.quote(f'{key}=[{values}]')}"
        whole = key_of(self.long(given))
        is_list = isinstance(dict(dotted(base_mapping())).get(whole), list)
        if is_list and "(" in values:
            return f"write them one by one, as {key}=[a,b,c]"
        if given not in self.typed.values():
            return "an arm has one value of each setting: write one arm for each"
        if whole.split(".")[0] in OF_ALL_RUNS:
            return "all runs share it: give one, or the whole command once for each"
        if whole.split(".")[0] in ("compare", *OWN_GROUP):
            return as_list if is_list else "give one"
        own = [f"--config-dir={folder}" for folder in self.folders[:-1]]
        sweep = f"to run each: {shlex.join(['salesim', 'sweep', *words, *own])}"
        return f"{sweep} ({as_list})" if is_list else sweep

    def axes(self, words: Sequence[str]) -> tuple[list[Axis], list[str]]:
        """The words that give several values, as axes, and the other words. Raises InputError."""
        axes, rest = [], []
        for word in words:  # whatever is wrong with a word is said with the plain words
            given = self.typed.get(word, word)
            varied = key_of(word).split(".")[0] in (*MAY_DIFFER, "weeks", "with", "if")
            plain, links = related(word) if varied and self.command == "sweep" else (word, {})
            override = None if is_plain_text(key_of(word)) else self.parsed(plain)
            if override and (links or override.is_sweep_override()):
                axis = axis_of(override, plain if links else given, self.folders)
                axes.append(replace(axis, text=given.partition("=")[2], **links))
            else:
                rest.append(word)
        return axes, rest


def axis_of(override: Override, given: str, folders: Sequence[Path]) -> Axis:
    """What one sweep of Hydra's grammar varies. Raises InputError for what has no fixed order or size."""
    key, text = override.key_or_group, given.partition("=")[2]
    swept: Any = override.value()
    tags: set[str] = getattr(swept, "tags", set())
    if override.is_add() or override.is_force_add() or override.is_delete():
        raise InputError(f"{given!r} adds or deletes a setting; a sweep varies those that are there: write {key}={text}")
    if getattr(swept, "shuffle", False):
        raise InputError(f"{given!r} asks for a random order; points of a sweep have a fixed one: leave shuffle out")
    if tags and not (tags == {"log"} and isinstance(swept, IntervalSweep)):
        raise InputError(f"{given!r} has the tag {', '.join(sorted(tags))}; only tag(log, interval(low,high)) means something")
    if isinstance(swept, IntervalSweep):
        ends: tuple[Any, Any] = (swept.start, swept.end)  # whole numbers after int(interval(…))
        whole = all(isinstance(end, int) for end in ends)
        return Axis(key, text, (), float(ends[0]), float(ends[1]), whole, "log" in tags)
    values = values_of(override, given, folders)
    if any(isinstance(value, IntervalSweep | RangeSweep | ChoiceSweep) for value in values):
        raise InputError(f"{given!r} puts a range among values; write either a range or values")
    for value in values if key in GROUPS else ():
        file_of(key, shown(value), folders)
    return Axis(key, text, tuple(values))


def values_of(override: Override, given: str, folders: Sequence[Path]) -> list[Any]:
    """The values of a pattern, a range, or a list of choices. Raises InputError for a pattern that fits nothing."""
    swept: Any = override.value()
    if isinstance(swept, Glob):
        names = sorted(choices(override.key_or_group, folders))
        values = swept.filter(names)
        if not values:
            raise InputError(f"{given!r} fits none of {', '.join(names) or 'the settings, which have no names'}")
        return list(values)
    text = given.partition("=")[2]
    if isinstance(swept, RangeSweep):
        return values_in(swept.range, override.key_or_group, text)
    if takes(str, override.key_or_group) and not set(text) & set("()[]{}"):
        return [unquoted(override.key_or_group, name.strip()) for name in text.split(",")]
    return list(override.sweep_iterator(plain_value)) if isinstance(swept, ChoiceSweep) else [plain_value(swept)]


def check_inside(given: str, text: str, value: Any) -> None:
    """Refuse what a list or group cannot hold: a range, or a key twice. Raises InputError."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for part in inner:
        if isinstance(part, IntervalSweep | RangeSweep | ChoiceSweep | Glob):
            raise InputError(f"{given!r} has a range inside; write its values one by one")
        check_inside(given, text, part)
    if isinstance(value, dict | list) and "{" in text:
        check_keys_once(given, text)


def plain_value(value: Any) -> Any:
    """A value of Hydra's grammar without its quotes."""
    if isinstance(value, list):
        return [plain_value(part) for part in value]
    if isinstance(value, dict):
        return {str(plain_value(key)): plain_value(part) for key, part in value.items()}
    return value.text if isinstance(value, QuotedString) else value


def takes(kind: Any, key: str) -> bool:
    """Whether the value of a setting can be of a kind; text is any name or path, which no grammar may change."""
    group, *path = key.split(".")
    return kind is str if key in NAMES else group in KINDS and kind in kinds_at(KINDS[group], path)


def is_plain_text(key: str) -> bool:
    """Whether a setting is a text that cannot vary between runs, so that a comma or bracket means itself."""
    return takes(str, key) and key.split(".")[0] not in MAY_DIFFER


def unquoted(key: str, text: str) -> str | None:
    """A text without the quotes around it; None for a null where there can be none."""
    if text == "null" and (key in GROUPS or takes(NoneType, key)):
        return None
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"" else text
