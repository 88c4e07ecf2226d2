"""The two charts of a summary, drawn into a PDF."""

import math
from typing import TYPE_CHECKING, NamedTuple

from salesim.report.summary.axis import ticks
from salesim.report.summary.contents import Bar, Contrast, OverTime
from salesim.report.text.amounts import contest_title, spaced
from salesim.report.theme import FAINT, LINE, Theme

if TYPE_CHECKING:
    from fpdf import FPDF

GREY, BLACK = 107, 35
LABEL, NAMES, EDGE = 11.0, 40.0, 4.0  # mm: of numbers beside an upright axis, of names beside bars, of half a last number
AXIS, LINE_MM = 8.0, 3.2  # mm: of the numbers and the name of a lower axis, and of a line of a name
SIZE, LEAST = 8.0, 6.0  # points of small print, and of a name that is too long for its place
DASHES: tuple[dict[str, float], ...] = ({}, {"dash": 1.6, "gap": 0.9}, {"dash": 0.5, "gap": 0.7}, {"dash": 2.4, "gap": 0.7})


class Frame(NamedTuple):
    """Where a chart lies: its panel in mm, and the ranges of both axes."""

    left: float
    top: float
    wide: float
    high: float
    x: tuple[float, float]
    y: tuple[float, float]

    def at(self, x: float, y: float) -> tuple[float, float]:
        """A point of the chart on the paper."""
        across, up = (x - self.x[0]) / (self.x[1] - self.x[0]), (y - self.y[0]) / (self.y[1] - self.y[0])
        return self.left + across * self.wide, self.top + (1.0 - up) * self.high


def draw_over_time(pdf: "FPDF", chart: OverTime, theme: Theme, box: tuple[float, float, float, float]) -> None:
    """Curves with their names above; `box` is left, top, width and height in mm."""
    left, top, wide, high = box
    top += _names(pdf, [(spaced(curve.arm), theme.colour(curve.arm), _dash(theme, curve.arm)) for curve in chart.curves], box)
    values = [value for curve in chart.curves for value in curve.values]
    marks = ticks(values if chart.unit != "%" else [*values, 0.0])
    last = max((curve.years[-1] for curve in chart.curves if curve.years), default=1.0)
    frame = Frame(left + LABEL, top, wide - LABEL - EDGE, box[1] + high - top - AXIS, (0.0, last), (marks[0], marks[-1]))
    for mark in marks:
        _rule(pdf, frame.at(0.0, mark), frame.at(last, mark), strong=mark == 0.0)
        _text(pdf, left, frame.at(0.0, mark)[1], LABEL - 1, f"{mark:,.10g}", "R")
    for year in range(0, math.ceil(last) + 1, 1 if last <= 12 else 5):
        _text(pdf, frame.at(year, marks[0])[0] - 3, frame.top + frame.high + 2.2, 6, str(year), "C")
    _text(pdf, frame.left, frame.top + frame.high + 5.8, frame.wide, f"{chart.unit}; years from the start", "C")
    for curve in chart.curves:
        pdf.set_draw_color(theme.colour(curve.arm))
        pdf.set_line_width(0.5)
        pdf.set_dash_pattern(**_dash(theme, curve.arm))
        pdf.polyline([frame.at(*point) for point in zip(curve.years, curve.values, strict=True)])
    pdf.set_dash_pattern()


def contrast_height(pdf: "FPDF", chart: Contrast) -> float:
    """Millimetres that a chart of differences needs for the names of all of them, and for its axis."""
    contest = 1 if _is_several(chart) else 0
    return AXIS + sum(LINE_MM * (len(_in_lines(pdf, bar.label)) + contest) + 1.0 for bar in chart.bars)


def _is_several(chart: Contrast) -> bool:
    return len({bar.contest for bar in chart.bars}) > 1


