"""A summary as slides: one with the answer and charts that PowerPoint can edit, and an appendix with the tables."""

from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import Any

from salesim.report.summary.contents import Contrast, OverTime, Summary
from salesim.report.text.amounts import contest_title, spaced
from salesim.report.text.tables import Cell
from salesim.report.theme import FAINT, INK, Theme

WIDE, HIGH, MARGIN, CHART_HIGH = 13.333, 7.5, 0.5, 2.35  # inches
ROWS_A_SLIDE, ARMS_A_SLIDE = 11, 6  # of a table in the appendix
Box = tuple[float, float, float, float]  # left, top, width, height


def write_slides(summary: Summary, path: Path) -> Path:
    """Write the presentation; returns its path. Raises ImportError without python-pptx."""
    from pptx import Presentation
    from pptx.util import Inches

    show = Presentation()
    show.slide_width, show.slide_height = Inches(WIDE), Inches(HIGH)
    _answer(_slide(show, summary.title), summary)
    for title, grid in summary.results.items():
        for arms, start in product(range(1, len(grid.head), ARMS_A_SLIDE), range(0, len(grid.rows), ROWS_A_SLIDE)):
            rows = [[row[0], *row[arms : arms + ARMS_A_SLIDE]] for row in (grid.head, *grid.rows[start : start + ROWS_A_SLIDE])]
            _appendix(_slide(show, f"Results: {title[:1].lower()}{title[1:]}"), rows)
    _sources(_slide(show, "How to repeat it"), summary)
    show.save(str(path))
    return path


def _slide(show: Any, title: str) -> Any:
    """A slide that has its title alone."""
    slide = show.slides.add_slide(show.slide_layouts[5])
    shape = slide.shapes.title
    _place(shape, (MARGIN, 0.25, WIDE - 2 * MARGIN, 0.6))
    _write(shape.text_frame, [(title, 26, True, INK)])
    return slide


def _answer(slide: Any, summary: Summary) -> None:
    """The sentence, the three lines, both charts, and the reasons for doubt."""
    half = (WIDE - 3 * MARGIN) / 2
    size = 16 if len(summary.sentence) < 300 else 13
    _texts(slide, (MARGIN, 0.85, WIDE - 2 * MARGIN, 1.15), [(summary.sentence, size, False, INK)])
    _table(slide, (MARGIN, 2.1, half, 1.3), summary.lines, 11, (0.46, 0.17, 0.25, 0.12))
    notes = []
    for title, sentences in summary.remarks.items():
        notes += [(title, 11, True, INK), *((f"• {line}", 10, False, INK) for line in sentences)]
    _texts(slide, (MARGIN, 3.95, half, 3.0), notes)
    top, left = 2.05, 2 * MARGIN + half
    if summary.over_time:
        _curves(slide, (left, top, half, CHART_HIGH), summary.over_time, summary.theme)
        top += CHART_HIGH + 0.05
    if summary.contrast:
        _bars(slide, (left, top, half, CHART_HIGH), summary.contrast, summary.theme)
    command = f"{summary.facts['Command']}; {summary.facts['Seeds']}; {summary.facts['Version']}"
    _texts(slide, (MARGIN, 6.95, WIDE - 2 * MARGIN, 0.35), [(command, 9, False, FAINT)])


def _curves(slide: Any, box: Box, chart: OverTime, theme: Theme) -> None:
    """Curves over years as a chart of points, which PowerPoint can edit."""
    from pptx.chart.data import XyChartData
    from pptx.enum.chart import XL_CHART_TYPE

    points = XyChartData()
    for curve in chart.curves:
        series = points.add_series(spaced(curve.arm))
        for year, value in zip(curve.years, curve.values, strict=True):
            series.add_data_point(year, value)
    drawn = _chart(slide, box, XL_CHART_TYPE.XY_SCATTER_LINES_NO_MARKERS, points, f"{chart.title}, {chart.unit}")
    for curve, series in zip(chart.curves, drawn.plots[0].series, strict=True):
        series.format.line.color.rgb = _rgb(theme.colour(curve.arm))
        series.format.line.width = _points(2)
        series.smooth = False
    _axis(drawn.category_axis, "years from the start", "0")
    _axis(drawn.value_axis, chart.unit, "#,##0")


