"""Finished runs on disk: shards written whole or not at all; damaged ones are found and left out."""

import hashlib
import io
import math
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
from pydantic import TypeAdapter

from salesim.config.errors import InputError
from salesim.config.own_measures import adopted
from salesim.config.study import Arm, Study
from salesim.config.worlds import Worlds
from salesim.model.compile_cache import COMPILED_IN, source_digest
from salesim.model.parameters import Scenario
from salesim.runs.files import write_whole

if TYPE_CHECKING:
    import pyarrow

_ADAPTER: TypeAdapter[Scenario] = TypeAdapter(Scenario)
SUMMARIZED_IN = "runs/summary.py"
FIRST = "measures"
OPEN_SHARDS = 16  # of those read last, which stay in memory
RunKey = tuple[str, int]  # key of the scenario, and seed
RunSummary = dict[str, Any]  # part -> plain lists and numbers (`summary.PARTS`)


def model_version() -> str:
    """Digest of the sources of the model, of the measures, a user's own ones included, and of what is kept of a run."""
    return version_with(adopted().text)


@cache
def version_with(own: str) -> str:
    """`model_version` with own measures of this text."""
    package = Path(__file__).resolve().parents[1]
    sources = source_digest(package, (*COMPILED_IN, "metrics"))
    return hashlib.sha256(sources.encode() + (package / SUMMARIZED_IN).read_bytes() + own.encode()).hexdigest()[:12]


def scenario_key(scenario: Scenario) -> str:
    """Key of a scenario under this version of the model: a hash of its numbers and of the sources."""
    return hashlib.sha256(_ADAPTER.dump_json(scenario) + model_version().encode()).hexdigest()[:16]


def key_in(worlds: Worlds | None, scenario: Scenario) -> str:
    """Key of a scenario that every seed runs in a world of its own; that of the scenario if there are none."""
    key = scenario_key(scenario)
    if not worlds:
        return key
    return hashlib.sha256(f"{key} {worlds.sha256} {worlds.seeds_each} {worlds.first_seed}".encode()).hexdigest()[:16]


def runs_of(
    study: Study, seeds: Iterable[int], arms: Sequence[Arm] | None = None
) -> Iterator[tuple[Arm, int, RunKey, Scenario]]:
    """Every arm, or these, with these seeds, in order: its run and the scenario of that, which is the same for a world."""
    known: dict[tuple[int, int], tuple[str, Scenario]] = {}
    for number, arm in enumerate(study.arms if arms is None else arms):
        for seed in seeds:
            place = number, study.worlds.at(seed) if study.worlds else 0
            if place not in known:
                scenario = study.in_world(arm.scenario, seed)
                known[place] = scenario_key(scenario), scenario
            key, scenario = known[place]
            yield arm, seed, (key, seed), scenario


def scenarios(study: Study) -> dict[str, list[str]]:
    """The names of arms, as `alone/pitch`, by the key of their scenario: arms with one and the same share its runs."""
    names: dict[str, list[str]] = {}
    for arm in study.arms:
        names.setdefault(scenario_key(arm.scenario), []).append(f"{arm.contest}/{arm.name}")
    return names


