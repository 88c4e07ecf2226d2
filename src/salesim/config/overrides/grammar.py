"""Words of the command line by Hydra's grammar: settings, and axes of a sweep."""

import re
import shlex
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import ChoiceSweep, Glob, IntervalSweep, Override, QuotedString, RangeSweep
from hydra.errors import HydraException

from salesim.config.axes import Axis, related, values_in
from salesim.config.compose_study import MAY_DIFFER, key_of
from salesim.config.config_files import choices, file_of
from salesim.config.errors import RENAMED, InputError
from salesim.config.options import SCHEMAS, short_words
from salesim.config.request import GROUPS, OWN_GROUP, TOP_KEYS, groups_of

ARMS = "experiment.arms."
OF_MEASURES = ("equivalence_margins",)  # options with a number for each measure
SHARED = ("study", "contest", "experiment")  # by all runs


class Grammar:
    """Reads the words of one command; what can be written short depends on the command."""

    def __init__(self, folders: Sequence[Path], command: str) -> None:
        self.folders, self.command = folders, command
        self.short = short_words(command)
        self.groups = groups_of(command)
        self.parser = OverridesParser.create()
        self.typed: dict[str, str] = {}  # how a word with a whole key was typed

    def long(self, word: str) -> str:
        """A word with its whole key: `seeds=10` is study.seeds=10, and experiment=null leaves the experiment out."""
        key, equals, value = word.partition("=")
        bare = key.lstrip("+~")
        if self.command in OWN_GROUP and bare.removeprefix("study.") in self.short:
            bare = bare.removeprefix("study.")
        first, dot, inner = bare.partition(".")
        whole = self.short.get(bare) or (f"{self.short[first]}.{inner}" if dot and first in OF_MEASURES else bare)
        if whole == "explore.tipping" and "=" in value and not set(value) & set("'\""):
            value = f'"{value}"'
        if equals and whole == "experiment" and value in ("null", ""):
            return "~experiment"
        return f"{key.removesuffix(key.lstrip('+~'))}{whole}{equals}{value}"

    def words(self, typed: Sequence[str]) -> list[str]:
        """What was typed, with whole keys. Raises InputError for one that is given twice, or is no word of this command."""
        whole = [self.long(word) for word in typed]
        self.typed |= dict(zip(whole, typed, strict=True))
        keys = [key_of(word) for word in whole]
        for word, key in zip(typed, keys, strict=True):
            self.check_word(word, key)
            same = [given for given, other in zip(whole, keys, strict=True) if other == key]
            if len(same) > 1:
                raise InputError(f"{key} is given twice ({' and '.join(same)}); give it once")
            inner = next((other for other in keys if other.startswith(f"{key}.") and key not in self.groups), "")
            if inner:
                raise InputError(f"{key} and {inner} are both given, and the one is a part of the other; give one of them")
        return whole

    def check_word(self, word: str, key: str) -> None:
        """Refuse a word of another command, or one that looks like a misspelt one. Raises InputError."""
        root = key.split(".")[0]
        if root in SCHEMAS and root not in ("study", self.command) and self.command != "show":
            reason = f"; `salesim {self.command}` runs study.seeds seeds and judges once" if self.command == "run" else ""
            own = ", ".join(word for word, whole in self.short.items() if whole.startswith(f"{self.command}."))
            instead = f"; options of `salesim {self.command}` are {own}" if own else reason
            raise InputError(f"{word} is for `salesim {root}`{instead}")
        if self.command != "sweep" and re.search(r" (with|if) [\w.]+(=|$)", word) and root in (*MAY_DIFFER, "weeks"):
            raise InputError(f"{word!r} links two settings with `with` or `if`; only `salesim sweep` does that")
        first, dot, inner = key.removeprefix(f"{self.command}.").partition(".")
        if RENAMED.get(first) in self.short:
            raise InputError(f"{key} is not an option; did you mean {RENAMED[first]}{dot}{inner}?")
        if "=" in word and "." not in key and key not in (*self.groups, *TOP_KEYS):
            close = get_close_matches(key, [*self.short, *self.groups, *TOP_KEYS], n=1, cutoff=0.6)
            if close:
                raise InputError(f"{key} is neither an option nor a parameter; did you mean {close[0]}?")

    def override(self, word: str, words: Sequence[str]) -> Override:
        """One of the words with whole keys as an override, its file looked up. Raises InputError, which quotes it as typed."""
        given, all_given = self.typed.get(word, word), [self.typed.get(each, each) for each in words]
        try:
            override = self.parser.parse_override(word)
        except HydraException as error:
            raise InputError(f"{given!r} cannot be read; {self.readable(given, all_given)}") from error
        key = override.key_or_group
        if not key:
            raise InputError(f"{given!r} has no key; write key=value, as study.seeds=10")
        if key == "hydra" or key.startswith(("hydra.", "hydra/")) or override.package is not None:
            raise InputError(f"{given!r} is about Hydra itself, which has no settings here; `salesim show` lists what there is")
        if override.is_sweep_override():
            raise InputError(f"{given!r} gives several values where one is needed; {self.played_each(given, all_given)}")
        if key in self.groups and not override.is_delete():
            value = override.value()
            if not isinstance(value, str | int | float):
                raise InputError(f"{key} is {value!r}; it has to be the name of a file in {key}/")
            if "*" in str(value):
                raise InputError(f"{given!r} is a pattern; `salesim sweep '{key}=glob({value})'` runs all that fit it")
            file_of(key, str(value), self.folders)
            override = self.parser.parse_override(f"{key}={word.partition('=')[2]}")
        return override

    def readable(self, given: str, words: Sequence[str]) -> str:
        """How one of the words, which Hydra's grammar cannot read, is written, ready to be pasted into a shell."""
        key, equals, value = given.partition("=")
        if value and (whole := self.with_the_next(given, words)):
            return f"a blank ends a word: put quotes around all of it, as {shlex.quote(whole)}, or leave the blank out"
        if key in GROUPS and not equals:
            return f"write {key}=NAME; `salesim list` has the names"
        if "=" in value and not set(value) & set("'\""):
            parts = [part.strip() for part in value.strip("[] ").split(",")]
            quoted = ",".join(f'"{part}"' if "=" in part else part for part in parts)
            in_list = value.startswith("[") or key.lstrip("+").startswith(ARMS)
            word = f"{key}=[{quoted}]" if in_list else f"{key}={quoted}"
            with suppress(HydraException):
                self.parser.parse_override(word)
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
            with suppress(HydraException):
                self.parser.parse_override(self.long(whole))
                return whole
        return ""

    def played_each(self, given: str, words: Sequence[str]) -> str:
        """What to do with several values of one setting: a command that runs each, or a list if that was meant."""
        key, _, values = given.partition("=")
        as_list = f"one list is written {shlex.quote(f'{key}=[{values}]')}"
        root = key_of(self.long(given)).split(".")[0]
        if root in SHARED:
            return "all runs share it: give one, or the whole command once for each"
        if root in ("compare", *OWN_GROUP):
            return as_list
        own = [f"--config-dir={folder}" for folder in self.folders[:-1]]
        sweep = f"to run each: {shlex.join(['salesim', 'sweep', *words, *own])}"
        return sweep if key in GROUPS else f"{sweep} ({as_list})"

    def axes(self, words: Sequence[str]) -> tuple[list[Axis], list[str]]:
        """The words that give several values, as axes, and the other words. Raises InputError."""
        axes, rest = [], []
        for word in words:
            override, given = None, self.typed.get(word, word)
            varied = key_of(word).split(".")[0] in (*MAY_DIFFER, "weeks", "with", "if")
            plain, links = related(word) if varied and self.command == "sweep" else (word, {})
            with suppress(HydraException):  # whatever is wrong with a word is said with the plain words
                override = self.parser.parse_override(plain)
            if override and (links or override.is_sweep_override()):
                axes.append(replace(axis_of(override, given, self.folders), text=given.partition("=")[2], **links))
            else:
                rest.append(word)
        return axes, rest


def axis_of(override: Override, given: str, folders: Sequence[Path]) -> Axis:
    """What one sweep of Hydra's grammar varies. Raises InputError for what has no fixed order or size."""
    key, text = override.key_or_group, given.partition("=")[2]
    swept: Any = override.value()
    tags: set[str] = getattr(swept, "tags", set())
    if is_special(override) or override.package is not None:
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
        file_of(key, str(value), folders)
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
    if isinstance(swept, RangeSweep):
        return values_in(swept.range, override.key_or_group, given.partition("=")[2])
    return list(override.sweep_iterator(plain_value)) if isinstance(swept, ChoiceSweep) else [plain_value(swept)]


def plain_value(value: Any) -> Any:
    """A value of Hydra's grammar without its quotes."""
    if isinstance(value, list):
        return [plain_value(part) for part in value]
    if isinstance(value, dict):
        return {str(plain_value(key)): plain_value(part) for key, part in value.items()}
    return value.text if isinstance(value, QuotedString) else value


def is_special(override: Override) -> bool:
    """Whether an override adds or deletes a key."""
    return override.is_add() or override.is_force_add() or override.is_delete()
