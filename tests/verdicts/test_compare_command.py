"""`salesim compare` as a person meets it."""

import io
import json

import pytest
from rich.console import Console

from salesim import compared
from salesim.cli import main
from salesim.compared import Stages

SMALL = ["market.customers.count=40", "weeks=78", "contest=alone", "looks=[10,20]", "compare.fresh=10", "workers=1"]


def test_a_small_comparison_is_declared_told_and_written(capsys, tmp_path):
    assert main(["compare", *SMALL, f"folder={tmp_path}", "matters.gross_margin=0.05"]) == 0
    text = capsys.readouterr().out
    for part in (
        "3 arms x 1 contest, judged on",
        "Gross margin of deals won, where 5.0 points matter",
        "pilot        10 pairs: ",
        "fresh seeds  10 seeds",
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
    for part in ("where do runs settle most?", "second stage", "of a budget of 90runs"):
        assert part in text


def test_words_of_compare_are_made_long(capsys):
    assert main(["show", "budget=2min", "matters.win_rate=0.05"]) == 0
    text = capsys.readouterr().out
    assert "2min" in text
    assert "0.05 (file: 0.02)" in text


def test_help_names_the_command(capsys):
    main(["--help"])
    assert "salesim compare budget=2min" in capsys.readouterr().out


@pytest.fixture
def told(make_plan):
    def make(terminal: bool):
        console = Console(file=io.StringIO(), force_terminal=terminal, width=100, color_system=None)
        return Stages(make_plan(), console), console.file

    return make


def test_progress_on_a_terminal_is_a_bar_of_the_stage(told):
    stages, out = told(True)
    with stages:
        stages.begin("look 2")
        stages.tell(9, 18)
        stages.bar.refresh()
        assert " 9/18" in out.getvalue()
        assert "look 2" in out.getvalue()


def test_progress_elsewhere_is_a_line_now_and_then(told, monkeypatch):
    monkeypatch.setattr(compared, "QUIET_S", 0.0)
    stages, out = told(False)
    with stages:
        stages.begin("pilot")
        stages.tell(5, 60)
        stages.tell(60, 60)
        stages.end("10 pairs: 3 of 4 differences settled")
    assert out.getvalue().splitlines()[-2:] == [
        "  pilot        5 of 60 runs",
        "  pilot        10 pairs: 3 of 4 differences settled",
    ]
