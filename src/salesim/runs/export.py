"""A study's tables for other programs: CSV files, or one Excel workbook with a sheet a table."""

from collections.abc import Iterable, Mapping
from itertools import chain
from pathlib import Path

import pandas as pd

from salesim.config.errors import InputError
from salesim.runs.columns import described
from salesim.runs.files import cannot_write
from salesim.runs.study_tables import StudyTables

EXCEL_ROWS = 1_048_576


def exported(folder: Path, kind: str) -> list[Path]:
    """Write all tables and what their columns mean into `folder`/export; returns the paths. `kind` is csv or excel.

    Raises InputError if there is no finished study, a table is too long for Excel, or the disk refuses.
    """
    study, place = StudyTables(folder), folder / "export"
    try:
        place.mkdir(exist_ok=True)
        tables = chain(((name, study[name]) for name in study.tables), [("columns", meanings(study))])
        return as_csv(tables, place) if kind == "csv" else [as_excel(dict(tables), place / f"{study.record['name']}.xlsx")]
    except OSError as error:
        raise cannot_write(place, error) from error


def as_csv(frames: Iterable[tuple[str, pd.DataFrame]], place: Path) -> list[Path]:
    """One file for each table."""
    paths = []
    for name, frame in frames:
        paths.append(place / f"{name}.csv")
        frame.to_csv(paths[-1], index=False)
    return paths


def as_excel(frames: Mapping[str, pd.DataFrame], path: Path) -> Path:
    """One workbook. Raises InputError for tables with more rows than a sheet has, and where openpyxl is missing."""
    for name, frame in frames.items():
        if len(frame) >= EXCEL_ROWS:
            raise InputError(f"{name} has {len(frame):,} rows, and a sheet of Excel has at most {EXCEL_ROWS:,}; use format=csv")
    try:
        with pd.ExcelWriter(path, engine="openpyxl") as book:
            for name, frame in frames.items():
                frame.to_excel(book, sheet_name=name, index=False, freeze_panes=(1, 0))
    except ImportError as error:
        raise InputError("format=excel needs openpyxl; `pip install 'salesim[excel]'` brings it, or use format=csv") from error
    return path


def meanings(study: StudyTables) -> pd.DataFrame:
    """What the columns of all tables mean: table, name, unit, meaning."""
    return pd.DataFrame(described(study.folder, study.measures | study.record.get("notes", {})))
