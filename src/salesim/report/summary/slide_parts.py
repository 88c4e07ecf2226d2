"""Texts and tables on a slide. Heights are measured, so that each is known to fit before it is written."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from salesim.report.summary.letters import POINTS, height_of
from salesim.report.theme import INK, typeset

WIDE, HIGH, MARGIN = 13.333, 7.5, 0.5  # inches
FULL = WIDE - 2 * MARGIN
SMALLEST = 12  # points of letters
INSIDE, ABOVE = 0.1, 0.04  # inches: beside the text of a box or cell, and above and below that of a cell
APART = 4  # points above a title within a text
Box = tuple[float, float, float, float]  # left, top, width, height


class Line(NamedTuple):
    """A paragraph: its text, size in points, whether it is bold, and its colour."""

    text: str
    size: float = SMALLEST
    bold: bool = False
    colour: str = INK


def new_slide(show: Any, title: str) -> Any:
    """A slide that has its title alone."""
    from pptx.enum.text import PP_ALIGN

    slide = show.slides.add_slide(show.slide_layouts[5])
    shape = slide.shapes.title
    shape.left, shape.top, shape.width, shape.height = inches((MARGIN, 0.25, FULL, 0.6))
    size = next((size for size in (26, 22, 18) if text_height([Line(title, size, True)], FULL) <= 0.6), 16)
    write(shape.text_frame, [Line(title, size, True)])
    shape.text_frame.paragraphs[0].alignment = PP_ALIGN.LEFT
    return slide


def text_height(lines: Sequence[Line], wide: float) -> float:
    """Inches that paragraphs take in a box of a width."""
    apart = sum(line.bold for line in lines[1:]) * APART / POINTS
    return sum(height_of(line.text, line.size, wide - 2 * INSIDE, bold=line.bold) for line in lines) + apart


def texts(slide: Any, box: Box, lines: Sequence[Line]) -> None:
    """A box of paragraphs, without a margin above and below."""
    frame = slide.shapes.add_textbox(*inches(box)).text_frame
    frame.word_wrap = True
    frame.margin_top = frame.margin_bottom = 0
    frame.margin_left = frame.margin_right = inches((INSIDE,))[0]
    write(frame, lines)


def row_heights(rows: Sequence[Sequence[str]], widths: Sequence[float]) -> list[float]:
    """Inches of each row of a table, from its highest cell; the first row has the headings, in bold."""
    return [
        max(height_of(text, SMALLEST, wide - 2 * INSIDE, bold=number == 0) for text, wide in zip(row, widths, strict=True))
        + 2 * ABOVE
        for number, row in enumerate(rows)
    ]


def table(slide: Any, at: tuple[float, float], rows: Sequence[Sequence[str]], widths: Sequence[float]) -> float:
    """A table at left and top, with columns of `widths` in inches; returns where it ends."""
    from pptx.enum.text import MSO_ANCHOR

    heights = row_heights(rows, widths)
    frame = slide.shapes.add_table(len(rows), len(rows[0]), *inches((*at, sum(widths), sum(heights))))
    for column, wide in zip(frame.table.columns, widths, strict=True):
        column.width = inches((wide,))[0]
    for number, (row, high) in enumerate(zip(rows, heights, strict=True)):
        frame.table.rows[number].height = inches((high,))[0]
        for cell, text in zip(frame.table.rows[number].cells, row, strict=True):
            cell.margin_left = cell.margin_right = inches((INSIDE,))[0]
            cell.vertical_anchor = MSO_ANCHOR.MIDDLE if number == 0 else MSO_ANCHOR.TOP
            cell.margin_top = cell.margin_bottom = inches((ABOVE,))[0]
            write(cell.text_frame, [Line(text, bold=number == 0, colour="#ffffff" if number == 0 else INK)])
    return at[1] + sum(heights)


def write(frame: Any, lines: Sequence[Line]) -> None:
    """Paragraphs into a frame."""
    for number, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        if line.bold and number > 0:
            paragraph.space_before = points(APART)
        run = paragraph.add_run()
        run.text, run.font.bold = typeset(line.text), line.bold
        run.font.size, run.font.color.rgb = points(line.size), rgb(line.colour)


def inches(lengths: Sequence[float]) -> tuple[Any, ...]:
    """Lengths as PowerPoint counts them."""
    from pptx.util import Inches

    return tuple(Inches(length) for length in lengths)


def points(size: float) -> Any:
    """A size of letters or strokes as PowerPoint counts it."""
    from pptx.util import Pt

    return Pt(size)


def rgb(colour: str) -> Any:
    """A colour of the palette."""
    from pptx.dml.color import RGBColor

    return RGBColor.from_string(colour.removeprefix("#").upper())
