"""A study's folder: found by its name, held by one writer, checked before any run, and finished with a record."""

import hashlib
import json
import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from difflib import get_close_matches
from functools import cached_property
from importlib import metadata
from pathlib import Path
from typing import Any

import yaml

from salesim.config.errors import InputError
from salesim.config.study import Seeded
from salesim.runs.files import write_json
from salesim.runs.store import RunStore, model_version, records_version
from salesim.version import __version__

PACKAGES = ("mesa", "numpy", "pandas", "numba", "scipy", "plotly", "hydra-core", "pydantic")
RESULTS = Path("results")  # study.folder as it is shipped
RECORD = "study.json"
MOST_NAMES = 6  # of studies that a message lists
KINDS = {"run": "a study of `salesim run`", "sweep": "a sweep"}
ANOTHER_FOLDER = "give this one a name of its own with name=…, or another folder with folder=…"


class StudyFolder:
    """A study's folder that this process alone writes to; `store` has its finished runs.

    They are in `runs` (`Seeded.runs_folder`), or else in `path`/runs.
    """

    def __init__(self, path: Path, runs: Path | None = None) -> None:
        self.path, self.runs = path, runs or path / "runs"

    @cached_property
    def store(self) -> RunStore:
        """The store of runs; damaged shards are removed when it is first used."""
        return RunStore(self.runs)

    def finish(self, record: Mapping[str, Any], failed: Mapping[str, str], tables: Sequence[str]) -> None:
        """Write the tracebacks of failed runs by name, and last of all the record, with digests of the tables."""
        if failed:
            write_json(self.path / "failed.json", failed)
        else:
            (self.path / "failed.json").unlink(missing_ok=True)
        files = (self.path / f"{name}.parquet" for name in tables)
        digests = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files if file.is_file()}
        facts = {"failed": len(failed), "damaged": self.store.damaged, "files": digests}
        write_json(self.path / RECORD, {**record, **facts})


@contextmanager
def open_folder(path: Path, identity: Mapping[str, Any] | None = None, runs: Path | None = None) -> Iterator[StudyFolder]:
    """Make a study's folder, hold it for writing, and clear what a killed process left half-written.

    Raises InputError if it cannot be written to, if another process holds it, or if it holds a study that does not have
    this identity (`check_same`).
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
        lock = (path / ".lock").open("a+")
    except OSError as error:
        raise InputError(
            f"results cannot be written to {path}: {error.strerror or error}; choose another folder with study.folder=…"
        ) from error
    with lock:
        if not locked(lock.fileno()):
            lock.seek(0)
            holder = f" (process {number})" if (number := lock.read().strip()).isdigit() else ""
            raise InputError(f"another command{holder} is writing to {path}; wait for it, or {ANOTHER_FOLDER}")
        with suppress(OSError):  # a full disk keeps no process number, and its results can still be read
            os.ftruncate(lock.fileno(), 0)
            os.write(lock.fileno(), str(os.getpid()).encode())
        if identity is not None:
            check_same(path, identity)
        for unfinished in path.rglob("*.tmp"):
            unfinished.unlink()
        yield StudyFolder(path, runs)


def locked(descriptor: int) -> bool:
    """Take the lock; the system releases it when the process ends, however it ends. True where there are no such locks."""
    try:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    except ImportError:
        pass
    return True


def check_same(folder: Path, identity: Mapping[str, Any]) -> None:
    """Raise InputError if the folder holds a study with another identity: its `kind`, and what else makes it this one."""
    if not is_study(folder):
        return
    before = read_record(folder)
    was, now = str(before.get("kind", "run")), str(identity["kind"])
    if was != now:
        raise InputError(f"{folder} holds {KINDS.get(was, was)}, and this is {KINDS[now]}; {ANOTHER_FOLDER}")
    for part, value in identity.items():
        if before.get(part, value) != value:  # a record of an earlier version lacks some parts
            raise InputError(
                f"{folder} holds another sweep, with {part} {printed(before[part])} where this one has {printed(value)}; "
                f"{ANOTHER_FOLDER}"
            )


def printed(value: Any) -> str:
    """A part of an identity as people write it."""
    if isinstance(value, Mapping):
        return " ".join(f"{key}={text}" for key, text in value.items()) or "none"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def overwritten_command(folder: Path, resolved: Mapping[str, Any]) -> str:
    """The command of the study of `salesim run` in the folder, if it had other settings than `resolved` (seeds apart)."""
    file = folder / "resolved.yaml"
    if not file.is_file() or not is_study(folder):
        return ""
    record, before = read_record(folder), yaml.safe_load(file.read_text(encoding="utf-8"))
    same = all(before.get(part) == resolved[part] for part in ("scenario_of", "scenario", "differences"))
    return "" if same or record.get("kind", "run") != "run" else str(record.get("command", ""))


def record_of(study: Seeded) -> dict[str, Any]:
    """What the records of studies and sweeps share: the question, the seeds, the line that repeats it, and versions."""
    same = {part: getattr(study, part) for part in ("name", "question", "baseline", "command", "confidence")}
    return {**same, "seeds": list(study.all_seeds), **versions()}


def versions() -> dict[str, Any]:
    """Versions of the model, of salesim and its packages, and the platform, which may change the last bit of a logarithm."""
    packages = {"python": platform.python_version()} | {name: metadata.version(name) for name in PACKAGES}
    model = {"model": model_version(), "records_version": records_version(), "salesim": __version__}
    return {**model, "versions": packages, "platform": f"{platform.system()} {platform.machine()}"}


def read_record(folder: Path, finished: bool = False) -> dict[str, Any]:
    """The record in a study's folder. Raises InputError where there is none, or one that is not `finished` and has to be."""
    file, again = folder / RECORD, "run the command that made the study again"
    if not file.is_file():
        raise InputError(f"{folder} is not the folder of a study: it has no {RECORD}; {suggest_study(folder)}")
    try:
        record = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise InputError(f"{file} cannot be read: {error}; {again}") from error
    if not isinstance(record, dict):
        raise InputError(f"{file} is not the record of a study; {again}")
    if finished and "files" not in record:
        raise InputError(f"{folder} is not finished; its command continues it: {record.get('command', 'unknown')}")
    return record


def suggest_study(folder: Path) -> str:
    """The study that was probably meant: `mine` is results/mine; else the nearest, those that exist, or how to make one."""
    there = list(dict.fromkeys([*studies_in(folder), *studies_in(folder.parent), *studies_in(RESULTS)]))
    near = get_close_matches(folder.name, [place.name for place in there], n=1, cutoff=0.6)
    likely = [place for place in (RESULTS / folder, folder.parent) if is_study(place)]
    if likely := [*likely, *(place for place in there if place.name in near)]:
        return f"did you mean {likely[0]}?"
    if there:
        more = f" and {len(there) - MOST_NAMES} more" if len(there) > MOST_NAMES else ""
        return f"there are {', '.join(map(str, there[:MOST_NAMES]))}{more}"
    return "`salesim run` and `salesim sweep` make one"


def is_study(folder: Path) -> bool:
    """Whether a folder holds a study."""
    return (folder / RECORD).is_file()


def studies_in(folder: Path) -> list[Path]:
    """The studies in a folder of results, by name."""
    return sorted(inner for inner in folder.iterdir() if is_study(inner)) if folder.is_dir() else []
