"""A study as one workbook of Excel: the summary first, then a sheet for each table, numbers in the formats of their units."""

import math
from collections.abc import Mapping
from pathlib import Path
from textwrap import wrap
from typing import Any

import pandas as pd

from salesim.config.errors import InputError
from salesim.report.summary.contents import Summary
from salesim.report.text.amounts import contest_title, is_share, scaled, spaced, usual_digits
from salesim.report.theme import LINE

EXCEL_ROWS, WIDEST, NUMBER = 1_048_576, 44, 12  # rows of a sheet; letters in a column at most, and for a number
LOOKED_AT = 2_000  # rows whose words say how wide a column is
COLUMNS = (46, 18, 18, 18, 14)  # letters in those of the summary
CHART, LINE_HIGH = (18.5, 9.0), 15.0  # centimetres of the chart, and points of a line
OF_ROW = ("mean_arm", "mean_baseline", "mean_against", "difference", "low", "high", "lead", "size", "value")
FONT = "Calibri"
SHEET, CHARTS = "summary", "charts"  # the first sheet, and the last, which has the numbers of its charts


def write_workbook(frames: Mapping[str, pd.DataFrame], summary: Summary | None, path: Path) -> Path:
    """Write all tables, the summary first where there is one. Raises InputError for a table with more rows than a sheet has.

    Raises ImportError without openpyxl.
    """
    for name, frame in frames.items():
        if len(frame) >= EXCEL_ROWS:
            raise InputError(f"{name} has {len(frame):,} rows, and a sheet of Excel has at most {EXCEL_ROWS:,}; use format=csv")
    units = {(row["table"], row["column"]): row["unit"] for row in frames["columns"].to_dict("records")}
    with pd.ExcelWriter(path, engine="openpyxl") as book:
        for name, frame in frames.items():
            frame.to_excel(book, sheet_name=name, index=False, freeze_panes=(1, 0))
            _format(book.sheets[name], frame, {column: units.get((name, column), "") for column in frame})
            _on_paper(book.sheets[name], tall=False)
        if summary:
            _write_summary(book.book, summary)
    return path


def number_format(unit: str) -> str:
    """The format of numbers in a unit: percent for shares, thousands for money.

    >>> number_format("share"), number_format("k$ a year"), number_format("weeks"), number_format("0 to 1")
    ('0.0%', '#,##0', '#,##0.0', '0.00')
    """
    if is_share(unit):
        return "0.0%"
    digits = usual_digits(unit)
    return "#,##0" + ("." + "0" * digits if digits else "") if unit.startswith(("k$", "weeks", "deals")) else "0.00"


def number_of(unit: str) -> str:
    """The format of differences as they are printed: shares differ by points."""
    return "0.0" if unit == "points" else number_format(unit)


def _format(sheet: Any, frame: pd.DataFrame, units: Mapping[str, str]) -> None:
    """Formats of a sheet's columns; where a row has a unit of its own, that of its row. Widths by contents."""
    own = frame["unit"].astype(str).tolist() if "unit" in frame and "measure" in frame else []
    for number, column in enumerate(frame.columns, start=1):
        sheet.column_dimensions[sheet.cell(1, number).column_letter].width = _width(frame, str(column))
        if frame[column].dtype.kind != "f":
            continue
        fixed = "" if own and column in OF_ROW else units[str(column)]
        for row in range(len(frame)):
            unit = fixed or (own[row] if own and column in OF_ROW else "")
            if unit:
                sheet.cell(row + 2, number).number_format = number_format(unit)


def _width(frame: pd.DataFrame, column: str) -> int:
    """Letters of a column's name and of its longest word or number, within bounds."""
    values = frame[column].head(LOOKED_AT)
    longest = NUMBER if values.dtype.kind in "fiu" else max(map(len, map(str, values)), default=0)
    return min(max(len(column), longest) + 2, WIDEST)


def _on_paper(sheet: Any, *, tall: bool) -> None:
    """A sheet is as wide as its paper; a table goes on below its headings, `tall` is one sheet."""
    sheet.page_setup.orientation = "portrait" if tall else "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, int(tall)
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    if not tall:
        sheet.print_title_rows = "1:1"


def _write_summary(book: Any, summary: Summary) -> None:
    """The sheet that opens: answer, lines, differences, reasons for doubt, how to repeat it, and two charts."""
    sheet = book.create_sheet(SHEET, 0)
    book.active = 0
    for other in book.worksheets[1:]:
        other.sheet_view.tabSelected = False
    for letter, wide in zip("ABCDE", COLUMNS, strict=True):
        sheet.column_dimensions[letter].width = wide
    sheet.sheet_view.showGridLines = False
    write = _Sheet(sheet)
    write.text(summary.title, bold=True, size=18)
    write.text(summary.question)
    write.text(summary.sentence, size=13)
    write.heading(["", "value", "low", "high", "unit"])
    for line, row in zip(summary.answer.lines, summary.lines[1:], strict=True):
        if line.unit == "month":
            low, _, high = row[2].partition(" to ")
            write.row([row[0], row[1], low, high, row[3]])
        else:
            ends = [scaled(end, line.unit) for end in (line.value, line.low, line.high)]
            write.row([row[0], *ends, row[3]], number_of(row[3]))
    if summary.contrast:
        unit = summary.contrast.unit
        write.heading([summary.contrast.title, "difference", "low", "high", "unit"])
        for bar in summary.contrast.bars:
            name = f"{bar.label} ({contest_title(bar.contest).lower()})"
            write.row([name, bar.value, bar.low, bar.high, unit], number_of(unit))
    for title, sentences in {**summary.remarks, "To repeat it": [f"{n}: {t}" for n, t in summary.facts.items()]}.items():
        write.heading([title])
        for sentence in sentences:
            write.text(sentence)
    _on_paper(sheet, tall=True)
    _add_curves(book, sheet, summary, f"A{write.at + 2}")


