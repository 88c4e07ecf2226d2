"""Digests of every file that carries an answer, and what has been altered since.

The record of a command has the digests of its tables and settings, and of itself; the last line of a page has that of the page
and of all records; the names of shards have theirs; the key of a kept run has that of its deals and weeks.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from salesim.config.request import MEASURES_FILE
from salesim.runs.files import RECORDS, STUDY, DamagedError, again, read_json, write_whole

PAGE, KEY = "report.html", "key"
MARK = b"<!-- sha256 of this page and the records beside it: "
SHARDS = ("runs/", "explore/runs/", "explain/runs/", "fit/runs/")
OWN = (*SHARDS, ".lock")  # what carries no answer, or has its digest in its name


def sealed(record: Mapping[str, Any], folder: Path, tables: Sequence[str]) -> dict[str, Any]:
    """A record with the digests of its tables, of all that was set, and of itself."""
    names = [f"{table}.{kind}" for table in tables for kind in ("parquet", "csv")]
    markets = (file.relative_to(folder).as_posix() for file in sorted(folder.glob("market/*.*")))  # of a fit
    names += ["resolved.yaml", MEASURES_FILE, *markets]
    files = {name: digest(folder / name) for name in names if (folder / name).is_file()}
    whole: dict[str, Any] = json.loads(json.dumps({**record, "files": files}))
    return whole | {"digest": own_digest(whole)}


def own_digest(record: Mapping[str, Any]) -> str:
    """The digest of a record without its own."""
    rest = {part: value for part, value in record.items() if part != "digest"}
    return hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()


def digest(path: Path) -> str:
    """The digest of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_page(folder: Path, text: str) -> Path:
    """Write a study's page with its digest."""
    content = f"{text.rstrip()}\n".encode()
    write_whole(folder / PAGE, content + MARK + page_digest(folder, content) + b" -->\n")
    return folder / PAGE


def page_digest(folder: Path, content: bytes) -> bytes:
    """The digest of a page and of all records that it shows."""
    records = [digest(folder / name) for name in RECORDS if (folder / name).is_file()]
    return hashlib.sha256(content + "".join(records).encode()).hexdigest().encode()


def records_key(place: Path, key: str) -> bytes:
    """What stands in the key of a run whose deals and weeks are kept: the key of its scenario, and a digest of their files."""
    files = [f"{file.name} {digest(file)}" for file in sorted(place.glob("*.*")) if file.is_file()]
    return f"{key} {hashlib.sha256(' '.join([place.name, *files]).encode()).hexdigest()}".encode()


class Check:
    """A study's files compared with their digests: a line for each that was `altered`, and the names of all that are covered.

    Earlier versions had digests of Parquet tables and of shards alone.
    """

    def __init__(self, folder: Path) -> None:
        from salesim.runs.store import RunIndex  # with packages that a page need not wait for

        self.folder, self.altered, self.covered, self.is_sealed = folder, list[str](), set[str](), False
        records = [name for name in RECORDS if (folder / name).is_file()]
        for name in records:
            self.check_record(name)
        for place in (folder / "records").glob("*") if STUDY in records else ():
            self.check_records(place, read_json(folder / STUDY))
        for runs in SHARDS:
            for name in RunIndex(folder / runs).damaged:
                self.altered.append(f"{runs}{name} was altered; its runs are missing, and the same command repeats them")
        if (folder / PAGE).is_file() and self.is_sealed:
            content, _, end = (folder / PAGE).read_bytes().rpartition(MARK)
            self.note(PAGE, end.partition(b" ")[0] == page_digest(folder, content))

    def note(self, name: str, same: bool) -> None:
        """A file is covered, and was altered if it is not the same."""
        self.covered.add(name)
        if not same:
            what = "was altered" if (self.folder / name).exists() else "is missing"
            self.altered.append(f"{name} {what}; {again(self.folder / name)}")

    def check_record(self, name: str) -> None:
        """A command's record, and the files whose digests it has."""
        try:
            record = read_json(self.folder / name, "name", "command")
        except DamagedError as error:
            self.altered.append(str(error))
            return
        if "digest" in record:
            self.is_sealed = True
            self.note(name, record["digest"] == own_digest(record))
        for file, was in record.get("files", {}).items():
            path = (self.folder / name).parent / file
            self.note(path.relative_to(self.folder).as_posix(), path.is_file() and digest(path) == was)

    def check_records(self, place: Path, record: Mapping[str, Any]) -> None:
        """The kept deals and weeks of a run; those that no key belongs to are not covered."""
        names = {
            f"{name.replace('/', '-', 1)}-{seed}": key
            for name, key in record.get("keys", {}).items()
            for seed in record["seeds"]
        }
        names |= record.get("kept", {})
        key, file = names.get(place.name, ""), place / KEY
        if not key or (file.is_file() and file.read_bytes() == key.encode()):
            return  # of another command, or kept by an earlier version
        for each in place.iterdir():
            self.covered.add(each.relative_to(self.folder).as_posix())
        if not file.is_file() or file.read_bytes() != records_key(place, key):
            self.altered.append(f"records/{place.name} was altered; {again(self.folder / STUDY)}")

    @property
    def uncovered(self) -> list[str]:
        """Files that no digest covers, folders in one."""
        files = (path.relative_to(self.folder).as_posix() for path in sorted(self.folder.rglob("*")) if path.is_file())
        others = (name for name in files if name not in self.covered and not name.startswith(OWN))
        return list(dict.fromkeys(f"{first}{slash}" for first, slash, _ in (name.partition("/") for name in others)))
