"""A table in words, which the terminal and the page lay out each in its own way."""

from typing import NamedTuple


class Cell(NamedTuple):
    """A number in words, and the two ends of its interval as "low to high"; empty where there is none."""

    text: str
    interval: str = ""


class Row(NamedTuple):
    """A row: its name, its cells, and how it is shown.

    `kind` is "total" for sums, "part" for what belongs to the row above it, "open" for what cannot be told from zero.
    """

    name: str
    cells: tuple[Cell, ...]
    kind: str = ""


class TextTable(NamedTuple):
    """Heads of the columns, that of the rows' names first, and the rows."""

    head: tuple[str, ...]
    rows: tuple[Row, ...]


def cells(*texts: str) -> tuple[Cell, ...]:
    """Cells without intervals."""
    return tuple(Cell(text) for text in texts)


def interval(low: str, high: str) -> str:
    """The ends of an interval; nothing where all runs agree."""
    return f"{low} to {high}" if low != high else ""
