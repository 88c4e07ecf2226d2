"""Charts without a library: what a chart says, shows and changes, in a real browser."""

from pathlib import Path

import pytest

import salesim

CODE = (Path(salesim.__file__).parent / "classroom" / "static" / "drawing.js").read_text(encoding="utf-8")
PAGE = f'<!doctype html><html lang="en"><title>t</title><div id="host" style="width:400px"></div><script>{CODE}</script></html>'
LINES = """(until) => Drawing.lineChart(host, {title: "Margin", low: 0, high: 1, table: true, until,
    series: [{name: "mine", mean: [0.5, 0.25, 0.75], low: [0.4, 0.2, 0.7], high: [0.6, 0.3, 0.8]}]})"""


@pytest.fixture
def empty(chromium):
    tab = chromium.new_page()
    tab.set_content(PAGE)
    yield tab
    tab.close()


def said(tab):
    return tab.get_attribute("#host svg[role=img]", "aria-label")


def test_a_chart_shows_and_says_only_the_years_so_far(empty):
    empty.evaluate(LINES, 2)
    assert said(empty) == "Margin. mine: Year 1 50%, Year 2 25%."
    assert empty.locator("#host tbody tr").all_text_contents() == ["150% (40% to 60%)", "225% (20% to 30%)"]
    empty.evaluate(LINES, 3)
    assert said(empty) == "Margin. mine: Year 1 50%, Year 3 75%."


def test_a_table_that_was_unfolded_stays_so_when_the_chart_is_drawn_again(empty):
    empty.evaluate(LINES, 2)
    empty.click("#host summary")
    empty.wait_for_selector("#host details[open]")
    empty.evaluate(LINES, 3)
    assert empty.locator("#host details[open] tbody tr").count() == 3


def test_a_line_is_drawn_where_its_values_are(empty):
    empty.evaluate(LINES, 3)
    path = empty.locator("#host path").last.get_attribute("d")
    heights = [float(pair.split()[1]) for pair in path.removeprefix("M").split("L")]
    ends = [float(empty.locator("#host svg[role=img] line").nth(place).get_attribute("y1")) for place in (0, -1)]
    low, high = ends
    assert heights == pytest.approx([low + share * (high - low) for share in (0.5, 0.25, 0.75)], abs=0.1)


def test_bars_left_of_zero_are_as_long_as_those_right_of_it(empty):
    empty.evaluate("""() => Drawing.barChart(host, {title: "Gain", low: -2, high: 2, format: String,
        bars: [{label: "a", value: -1}, {label: "b", value: 1, low: 0.5, high: 1.5, strong: true, told: "most"}]})""")
    widths = empty.eval_on_selector_all("#host rect", "all => all.map(rect => Number(rect.getAttribute('width')))")
    assert widths[0] == pytest.approx(widths[1])
    assert said(empty) == "Gain. a: -1. b (most): 1 (0.5 to 1.5)."


def test_counts_that_are_all_zero_are_drawn_as_nothing(empty):
    empty.evaluate('Drawing.histogram(host, {title: "Votes", bins: [{label: "x", count: 0}, {label: "y", count: 0}]})')
    heights = empty.eval_on_selector_all("#host rect", "all => all.map(rect => Number(rect.getAttribute('height')))")
    assert heights == [0, 0]


def test_a_drawn_curve_stays_between_its_ends(empty):
    empty.evaluate("""() => { window.drawn = Drawing.marginCurve(host, {title: "Guess", name: "guess", values: [0.5, 0.5, 0.5],
        low: 0, high: 0.6}); }""")
    box = empty.locator("#host svg[role=img]").bounding_box()
    empty.mouse.move(box["x"] + box["width"] - 14, box["y"] + box["height"] - 40)
    empty.mouse.down()
    empty.mouse.move(box["x"] + box["width"] + 50, box["y"] + box["height"] + 300)
    empty.mouse.up()
    assert empty.evaluate("drawn") == [0.5, 0.5, 0]
    empty.locator("#host input").first.focus()
    empty.keyboard.press("End")
    assert empty.evaluate("drawn") == pytest.approx([0.6, 0.5, 0])


def test_names_are_text_whatever_they_contain(empty):
    name = "<img src=x onerror=alert(1)>"
    empty.evaluate(
        "(name) => Drawing.barChart(host, {title: name, table: true, bars: [{label: name, value: 1}], format: String})", name
    )
    assert empty.locator("#host img").count() == 0
    assert name in said(empty)
