"""A study as one workbook of Excel: the summary first, then a sheet for each table, numbers in the formats of their units."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from salesim.config.errors import InputError
from salesim.report.summary.contents import Summary
from salesim.report.text.amounts import contest_title, is_share, scaled, spaced, usual_digits

EXCEL_ROWS, WIDEST = 1_048_576, 44
OF_ROW = ("mean_arm", "mean_baseline", "mean_against", "difference", "low", "high", "lead", "size", "value")
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
    """Formats of a sheet's columns; where a row has a unit of its own, that of its row. Columns are as wide as their names."""
    own = frame["unit"].astype(str).tolist() if "unit" in frame and "measure" in frame else []
    for number, column in enumerate(frame.columns, start=1):
        sheet.column_dimensions[sheet.cell(1, number).column_letter].width = min(max(len(str(column)) + 2, 9), WIDEST)
        if frame[column].dtype.kind != "f":
            continue
        fixed = "" if own and column in OF_ROW else units[str(column)]
        for row in range(len(frame)):
            unit = fixed or (own[row] if own and column in OF_ROW else "")
            if unit:
                sheet.cell(row + 2, number).number_format = number_format(unit)


def _write_summary(book: Any, summary: Summary) -> None:
    """The sheet that opens: answer, lines, differences, reasons for doubt, how to repeat it, and two charts."""
    sheet = book.create_sheet(SHEET, 0)
    book.active = 0
    for other in book.worksheets[1:]:
        other.sheet_view.tabSelected = False
    for letter, wide in zip("ABCDE", (46, 18, 18, 18, 12), strict=True):
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
    sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = "portrait", 1, 1
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    _add_curves(book, sheet, summary)


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
        cell.font, cell.alignment = Font(bold=bold, size=size), Alignment(wrap_text=True, vertical="top")
        self.sheet.row_dimensions[self.at].height = 1.35 * size * math.ceil(len(text) * size / 11 / 105)

    def heading(self, names: list[str]) -> None:
        """The names of columns, below a free row."""
        from openpyxl.styles import Border, Font, Side

        self.at += 2
        for column, name in enumerate(names, start=1):
            cell = self.sheet.cell(self.at, column, name)
            cell.font, cell.border = Font(bold=True), Border(bottom=Side("thin"))

    def row(self, values: list[Any], form: str = "General") -> None:
        """A row of a table; what is not finite has no number."""
        self.at += 1
        for column, value in enumerate(values, start=1):
            known = not isinstance(value, float) or math.isfinite(value)
            cell = self.sheet.cell(self.at, column, value if known else "–")
            cell.number_format = form if isinstance(value, float) else "General"


def _add_curves(book: Any, sheet: Any, summary: Summary) -> None:
    """The curves as a chart beside the summary, with their numbers on the last sheet."""
    from openpyxl.chart import Reference, ScatterChart, Series

    if not (over_time := summary.over_time):
        return
    numbers = book.create_sheet(CHARTS)
    numbers.append(["years from the start", *(f"{spaced(curve.arm)}, {over_time.unit}" for curve in over_time.curves)])
    for row in zip(over_time.curves[0].years, *(curve.values for curve in over_time.curves), strict=True):
        numbers.append(row)
    chart = ScatterChart(style=13)
    chart.title, chart.height, chart.width = over_time.title, 9, 18
    chart.x_axis.title, chart.y_axis.title = "years from the start", over_time.unit
    chart.x_axis.delete = chart.y_axis.delete = False
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
    sheet.add_chart(chart, "G2")
