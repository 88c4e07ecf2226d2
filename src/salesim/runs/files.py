"""Files of results, written whole or not at all, whatever happens on the way."""

import json
import os
from pathlib import Path
from typing import Any

from salesim.config.errors import InputError


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
    return InputError(
        f"{path} cannot be written: {error.strerror or error}; finished runs are kept: free some space, or choose another "
        "folder with study.folder=…"
    )
