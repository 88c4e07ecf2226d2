"""A study's tables for other programs: CSV files, or one Excel workbook with a sheet a table."""

from collections.abc import Iterable, Mapping
from itertools import chain
from pathlib import Path

import pandas as pd

from salesim.config.errors import InputError
from salesim.metrics import METRICS
from salesim.runs.files import cannot_write
from salesim.runs.study_tables import StudyTables

EXCEL_ROWS = 1_048_576
COLUMNS = {
    "point": ("number", "the point of the sweep, from 0"),
    "contest": ("word", "alone: our vendor among its rivals; everyone: the whole market sells this way"),
    "arm": ("word", "what is compared"),
    "seed": ("number", "of the random numbers of the run; all arms and points share it"),
    "n": ("runs", "runs that went well"),
    "churn": ("share a year", "Contracts lost a year"),
    "lifetime_value_k": ("k$", "Value of a customer over its lifetime"),
}


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
    """What the columns of runs mean: name, unit, meaning; nothing for a folder without runs."""
    known = {name: (metric.unit, metric.title) for name, metric in METRICS.items()} | COLUMNS | study.record.get("notes", {})
    rows = [
        (name, *known.get(name, ("", "a setting; `salesim show` says more")))
        for name in (study.runs if "runs" in study.tables else ())
    ]
    return pd.DataFrame(rows, columns=["column", "unit", "meaning"])
