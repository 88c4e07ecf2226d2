"""What `salesim evidence` asks: entries of `configs/evidence/` and the scenarios of their arms, checked before any run."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from salesim.analyses.evidence.answers import Entry, answers, arms_of, measures_of
from salesim.analyses.records import record_of_study
from salesim.config.compose_study import key_of, study_of
from salesim.config.config_files import GROUPS, read_yaml
from salesim.config.dotted_keys import at_path, put
from salesim.config.errors import InputError, meant
from salesim.config.options import EvidenceOptions
from salesim.config.overrides.composer import Composer
from salesim.config.scenario import scenario_from
from salesim.config.study import Study
from salesim.model.parameters import Scenario
from salesim.report.text.amounts import listed
from salesim.runs.store import scenario_key
from salesim.runs.summary import EVIDENCE_MEASURES

Entries = dict[str, dict[str, Any]]  # of a kind, by id
SIDES = ("above", "below")
KINDS = ("facts", "claims", "limits")
FIXED = ("experiment", "strategy", "contest")  # what the arms of the entries say
ALL = "all"
SEEDS = ("seeds", "study.seeds")


class Wanted(NamedTuple):
    """Kinds of entries, and ids among them; no ids are all."""

    kinds: tuple[str, ...]
    ids: tuple[str, ...]


@dataclass(frozen=True)
class Asked:
    """One answer that is measured: the fact, the test of a claim, or its first test at a level of the setting that may turn it.

    `keys` are those of the scenarios of its arms; `place` counts the tests or the levels of a claim.
    """

    kind: str  # facts, tests or turns
    id: str
    place: int
    entry: Entry
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Evidence:
    """What is asked: `entries` by kind and id, the answers that are measured for them, and the scenarios by key."""

    study: Study
    entries: dict[str, Entries]
    requests: tuple[Asked, ...]
    scenarios: dict[str, Scenario]
    margins: Mapping[str, float]  # equivalence margins of measures

    @property
    def file(self) -> Path:
        """Where the record goes; the tables are beside it."""
        return self.study.own_folder / "evidence" / "evidence.json"

    def record(self) -> dict[str, Any]:
        """What is asked, as plain values."""
        counts = {kind: len(entries) for kind, entries in self.entries.items()}
        return record_of_study(self.study, self.study.arms) | {"seeds": list(self.study.all_seeds), "kinds": counts}


class Arms:
    """Makes the scenarios of arms: everyone pitches in the market of the command, but for the settings of the arm."""

    def __init__(self, composer: Composer, words: Sequence[str]) -> None:
        self.mapping, self.folders = composer(words).mapping, composer.folders[:-1]
        keys = [key_of(word) for word in words if "." in word.partition("=")[0]]
        self.own = {key: at_path(self.mapping, key) for key in keys if key.split(".")[0] in GROUPS}
        self.scenarios: dict[str, Scenario] = {}
        self.known: dict[str, str] = {}

    def key(self, arm: Mapping[str, Any]) -> str:
        """The key of an arm's scenario. Raises InputError for an arm that cannot be run."""
        if (written := repr(arm)) not in self.known:
            mapping = deepcopy(self.mapping)
            changes = self.own | {name: value for name, value in arm.items() if name != "contest"}
            for name in sorted(changes, key=lambda name: name.count(".")):
                put(mapping, name, deepcopy(changes[name]))
            scenario = scenario_from(mapping, arm.get("contest", "everyone"), self.folders)
            self.known[written] = scenario_key(scenario)
            self.scenarios[self.known[written]] = scenario
        return self.known[written]

    def asked(self, kind: str, name: str, entry: Entry, place: int = 0) -> Asked:
        """An answer with the scenarios of its arms. Raises InputError that names the entry."""
        try:
            check(entry)
            keys = tuple(map(self.key, arms_of(entry)))
            if entry.get("vendor", 0) >= min(len(self.scenarios[key].vendors) for key in keys):
                raise InputError("it is measured at a rival, and the market has none; name some in rivals.strategies")
        except InputError as error:
            raise InputError(f"{name} in configs/evidence: {error}") from error
        return Asked(kind, name, place, entry, keys)