class RunStore:
    """Finished runs by (scenario key, seed), kept in one Parquet shard for every batch.

    A shard is sorted by its columns key and seed; summary is JSON (`as_text`), which keeps every bit of a number. Its name
    carries a digest of its content: `damaged` names shards that are not what was written; they are deleted, and their runs
    are missing again. `index` reads summaries from disk when they are asked for, so memory holds little more than keys.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.index = folder, RunIndex(folder)
        self.damaged = self.index.damaged
        for name in self.damaged:
            (folder / name).unlink()

    def add(self, finished: Mapping[RunKey, str]) -> None:
        """Keep a batch of finished runs as texts (`as_text`). Raises InputError if the disk refuses."""
        if not finished:
            return
        import pyarrow
        from pyarrow import parquet

        keys, file = sorted(finished), io.BytesIO()
        columns = {
            "key": [key for key, _ in keys],
            "seed": [seed for _, seed in keys],
            "summary": [finished[key] for key in keys],
        }
        parquet.write_table(pyarrow.table(columns), file, compression="zstd", use_dictionary=["key"])
        shard = self.folder / f"shard-{digest_of(file.getvalue())}.parquet"
        write_whole(shard, file.getvalue())
        self.index.add(shard, keys)


class RunIndex(Mapping[RunKey, RunSummary]):
    """The summary of every run in a store, read from its shard when it is asked for; the last shards stay open.

    Shards that are `damaged` are passed over, and a missing folder has no runs.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.places: dict[RunKey, tuple[str, int]] = {}
        self.opened = lru_cache(OPEN_SHARDS)(read_shard)
        self.damaged: list[str] = []
        for shard in sorted(folder.glob("shard-*.parquet")):
            table = read_shard(shard)
            if table is None:
                self.damaged.append(shard.name)
            else:
                self.add(shard, zip(map(sys.intern, table["key"].to_pylist()), table["seed"].to_pylist(), strict=True))

    def add(self, shard: Path, keys: Iterable[RunKey]) -> None:
        """Note where the runs of a shard are, which are in this order."""
        name = sys.intern(shard.name)
        self.places.update((key, (name, row)) for row, key in enumerate(keys))

    def __getitem__(self, key: RunKey) -> RunSummary:
        name, row = self.places[key]
        table = self.opened(self.folder / name)
        if table is None:
            raise InputError(f"{self.folder / name} was changed while it was read; give the same command again")
        return LazyResult(table["summary"][row].as_py())

    def __contains__(self, key: object) -> bool:
        return key in self.places

    def __iter__(self) -> Iterator[RunKey]:
        return iter(self.places)

    def __len__(self) -> int:
        return len(self.places)


class LazyResult(dict[str, Any]):
    """A run's summary, parsed from its text: the measures at once, the other parts when one of them is asked for."""

    def __init__(self, text: str) -> None:
        first, _, self.rest = text.partition("\n")
        super().__init__(from_json(first))

    def __missing__(self, part: str) -> Any:
        if self.rest:
            self.update(from_json(self.rest))
            self.rest = ""
        if part not in self:
            raise KeyError(part)
        return self[part]


def as_text(summary: RunSummary) -> str:
    """A summary as two lines of JSON: the measures, which are read often, and all the rest, which is longer.

    NaN, which JSON does not have, is null; every other number keeps all its bits.
    """
    rest = dict(summary)
    first = {FIRST: rest.pop(FIRST)} if FIRST in summary else {}
    return b"\n".join(orjson.dumps(part, option=orjson.OPT_SERIALIZE_NUMPY) for part in (first, rest) if part).decode()


def from_json(line: str) -> Any:
    """A line of `as_text` as it was: null is NaN again."""
    return with_nan(orjson.loads(line)) if "null" in line else orjson.loads(line)


def with_nan(part: Any) -> Any:
    """A part of a summary, with NaN for null at any depth."""
    if isinstance(part, dict):
        return {name: with_nan(value) for name, value in part.items()}
    if isinstance(part, list):
        return [with_nan(value) for value in part]
    return math.nan if part is None else part


def digest_of(content: bytes) -> str:
    """The part of a shard's name that says what is in it."""
    return hashlib.sha256(content).hexdigest()[:16]


def read_shard(shard: Path) -> "pyarrow.Table | None":
    """A shard as a table; None if its content is not what its name says, or cannot be read."""
    import pyarrow
    from pyarrow import parquet

    try:
        content = shard.read_bytes()
        if shard.name != f"shard-{digest_of(content)}.parquet":
            return None
        return parquet.read_table(io.BytesIO(content))
    except (pyarrow.ArrowException, OSError):
        return None
