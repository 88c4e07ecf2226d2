"""A study's tables for other programs, with what their columns mean, as CSV files."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import pandas as pd

from salesim.runs.columns import described
from salesim.runs.study_tables import StudyTables


def frames_of(study: StudyTables) -> Iterator[tuple[str, pd.DataFrame]]:
    """All tables with their names, one after another, and at the end what their columns mean."""
    yield from ((name, study[name]) for name in study.tables)
    yield "columns", meanings(study)


def as_csv(frames: Iterable[tuple[str, pd.DataFrame]], place: Path) -> list[Path]:
    """One file for each table."""
    paths = []
    for name, frame in frames:
        paths.append(place / f"{name}.csv")
        frame.to_csv(paths[-1], index=False)
    return paths


def meanings(study: StudyTables) -> pd.DataFrame:
    """What the columns of all tables mean: table, name, unit, meaning."""
    return pd.DataFrame(described(study.folder, study.measures | study.record.get("notes", {})))
