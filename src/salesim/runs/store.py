"""Finished runs on disk: shards written whole or not at all, one writer at a time, damaged ones found and left out."""

import hashlib
import io
import math
import os
import sys
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import orjson
from pydantic import TypeAdapter

from salesim.config.errors import InputError
from salesim.model.jit import COMPILED_IN, source_digest
from salesim.model.parameters import Scenario

if TYPE_CHECKING:
    import pyarrow

_ADAPTER: TypeAdapter[Scenario] = TypeAdapter(Scenario)
SUMMED_IN = "runs/run_study.py"
FIRST = "measures"
OPEN_SHARDS = 16  # that are kept in memory, of those last read
RunKey = tuple[str, int]
Found = dict[str, Any]


@cache
def model_version() -> str:
    """Digest of the sources of model, measures and what a run is summed up to."""
    package = Path(__file__).resolve().parents[1]
    sources = source_digest(package, (*COMPILED_IN, "metrics"))
    return hashlib.sha256(sources.encode() + (package / SUMMED_IN).read_bytes()).hexdigest()[:12]


@cache
def records_version() -> str:
    """Digest of the sources that records come from; measures are made of records, and may change without it."""
    return source_digest(Path(__file__).resolve().parents[1])


def scenario_key(scenario: Scenario) -> str:
    """Key of a scenario under this version of the model: a hash of its numbers and of the sources."""
    return hashlib.sha256(_ADAPTER.dump_json(scenario) + model_version().encode()).hexdigest()[:16]


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is either the old one or the new one, whatever happens. Raises InputError on a full disk."""
    beside = path.with_name(f"{path.name}.tmp")
    try:
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise refused(path, error) from error


def refused(path: Path, error: OSError) -> InputError:
    """What to tell a person when a file of results cannot be written."""
    reason = error.strerror or error
    return InputError(f"{path} cannot be written: {reason}; finished runs are kept, make room or name another study.folder=…")


@contextmanager
def opened(folder: Path) -> Iterator[None]:
    """Make a study's folder and hold it for writing, alone. Raises InputError if it cannot be written to or is held."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / ".lock").open("a+")
    except OSError as error:
        reason = error.strerror or error
        raise InputError(f"results cannot be written to {folder}: {reason}; name another place with study.folder=…") from error
    with lock:
        if not _locked(lock.fileno()):
            raise InputError(
                f"another run writes to {folder} now{holder(lock)}; wait for it, or give this one a name of its own with "
                "name=… or another folder=…"
            )
        with suppress(OSError):  # a full disk keeps no number, and may still read results
            os.ftruncate(lock.fileno(), 0)
            os.write(lock.fileno(), str(os.getpid()).encode())
        for leftover in folder.rglob("*.tmp"):
            leftover.unlink()
        yield


def holder(lock: TextIO) -> str:
    """Which process wrote its number into the lock."""
    lock.seek(0)
    number = lock.read().strip()
    return f" (process {number})" if number.isdigit() else ""


def _locked(descriptor: int) -> bool:
    """Take the lock; the system lets it go when the process ends, however it ends. True where there are no such locks."""
    try:
        import fcntl
    except ImportError:
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


