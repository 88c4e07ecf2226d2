"""The lines of an answer as a table that terminal, page and summary show alike."""

import math

from salesim.report.text.amounts import digits_for, number, unit_words, words_of
from salesim.report.text.answer import Answer, Line
from salesim.report.text.effects import month_or_later
from salesim.report.text.tables import Cell, Grid


def grid_of(answer: Answer) -> Grid:
    """A row a line: its label, value, interval and unit."""
    rows = [
        [Cell(line.label), Cell(value_words(line)), Cell(interval_words(line)), Cell(unit_of(line))] for line in answer.lines
    ]
    return Grid([Cell(name) for name in ("", "value", "interval", "unit")], rows)


def value_words(line: Line) -> str:
    """The value as it is printed."""
    return (
        month_or_later(line.value) if line.unit == "month" else number(line.value, line.unit, signed=True, digits=digits(line))
    )


def interval_words(line: Line) -> str:
    """The ends of the interval as they are printed; a dash where there is none."""
    if math.isnan(line.low) or math.isnan(line.high):
        return "–"
    words = month_or_later if line.unit == "month" else lambda end: number(end, line.unit, signed=True, digits=digits(line))
    return f"{words(line.low)} to {words(line.high)}"


def digits(line: Line) -> int:
    """Decimals of a line, as a table of differences has them."""
    return digits_for([line.low, line.high] if math.isfinite(line.low) else [line.value], line.unit)


def unit_of(line: Line) -> str:
    """The unit beside a line: shares differ by points."""
    return "" if line.unit == "month" else words_of(line.unit) or unit_words(line.unit)
