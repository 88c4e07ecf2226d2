"""The words of `salesim evidence`: which kinds and ids are asked for, and the settings of the market."""

from collections.abc import Sequence
from typing import NamedTuple

from salesim.config.compose_study import key_of
from salesim.config.errors import InputError, meant
from salesim.config.options import EvidenceOptions

KINDS = ("facts", "claims", "limits")
FIXED = ("experiment", "strategy", "contest")  # what the arms of the entries say
ALL = "all"
SEEDS = ("seeds", "study.seeds")


class Wanted(NamedTuple):
    """Kinds of entries, and ids among them; no ids are all."""

    kinds: tuple[str, ...]
    ids: tuple[str, ...]


def wanted(typed: Sequence[str]) -> tuple[Wanted, list[str], list[str]]:
    """What is asked for, the settings, and what they are composed with: seeds, and that everyone pitches. Raises InputError.

    >>> wanted(["facts", "seeds=2"])[0]
    Wanted(kinds=('facts',), ids=())
    """
    kinds, ids, rest = list[str](), list[str](), list[str]()
    for word in typed:
        key, equals, value = word.partition("=")
        values = [part.strip(" '\"") for part in value.strip("[] ").split(",")]
        if not equals and word[:1] not in ("+", "~"):
            (kinds if word in (*KINDS, ALL) else ids).append(word)
        elif key == "kind":
            kinds += values
        elif key == "ids":
            ids += values
        else:
            rest.append(word)
    for kind in kinds:
        if kind not in (*KINDS, ALL):
            raise InputError(f"kind is {kind!r}; {meant(kind, (*KINDS, ALL))}")
    check_rest(rest)
    seeds = [word.partition("=")[2] for word in rest if key_of(word) in SEEDS] or [str(EvidenceOptions.seeds)]
    if len(seeds) > 1:
        raise InputError(f"seeds is given twice ({seeds[0]} and {seeds[1]})")
    kinds = kinds or [EvidenceOptions.kind]
    chosen = tuple(kind for kind in KINDS if kind in kinds or ALL in kinds)
    settings = [word for word in rest if key_of(word) not in SEEDS]
    added = [f"study.seeds={seeds[0]}", "study.records=0", "experiment=null", "contest=everyone"]
    return Wanted(chosen, tuple(name for name in ids if name != ALL)), settings, added


def check_rest(words: Sequence[str]) -> None:
    """Refuse settings that the entries themselves make, and misspelt options. Raises InputError."""
    for word in words:
        key = key_of(word)
        if key in FIXED:
            raise InputError(
                f"{word} cannot be set here: in the evidence everyone pitches, but where an arm of configs/evidence says "
                "otherwise; any setting inside, as strategy.systems.coaching=0.5, can be"
            )
        nearest = meant(key, ("kind", "ids"))
        if "." not in key and nearest.startswith("did you mean"):
            raise InputError(f"{key} is neither an option nor a parameter; {nearest}")
