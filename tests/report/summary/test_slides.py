"""Slides that can be read from the back of a room: nothing small, nothing that overflows, no mark without its meaning."""

from itertools import combinations

import pytest

from salesim.report.summary.contents import read_summary
from salesim.report.summary.letters import height_of
from tests.report.summary.conftest import EXPERIMENTS

SMALLEST, NEAR = 12, 0.02  # points; inches
MARKS = "▲▼≈?="


@pytest.fixture(scope="module", params=EXPERIMENTS)
def show(request, studies):
    from pptx import Presentation

    return Presentation(str(studies / request.param / "export" / f"{request.param}.pptx"))


def sizes_of(shape):
    """Sizes of letters of a shape, and of its chart, whose letters are of one size unless a part says otherwise."""
    if shape.has_chart:
        yield shape.chart.font.size.pt
        yield from (int(size.get("sz")) / 100 for size in shape.chart._chartSpace.iter() if size.get("sz"))
        return
    cells = [cell for row in shape.table.rows for cell in row.cells] if shape.has_table else [shape]
    yield from (run.font.size.pt for each in cells for part in each.text_frame.paragraphs for run in part.runs)


def measured(frame, margins, wide):
    """Inches of a text in a width, with the margins around it."""
    left, right, top, bottom = (getattr(margins, f"margin_{side}").inches for side in ("left", "right", "top", "bottom"))
    inner = wide - left - right
    parts = [(part.text, part.runs[0].font, part.space_before) for part in frame.paragraphs if part.runs]
    high = sum(height_of(text, font.size.pt, inner, bold=bool(font.bold)) for text, font, _ in parts)
    return high + sum(apart.inches for _, _, apart in parts if apart) + top + bottom


def box(shape):
    left, top, wide, high = (length.inches for length in (shape.left, shape.top, shape.width, shape.height))
    return left, top, left + wide, top + high


def test_no_letters_on_a_slide_are_smaller_than_twelve_points(show):
    sizes = [size for slide in show.slides for shape in slide.shapes for size in sizes_of(shape)]
    assert min(sizes) >= SMALLEST


def test_each_text_fits_its_box_and_no_box_lies_on_another_or_beyond_the_slide(show):
    for slide in show.slides:
        for shape in slide.shapes:
            left, top, right, bottom = box(shape)
            assert min(left, top) >= 0
            assert right <= show.slide_width.inches + NEAR
            assert bottom <= show.slide_height.inches + NEAR
            if shape.has_text_frame and not shape.is_placeholder:
                assert measured(shape.text_frame, shape.text_frame, right - left) <= bottom - top + NEAR, shape.text_frame.text
            if shape.has_table:
                for row in shape.table.rows:
                    for cell, column in zip(row.cells, shape.table.columns, strict=True):
                        assert measured(cell.text_frame, cell, column.width.inches) <= row.height.inches + NEAR, cell.text
        for one, other in combinations(map(box, slide.shapes), 2):
            wide, high = (min(one[end + 2], other[end + 2]) - max(one[end], other[end]) for end in (0, 1))
            assert min(wide, high) <= NEAR, "boxes overlap"


def test_marks_of_a_table_are_explained_on_its_slide(show):
    for slide in show.slides:
        tables = [shape.table for shape in slide.shapes if shape.has_table]
        words = " ".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
        cells = " ".join(cell.text for table in tables for row in table.rows for cell in row.cells)
        assert {mark for mark in MARKS if mark in cells} <= {mark for mark in MARKS if f"{mark} " in words}


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_bars_have_their_intervals_and_none_of_them_lacks_its_name(studies, name):
    from pptx import Presentation

    show = Presentation(str(studies / name / "export" / f"{name}.pptx"))
    chart = [shape.chart for slide in show.slides for shape in slide.shapes if shape.has_chart][1]
    values, bars = chart.plots[0].series[0], list(reversed(read_summary(studies / name).contrast.bars))
    plus, minus = ([float(v.text) for v in values._element.findall(f".//{{*}}{end}//{{*}}v")] for end in ("plus", "minus"))
    assert [(bar.low, bar.high) for bar in bars] == [
        pytest.approx((value - less, value + more)) for value, less, more in zip(values.values, minus, plus, strict=True)
    ]
    assert [category.partition(": ")[0] for category in chart.plots[0].categories] == [bar.label for bar in bars]
    assert chart.category_axis._element.find("{*}tickLblSkip").get("val") == "1"
