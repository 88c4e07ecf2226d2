"""The files of a study's folder, read once."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from salesim.config.errors import InputError
from salesim.report.text.origin import differences
from salesim.report.theme import Theme, theme_of
from salesim.runs import files
from salesim.runs.files import STUDY, read_json

Row = dict[str, Any]
TABLES = (
    "differences",
    "context",
    "best",
    "runs",
    "years",
    "bridge",
    "bridge_differences",
    "closing",
    "passthrough",
    "segments",
    "levels",
    "contrasts",
    "cumulated",
    "profit_by_year",
    "payback",
)
OF_WORLDS = ("world_shares", "information")  # what a study over worlds leaves besides
TORNADO_TABLES = ("tornado_axes", "tornado", "tornado_tipping")
TURNS_TABLES = {f"turns{name.removeprefix('tornado')}": name for name in TORNADO_TABLES}  # and what they are tables of
COMPARED = ("statements", "interim_analyses", "selection")  # what `salesim compare` leaves besides


@dataclass(frozen=True)
class StudyFiles:
    """What a study left: `record` is study.json, `tables` the parquet tables that exist.

    `comparison` is compare.json, empty for a study that `salesim compare` did not make. `tornado` is what `salesim explore
    tornado=true` left in the folder, if it is about the same scenarios, and `turns` the small one of `salesim run`.
    """

    record: dict[str, Any]
    tables: dict[str, pd.DataFrame]
    comparison: dict[str, Any] = field(default_factory=dict)
    tornado: "StudyFiles | None" = None
    turns: "StudyFiles | None" = None

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
    """Everything the report needs. Raises InputError where there is no study: its record is missing or damaged."""
    if not (folder / STUDY).is_file():
        raise InputError(f"{folder} is not the folder of a study: it has no {STUDY}; `salesim run` makes one")
    record = read_json(folder / STUDY)
    comparison = read_json(file) if (file := folder / "compare.json").is_file() else {}
    names = (*TABLES, *OF_WORLDS, *COMPARED)
    tables = {name: read_table(folder, name) for name in names if (folder / f"{name}.parquet").is_file()}
    tornado, turns = beside(folder, "tornado", TORNADO_TABLES), beside(folder, "turns", TURNS_TABLES, "pairs", "declared")
    named = {old: turns.tables[new] for new, old in TURNS_TABLES.items()} if turns else {}
    return StudyFiles(record, tables, comparison, tornado, replace(turns, tables=named) if turns else None)


def beside(folder: Path, name: str, tables: Iterable[str], *parts: str) -> StudyFiles | None:
    """A tornado in a study's folder; None where there is none, or one of other scenarios, or a table of it is missing.

    Raises DamagedError if its record lacks any of these parts.
    """
    file = folder / "explore" / f"{name}.json"
    if not file.is_file() or differences(read_json(file, "keys", "seeds", "model", "measure", *parts), folder):
        return None
    tornado = read_analysis(file, tables)
    return None if any(table.columns.empty for table in tornado.tables.values()) else tornado


def read_analysis(record_file: Path, tables: Iterable[str]) -> StudyFiles:
    """What `explore` or `explain` left in a study's folder: a record, and these tables beside it."""
    return StudyFiles(read_json(record_file), {name: read_table(record_file.parent, name) for name in tables})


def read_table(folder: Path, name: str) -> pd.DataFrame:
    """A table of a folder; empty where there is none."""
    file = folder / f"{name}.parquet"
    return files.read_table(file) if file.is_file() else pd.DataFrame()


def grouped(rows: Iterable[Row], key: str) -> dict[Any, list[Row]]:
    """Rows by their value of a column, in the order in which they come."""
    groups: dict[Any, list[Row]] = {}
    for row in rows:
        groups.setdefault(row[key], []).append(row)
    return groups
