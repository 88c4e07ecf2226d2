"""A study's folder: found by its name, held by one writer, checked before any run, and finished with a record."""

import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from difflib import get_close_matches
from functools import cached_property
from importlib import metadata
from pathlib import Path
from typing import Any

from salesim.config.errors import InputError
from salesim.config.own_measures import adopted, own_measures
from salesim.config.request import MEASURES_FILE
from salesim.config.study import Seeded
from salesim.runs.digests import sealed
from salesim.runs.files import ALONE, STUDY, DamagedError, damaged, read_json, read_yaml, write_json, write_whole
from salesim.runs.store import RunStore, model_version
from salesim.version import __version__

PACKAGES = ("mesa", "numpy", "pandas", "numba", "scipy", "plotly", "hydra-core", "pydantic")
RESULTS = Path("results")  # study.folder as it is shipped
MOST_NAMES = 6  # of studies that a message lists
KINDS = {"run": "a study of `salesim run`", "sweep": "a sweep"}
RESULT_SUFFIXES = (".csv", ".parquet", ".html", ".json", ".yaml")
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
        """Write tracebacks of failed runs, the code of own measures, and last of all the record, with digests (`sealed`)."""
        if failed:
            write_json(self.path / "failed.json", failed)
        else:
            (self.path / "failed.json").unlink(missing_ok=True)
        if adopted().text:
            write_whole(self.path / MEASURES_FILE, adopted().text.encode())
        else:
            (self.path / MEASURES_FILE).unlink(missing_ok=True)
        facts = {"failed": len(failed), "damaged": self.store.damaged}
        write_json(self.path / STUDY, sealed({**record, **facts}, self.path, tables))


@contextmanager
def open_folder(path: Path, identity: Mapping[str, Any] | None = None, runs: Path | None = None) -> Iterator[StudyFolder]:
    """Make a study's folder, hold it for writing, and clear what a killed process left half-written.

    Raises InputError if it cannot be written to, if another process holds it, if it holds files of something else, or a study
    that does not have this identity (`check_same`).
    """
    check_same(path, identity)
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


def check_same(folder: Path, identity: Mapping[str, Any] | None = None) -> None:
    """Raise InputError if the folder holds another study, or files that salesim has not written.

    A study's identity is its `kind`. Without one nothing writes the study's record again, and a damaged one is refused; with
    one it gives way.
    """
    if not ((folder / ".lock").is_file() or has_record(folder) or any((folder / "runs").glob("shard-*.parquet"))):
        check_empty(folder)
    if not (folder / STUDY).is_file():
        return
    try:
        before = read_record(folder)
    except DamagedError:
        if identity is None:
            raise
        return
    was = before.get("kind", "run")
    if identity and was != identity["kind"]:
        raise InputError(f"{folder} holds {KINDS.get(was, was)}, and this is {KINDS[identity['kind']]}; {ANOTHER_FOLDER}")


def check_empty(folder: Path) -> None:
    """Raise InputError if a folder that salesim has not written to has files that may be somebody's results."""
    files = folder.iterdir() if folder.is_dir() else ()
    foreign = sorted(file.name for file in files if file.suffix in RESULT_SUFFIXES)
    if foreign:
        more = f" and {len(foreign) - 1} more files" if len(foreign) > 1 else ""
        raise InputError(
            f"{folder} has {foreign[0]}{more}, and no {STUDY}: it is not the folder of a study, and its files could be "
            f"overwritten; move them away, or {ANOTHER_FOLDER}"
        )


def overwritten_command(folder: Path, resolved: Mapping[str, Any]) -> str:
    """The command of the study of `salesim run` in the folder, if it had other settings than `resolved` (seeds apart)."""
    try:
        record, before = read_record(folder), read_yaml(folder / "resolved.yaml")
    except InputError:
        return ""
    same = all(before.get(part) == resolved[part] for part in ("scenario_of", "scenario", "differences"))
    return "" if same or record.get("kind", "run") != "run" else str(record["command"])


def record_of(study: Seeded) -> dict[str, Any]:
    """What the records of studies and sweeps share: the question, the seeds, the line that repeats it, and versions."""
    same = {part: getattr(study, part) for part in ("name", "question", "baseline", "command", "confidence")}
    return {**same, "seeds": list(study.all_seeds), "own_measures": own_measures(), **versions()}


def versions() -> dict[str, Any]:
    """Versions of the model, of salesim and its packages, and the platform, which may change the last bit of a logarithm."""
    packages = {"python": platform.python_version()} | {name: metadata.version(name) for name in PACKAGES}
    model = {"model": model_version(), "salesim": __version__}
    return {**model, "versions": packages, "platform": f"{platform.system()} {platform.machine()}"}


def read_record(folder: Path, finished: bool = False) -> dict[str, Any]:
    """The record in a study's folder; of one that was only explored or explained, that of the analysis.

    Raises InputError where there is none, DamagedError where it is none, and InputError if it is not `finished` and has to be.
    """
    file = next((folder / name for name in ALONE if (folder / name).is_file()), folder / STUDY)
    if not file.is_file():
        raise InputError(f"{folder} is not the folder of a study: it has no {STUDY}; {suggest_study(folder)}")
    record = read_json(file, "name", "command")
    files = record.get("files", {})
    texts = (record["name"], record["command"], *(files.values() if isinstance(files, dict) else [None]))
    if not all(isinstance(text, str) for text in texts) or (file.name == STUDY and record.get("kind", "run") not in KINDS):
        raise damaged(file, "the record of a study")
    if finished and file.name == STUDY and "files" not in record:
        raise InputError(f"{folder} is not finished; its command continues it: {record['command']}")
    return record


def suggest_study(folder: Path) -> str:
    """The study that was probably meant: `mine` is results/mine; else the nearest, those that exist, or how to make one."""
    there = list(dict.fromkeys([*studies_in(folder), *studies_in(folder.parent), *studies_in(RESULTS)]))
    near = get_close_matches(folder.name, [place.name for place in there], n=1, cutoff=0.6)
    likely = [place for place in (RESULTS / folder, folder.parent) if has_record(place)]
    if likely := [*likely, *(place for place in there if place.name in near)]:
        return f"did you mean {likely[0]}?"
    if there:
        more = f" and {len(there) - MOST_NAMES} more" if len(there) > MOST_NAMES else ""
        return f"there are {', '.join(map(str, there[:MOST_NAMES]))}{more}"
    return "`salesim run` and `salesim sweep` make one"


def has_record(folder: Path) -> bool:
    """Whether a command has left its record in a folder."""
    return any((folder / name).is_file() for name in ALONE)


def studies_in(folder: Path) -> list[Path]:
    """The studies in a folder of results, by name."""
    return sorted(inner for inner in folder.iterdir() if has_record(inner)) if folder.is_dir() else []
