"""Finished runs on disk: shards of rows under a key each, written whole or not at all."""

import hashlib
import json
import os
import pickle
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from salesim.errors import InputError
from salesim.rules import FLOORS, source_digest
from salesim.scenario import Scenario

_ADAPTER: TypeAdapter[Scenario] = TypeAdapter(Scenario)


def scenario_key(scenario: Scenario) -> str:
    """Key of a scenario under this version of the model: a hash of its numbers and of the sources of model and measures."""
    digest = hashlib.sha256(_ADAPTER.dump_json(scenario))
    digest.update(source_digest(Path(__file__).resolve().parents[1], (*FLOORS, "metrics")).encode())
    return digest.hexdigest()[:16]


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is either the old one or the new one, whatever happens."""
    beside = path.with_name(path.name + f".{os.getpid()}.tmp")
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def open_folder(folder: Path) -> None:
    """Make a study's folder and see that it can be written to. Raises InputError."""
    probe = folder / ".writable"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_text("")
        probe.unlink()
    except OSError as error:
        raise InputError(
            f"results cannot be written to {folder}: {error.strerror}; name another place with study.folder=…"
        ) from error


class Shelf:
    """Results of runs by (scenario key, seed), kept in one shard for every batch that was finished."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.known: dict[tuple[str, int], Any] = {}
        for shard in sorted(folder.glob("*.runs")):
            try:
                self.known |= pickle.loads(shard.read_bytes())  # noqa: S301 (written by ourselves)
            except (pickle.UnpicklingError, EOFError, AttributeError, ImportError):
                shard.unlink()  # of another version; its runs are simply done again

    def add(self, finished: dict[tuple[str, int], Any]) -> None:
        """Keep a batch of finished runs."""
        name = hashlib.sha256(json.dumps(sorted(finished)).encode()).hexdigest()[:16]
        write_whole(self.folder / f"{name}.runs", pickle.dumps(finished))
        self.known |= finished
