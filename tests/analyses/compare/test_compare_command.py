"""`salesim compare` as a person meets it."""

import io
import json

import pytest
from rich.console import Console

from salesim.cli import main
from salesim.report.console import compare as compared
from salesim.report.console.compare import Stages

SMALL = ["market.customers.count=40", "weeks=78", "contest=alone", "looks=[10,20]", "compare.fresh=10", "workers=1"]


def test_a_small_comparison_is_declared_told_and_written(capsys, tmp_path):
    assert main(["compare", *SMALL, f"folder={tmp_path}", "matters.gross_margin=0.05"]) == 0
    text = capsys.readouterr().out
    for part in (
        "3 arms x 1 contest, 3 scenarios to play; judged on",
        "Gross margin of deals won: what matters is 5 points or more",
        "looks after 10 and 20 pairs until all is settled (30 to 60 runs), then 10 fresh seeds for the sizes",
        "pilot        10 pairs: ",
        "fresh seeds  10 seeds, 30 runs: sizes are estimated again",
        "Verdict\nAlone against its rivals:\n",
        "With 95 % confidence all verdicts are right",
        "To repeat it: salesim compare",
        "statements.csv",
    ):
        assert part in text
    assert max(len(line.rstrip()) for line in text.splitlines() if str(tmp_path) not in line) <= 100
    folder = tmp_path / "compare_three_strategies"
    assert "How sure is that?" in (folder / "report.html").read_text(encoding="utf-8")
    assert json.loads((folder / "study.json").read_text())["command"].startswith("salesim compare")


def test_a_budget_is_told(capsys, tmp_path):
    assert main(["compare", *SMALL, f"folder={tmp_path}", "budget=90runs"]) == 0
    text = capsys.readouterr().out
    for part in (
        "90 runs in all: a pilot of 10 pairs (30 runs), up to 30 runs where they settle most, 10 fresh seeds or more (30 runs)",
        "10 pairs, 30 runs: where do runs settle most?",
        "second stage 30 runs: 10 pairs more of every arm",
        "fresh seeds 10 seeds, 30 runs",
        "90 runs within a budget of 90 runs were played",
    ):
        assert part in " ".join(text.split())


def test_time_is_told_in_runs_after_the_first_seeds(capsys, tmp_path):
    assert (
        main(["compare", *SMALL, f"folder={tmp_path}", "budget=1h", "matters.gross_margin=0.9", "matters.cycle_weeks=99"]) == 0
    )
    text = " ".join(capsys.readouterr().out.split())
    assert "60 min of playing, fresh seeds for the sizes included" in text
    assert "pace 60 min are some " in text


def test_arms_that_share_their_runs_are_told(make_plan):
    plan = make_plan(("pitch", "pitch2", "diagnostic"))
    assert next(compared.declared_lines(plan)).endswith(
        "2 scenarios to play (alone/pitch and alone/pitch2 are the same); judged on"
    )


def test_words_of_compare_are_made_long(capsys):
    assert main(["show", "budget=2min", "matters.win_rate=0.05"]) == 0
    text = capsys.readouterr().out
    assert "2min" in text
    assert "0.05 (file: 0.02)" in text


def test_help_names_the_command(capsys):
    main(["--help"])
    assert "salesim compare budget=2min" in capsys.readouterr().out


@pytest.fixture
def told():
    def make(terminal: bool):
        console = Console(file=io.StringIO(), force_terminal=terminal, width=100, color_system=None)
        return Stages(console), console.file

    return make


def test_progress_on_a_terminal_is_a_bar_of_the_stage(told):
    stages, out = told(True)
    with stages:
        stages.begin("look 2")
        stages.advance(9, 18)
        stages.bar.refresh()
        assert " 9/18" in out.getvalue()
        assert "look 2" in out.getvalue()


def test_progress_elsewhere_is_a_line_now_and_then(told, monkeypatch):
    monkeypatch.setattr(compared, "QUIET_S", 0.0)
    monkeypatch.setattr("salesim.report.console.progress.LEAST_SECONDS", 0.0)
    stages, out = told(False)
    with stages:
        stages.begin("pilot")
        stages.advance(0, 60)
        stages.advance(30, 60)
        stages.advance(60, 60)
        stages.end("10 pairs: 3 of 4 differences settled")
    assert out.getvalue().splitlines()[-3:] == [
        "  pilot        60 runs",
        "  pilot        30 of 60 runs, about 1 s left",
        "  pilot        10 pairs: 3 of 4 differences settled",
    ]
