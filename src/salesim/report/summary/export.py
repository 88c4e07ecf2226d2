"""`salesim export`: the tables of a study for other programs, and its summary as PDF, slides and workbook."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pandas as pd

from salesim.config.errors import InputError
from salesim.report.study_files import read_study
from salesim.report.summary.contents import read_summary, summary_of
from salesim.report.summary.pdf import write_pdf
from salesim.report.summary.slides import write_slides
from salesim.report.summary.workbook import write_workbook
from salesim.runs.columns import described
from salesim.runs.files import cannot_write
from salesim.runs.study_tables import StudyTables

NEEDS = {  # packages by their modules, and the extra that brings them; slides are measured with the letters of fpdf2
    "excel": ({"openpyxl": "openpyxl"}, "excel"),
    "pdf": ({"fpdf": "fpdf2"}, "meeting"),
    "pptx": ({"pptx": "python-pptx", "fpdf": "fpdf2"}, "meeting"),
}


def exported(folder: Path, kind: str) -> list[Path]:
    """Write into `folder`/export what `kind` (csv, excel, pdf or pptx) names; returns the paths.

    Raises InputError if there is no finished study, or no summary of it, if a package is missing, or the disk refuses.
    """
    study, place = StudyTables(folder), folder / "export"
    check_package(kind)
    try:
        frames = list(frames_of(study)) if kind == "csv" else []  # all of them, before a file is written
        place.mkdir(exist_ok=True)
        if kind == "csv":
            for name, frame in frames:
                frame.to_csv(place / f"{name}.csv", index=False)
            return [place / f"{name}.csv" for name, _ in frames]
        return [_written(study, kind, place / str(study.record["name"]))]
    except OSError as error:
        raise cannot_write(place, error) from error


def check_package(kind: str) -> None:
    """Refuse a kind whose package is not installed. Raises InputError."""
    packages, extra = NEEDS.get(kind, ({}, ""))
    for module, package in packages.items():
        try:
            import_module(module)
        except ImportError as error:
            get = f"`pip install 'salesim[{extra}]'`"
            raise InputError(f"format={kind} needs {package}; {get} brings it, or use format=csv") from error


def _written(study: StudyTables, kind: str, path: Path) -> Path:
    """One file at `path`, with the ending of its kind."""
    if kind == "pdf":
        return write_pdf(read_summary(study.folder), path.with_name(f"{path.name}.pdf"))
    if kind == "pptx":
        return write_slides(read_summary(study.folder), path.with_name(f"{path.name}.pptx"))
    summary = summary_of(read_study(study.folder))
    return write_workbook(dict(frames_of(study)), summary, path.with_name(f"{path.name}.xlsx"))


def frames_of(study: StudyTables) -> Iterator[tuple[str, pd.DataFrame]]:
    """All tables with their names, one after another, and at the end what their columns mean: table, name, unit, meaning."""
    yield from ((name, study[name]) for name in study.tables)
    yield "columns", pd.DataFrame(described(study.folder, study.measures | study.record.get("notes", {})))
