"""An ensemble: the worlds of a market that was fitted, which all have the numbers of a company, and the seeds of each.

The file of the market names the file of its worlds, in the same folder, with its digest. A world changes only what is still as
in that market: a setting that a person, an arm or an axis has changed holds in all worlds.
"""

import csv
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from salesim.config.dotted_keys import at_path
from salesim.config.errors import InputError
from salesim.config.notes import Note, notes_of
from salesim.config.options import StudySettings
from salesim.config.scenario import default_scenario
from salesim.model.parameters import Scenario

SEEDS_EACH = 2  # in a world, which is enough to tell chance from what differs between worlds
ONE_EACH = ("explain", "explore", "sweep")  # commands with a seed in each world, as many worlds as they have seeds
CENTRAL_ONLY = ("fit", "evidence")
FEWEST = 10  # worlds
NUMBER = "world"  # column of the file with the worlds
EVERYTHING = "everything"  # that tells worlds apart, among the settings in the table of what is worth knowing
Members = dict[int, dict[str, float]]  # settings by dotted key, by the number of the world


@dataclass(frozen=True)
class Worlds:
    """Worlds by number; `central` has the settings of the market itself. Seeds follow each other, `seeds_each` in a world.

    `data` is the digest of the numbers that the market was fitted to. If there are more seeds, they begin again with the first
    world.
    """

    market: str
    data: str
    sha256: str  # of the file of the worlds
    central: dict[str, float]
    members: Members
    notes: dict[str, tuple[str, str]]  # unit and meaning of each setting
    seeds_each: int
    first_seed: int
    judged: bool = True  # together, by a verdict; the worlds of confirmation seeds are not

    def at(self, seed: int) -> int:
        """The number of the world of a seed."""
        return list(self.members)[(seed - self.first_seed) // self.seeds_each % len(self.members)]

    def scenario(self, scenario: Scenario, world: int) -> Scenario:
        """A scenario in a world. Raises InputError if it cannot be run there."""
        mine = {key: value for key, value in self.members[world].items() if value_at(scenario, key) == self.central[key]}
        try:
            return default_scenario(scenario, **mine)
        except InputError as error:
            raise InputError(
                f"world {world} of market={self.market}: {error} (worlds=central leaves the worlds out)"
            ) from error

    def part(self, first: int, count: int, first_seed: int) -> "Worlds":
        """So many of the worlds, from one on, with seeds of their own; there is no verdict on these alone."""
        chosen = dict(list(self.members.items())[first : first + count])
        return replace(self, members=chosen, first_seed=first_seed, judged=False)

    @property
    def summary(self) -> dict[str, Any]:
        """What a record says of the worlds."""
        n_worlds = len(self.members)
        return {"market": self.market, "data": self.data, "n": n_worlds, "seeds_each": self.seeds_each}

    def record(self) -> dict[str, Any]:
        """Everything as plain values; the settings of a world in one line, in the order of the central ones."""
        lines = {number: " ".join(map(repr, settings.values())) for number, settings in self.members.items()}
        plain = {
            name: getattr(self, name) for name in ("market", "data", "sha256", "seeds_each", "first_seed", "judged", "central")
        }
        return plain | {"notes": {key: list(note) for key, note in self.notes.items()}, "members": lines}


def from_record(record: Mapping[str, Any]) -> Worlds:
    """The worlds behind a `record`."""
    central = dict(record["central"])
    members = {world: dict(zip(central, map(number, line.split()), strict=True)) for world, line in record["members"].items()}
    return Worlds(**{**record, "central": central, "members": members})


def value_at(scenario: Scenario, key: str) -> Any:
    """A setting of a scenario by its dotted key."""
    part: Any = scenario
    for name in key.split("."):
        part = getattr(part, name)
    return part


def worlds_of(
    mapping: Mapping[str, Any], settings: StudySettings, command: str, folders: Sequence[Path], seeds_given: bool
) -> Worlds | None:
    """The worlds of a composed market; None if it has none, or none are asked for. Raises InputError."""
    wanted, reference = settings.worlds, mapping.get("ensemble")
    if not reference:
        if wanted != "all":
            raise InputError(
                f"study.worlds is {wanted}, but the market is no ensemble; `salesim fit` makes one, which market=ours "
                "--config-dir results/ours/fit chooses"
            )
        return None
    if wanted == "central" or command in CENTRAL_ONLY:
        return None
    if settings.seed_list:
        raise InputError(
            "seeds is a list, but every world has seeds of its own; write seeds=2 for two in each, or worlds=central"
        )
    members = read_members(reference, folders)
    n_worlds = n_wanted(wanted, len(members))
    central = {key: at_path(dict(reference["central"]), key) for key in next(iter(members.values()))}
    each = 1 if command in ONE_EACH else settings.seeds if seeds_given else SEEDS_EACH
    chosen = dict(list(members.items())[:n_worlds])
    meant = notes_of("market", reference["market"], folders)
    notes = {key: meant.get(key.removeprefix("market."), Note())[:2] for key in central}
    named = reference["market"], str(reference.get("data", "")), reference["sha256"]
    return Worlds(*named, central, chosen, notes, each, settings.first_seed)


def check_enough(worlds: Worlds | None, n_seeds: int, how: str) -> None:
    """Refuse more seeds than worlds where each seed is a world; `how` says how there are fewer. Raises InputError."""
    if worlds and n_seeds > len(worlds.members):
        raise InputError(
            f"each seed is a world here, and {n_seeds} seeds are wanted where market={worlds.market} has {len(worlds.members)} "
            f"worlds; {how}, or write worlds=central for the central market alone"
        )


def n_seeds(worlds: Worlds, settings: StudySettings, command: str) -> int:
    """How many seeds a study over worlds has."""
    return settings.seeds if command in ONE_EACH else len(worlds.members) * worlds.seeds_each


def check_same_worlds(base: Mapping[str, Any], arm: Mapping[str, Any]) -> None:
    """Refuse an arm with another market where all arms share worlds. Raises InputError."""
    one, other = ((mapping.get("ensemble") or {}).get("sha256") for mapping in (base, arm))
    if one != other:
        raise InputError(
            "it chooses another market, but the arms share the worlds of one; choose it for all, or write worlds=central"
        )


def n_wanted(wanted: str | int, n_worlds: int) -> int:
    """How many worlds are asked for. Raises InputError."""
    if n_worlds < FEWEST:
        raise InputError(
            f"this market has only {n_worlds} worlds, and a verdict over worlds needs {FEWEST} or more; fit it again with "
            "more, as `salesim fit worlds=200`, or write worlds=central for the central market alone"
        )
    count = n_worlds if wanted == "all" else int(wanted) if str(wanted).isdecimal() else 0
    if not FEWEST <= count <= n_worlds:
        raise InputError(
            f"study.worlds is {wanted}; this market has {n_worlds} worlds: write worlds=all, a number from {FEWEST} to "
            f"{n_worlds}, or worlds=central for the central market alone"
        )
    return count


def read_members(reference: Mapping[str, Any], folders: Sequence[Path]) -> Members:
    """The worlds in the file that a market names. Raises InputError if it is missing or was changed."""
    name = str(reference["file"])
    file = next((place for folder in folders if (place := folder / "market" / name).is_file()), None)
    if file is None:
        raise InputError(
            f"market={reference['market']} names the file {name} of its worlds, which is not in the folder market/ beside it; "
            "copy it there, fit the market again, or write worlds=central"
        )
    content = file.read_bytes()
    if hashlib.sha256(content).hexdigest() != reference["sha256"]:
        raise InputError(f"{file} is not the file that {reference['market']}.yaml names: it was changed; fit the market again")
    rows = list(csv.DictReader(content.decode().splitlines()))
    return {int(row.pop(NUMBER)): {key: number(value) for key, value in row.items()} for row in rows}


def number(text: str) -> float:
    """A number as it is written; a whole one stays whole, as some settings have to be."""
    return float(text) if set(text) & set(".en") else int(text)
