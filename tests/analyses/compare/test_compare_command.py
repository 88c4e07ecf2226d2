"""`salesim compare` as a person meets it."""

import io
import json

import pytest
from rich.console import Console

from salesim.cli import main
from salesim.report.console.compare import Progress
from salesim.report.study_files import read_study
from salesim.report.text.compare import declaration, verdict_of_comparison
from tests.refusals import refusal

SMALL = ["market.customers.count=40", "weeks=78", "contest=alone", "interim_analyses=[10,20]", "workers=1"]


def test_a_small_comparison_is_declared_played_and_written(capsys, tmp_path):
    assert main(["compare", *SMALL, f"folder={tmp_path}", "equivalence_margins.gross_margin=0.05"]) == 0
    text = capsys.readouterr().out
    for part in (
        "3 arms x 1 contest, 3 scenarios to run; judged on",
        "Gross margin of deals won: equivalent within 5 points",
        "Interim analyses after 10 and 20 pairs, until every verdict is settled (30 to 60 runs), then 10 confirmation",
        "analysis 1, 10 pairs: ",
        "confirmation: 10 seeds, 30 runs check the signs again",
        "Verdict\nAlone against its rivals:\n",
        "With 95 % confidence all verdicts and all intervals are right",
        "To repeat it: salesim compare",
        "statements.csv",
    ):
        assert " ".join(part.split()) in " ".join(text.split())
    assert max(len(line.rstrip()) for line in text.splitlines() if str(tmp_path) not in line) <= 100
    folder = tmp_path / "compare_three_strategies"
    assert "How sure is that?" in (folder / "report.html").read_text(encoding="utf-8")
    assert json.loads((folder / "study.json").read_text())["command"].startswith("salesim compare")


def test_terminal_and_page_show_the_same_sentences(capsys, tmp_path):
    assert main(["compare", *SMALL, f"folder={tmp_path}"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    folder = tmp_path / "compare_three_strategies"
    verdict = verdict_of_comparison(read_study(folder))
    page = (folder / "report.html").read_text(encoding="utf-8").replace("\u00a0", " ")
    for sentence in verdict.certainty[:-1]:
        assert sentence in shown
        assert sentence in page
    assert all(sentence[1:40] in shown for sentence in verdict.contests[0].first)


def test_a_budget_that_is_too_small_for_the_next_analysis_says_what_is_open_and_how_to_go_on(capsys, tmp_path):
    words = [
        "compare",
        *SMALL,
        f"folder={tmp_path}",
        *(f"equivalence_margins.{name}=1e-9" for name in ("gross_margin", "pass_through")),
    ]
    assert main([*words, "budget=89runs"]) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "; the budget of 89 runs ends it after 89 runs at most" in text
    assert "60 runs within a budget of 89 runs" in text
    assert "verdicts are not settled: the budget of 89 runs does not reach for the next interim analysis" in text
    assert "The same command with a larger budget goes on from here and keeps its error" in text
    assert main(words) == 0


def test_a_longer_comparison_after_open_verdicts_is_refused(capsys, tmp_path):
    words = ["compare", *SMALL, f"folder={tmp_path}", "equivalence_margins.pass_through=1e-9"]
    assert main(words) == 0
    assert "20 pairs" in capsys.readouterr().out
    words[words.index("interim_analyses=[10,20]")] = "interim_analyses=[10,20,40]"
    said = refusal(capsys, *words)
    assert "Going on to 40 pairs after seeing them would give more false verdicts than 5 %" in said
    assert "first_seed=41 name=…" in said


def test_a_budget_of_time_is_turned_into_runs_before_the_first(capsys, tmp_path):
    margins = ["equivalence_margins.gross_margin=0.9", "equivalence_margins.cycle_weeks=99"]
    assert main(["compare", *SMALL, f"folder={tmp_path}", "budget=1h", *margins]) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "; the budget of 60 min ends it after " in text
    assert " ms" in text


def test_time_that_is_too_short_is_refused_with_the_least_it_takes(capsys, tmp_path):
    said = refusal(capsys, "compare", *SMALL, f"folder={tmp_path}", "budget=0.001s")
    assert "is 0.001 s; the smallest comparison is 60 runs: 3 scenarios x (10 pairs" in said
    assert " s here: ask for budget=" in said


def test_arms_that_share_their_runs_are_named(make_comparison):
    comparison = make_comparison(("pitch", "pitch2", "diagnostic"))
    assert next(declaration(comparison.record())).endswith(
        "2 scenarios to run (alone/pitch and alone/pitch2 are the same); judged on"
    )


def test_words_of_compare_are_made_long(capsys):
    assert main(["show", "budget=2min", "equivalence_margins.win_rate=0.05"]) == 0
    text = capsys.readouterr().out
    assert "2min" in text
    assert "0.05 (file: 0.02)" in text


def test_help_has_every_option_with_its_default(capsys):
    main(["compare", "--help"])
    text = capsys.readouterr().out
    for word in ("equivalence_margins.gross_margin=0.01", "interim_analyses=[10,20,40,80,160,320]", "confirmation_seeds=10"):
        assert word in text


@pytest.fixture
def progress_of():
    def make(terminal: bool):
        console = Console(file=io.StringIO(), force_terminal=terminal, width=100, color_system=None)
        return Progress(console), console.file

    return make


def test_progress_on_a_terminal_is_a_bar_of_the_stage(progress_of):
    stages, out = progress_of(True)
    with stages:
        stages.begin("analysis 2")
        stages.advance(9, 18)
        stages.bar.refresh()
        assert " 9/18" in out.getvalue()
        assert "analysis 2" in out.getvalue()


def test_progress_elsewhere_is_a_line_now_and_then(progress_of, monkeypatch):
    monkeypatch.setattr("salesim.report.console.progress.LEAST_SECONDS", 0.0)
    stages, out = progress_of(False)
    with stages:
        stages.begin("analysis 1")
        stages.advance(0, 60)
        stages.advance(30, 60)
        stages.advance(60, 60)
        stages.analysed(10, (3, 4), (1, 2))
    assert out.getvalue().splitlines()[-3:] == [
        "analysis 1: 60 runs",
        "  30 of 60 runs, about 1 s left",
        "analysis 1, 10 pairs: 3 of 4 verdicts settled, the best chosen for 1 of 2",
    ]
