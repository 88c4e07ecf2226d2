"""Finished runs on disk: shards written whole or not at all, one writer at a time, damaged ones found and left out."""

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow
from pydantic import TypeAdapter

from salesim.errors import InputError
from salesim.rules import FLOORS, source_digest
from salesim.scenario import Scenario

_ADAPTER: TypeAdapter[Scenario] = TypeAdapter(Scenario)
RunKey = tuple[str, int]
Found = dict[str, Any]


@cache
def model_version() -> str:
    """Digest of the sources of model, measures and what a run is summed up to."""
    return source_digest(Path(__file__).resolve().parents[1], (*FLOORS, "metrics", "studies"))


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
        lock = (folder / ".lock").open("w")
    except OSError as error:
        reason = error.strerror or error
        raise InputError(f"results cannot be written to {folder}: {reason}; name another place with study.folder=…") from error
    with lock:
        if not _locked(lock.fileno()):
            raise InputError(f"another run writes to {folder} now; wait for it or name another place with study.folder=…")
        for leftover in folder.rglob("*.tmp"):
            leftover.unlink()
        yield


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


class Shelf:
    """What is known of finished runs by (scenario key, seed), kept in one Parquet shard for every batch.

    A shard has the columns key, seed and found; `found` is JSON, which keeps every bit of a number. `damaged` names shards
    that could not be read; they are deleted, and their runs are simply done again.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.known: dict[RunKey, Found] = {}
        self.damaged: list[str] = []
        folder.mkdir(parents=True, exist_ok=True)
        for shard in sorted(folder.glob("*.parquet")):
            try:
                frame = pd.read_parquet(shard)
                found = [json.loads(text) for text in frame["found"]]
                self.known |= dict(zip(zip(frame["key"], frame["seed"].tolist(), strict=True), found, strict=True))
            except (pyarrow.ArrowException, OSError, ValueError, KeyError):
                self.damaged.append(shard.name)
                shard.unlink()

    def add(self, finished: dict[RunKey, Found]) -> None:
        """Keep a batch of finished runs."""
        if not finished:
            return
        rows = [(key, seed, json.dumps(found)) for (key, seed), found in sorted(finished.items())]
        name = hashlib.sha256(json.dumps(sorted(finished)).encode()).hexdigest()[:16]
        frame = pd.DataFrame(rows, columns=["key", "seed", "found"])
        write_whole(self.folder / f"{name}.parquet", frame.to_parquet(index=False))
        self.known |= finished
