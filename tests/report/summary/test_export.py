"""The summary on paper, as slides and as a workbook: all of them say what the tables say."""

import re
import sys
from dataclasses import replace

import pandas as pd
import pytest

from salesim.cli import main
from salesim.report.summary.axis import ticks
from salesim.report.summary.contents import read_summary
from salesim.report.summary.export import frames_of
from salesim.report.summary.pdf import drawn
from salesim.report.summary.workbook import WIDEST, write_workbook
from salesim.report.theme import typeset
from salesim.runs.study_tables import open_study
from tests.report.summary.conftest import EXPERIMENTS

NUMBER = re.compile(r"(?<![\w.])[-+−]?\d[\d,]*(?:\.\d+)?")


def numbers(texts):
    return {found.replace("−", "-").lstrip("+") for text in texts for found in NUMBER.findall(text)}


def said(summary):
    """All numbers that the summary has as text: in sentences, lines, charts and tables of results."""
    charts = [chart for chart in (summary.over_time, summary.contrast) if chart]
    texts = [
        summary.title,
        summary.question,
        summary.sentence,
        summary.key,
        *summary.facts.values(),
        *(chart.title for chart in charts),
    ]
    texts += [text for row in summary.lines for text in row] + [line for lines in summary.remarks.values() for line in lines]
    texts += [bar.text for bar in (summary.contrast.bars if summary.contrast else ())]
    texts += [part for grid in summary.results.values() for row in (grid.head, *grid.rows) for cell in row for part in cell[:3]]
    return numbers(texts)


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_the_charts_of_a_summary_are_the_tables_of_the_study(studies, name):
    summary, study = read_summary(studies / name), open_study(studies / name)
    tables = pd.concat([study[table] for table in ("differences", "contrasts") if len(study[table])])
    for bar in summary.contrast.bars:
        rows = tables[(tables["contest"] == bar.contest) & (tables["arm"] == bar.arm) & (tables["title"] != "")]
        by = 100 if summary.contrast.unit == "points" else 1
        found = rows[(rows["difference"] * by - bar.value).abs() < 1e-9]
        assert ((found["low"] * by - bar.low).abs() < 1e-9).any()
    for curve in summary.over_time.curves if summary.over_time.unit == "k$" else ():
        table = study["cumulated"]
        mine = table[(table["contest"] == summary.theme.contests[0]) & (table["arm"] == curve.arm)]
        assert curve.values == mine["difference"].tolist()
    assert len(summary.over_time.curves) <= 6


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_a_pdf_is_one_sheet_and_has_no_number_of_its_own(studies, name):
    summary = read_summary(studies / name)
    pages = [pdf for pdf in (drawn(summary, size) for size in (1.0, 0.72)) if pdf.page == 1]
    assert pages, "even small letters need a second sheet"
    pages[0].compress = False
    content = bytes(pages[0].output()).decode("cp1252")
    written = [re.sub(r"\\(.)", r"\1", text) for text in re.findall(r"\(((?:[^()\\]|\\.)*)\) Tj", content)]
    bars, curves = summary.contrast.bars, [value for curve in summary.over_time.curves for value in curve.values]
    marks = {*ticks(end for bar in bars for end in bar[3:6]), *ticks(curves), *map(float, range(11))}
    assert numbers(written) - said(summary) - {f"{mark:,.10g}" for mark in marks} == set()
    assert numbers([summary.sentence]) <= numbers(written)
    assert min(float(size) for size in re.findall(r"/F\d+ ([\d.]+) Tf", content)) >= 6


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_slides_have_the_numbers_of_the_summary_and_charts_that_can_be_edited(studies, name):
    from pptx import Presentation

    summary = read_summary(studies / name)
    show = Presentation(str(studies / name / "export" / f"{name}.pptx"))
    shapes = [shape for slide in show.slides for shape in slide.shapes]
    cells = [cell.text for shape in shapes if shape.has_table for row in shape.table.rows for cell in row.cells]
    texts = [shape.text_frame.text for shape in shapes if shape.has_text_frame] + cells
    charts = [shape.chart for shape in shapes if shape.has_chart]
    texts += [category for chart in charts[1:] for category in chart.plots[0].categories]
    assert numbers(texts) - said(summary) == set()
    said_there = "\n".join(texts)
    assert [line for lines in summary.remarks.values() for line in lines if typeset(line) not in said_there] == []
    curves = [list(series.values) for series in charts[0].plots[0].series]
    assert curves == [curve.values for curve in summary.over_time.curves]
    assert list(charts[1].plots[0].series[0].values) == [bar.value for bar in reversed(summary.contrast.bars)]


