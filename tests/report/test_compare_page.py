"""How sure a comparison is, on the page."""

import json
from pathlib import Path

import pandas as pd
import pytest

from salesim.report.figures.forest import forest
from salesim.report.page.results_table import agreeing, results
from salesim.report.page.study_page import write_page
from salesim.report.study_files import read_study
from salesim.report.text.compare_answer import answer_of_comparison
from tests.report.test_page import read

MEASURES = (
    ("gross_margin", "Gross margin of deals won", "share", 0.01),
    ("cycle_weeks", "Sales cycle of deals won", "weeks", 1.0),
)

RECORD = {
    "contests": ["alone", "everyone"], "baseline": "pitch", "interim_analyses": [20, 40], "open": 0,
    "first_seed": 1, "stopped": "settled",
    "confidence": 0.95, "pairs": {"alone/pitch": 20}, "runs": 1234, "confirmation_seeds": 10, "confirmation_runs": 50,
    "command": "salesim compare",
}  # fmt: skip


def statement(contest: str, arm: str, measure: tuple[str, str, str, float], analysis: int = 1) -> dict[str, object]:
    name, title, unit, margin = measure
    return {
        "analysis": analysis, "contest": contest, "arm": arm, "against": "pitch", "measure": name, "title": title, "unit": unit,
        "better": "up", "equivalence_margin": margin, "played": 20 * analysis, "pairs": 20 * analysis,
        "settled_after": 20 * analysis, "difference": 3 * margin, "low": margin, "high": 5 * margin, "verdict": "higher",
        "beyond_margin": "yes", "may_differ": float("nan"), "deviation": margin, "skewness": -1.25, "critical": 3.0,
        "method": "bootstrap-t", "size": 3.1 * margin, "confirmation_difference": 3.2 * margin, "confirmation_pairs": 10,
        "confirmed": "yes", "mean_arm": 1.0, "mean_baseline": 0.5, "correlation": 0.87, "variance_ratio": 7.4,
    }  # fmt: skip


def compared(folder: Path, analyses: int = 1, budget: str | None = None) -> Path:
    """The study's folder with the tables of a comparison."""
    keys = [(c, a, m) for c in ("alone", "everyone") for a in ("diagnostic", "rainmaking") for m in MEASURES]
    pd.DataFrame([statement(*key, analyses) for key in keys]).to_parquet(folder / "statements.parquet")
    rows = [statement(*key, analysis) for key in keys for analysis in range(1, analyses + 1)]
    pd.DataFrame(rows).to_parquet(folder / "interim_analyses.parquet")
    best = [
        {"contest": c, "measure": m[0], "rule": "sequential selection", "decided": True, "best": "diagnostic",
         "candidates": "diagnostic", "pairs": 20, "indifference_zone": m[3], "leader": "diagnostic", "next": "rainmaking",
         "lead": m[3], "lead_low": m[3] / 2, "lead_high": 2 * m[3], "all_within_zone": False,
         "title": m[1], "unit": m[2], "better": "up"}
        for c in ("alone", "everyone") for m in MEASURES
    ]  # fmt: skip
    pd.DataFrame(best).to_parquet(folder / "selection.parquet")
    (folder / "compare.json").write_text(json.dumps(RECORD | {"budget": budget}))
    return folder


def text_of(folder: Path) -> str:
    return " ".join(read(write_page(folder)).text)


def changed(folder: Path, **cells: object) -> Path:
    """The folder with other values in the first statement."""
    statements = pd.read_parquet(folder / "statements.parquet")
    statements.loc[0, list(cells)] = list(cells.values())
    statements.to_parquet(folder / "statements.parquet")
    return folder


def test_a_study_that_is_no_comparison_has_no_such_section(make_study):
    assert "How sure is that?" not in text_of(make_study())


def test_the_section_says_what_was_declared_and_stands_between_verdict_and_results(make_study):
    folder = compared(make_study())
    headings = read(write_page(folder)).headings
    assert headings[:4] == ["Answer", "Verdict", "How sure is that?", "Results"]
    text = text_of(folder)
    assert "Gross margin of deals won (1 point); Sales cycle of deals won (1 week)" in text
    assert "Interim analyses after 20 and 40 pairs, until every verdict was settled." in text


def test_the_answer_has_the_size_and_the_interval_of_the_verdict_on_the_first_declared_measure(make_study):
    folder = compared(make_study())
    answer = answer_of_comparison(read_study(folder))
    assert answer is not None
    assert answer.sentence.startswith(
        "Choose diagnostic: with 95 % confidence its gross margin of deals won is 3.1 (1.0 to 5.0) points"
    )
    assert answer.sentence.partition("confidence ")[2] in text_of(folder)
    assert [line.value for line in answer.lines] == pytest.approx([0.031, 0.01])


def test_verdicts_that_are_open_or_not_confirmed_are_reasons_for_doubt(make_study):
    folder = changed(compared(make_study()), confirmed="no", settled_after=0)
    answer = answer_of_comparison(read_study(folder))
    assert answer is not None
    assert answer.doubts[0] == "1 of 8 verdicts are not settled."
    assert answer.doubts[1].startswith("The confirmation seeds have the other sign for diagnostic in gross margin")