def evidence_of(typed: Sequence[str], composer: Composer, line: str) -> Evidence:
    """The evidence that words ask for. Raises InputError for anything that could not be run."""
    asked_for, settings, added = wanted(typed)
    axes, words = composer.axes(composer.words(settings))
    for axis in axes:
        raise InputError(f"{axis.key}={axis.text} has several values; the evidence is about one market: give one value")
    words = [*words, *added]
    study = study_of(words, composer, line)
    market = composer(words).chosen["market"]
    entries = chosen(asked_for, composer.folders)
    name = study.resolved["study"]["name"] or market
    study = replace(study, name=name, question=question(entries, market))
    arms = Arms(composer, words)
    requests = [arms.asked("facts", name, fact) for name, fact in entries["facts"].items() if "how" in fact]
    for name, claim in entries["claims"].items():
        requests += [arms.asked("tests", name, test, place) for place, test in enumerate(claim.get("tests", ()))]
        requests += [arms.asked("turns", name, turn, place) for place, turn in enumerate(turns_of(claim))]
    margins = arms.mapping["compare"]["equivalence_margins"]
    return Evidence(study, entries, tuple(requests), arms.scenarios, margins)


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


def question(entries: Mapping[str, Entries], market: str) -> str:
    """What is asked, in a sentence."""
    parts = (
        "which published facts does it meet",
        "which claims of the article does it confirm",
        "which limits of theory hold",
    )
    return f"The market {market}: {listed([part for kind, part in zip(KINDS, parts, strict=True) if entries[kind]])}?"


def chosen(asked_for: Wanted, folders: Sequence[Path]) -> dict[str, Entries]:
    """The entries that are asked for, by kind; those of a person's own folder come on top. Raises InputError."""
    every: dict[str, Entries] = {kind: {} for kind in KINDS}
    for kind in asked_for.kinds:
        for folder in reversed(folders):
            file = folder / "evidence" / f"{kind}.yaml"
            every[kind] |= read_yaml(file) if file.is_file() else {}
    known = [name for entries in every.values() for name in entries]
    for name in asked_for.ids:
        if name not in known:
            near = meant(name, (*known, *KINDS))
            instead = near if near.startswith("did you mean") else "ids are written as in its files, for example A1 or S3"
            raise InputError(f"{name} is no id in configs/evidence ({', '.join(asked_for.kinds)}); {instead}")
    ids = asked_for.ids or known
    return {kind: {name: entry for name, entry in entries.items() if name in ids} for kind, entries in every.items()}


def turns_of(claim: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The first test of a claim at each level of the setting that may turn it round.

    A level that would make the first two arms the same holds in the first alone.
    """
    if "turns" not in claim:
        return []
    test, turn = claim["tests"][0], claim["turns"]
    turned = []
    for level in turn["levels"]:
        arms = [arm | {turn["setting"]: level} for arm in test["arms"]]
        arms = [arms[0], *test["arms"][1:]] if arms[0] == arms[1] else arms
        turned.append(test | {"arms": arms})
    return turned


def check(entry: Entry) -> None:
    """Refuse an entry whose `how`, measures or number of arms are wrong, by answering it for made-up values."""
    for measure in measures_of(entry):
        if measure not in EVIDENCE_MEASURES:
            raise InputError(f"of is {measure!r}, which is no measure; {meant(measure, EVIDENCE_MEASURES)}")
    if entry.get("side", SIDES[0]) not in SIDES:
        raise InputError(f"side is {entry['side']!r}; it has to be {' or '.join(SIDES)}")
    made_up = [dict.fromkeys(measures_of(entry), np.ones(2)) for _ in arms_of(entry)]
    try:
        answers(entry, made_up)
    except InputError:
        raise
    except KeyError as error:
        raise InputError(f"how is {entry.get('how')!r}, which needs {error.args[0]} as well") from error
    except (IndexError, ValueError) as error:
        raise InputError(f"how is {entry['how']!r}, which needs another number of arms than {len(made_up)}") from error
