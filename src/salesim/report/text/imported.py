"""What the import of an export of opportunities found, in words, and whether the last quarter was as the fit says."""

from collections.abc import Iterator
from typing import Any

from salesim.report.text.amounts import number
from salesim.report.text.evidence import cells
from salesim.report.text.origin import Record
from salesim.report.text.tables import Cell, Grid
from salesim.report.text.verdict import Findings, Section

USUAL = 2.0  # standard deviations, from which the last quarter was different
NOTE = (
    "Predicted: by the worlds that were kept, or if there is none by the weeks before. Apart: in standard deviations of both."
)


def columns(crm: dict[str, Any]) -> str:
    """How the columns were read."""
    read = ", ".join(f"{key} is {name!r}" for key, name in crm["columns"].items())
    return f"{crm['used']:,} of {crm['rows']:,} rows of {crm['export']} are used, as {crm['mapping']} says: {read}."


def findings(crm: dict[str, Any]) -> list[str]:
    """A sentence for each trap of the export: its count, what was done, and how to change that."""
    return [
        each["trap"]
        + (f": {each['rows']:,}" if each["rows"] else "")
        + f"; {each['done']}"
        + (f" (to change it: {each['change']})" if each["change"] else "")
        for each in crm["findings"]
    ]


def section(record: Record) -> Section:
    """How the export was read."""
    crm = record["crm"]
    return Section("How your export was read", [Findings("", findings(crm))], [], given(crm), columns(crm))


def given(crm: dict[str, Any]) -> str:
    """The targets out of the export."""
    return "From the export: " + "; ".join(target_words(row) for row in crm["targets"]) + "."


def target_words(row: dict[str, Any]) -> str:
    """A number with its standard error."""
    value, error = (number(row[name], row["unit"]) for name in ("value", "standard_error"))
    return f"{row['title'].lower()} {value}{' %' if row['unit'].startswith('share') else ''} ± {error}"


def scored(held: list[dict[str, Any]]) -> Iterator[str]:
    """How many numbers of the last quarter are within two standard deviations of the prediction."""
    within = sum(abs(row["z"]) <= USUAL for row in held)
    yield f"{within} of {len(held)} numbers of the last quarter, which was held back, are within {USUAL:g} standard deviations."
    if within < len(held):
        yield "The market of the last quarter differs from that of the weeks before in the others: their ranges are too narrow."


def of_quarter(record: Record) -> Section:
    """Whether the last quarter was as predicted."""
    held = record["quarter"]
    title = "Is the last quarter, which was held back, predicted?"
    return Section(title, [Findings("", list(scored(held)))], [quarter(held)], NOTE, columns(record["crm"]))


def quarter(held: list[dict[str, Any]]) -> Grid:
    """Each number of the last quarter beside its prediction."""
    rows = []
    for row in held:
        predicted, seen = (
            Cell(number(row[name], row["unit"]), more=f"± {number(row[error], row['unit'])}")
            for name, error in (("predicted", "predicted_error"), ("value", "standard_error"))
        )
        kind = "worse" if abs(row["z"]) > USUAL else ""
        rows.append([Cell(row["title"]), predicted, seen, Cell(f"{row['z']:+.1f} sd", kind=kind)])
    return Grid(cells("", "predicted", "last quarter", "apart"), rows)
