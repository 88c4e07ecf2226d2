"""How sure a comparison is, on the page."""

import json
from pathlib import Path

import pandas as pd
import pytest

from salesim.report.figures.forest import forest
from salesim.report.page.results_table import agreeing, results
from salesim.report.page.study_page import write_page
from salesim.report.study_files import read_study
from tests.report.test_page import read

MEASURES = (
    ("gross_margin", "Gross margin of deals won", "share", 0.01),
    ("cycle_weeks", "Sales cycle of deals won", "weeks", 1.0),
)


def statement(contest: str, arm: str, measure: tuple[str, str, str, float], look: int = 1) -> dict[str, object]:
    name, title, unit, matter = measure
    return {
        "look": look, "contest": contest, "arm": arm, "measure": name, "title": title, "unit": unit, "better": "up",
        "matter": matter, "pairs": 20 * look, "settled": 20 * look, "difference": 3 * matter, "low": matter, "high": 5 * matter,
        "verdict": "higher", "matters": "yes", "deviation": matter, "skewness": -1.25, "critical": 3.0, "method": "bootstrap-t",
        "needed": 20.0, "fresh_difference": 3.1 * matter, "fresh_low": 2.5 * matter, "fresh_high": 3.7 * matter,
        "fresh_pairs": 40, "confirmed": "yes", "mean_arm": 1.0, "mean_baseline": 0.5,
    }  # fmt: skip


def compared(folder: Path, looks: int = 1, budget: str | None = None) -> Path:
    """The study's folder with the tables of a comparison."""
    keys = [(c, a, m) for c in ("alone", "everyone") for a in ("diagnostic", "rainmaking") for m in MEASURES]
    pd.DataFrame([statement(*key, looks) for key in keys]).to_parquet(folder / "statements.parquet")
    rows = [statement(*key, look) for key in keys for look in range(1, looks + 1)]
    pd.DataFrame(rows).to_parquet(folder / "looks.parquet")
    pilot = [
        {"contest": c, "arm": a, "measure": m[0], "pairs": 20, "difference": 1.0, "deviation": m[3], "correlation": 0.87,
         "variance_ratio": 7.4, "skewness": 0.2, "pairs_needed": 12.0} for c, a, m in keys
    ]  # fmt: skip
    pd.DataFrame(pilot).to_parquet(folder / "pilot.parquet")
    best = [
        {"contest": c, "measure": m[0], "rule": "sequential selection", "decided": True, "best": "diagnostic",
         "alive": "diagnostic", "pairs": 20, "zone": m[3], "leads": "diagnostic", "next": "rainmaking", "lead": m[3],
         "lead_low": m[3] / 2, "lead_high": 2 * m[3], "all_within_zone": False, "chance": 0.99, "against": "pitch",
         "effect_before": m[3], "effect": m[3], "effect_low": 0.0, "effect_high": 2 * m[3], "effect_pairs": 40}
        for c in ("alone", "everyone") for m in MEASURES
    ]  # fmt: skip
    pd.DataFrame(best).to_parquet(folder / "selection.parquet")
    judged = {"alone/pitch": 20 * looks, "alone/diagnostic": 20}
    record = {"budget": budget, "looks": [20, 40], "runs": 1234, "fresh_runs": 200, "judged": judged}
    (folder / "compare.json").write_text(json.dumps(record))
    return folder


def text_of(folder: Path) -> str:
    return " ".join(read(write_page(folder)).text)


def test_a_study_that_is_no_comparison_has_no_such_section(make_study):
    assert "How sure is that?" not in text_of(make_study())


def test_the_section_says_what_was_declared_and_stands_between_verdict_and_results(make_study):
    folder = compared(make_study())
    headings = read(write_page(folder)).headings
    assert headings[:3] == ["Verdict", "How sure is that?", "Results"]
    text = text_of(folder)
    assert "Gross margin of deals won (1 point); Sales cycle of deals won (1 week)" in text
    assert (
        "Looks after 20 and 40 pairs, until all was settled or the last had passed: 20 pairs of every arm were played" in text
    )
    assert "1,234 runs in all, 200 of them on fresh seeds" in text


def test_every_verdict_has_interval_pairs_fresh_seeds_skewness_and_method(make_study):
    text = "".join(read(write_page(compared(make_study()))).text)
    for part in ("▲ higher20[1.0, 5.0]+3.1 [2.5, 3.7]confirmed−1.2bootstrap-t", "0.877.4", "20 or fewer", "against pitch"):
        assert part in text