@pytest.mark.parametrize("name", EXPERIMENTS[::2])
def test_a_workbook_opens_on_the_summary_with_formats_and_units(studies, name):
    from openpyxl import load_workbook

    assert main(["export", str(studies / name), "format=excel"]) == 0
    summary, study = read_summary(studies / name), open_study(studies / name)
    book = load_workbook(studies / name / "export" / f"{name}.xlsx")
    assert book.sheetnames == ["summary", *study.tables, "columns", "charts"]
    assert book.active.title == "summary"
    cells = [cell for row in book["summary"].iter_rows() for cell in row if cell.value is not None]
    assert numbers(cell.value for cell in cells if isinstance(cell.value, str)) - said(summary) == set()
    texts = {cell.value for cell in cells}
    assert [line for lines in summary.remarks.values() for line in lines if line not in texts] == []
    by_label = {row[0].value: row for row in book["summary"].iter_rows()}
    for line, words in zip(summary.answer.lines, summary.lines[1:], strict=True):
        row = by_label[words[0]]
        assert row[4].value in (words[3], None)
        by = 100 if line.unit.startswith("share") else 1
        assert row[1].value == (words[1] if line.unit == "month" else pytest.approx(line.value * by))
    shares = [row for row in book["differences"].iter_rows(min_row=2, values_only=False) if row[4].value == "share"]
    assert {cell.number_format for row in shares for cell in row[6:10]} == {"0.0%"}
    frame = pd.read_excel(studies / name / "export" / f"{name}.xlsx", sheet_name="runs")
    pd.testing.assert_frame_equal(frame, study.runs, check_dtype=False, check_categorical=False)


def test_sentences_on_a_sheet_have_no_commands(studies):
    summary = read_summary(studies / EXPERIMENTS[0])
    command = "salesim explore 'tipping=market.a.b=interval(0.2,2)' tornado=true"
    told = replace(
        summary, answer=replace(summary.answer, doubts=(f"find out what it hangs on ({command}), and more (1 to 2).",))
    )
    assert told.remarks["Reasons for doubt"] == ["Find out what it hangs on, and more (1 to 2)."]
    assert not [line for lines in summary.remarks.values() for line in lines if "salesim explore" in line]


def test_why_an_arm_earns_more_comes_before_the_rest_of_the_question(studies):
    summary = read_summary(studies / EXPERIMENTS[0])
    answer = replace(summary.answer, why="cisco_way earns more.", more=("and so on.",))
    remarks = replace(summary, answer=answer, theme=replace(summary.theme, arms=("pitch", "cisco_way"))).remarks
    assert [*remarks.items()][:2] == [("Why", ["Cisco way earns more."]), ("Besides", ["And so on."])]


def test_a_sheet_is_as_wide_as_its_paper_and_no_column_cuts_its_words(studies, tmp_path):
    from openpyxl import load_workbook

    folder = studies / "margin_spiral"
    frames = {name: frame.head(200) for name, frame in frames_of(open_study(folder))}
    book = load_workbook(write_workbook(frames, read_summary(folder), tmp_path / "mine.xlsx"))
    tables = book.worksheets[1:-1]
    assert len(tables) > 10
    for sheet in (book["summary"], *tables):
        assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToWidth) == (True, 1)
    for name, *_ in (row for row in book["summary"].iter_rows() if isinstance(row[1].value, float)):
        assert book["summary"].row_dimensions[name.row].height >= 15 * len(name.value) / 46
    for column in (column for sheet in tables for column in sheet.iter_cols()):
        wide = column[0].parent.column_dimensions[column[0].column_letter].width
        longest = max(len(str(cell.value)) for cell in column if isinstance(cell.value, str))
        assert wide >= min(longest, WIDEST), (column[0].parent.title, column[0].value)
        assert wide >= len("-12,345,678") or not any(isinstance(cell.value, float) for cell in column)


@pytest.mark.parametrize(
    ("kind", "module", "package"),
    [("pdf", "fpdf", "fpdf2"), ("pptx", "pptx", "python-pptx"), ("pptx", "fpdf", "fpdf2"), ("excel", "openpyxl", "openpyxl")],
)
def test_a_missing_package_is_named_with_the_way_to_get_it(studies, kind, module, package, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, module, None)
    assert main(["export", str(studies / "margin_spiral"), f"format={kind}"]) == 2
    error = " ".join(capsys.readouterr().err.split())
    assert f"format={kind} needs {package}" in error
    assert "pip install 'salesim[" in error


def test_a_sweep_has_no_sheet_and_says_what_it_has(tmp_path, capsys):
    small = (
        "market.customers.count=40",
        "weeks=26",
        "seeds=1",
        "workers=1",
        f"folder={tmp_path}",
        "name=mine",
        "contest=alone",
    )
    assert main(["sweep", "market.trust.loss=0.2,0.6", *small]) == 0
    assert main(["export", str(tmp_path / "mine"), "format=pdf"]) == 2
    assert "has no answer that fits on one page" in " ".join(capsys.readouterr().err.split())
