"""Files of results: written whole or not at all, and read through one place, which says what is damaged and the way out."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from salesim.config.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

STUDY = "study.json"
ANALYSES = ("explore/explore.json", "explore/tipping.json", "explore/tornado.json", "explain/explain.json", "fit/fit.json")
ALONE = (STUDY, "compare.json", *ANALYSES)  # records of commands, each with the tables beside it
RECORDS = (*ALONE, "explore/turns.json")  # the last one belongs to a study
Parts = TypeVar("Parts")


class DamagedError(InputError):
    """A file of a study that is not what was written. The command that wrote it writes it again."""


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is either the old one or the new one. Raises InputError if the disk refuses."""
    unfinished = temporary(path)
    try:
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise cannot_write(path, error) from error


def write_json(path: Path, content: Any) -> None:
    """Write an indented JSON file, whole or not at all."""
    write_whole(path, json.dumps(content, indent=2).encode())


def temporary(path: Path) -> Path:
    """Where a file is written before it takes its place."""
    return path.with_name(f"{path.name}.{os.getpid()}.tmp")


def cannot_write(path: Path, error: OSError) -> InputError:
    """The message for a file of results that cannot be written."""
    path = Path(error.filename2 or path)  # what it was to replace
    way_out = "move that folder away" if path.is_dir() else "free some space"
    return InputError(
        f"{path} cannot be written: {error.strerror or error}; finished runs are kept: {way_out}, or choose another "
        "folder with study.folder=…"
    )


def read_json(path: Path, *parts: str) -> dict[str, Any]:
    """A mapping of a JSON file that has these parts. Raises DamagedError, or InputError where the system refuses to read it."""
    with reading(path, "a whole JSON file"):
        content: dict[str, Any] = json.loads(path.read_bytes())
        return with_parts(content, parts)


def read_yaml(path: Path, *parts: str) -> dict[str, Any]:
    """A mapping of a YAML file that has these parts. Raises as `read_json` does."""
    import yaml

    with reading(path, "a whole YAML file"):
        try:
            content: dict[str, Any] = yaml.load(path.read_bytes(), yaml.CSafeLoader)
        except yaml.YAMLError as error:
            raise ValueError from error
        return with_parts(content, parts)


def read_table(path: Path, *columns: str) -> "pd.DataFrame":
    """A Parquet table that has these columns. Raises as `read_json` does."""
    import pandas as pd

    with reading(path, "a whole Parquet table"):
        return with_parts(pd.read_parquet(path), columns)


def with_parts(content: Parts, parts: tuple[str, ...]) -> Parts:
    """A mapping or table as it is. Raises ValueError for anything else, and where one of the parts is missing."""
    if not hasattr(content, "keys") or set(parts) - set(content.keys()):
        raise ValueError
    return content


def if_whole(path: Path) -> dict[str, Any]:
    """A mapping of a JSON file that will be written again; empty if it is missing or damaged."""
    try:
        return read_json(path)
    except DamagedError:
        return {}


@contextmanager
def reading(path: Path, kind: str) -> Iterator[None]:
    """Turn every error of reading a file, whatever is in it, into one message with the way out."""
    try:
        yield
    except PermissionError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}; change its permissions") from error
    except (ValueError, TypeError, LookupError, NotImplementedError, RecursionError, OSError) as error:
        raise damaged(path, kind) from error


def damaged(path: Path, kind: str) -> DamagedError:
    """The message for a file that is not what it should be, with the way out."""
    reason = f"it is not {kind}, as salesim writes it"
    if not path.is_file():
        reason = "it is a folder; move it away" if path.exists() else "it is missing"
    elif not path.stat().st_size:
        reason = "it is empty"
    return DamagedError(f"{path} cannot be read: {reason}; {again(path)}")


def again(path: Path) -> str:
    """How to get a damaged file again: by the command of the record beside it, where that can be read."""
    commands = set()
    for record in {path.parent / Path(name).name for name in RECORDS}:
        with suppress(OSError, ValueError, TypeError, LookupError, RecursionError):
            commands.add(str(json.loads(record.read_bytes())["command"]))
    named = f"give its command again: {commands.pop()}" if len(commands) == 1 else "give the command that wrote it again"
    return f"{named} (finished runs are not repeated)"