def draw_contrast(pdf: "FPDF", chart: Contrast, theme: Theme, box: tuple[float, float, float, float]) -> None:
    """A dot with its interval for each bar, beside its name and above what tables print of it."""
    left, top, wide, high = box
    marks = ticks(end for bar in chart.bars for end in (bar.value, bar.low, bar.high))
    frame = Frame(left + NAMES, top, wide - NAMES - EDGE, high - AXIS, (marks[0], marks[-1]), (float(len(chart.bars)), 0.0))
    for mark in marks:
        _rule(pdf, frame.at(mark, 0.0), frame.at(mark, len(chart.bars)), strong=mark == 0.0)
        _text(pdf, frame.at(mark, 0.0)[0] - 8, frame.top + frame.high + 2.2, 16, f"{mark:,.10g}", "C")
    _text(pdf, frame.left, frame.top + frame.high + 5.8, frame.wide, f"{chart.unit}; line: interval", "C")
    for row, bar in enumerate(chart.bars):
        _bar(pdf, frame, bar, theme, row, _is_several(chart))


def _bar(pdf: "FPDF", frame: Frame, bar: Bar, theme: Theme, row: int, several: bool) -> None:
    x, y = frame.at(bar.value, row + 0.5)
    pdf.set_draw_color(theme.colour(bar.arm))
    pdf.set_fill_color(theme.colour(bar.arm))
    if math.isfinite(bar.low):
        pdf.set_line_width(0.6)
        pdf.line(frame.at(bar.low, row)[0], y, frame.at(bar.high, row)[0], y)
    pdf.circle(x, y, 0.9, style="F")
    contest = [contest_title(bar.contest).lower()] if several else []
    lines = [*_in_lines(pdf, bar.label), *contest]
    for number, line in enumerate(lines):
        _text(pdf, frame.left - NAMES, y + LINE_MM * (number - (len(lines) - 1) / 2), NAMES - 2, line, "R")


def _in_lines(pdf: "FPDF", name: str) -> list[str]:
    """A name in as many lines as it needs beside a bar."""
    pdf.set_font(size=SIZE)
    lines = pdf.multi_cell(NAMES - 2, text=name, dry_run=True, output="LINES")
    return [str(line) for line in lines] if isinstance(lines, list) else [name]


def _names(pdf: "FPDF", names: list[tuple[str, str, dict[str, float]]], box: tuple[float, float, float, float]) -> float:
    """The names of curves behind their strokes, in two columns; returns the height that they take."""
    left, top, wide, _ = box
    for number, (name, colour, dash) in enumerate(names):
        x, y = left + (number % 2) * wide / 2, top + 2 + 4.0 * (number // 2)
        pdf.set_draw_color(colour)
        pdf.set_line_width(0.6)
        pdf.set_dash_pattern(**dash)
        pdf.line(x, y, x + 6, y)
        pdf.set_dash_pattern()
        _text(pdf, x + 7, y, wide / 2 - 8, name, "L")
    return 4.0 * math.ceil(len(names) / 2) + 3.5


def _dash(theme: Theme, arm: str) -> dict[str, float]:
    return DASHES[theme.arms.index(arm) % len(DASHES)] if theme.has_many else {}


def _rule(pdf: "FPDF", start: tuple[float, float], end: tuple[float, float], *, strong: bool) -> None:
    pdf.set_draw_color(FAINT if strong else LINE)
    pdf.set_line_width(0.25 if strong else 0.15)
    pdf.line(*start, *end)


def _text(pdf: "FPDF", x: float, y: float, wide: float, text: str, align: str) -> None:
    """A line of small print whose middle is at the height y; smaller where it would not fit."""
    pdf.set_text_color(GREY)
    size = SIZE
    pdf.set_font(size=size)
    while pdf.get_string_width(text) > wide and size > LEAST:
        size -= 0.25
        pdf.set_font(size=size)
    pdf.set_xy(x, y - 1.6)
    pdf.cell(wide, 3.2, text, align=align)
    pdf.set_text_color(BLACK)
