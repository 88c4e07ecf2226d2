"""What an exploration or an explanation left in its folder: a record and tables."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from salesim.config.errors import InputError

Record = dict[str, Any]


class AnalysisFiles(NamedTuple):
    """The record of an analysis, and its tables by name."""

    record: Record
    tables: Mapping[str, pd.DataFrame]


def read_analysis(record_file: Path, tables: Sequence[str]) -> AnalysisFiles:
    """A record, and these tables beside it. Raises InputError if the record cannot be read."""
    return AnalysisFiles(record_in(record_file), {name: table_in(record_file.parent, name) for name in tables})


def record_in(file: Path) -> Record:
    """A record as it was saved. Raises InputError if it cannot be read."""
    try:
        record: Record = json.loads(file.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise InputError(f"{file} cannot be read: {error}; give the command again that wrote it") from error
    return record


def table_in(folder: Path, name: str) -> pd.DataFrame:
    """A table beside a record; empty where there is none."""
    file = folder / f"{name}.parquet"
    return pd.read_parquet(file) if file.is_file() else pd.DataFrame()
