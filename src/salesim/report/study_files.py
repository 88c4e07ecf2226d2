"""The files of a study's folder, read once."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from salesim.config.errors import InputError

TABLES = ("differences", "runs", "years", "bridge", "closing", "passthrough", "segments")
COMPARED = ("statements", "interim_analyses", "selection")  # what `salesim compare` leaves besides


@dataclass(frozen=True)
class StudyFiles:
    """What a study left: `record` is study.json, `sentences` the verdict, `tables` the parquet tables that exist.

    `comparison` is compare.json, empty for a study that `salesim compare` did not make.
    """

    record: dict[str, Any]
    sentences: tuple[str, ...]
    tables: dict[str, pd.DataFrame]
    comparison: dict[str, Any] = field(default_factory=dict)

    def table(self, name: str) -> pd.DataFrame:
        """A table by name; empty where the study has none."""
        return self.tables.get(name, pd.DataFrame())


def read_study(folder: Path) -> StudyFiles:
    """Everything the report needs. Raises InputError where there is no study: study.json is missing or not JSON."""
    record_file = folder / "study.json"
    if not record_file.is_file():
        raise InputError(f"{folder} is not the folder of a study: it has no study.json; `salesim run` makes one")
    return StudyFiles(
        record=_mapping(record_file),
        sentences=_sentences(folder / "verdict.json"),
        tables={name: pd.read_parquet(file) for name in (*TABLES, *COMPARED) if (file := folder / f"{name}.parquet").is_file()},
        comparison=_mapping(file) if (file := folder / "compare.json").is_file() else {},
    )


def _sentences(file: Path) -> tuple[str, ...]:
    return tuple(str(line) for line in _mapping(file).get("sentences", ())) if file.is_file() else ()


def _mapping(file: Path) -> dict[str, Any]:
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise InputError(f"{file} cannot be read: {error}; `salesim run` writes it anew") from error
    if not isinstance(content, dict):
        found = type(content).__name__
        raise InputError(f"{file} holds a {found}; it should hold a mapping; `salesim run` writes it anew")
    return content
