"""The files of a study's folder, read once."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from salesim.config.errors import InputError
from salesim.report.theme import Theme, theme_of

Row = dict[str, Any]
TABLES = ("differences", "best", "runs", "years", "bridge", "closing", "passthrough", "segments")
COMPARED = ("statements", "interim_analyses", "selection")  # what `salesim compare` leaves besides


@dataclass(frozen=True)
class StudyFiles:
    """What a study left: `record` is study.json, `tables` the parquet tables that exist.

    `comparison` is compare.json, empty for a study that `salesim compare` did not make.
    """

    record: dict[str, Any]
    tables: dict[str, pd.DataFrame]
    comparison: dict[str, Any] = field(default_factory=dict)

    def table(self, name: str) -> pd.DataFrame:
        """A table by name; empty where the study has none."""
        return self.tables.get(name, pd.DataFrame())

    def rows(self, name: str) -> list[Row]:
        """The rows of a table; none where the study has none."""
        rows: list[Row] = self.table(name).to_dict("records")
        return rows

    @property
    def theme(self) -> Theme:
        """Arms and contests as study.json orders them."""
        return theme_of(self.record)


def read_study(folder: Path) -> StudyFiles:
    """Everything the report needs. Raises InputError where there is no study: study.json is missing or not JSON."""
    record_file = folder / "study.json"
    if not record_file.is_file():
        raise InputError(f"{folder} is not the folder of a study: it has no study.json; `salesim run` makes one")
    comparison = read_json(file) if (file := folder / "compare.json").is_file() else {}
    names = (*TABLES, *COMPARED)
    tables = {name: read_table(folder, name) for name in names if (folder / f"{name}.parquet").is_file()}
    return StudyFiles(read_json(record_file), tables, comparison)


def read_analysis(record_file: Path, tables: Sequence[str]) -> StudyFiles:
    """What `explore` or `explain` left in a study's folder: a record, and these tables beside it."""
    return StudyFiles(read_json(record_file), {name: read_table(record_file.parent, name) for name in tables})


def read_table(folder: Path, name: str) -> pd.DataFrame:
    """A table of a folder; empty where there is none."""
    file = folder / f"{name}.parquet"
    return pd.read_parquet(file) if file.is_file() else pd.DataFrame()


def read_json(file: Path) -> dict[str, Any]:
    """A record as it was left. Raises InputError if it cannot be read."""
    remedy = "give the command again that wrote it"
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise InputError(f"{file} cannot be read: {error}; {remedy}") from error
    if not isinstance(content, dict):
        raise InputError(f"{file} holds a {type(content).__name__}; it should hold a mapping; {remedy}")
    return content


def grouped(rows: Iterable[Row], key: str) -> dict[Any, list[Row]]:
    """Rows by their value of a column, in the order in which they come."""
    groups: dict[Any, list[Row]] = {}
    for row in rows:
        groups.setdefault(row[key], []).append(row)
    return groups