class _Sheet:
    """Rows down a sheet."""

    def __init__(self, sheet: Any) -> None:
        self.sheet, self.at = sheet, 0

    def text(self, text: str, *, bold: bool = False, size: int = 11) -> None:
        """A paragraph over all columns, in a row that is high enough."""
        from openpyxl.styles import Alignment, Font

        self.at += 1
        self.sheet.merge_cells(start_row=self.at, end_row=self.at, start_column=1, end_column=5)
        cell = self.sheet.cell(self.at, 1, text)
        cell.font, cell.alignment = Font(FONT, bold=bold, size=size), Alignment(wrap_text=True, vertical="top")
        self.sheet.row_dimensions[self.at].height = 1.35 * size * math.ceil(len(text) * size / 11 / sum(COLUMNS))

    def heading(self, names: list[str]) -> None:
        """The names of columns, below a free row."""
        from openpyxl.styles import Border, Font, Side

        self.at += 2
        for column, name in enumerate(names, start=1):
            cell = self.sheet.cell(self.at, column, name)
            cell.font, cell.border = Font(FONT, bold=True), Border(bottom=Side("thin"))
            cell.alignment = _aligned(column)
        self._heighten(names[0])

    def row(self, values: list[Any], form: str = "General") -> None:
        """A row of a table; what is not finite has no number."""
        from openpyxl.styles import Font

        self.at += 1
        for column, value in enumerate(values, start=1):
            known = not isinstance(value, float) or math.isfinite(value)
            cell = self.sheet.cell(self.at, column, value if known else "–")
            cell.font, cell.alignment = Font(FONT), _aligned(column)
            cell.number_format = form if isinstance(value, float) else "General"
        self._heighten(str(values[0]))

    def _heighten(self, name: str) -> None:
        """The row is as high as the lines of a name in its first column."""
        self.sheet.row_dimensions[self.at].height = LINE_HIGH * max(len(wrap(name, COLUMNS[0] - 2)), 1)


def _aligned(column: int) -> Any:
    """Numbers at the right, with space before their units."""
    from openpyxl.styles import Alignment

    if 1 < column < len(COLUMNS):
        return Alignment(horizontal="right", vertical="bottom")
    return Alignment(horizontal="left", vertical="bottom", wrap_text=True, indent=int(column > 1))


def _add_curves(book: Any, sheet: Any, summary: Summary, place: str) -> None:
    """The curves as a chart below the summary, with their numbers on the last sheet."""
    from openpyxl.chart import Reference, ScatterChart, Series
    from openpyxl.chart.shapes import GraphicalProperties
    from openpyxl.drawing.line import LineProperties
    from openpyxl.drawing.text import CharacterProperties

    if not (over_time := summary.over_time):
        return
    numbers = book.create_sheet(CHARTS)
    numbers.append(["years from the start", *(f"{spaced(curve.arm)}, {over_time.unit}" for curve in over_time.curves)])
    for cell in numbers[1]:
        numbers.column_dimensions[cell.column_letter].width = len(cell.value) + 2
    for row in zip(over_time.curves[0].years, *(curve.values for curve in over_time.curves), strict=True):
        numbers.append(row)
    chart = ScatterChart(style=13)
    chart.title, (chart.width, chart.height), chart.legend.position = over_time.title, CHART, "b"
    chart.title.tx.rich.p[0].r[0].rPr = CharacterProperties(sz=1200, b=True)
    chart.x_axis.title, chart.y_axis.title = "years from the start", over_time.unit
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.x_axis.tickLblPos, chart.x_axis.majorGridlines, chart.y_axis.number_format = "low", None, "#,##0"
    chart.x_axis.scaling.min, chart.x_axis.scaling.max = 0, math.ceil(over_time.curves[0].years[-1])
    chart.y_axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill=LINE.removeprefix("#")))
    last = numbers.max_row
    for column, curve in enumerate(over_time.curves, start=2):
        series = Series(
            Reference(numbers, min_col=column, min_row=2, max_row=last),
            Reference(numbers, min_col=1, min_row=2, max_row=last),
            title=spaced(curve.arm),
        )
        series.marker.symbol, series.smooth = "none", False
        series.graphicalProperties.line.solidFill = summary.theme.colour(curve.arm).removeprefix("#")
        chart.series.append(series)
    sheet.add_chart(chart, place)
