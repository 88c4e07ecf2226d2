"""The page of a sweep: it opens offline, says who is best where, and fits what was varied."""

import re
from html import unescape

import pandas as pd
import pytest

from salesim.cli import main
from salesim.metrics import METRICS, SHOWN
from salesim.report.sweep_files import read_sweep
from salesim.report.text.sweep import answer, certainty, findings, moving, often
from salesim.runs import summary

SMALL = ("market.customers.count=40", "market.selling.salespeople=2", "weeks=104", "folder=.", "name=mine")
PRESSURE, SHAPE = "market.commoditization.pressure_per_week", "market.customers.complexity_a"
ARMS = "strategy=pitch,diagnostic,rainmaking"
SHAPES = {
    "arms": (ARMS,),
    "line": (ARMS, f"{PRESSURE}=0,0.001"),
    "line of one arm": ("experiment=null", f"{PRESSURE}=0,0.001"),
    "line of words": (ARMS, "channel=on_request,rebate"),
    "map": (ARMS, f"{PRESSURE}=0,0.001", f"{SHAPE}=1,2"),
    "map of one arm": ("experiment=null", f"{PRESSURE}=0,0.001", "rivals.strategies=[pitch],[diagnostic]"),
    "cloud": (ARMS, f"{PRESSURE}=interval(0,0.002)", f"{SHAPE}=tag(log,interval(0.5,4))", "design=sobol", "points=8"),
    "cloud of one arm": ("experiment=null", f"{SHAPE}=interval(1,4)", "design=lhs", "points=5"),
    "cloud of words": (ARMS, f"{PRESSURE}=0,0.001", f"{SHAPE}=1,2", "channel=on_request,rebate"),
}


@pytest.fixture
def page(tmp_path, monkeypatch, capsys):
    """A function: words of a small sweep -> its page, and what the terminal said."""
    monkeypatch.chdir(tmp_path)

    def make(*words, contest="alone", seeds=3):
        assert main(["sweep", *SMALL, *words, f"contest={contest}", f"seeds={seeds}"]) == 0
        return (tmp_path / "mine" / "report.html").read_text(encoding="utf-8"), capsys.readouterr().out

    return make


def body(html):
    """The page without Plotly and style."""
    return html[html.index("<body>") :]


def text(html):
    """What a reader reads outside of figures."""
    words = re.sub(r"<[^>]+>", "", re.sub(r"<script.*?</script>", "", body(html), flags=re.DOTALL))
    return unescape(words).replace("\u00a0", " ").replace("−", "-")


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_of_a_sweep_has_a_page_with_a_figure_a_measure(page, shape):
    html, said = page(*SHAPES[shape])
    assert "mine/report.html" in said
    assert html.count("plotly.js (basic - minified) v") == 1
    assert "default-src 'none'" in html
    for name in SHOWN:
        assert (f'id="{name}-0"' in html) == (shape != "arms")  # where nothing is varied there are the results alone
        assert METRICS[name].title.split("'")[0] in text(html)
    for head in ("Answer", "What was varied", "Run it again"):
        assert f"<h2>{head}</h2>" in html
    assert "salesim sweep market.customers.count=40" in text(html)


def test_the_answer_counts_the_points_where_each_arm_is_best(page, tmp_path):
    html, _ = page(*SHAPES["map"])
    points = pd.read_parquet(tmp_path / "mine" / "points.parquet")
    best = points.loc[points.groupby("point")["cycle_weeks"].idxmin(), "arm"].value_counts()
    sentence = next(line for line in re.findall(r"<li>(.*?)</li>", html) if line.startswith("Sales cycle of deals won"))
    for arm, count in best.items():
        where = "all 4 points" if count == 4 else f"{count} of 4 points"
        assert f"{arm} is best at {where}" in sentence or "at none of the 4 points is one arm clearly best" in sentence


def test_axes_have_their_unit_and_meaning(page):
    html, _ = page(*SHAPES["line"])
    assert "how fast the difference that customers still see shrinks by itself, where 0.001 is 5 % a year" in text(html)
    assert "pressure_per_week (share a week)" in html


def test_with_a_single_seed_nothing_is_clear(page):
    html, _ = page(*SHAPES["line"], seeds=1)
    assert text(html).count("at none of the 2 points is one arm clearly best") == 3
    assert "clear at none of them" in text(html)


@pytest.mark.parametrize("shape", ["line", "map", "cloud of one arm", "arms"])
def test_the_terminal_says_the_sentences_and_the_numbers_of_the_page(page, shape, tmp_path):
    html, said = page(*SHAPES[shape])
    sweep, terminal = read_sweep(tmp_path / "mine"), " ".join(said.split())
    for sentence in (answer(sweep), *findings(sweep, "alone"), *certainty(sweep)):
        assert sentence in terminal
        assert sentence in text(html)
    for grid in (*([often(sweep, "alone")] if not sweep.alone and sweep.axes else []), moving(sweep, "alone")):
        for cell in (cell for row in grid.rows for cell in row[1:] if sweep.axes):
            assert cell.text in terminal
            assert cell.text in text(html)


def test_both_contests_have_their_answer(page):
    html, _ = page(*SHAPES["line"], contest="null")
    assert "Alone against its rivals" in text(html)
    assert "The whole market sells this way" in text(html)


def test_a_page_is_the_same_every_time(page):
    one, _ = page(*SHAPES["cloud"])
    other, _ = page(*SHAPES["cloud"])
    assert one == other


def test_a_failed_run_leaves_a_page(page, monkeypatch, capsys, tmp_path):
    good = summary.play

    def play(scenario, seed):
        if scenario.market.commoditization.pressure_per_week == 0.001:
            raise ArithmeticError("no number")
        return good(scenario, seed)

    monkeypatch.setattr(summary, "play", play)
    monkeypatch.chdir(tmp_path)
    assert main(["sweep", *SMALL, *SHAPES["map"], "contest=alone", "seeds=3"]) == 1
    assert "18 runs failed" in capsys.readouterr().out
    assert "Runs that failed18" in text((tmp_path / "mine" / "report.html").read_text(encoding="utf-8"))
