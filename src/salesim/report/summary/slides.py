"""A summary as slides: one with the answer and charts that PowerPoint can edit, what it has no room for, and the tables."""

import math
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from salesim.report.summary.contents import Summary
from salesim.report.summary.slide_charts import LEAST_CURVES, bars, bars_height, curves
from salesim.report.summary.slide_parts import (
    FULL,
    HIGH,
    MARGIN,
    WIDE,
    Line,
    inches,
    new_slide,
    row_heights,
    table,
    text_height,
    texts,
)
from salesim.report.text.amounts import spaced
from salesim.report.text.tables import Cell, Grid
from salesim.report.theme import FAINT

ARMS_A_SLIDE = 3  # beside the baseline, of a table in the appendix
HALF = (WIDE - 3 * MARGIN) / 2
TOP, END = 1.0, 6.95  # inches, of what is below the title and above the last line
NAME = 3.1  # inches of the names of measures
LAST = "Besides"  # what may not find room on the first slide
MORE = "More of this is on the next slide."


def write_slides(summary: Summary, path: Path) -> Path:
    """Write the presentation; returns its path. Raises ImportError without python-pptx or fpdf2."""
    from pptx import Presentation

    show = Presentation()
    show.slide_width, show.slide_height = inches((WIDE, HIGH))
    _answer(show, summary)
    for title, grid in summary.results.items():
        _results(show, f"Results: {title[:1].lower()}{title[1:]}", grid, summary)
    lines = [Line(summary.question, 16, False, FAINT), *(Line(f"{name}: {text}", 14) for name, text in summary.facts.items())]
    texts(new_slide(show, "How to repeat it"), (MARGIN, TOP, FULL, text_height(lines, FULL)), lines)
    show.save(str(path))
    return path


def _answer(show: Any, summary: Summary) -> None:
    """The sentence; its lines and remarks on the left, charts on the right; then what found no room there."""
    slide = new_slide(show, summary.title)
    size = next((size for size in (20, 18, 16) if text_height([Line(summary.sentence, size)], FULL) <= 0.9), 14)
    sentence = [Line(summary.sentence, size)]
    below = TOP + text_height(sentence, FULL)
    texts(slide, (MARGIN, TOP, FULL, below - TOP), sentence)
    widths = [HALF * share for share in (0.4, 0.18, 0.26, 0.16)]
    left = table(slide, (MARGIN, below + 0.15), summary.lines, widths) + 0.15
    large = _charts(slide, summary, below + 0.15)
    rest = _notes(slide, summary, left)
    where = "; differences have a slide of their own" if large else ""
    facts = f"{summary.facts['Seeds']}; {summary.facts['Version']}{where}; how to repeat it is on the last slide"
    texts(slide, (MARGIN, END + 0.05, FULL, 0.25), [Line(facts, colour=FAINT)])
    if rest:
        texts(new_slide(show, f"{summary.title}: more on the answer"), (MARGIN, TOP, FULL, text_height(rest, FULL)), rest)
    if large and summary.contrast:
        bars(new_slide(show, f"{summary.title}: differences"), (MARGIN, TOP, FULL, END - TOP), summary.contrast, summary.theme)


def _charts(slide: Any, summary: Summary, top: float) -> bool:
    """Charts under each other from `top`; returns whether that of differences is too large, and left out."""
    left, high = 2 * MARGIN + HALF, bars_height(summary.contrast) if summary.contrast else 0.0
    large = high > END - top - (LEAST_CURVES if summary.over_time else 0.0)
    high = 0.0 if large or not summary.contrast else max(high, (END - top) / 2)
    if summary.over_time:
        curves(slide, (left, top, HALF, END - top - high), summary.over_time, summary.theme)
    if high and summary.contrast:
        bars(slide, (left, END - high, HALF, high), summary.contrast, summary.theme)
    return large


def _notes(slide: Any, summary: Summary, top: float) -> list[Line]:
    """Remarks from `top` down, as many as there is room for; returns the others, in larger letters."""
    titles = sorted(summary.remarks, key=lambda title: title == LAST)
    notes = list(chain(*([Line(title, bold=True), *map(_point, summary.remarks[title])] for title in titles)))
    count = _fitting(notes, END - top)
    if count < len(notes):
        count = _fitting(notes, END - top - text_height([Line(MORE)], HALF))
    shown, rest = notes[:count], notes[count:]
    if rest and not rest[0].bold:
        title = next(line for line in reversed(shown) if line.bold)
        rest = [title._replace(text=f"{title.text}, continued"), *rest]
    shown += [Line(MORE, colour=FAINT)] if rest else []
    texts(slide, (MARGIN, top, HALF, text_height(shown, HALF)), shown)
    return [line._replace(size=14) for line in rest]


def _point(text: str) -> Line:
    return Line(f"• {text}")


def _fitting(notes: Sequence[Line], room: float) -> int:
    """How many of the notes go into a height in inches; a title does not come last."""
    count = next((n for n in range(len(notes), 0, -1) if text_height(notes[:n], HALF) <= room), 0)
    while count and notes[count - 1].bold:
        count -= 1
    return count


def _results(show: Any, title: str, grid: Grid, summary: Summary) -> None:
    """A table of results on as many slides as it takes, each with the baseline and with how it is read."""
    key = [Line(summary.key, colour=FAINT)]
    room = END + 0.4 - TOP - 0.15 - text_height(key, FULL)
    others = range(2, len(grid.head))
    arms = max(math.ceil(len(others) / max(math.ceil(len(others) / ARMS_A_SLIDE), 1)), 1)
    for start in range(2, max(len(grid.head), 3), arms):
        rows = [[_cell(cell) for cell in (*row[:2], *row[start : start + arms])] for row in (grid.head, *grid.rows)]
        widths = [NAME, *[(FULL - NAME) / (len(rows[0]) - 1)] * (len(rows[0]) - 1)]
        for part in _parts(rows, row_heights(rows, widths), room):
            slide = new_slide(show, title)
            below = table(slide, (MARGIN, TOP), part, widths) + 0.15
            texts(slide, (MARGIN, below, FULL, text_height(key, FULL)), key)


def _parts(rows: list[list[str]], heights: list[float], room: float) -> Iterator[list[list[str]]]:
    """The rows below the headings, cut where they would be higher than a slide has room, each part with the headings."""
    part, used = [rows[0]], heights[0]
    for row, high in zip(rows[1:], heights[1:], strict=True):
        if used + high > room and len(part) > 1:
            yield part
            part, used = [rows[0]], heights[0]
        part, used = [*part, row], used + high
    yield part


def _cell(cell: Cell) -> str:
    """A mean, and below it the difference with its interval; or a name."""
    name = spaced(cell.arm) if cell.arm else cell.text
    return "\n".join(part for part in (name, " ".join(part for part in (cell.below, cell.more) if part)) if part)