def test_a_budget_is_named(make_study):
    assert "until every verdict was settled, within a budget of 2 min." in text_of(compared(make_study(), budget="2 min"))


def test_every_verdict_has_size_interval_pairs_confirmation_and_what_common_random_numbers_gain(make_study):
    text = "".join(read(write_page(compared(make_study()))).text)
    assert "▲ higher20 pairs+3.1[+1.0, +5.0]+3.2confirmed0.877.4" in text


def test_what_is_small_beside_the_margin_does_not_look_like_nothing(make_study):
    folder = changed(compared(make_study()), size=0.0003, low=0.0002, high=0.0004)
    assert "+0.03[+0.02, +0.04]" in "".join(read(write_page(folder)).text)


def test_an_open_verdict_has_no_pairs_after_which_it_was_settled(make_study):
    folder = changed(compared(make_study()), verdict="cannot tell", settled_after=0, confirmed="")
    assert "? not settled–+3.1" in "".join(read(write_page(folder)).text)


def test_the_figure_has_an_interval_a_confirmation_a_band_and_a_zero_in_each_panel(make_study):
    files = read_study(compared(make_study()))
    figure = forest(files.table("statements"), files.theme)
    shapes, markers = figure.layout["shapes"], [(trace["marker"], trace["x"][0]) for trace in figure.traces]
    assert len(markers) == 2 * 8
    assert [(shape["x0"], shape["x1"]) for shape in shapes if shape["type"] == "rect"] == [(-1.0, 1.0)] * 4
    assert sum(shape["type"] == "line" for shape in shapes) == 4
    assert [x for marker, x in markers if marker["size"] == 9][:2] == pytest.approx([3.1, 3.1])
    assert [x for marker, x in markers if marker.get("symbol") == "circle-open"][:2] == pytest.approx([3.2, 3.2])
    low, high = figure.layout["xaxis"]["range"]
    assert low < -1.0
    assert high - 5.0 == pytest.approx(0.08 * (5.0 + 1.0))  # room beside the last interval


def arrows(figure):
    symbols = [(trace["marker"].get("symbol", ""), trace["x"][0]) for trace in figure.traces]
    return [(symbol, x) for symbol, x in symbols if symbol.startswith("triangle")]


def test_an_interval_that_goes_on_ends_in_an_arrow(make_study):
    files = read_study(changed(compared(make_study()), low=-9.0, high=0.05))  # -900 to 5 points; all else is from -1 to 3.2
    figure = forest(files.table("statements"), files.theme)
    assert arrows(figure) == [("triangle-left", pytest.approx(-1.0 - 4.2))]
    drawn = figure.traces[0]
    assert drawn["x"][0] - drawn["error_x"]["arrayminus"][0] == pytest.approx(-5.2)
    assert drawn["customdata"][0][0] == pytest.approx(-900.0)
    assert figure.layout["xaxis"]["range"][0] < -5.2


def test_an_interval_without_ends_is_drawn_with_two_arrows_and_said(make_study):
    folder = changed(compared(make_study()), low=-float("inf"), high=float("inf"))
    files = read_study(folder)
    assert [symbol for symbol, _ in arrows(forest(files.table("statements"), files.theme))] == [
        "triangle-left",
        "triangle-right",
    ]
    assert "any size is possible" in text_of(folder)


def test_the_table_of_results_has_the_sizes_intervals_and_verdicts_of_declared_measures(make_study):
    folder = compared(make_study())
    assert "the interval of the interim analyses" in text_of(folder)
    statements, differences = (pd.read_parquet(folder / f"{name}.parquet") for name in ("statements", "differences"))
    statements.loc[statements["measure"] == "gross_margin", "verdict"] = "equivalent"
    shown = agreeing(differences, statements)
    assert list(shown.columns) == list(differences.columns)
    assert len(shown) == len(differences)
    rows = shown.set_index(["measure", "arm"])
    assert set(rows.loc[("gross_margin", "rainmaking"), "verdict"]) == {"equivalent"}
    assert set(rows.loc[("gross_margin", "rainmaking"), "difference"].round(9)) == {0.031}
    assert set(rows.loc[("gross_margin", "rainmaking"), "high"].round(9)) == {0.05}
    assert set(rows.loc[("win_rate", "rainmaking"), "verdict"]) == {"higher"}  # was not declared: as confirmation seeds have it
    assert set(rows.loc[("gross_margin", "pitch"), "verdict"]) == {"baseline"}
    assert '<span class="difference unsure">≈ +' in results(read_study(folder), differences, statements)


@pytest.mark.parametrize("name", ["statements", "interim_analyses", "selection"])
def test_a_missing_table_leaves_its_part_out(make_study, name):
    folder = compared(make_study(), analyses=2)
    (folder / f"{name}.parquet").unlink()
    assert ("How sure is that?" in text_of(folder)) == (name != "statements")
