"""Sections that other commands than `run` add to a study's page."""

from pathlib import Path
from typing import Any

from salesim.report.pieces import record_in
from salesim.report.where import where
from salesim.report.why import why

RECORDS = ("explore/explore.json", "explain/explain.json", "explore/tipping.json")


def sections(folder: Path) -> str:
    """All sections of a study's folder as HTML; nothing where there are none."""
    return where(folder) + why(folder)


def record_of_sections(folder: Path) -> dict[str, Any]:
    """The record of the first section there is: it names the study and its question."""
    return record_in(next(folder / name for name in RECORDS if (folder / name).is_file()))