def _bars(slide: Any, box: Box, chart: Contrast, theme: Theme) -> None:
    """Differences as bars, whose names have what the tables print of them."""
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE, XL_TICK_LABEL_POSITION

    several, bars = len({bar.contest for bar in chart.bars}) > 1, list(reversed(chart.bars))  # the first one on top
    values = CategoryChartData()
    values.categories = [
        f"{bar.label}{f', {contest_title(bar.contest).lower()}' if several else ''}: {bar.text}" for bar in bars
    ]
    values.add_series(chart.title, [bar.value for bar in bars])
    drawn = _chart(slide, box, XL_CHART_TYPE.BAR_CLUSTERED, values, f"{chart.title}, {chart.unit} [interval]")
    drawn.has_legend = False
    drawn.plots[0].gap_width = 60
    for number, bar in enumerate(bars):
        point = drawn.plots[0].series[0].points[number]
        point.format.fill.solid()
        point.format.fill.fore_color.rgb = _rgb(theme.colour(bar.arm))
    _axis(drawn.value_axis, chart.unit, "General")
    drawn.category_axis.tick_labels.font.size = _points(9)
    drawn.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW


def _chart(slide: Any, box: Box, kind: Any, values: Any, title: str) -> Any:
    """A chart with a small title, and its legend below."""
    from pptx.enum.chart import XL_LEGEND_POSITION

    chart = slide.shapes.add_chart(kind, *_inches(box), values).chart
    chart.font.size = _points(9)
    chart.has_title = True
    _write(chart.chart_title.text_frame, [(title, 10, True, INK)])
    chart.has_legend = True
    chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    return chart


def _axis(axis: Any, title: str, form: str) -> None:
    axis.has_title = True
    _write(axis.axis_title.text_frame, [(title, 9, False, FAINT)])
    axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = form, False
    axis.major_gridlines.format.line.color.rgb = _rgb("#e3e5e8")
    axis.has_major_gridlines = title != "years from the start"


def _appendix(slide: Any, rows: Sequence[Sequence[Cell]]) -> None:
    """A part of a table of results: means, and below them the difference with its interval."""
    texts = [[_cell(cell) for cell in row] for row in rows]
    columns = len(rows[0])
    wide = 0.24 if columns > 3 else 0.34
    shares = (wide, *[(1 - wide) / (columns - 1)] * (columns - 1))
    _table(slide, (MARGIN, 1.0, WIDE - 2 * MARGIN, 0.4 * len(texts)), texts, 11 if columns <= 5 else 9, shares)


def _cell(cell: Cell) -> str:
    name = spaced(cell.arm) if cell.arm else cell.text
    return "\n".join(part for part in (name, " ".join(part for part in (cell.below, cell.more) if part)) if part)


def _sources(slide: Any, summary: Summary) -> None:
    lines = [(f"{name}: {text}", 14, False, INK) for name, text in summary.facts.items()]
    _texts(slide, (MARGIN, 1.1, WIDE - 2 * MARGIN, 4), [(summary.question, 16, False, FAINT), *lines])


def _table(slide: Any, box: Box, rows: Sequence[Sequence[str]], size: float, shares: Sequence[float]) -> None:
    """A table; `shares` are the widths of its columns."""
    table = slide.shapes.add_table(len(rows), len(rows[0]), *_inches(box)).table
    for column, share in zip(table.columns, shares, strict=True):
        column.width = int(_inches(box)[2] * share)
    for number, row in enumerate(rows):
        for cell, text in zip(table.rows[number].cells, row, strict=True):
            cell.margin_top = cell.margin_bottom = _points(2)
            _write(cell.text_frame, [(text, size, number == 0, "#ffffff" if number == 0 else INK)])


def _texts(slide: Any, box: Box, lines: Sequence[tuple[str, float, bool, str]]) -> None:
    """A box of paragraphs."""
    frame = slide.shapes.add_textbox(*_inches(box)).text_frame
    frame.word_wrap = True
    _write(frame, lines)


def _write(frame: Any, lines: Sequence[tuple[str, float, bool, str]]) -> None:
    """Paragraphs: text, size in points, whether it is bold, and colour."""
    for number, (text, size, bold, colour) in enumerate(lines):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        run = paragraph.add_run()
        run.text, run.font.size, run.font.bold, run.font.color.rgb = text, _points(size), bold, _rgb(colour)


def _place(shape: Any, box: Box) -> None:
    shape.left, shape.top, shape.width, shape.height = _inches(box)


def _inches(box: Box) -> tuple[Any, ...]:
    from pptx.util import Inches

    return tuple(Inches(length) for length in box)


def _points(size: float) -> Any:
    from pptx.util import Pt

    return Pt(size)


def _rgb(colour: str) -> Any:
    from pptx.dml.color import RGBColor

    return RGBColor.from_string(colour.removeprefix("#").upper())