def test_what_is_small_beside_what_matters_does_not_look_like_nothing(make_study):
    folder = compared(make_study())
    statements = pd.read_parquet(folder / "statements.parquet")
    statements.loc[0, ["fresh_difference", "fresh_low", "fresh_high"]] = [0.0003, 0.0002, 0.0004]
    statements.to_parquet(folder / "statements.parquet")
    assert "+0.03 [0.02, 0.04]" in "".join(read(write_page(folder)).text)


def test_looks_are_tabled_only_if_there_was_more_than_one(make_study):
    folder = make_study()
    assert "Every look" not in text_of(compared(folder))
    assert "Every look" in text_of(compared(folder, looks=2))


def test_a_budget_is_named_and_pairs_are_those_that_were_judged(make_study):
    text = text_of(compared(make_study(), looks=2, budget="2 min"))
    assert (
        "would settle most; 20 to 40 pairs of an arm were judged together. 1,234 runs in all, within the budget of 2 min"
        in text
    )


def test_the_figure_has_two_intervals_a_difference_a_band_and_a_zero_in_each_panel(make_study):
    files = read_study(compared(make_study()))
    figure = forest(files.table("statements"), files.theme)
    assert len(figure.data) == 2 * 8
    bands = [shape for shape in figure.layout.shapes if shape.type == "rect"]
    assert [(shape.x0, shape.x1) for shape in bands] == [(-1.0, 1.0)] * 4
    assert sum(shape.type == "line" for shape in figure.layout.shapes) == 4
    ends = [trace.x[0] for trace in figure.data if "gross" in str(trace.customdata) or trace.marker.size == 9]
    assert ends[:2] == pytest.approx([3.1, 3.1])
    low, high = figure.layout.xaxis.range
    assert low < -1.0
    assert high > 5.0
    assert high - 5.0 == pytest.approx(0.08 * (5.0 + 1.0))  # room beside the last interval


def test_an_interval_that_goes_on_ends_in_an_arrow(make_study):
    files = read_study(compared(make_study()))
    statements = files.table("statements")
    statements.loc[0, ["low", "high"]] = [-9.0, 0.05]  # -900 to 5 points, where all else is from -1 to 3.7
    figure = forest(statements, files.theme)
    arrows = [trace for trace in figure.data if trace.marker.symbol]
    assert [(trace.marker.symbol, trace.x[0]) for trace in arrows] == [("triangle-left", pytest.approx(-1.0 - 4.7))]
    drawn = figure.data[0]
    assert drawn.x[0] - drawn.error_x.arrayminus[0] == pytest.approx(-5.7)
    assert drawn.customdata[0][0] == pytest.approx(-900.0)
    assert figure.layout.xaxis.range[0] < -5.7


def test_an_interval_without_ends_is_drawn_with_two_arrows_and_said(make_study):
    folder = compared(make_study())
    statements = pd.read_parquet(folder / "statements.parquet")
    statements.loc[0, ["fresh_low", "fresh_high"]] = [-float("inf"), float("inf")]
    statements.to_parquet(folder / "statements.parquet")
    figure = forest(statements, read_study(folder).theme)
    assert [trace.marker.symbol for trace in figure.data if trace.marker.symbol] == ["triangle-left", "triangle-right"]
    assert "any size is possible" in text_of(folder)


def test_the_table_of_results_does_not_contradict_the_verdicts(make_study):
    folder = compared(make_study())
    assert "= within what matters" in text_of(folder)
    statements, differences = (pd.read_parquet(folder / f"{name}.parquet") for name in ("statements", "differences"))
    statements.loc[statements["measure"] == "gross_margin", "verdict"] = "equivalent"
    statements.loc[statements["measure"] == "cycle_weeks", "verdict"] = "cannot tell"
    told = agreeing(differences, statements).set_index(["measure", "arm"])["verdict"]
    assert set(told["gross_margin"]["rainmaking"]) == {"equivalent"}
    assert set(told["cycle_weeks"]["rainmaking"]) == {"cannot tell"}
    assert set(told["win_rate"]["rainmaking"]) == {"higher"}  # was not declared: as fresh seeds have it
    assert set(told["gross_margin"]["pitch"]) == {"baseline"}
    html = results(differences, read_study(folder).theme, 0.95, statements)
    assert '<span class="difference unsure">= +' in html


@pytest.mark.parametrize("name", ["statements", "looks", "pilot", "selection"])
def test_a_missing_table_leaves_its_part_out(make_study, name):
    folder = compared(make_study(), looks=2)
    (folder / f"{name}.parquet").unlink()
    assert ("How sure is that?" in text_of(folder)) == (name != "statements")