class RunStore:
    """Finished runs by (scenario key, seed), kept in one Parquet shard for every batch.

    A shard has the columns key, seed and found, JSON (`as_text`), which keeps every bit of a number. Its name carries a
    digest of its content: `damaged` names shards that are not what was written; they are deleted, and their runs are simply
    done again. `index` reads what was found from disk when it is asked for, so memory holds little more than keys.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.index = RunIndex(folder)
        self.damaged: list[str] = []
        folder.mkdir(parents=True, exist_ok=True)
        for shard in shards_in(folder):
            if not self.index.add(shard):
                self.damaged.append(shard.name)
                shard.unlink()

    def add(self, finished: Mapping[RunKey, Found]) -> None:
        """Keep a batch of finished runs."""
        self.keep({key: as_text(found) for key, found in finished.items()})

    def keep(self, finished: Mapping[RunKey, str]) -> None:
        """Keep a batch of finished runs that are texts already (`as_text`). Raises InputError if the disk does not take it."""
        if not finished:
            return
        content = as_shard(finished)
        shard = self.folder / f"shard-{digest_of(content)}.parquet"
        write_whole(shard, content)
        self.index.add(shard, sorted(finished))


def as_text(found: Found) -> str:
    """What was found as two lines of JSON: the measures, which are asked for often, and all the rest, which is longer.

    NaN, which JSON does not have, is null; every other number keeps all its bits.
    """
    rest = {name: part for name, part in found.items() if name != FIRST}
    first = {FIRST: found[FIRST]} if FIRST in found else {}
    return b"\n".join(orjson.dumps(part, option=orjson.OPT_SERIALIZE_NUMPY) for part in (first, rest) if part).decode()


def out_of_text(line: str) -> Found:
    """A line of `as_text` as it was: numbers that are not there are NaN again."""
    found: Found = with_nan(orjson.loads(line)) if "null" in line else orjson.loads(line)
    return found


def with_nan(part: Any) -> Any:
    """A part of what was found, with NaN for null at any depth."""
    if isinstance(part, dict):
        return {name: with_nan(value) for name, value in part.items()}
    if isinstance(part, list):
        return [with_nan(value) for value in part]
    return math.nan if part is None else part


class LazyResult(dict[str, Any]):
    """What was found, out of its text: the first line at once, the others when something of them is asked for."""

    def __init__(self, text: str) -> None:
        first, _, self.rest = text.partition("\n")
        super().__init__(out_of_text(first))

    def __missing__(self, part: str) -> Any:
        for line in self.rest.splitlines():
            self.update(out_of_text(line))
        self.rest = ""
        if part not in self:
            raise KeyError(part)
        return self[part]


class RunIndex(Mapping[RunKey, Found]):
    """What was found of every run in the store, read from its shard when it is asked for; the last shards stay open."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.places: dict[RunKey, tuple[str, int]] = {}
        self.open: OrderedDict[str, pyarrow.Table] = OrderedDict()

    def add(self, shard: Path, keys: list[RunKey] | None = None) -> bool:
        """Note where the runs of a shard stand; False if it is damaged. `keys` spares reading a shard just written."""
        name = sys.intern(shard.name)
        if keys is None:
            table = read_shard(shard)
            if table is None:
                return False
            keys = list(zip(map(sys.intern, table["key"].to_pylist()), table["seed"].to_pylist(), strict=True))
        self.places.update((key, (name, row)) for row, key in enumerate(keys))
        return True

    def __getitem__(self, key: RunKey) -> Found:
        name, row = self.places[key]
        if name in self.open:
            self.open.move_to_end(name)
        else:
            table = read_shard(self.folder / name)
            if table is None:
                raise InputError(f"{self.folder / name} was changed while it was read; give the same command again")
            self.open[name] = table
            if len(self.open) > OPEN_SHARDS:
                self.open.popitem(last=False)
        return LazyResult(self.open[name]["found"][row].as_py())

    def __contains__(self, key: object) -> bool:
        return key in self.places

    def __iter__(self) -> Iterator[RunKey]:
        return iter(self.places)

    def __len__(self) -> int:
        return len(self.places)


def shards_in(folder: Path) -> list[Path]:
    """The shards in a folder."""
    return sorted(folder.glob("shard-*.parquet"))


def digest_of(content: bytes) -> str:
    """The part of a shard's name that says what is in it."""
    return hashlib.sha256(content).hexdigest()[:16]


def as_shard(finished: Mapping[RunKey, str]) -> bytes:
    """Runs as the bytes of a Parquet file, in the order of their keys."""
    import pyarrow
    from pyarrow import parquet

    keys = sorted(finished)
    columns = {"key": [key for key, _ in keys], "seed": [seed for _, seed in keys], "found": [finished[key] for key in keys]}
    file = io.BytesIO()
    parquet.write_table(pyarrow.table(columns), file, compression="zstd", use_dictionary=["key"])
    return file.getvalue()


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
