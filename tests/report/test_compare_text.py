"""A saved comparison in words."""

from typing import Any

import pandas as pd
import pytest

from salesim.report.study_files import StudyFiles
from salesim.report.text.compare import certainty, on_best, on_difference, on_open, verdict_of_comparison

NAN = float("nan")
RECORD = {
    "baseline": "pitch", "command": "salesim compare", "confidence": 0.95, "budget": None, "runs": 1300,
    "confirmation_seeds": 10, "confirmation_runs": 50, "interim_analyses": [10, 20, 320], "first_seed": 1, "open": 0,
    "stopped": "settled", "contests": ["alone"], "pairs": {"alone/pitch": 160, "alone/diagnostic": 40},
}  # fmt: skip


def statement(**changes: Any) -> dict[str, Any]:
    plain = {
        "contest": "alone", "measure": "gross_margin", "arm": "diagnostic", "title": "Gross margin", "unit": "share",
        "better": "up", "verdict": "higher", "beyond_margin": "yes", "played": 40, "pairs": 40, "settled_after": 40,
        "low": 0.03, "high": 0.09, "equivalence_margin": 0.01, "may_differ": NAN, "mean_baseline": 0.2, "size": 0.05,
        "confirmation_difference": 0.04, "confirmation_pairs": 10, "confirmed": "yes",
    }  # fmt: skip
    return plain | changes


def selection(**changes: Any) -> dict[str, Any]:
    plain = {
        "contest": "alone", "measure": "gross_margin", "decided": True, "best": "diagnostic", "candidates": "diagnostic",
        "leader": "diagnostic", "next": "rainmaking", "lead": 0.02, "lead_low": 0.015, "lead_high": 0.025,
        "indifference_zone": 0.01, "all_within_zone": False, "rule": "sequential selection",
        "title": "Gross margin", "unit": "share", "better": "up",
    }  # fmt: skip
    return plain | changes


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "diagnostic is 5.0 points higher (3.0 to 9.0 points after 40 pairs)"),
        (
            {"verdict": "lower", "low": -0.09, "high": -0.03, "size": -0.05},
            "diagnostic is 5.0 points lower (3.0 to 9.0 points after 40 pairs)",
        ),
        (
            {"beyond_margin": "no", "low": 0.001, "high": 0.004, "size": 0.002},
            "diagnostic is 0.2 points higher (0.1 to 0.4 points after 40 pairs), less than the equivalence margin of 1 point",
        ),
        (
            {"confirmed": "no", "confirmation_difference": -0.01},
            "diagnostic is 5.0 points higher (3.0 to 9.0 points after 40 pairs); not confirmed, in 10 confirmation seeds it is "
            "1.0 points lower",
        ),
        (
            {"verdict": "equivalent", "low": -0.004, "high": 0.008, "pairs": 80},
            "diagnostic is equivalent within 1 point (-0.4 to 0.8 points after 80 pairs)",
        ),
        (
            {"verdict": "cannot tell", "low": -0.01, "high": 0.03},
            "whether diagnostic differs is not settled (-1.0 to 3.0 points after 40 pairs)",
        ),
        (
            {"verdict": "equal", "low": 0.0, "high": 0.0, "may_differ": 0.0436},
            "diagnostic is identical in 40 pairs: at most 5 % of runs differ",
        ),
        ({"verdict": "equal", "low": 0.0, "high": 0.0, "may_differ": 0.0}, "diagnostic is identical in 40 pairs"),
        (
            {"verdict": "equal", "low": 0.0, "high": 0.0, "may_differ": 0.0436, "confirmed": "no"},
            "diagnostic is identical in 40 pairs: at most 5 % of runs differ; not confirmed, in 10 confirmation seeds "
            "it is 4.0 points higher",
        ),
        (
            {"low": 0.05, "high": 0.05, "may_differ": 0.0436},
            "diagnostic is 5.0 points higher in all of 40 pairs: at most 5 % of runs differ from that",
        ),
        (
            {"verdict": "nothing to compare", "low": NAN, "high": NAN, "may_differ": 0.0436, "pairs": 0},
            "diagnostic has nothing to compare in 40 pairs: at most 5 % of runs have it",
        ),
    ],
)
def test_every_verdict_has_its_sentence(changes, said):
    assert on_difference(statement(**changes)) == said


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "best is diagnostic, 2.0 points ahead of rainmaking (1.5 to 2.5 points)."),
        (
            {"lead": 0.007, "lead_low": 0.005, "lead_high": 0.008},
            "best is diagnostic, 0.7 points ahead of rainmaking (0.5 to 0.8 points), by less than the equivalence margin of 1 "
            "point: no choice to make between them.",
        ),
        (
            {"lead": 0.004, "lead_low": -0.002, "lead_high": 0.012},
            "best, or within 1 point of the best, is diagnostic, 0.4 points ahead of rainmaking (-0.2 to 1.2 points).",
        ),
        (
            {"lead": -0.001, "lead_low": -0.012, "lead_high": 0.004},
            "best, or within 1 point of the best, is diagnostic, 0.1 points behind rainmaking (-1.2 to 0.4 points).",
        ),
        (
            {"lead": 0.0, "lead_low": -0.0003, "lead_high": 0.0003},
            "best is diagnostic, which is equivalent to rainmaking within 1 point (-0.03 to 0.03 points).",
        ),
        ({"lead": 0.0, "lead_low": 0.0, "lead_high": 0.0}, "best are diagnostic and rainmaking, which are identical."),
        ({"all_within_zone": True}, "no choice to make, all are within 1 point of each other."),
        ({"decided": False, "candidates": "diagnostic, pitch"}, "best may be diagnostic or pitch."),
        ({"leader": ""}, "there is nothing to compare."),
    ],
)
def test_the_best_is_named_or_it_is_said_that_it_cannot_be(changes, said):
    assert on_best(selection(**changes), "share") == said


def test_a_saved_comparison_is_one_sentence_a_measure_with_contest_best_and_differences():
    tables = {"statements": pd.DataFrame([statement()]), "selection": pd.DataFrame([selection()])}
    verdict = verdict_of_comparison(StudyFiles({}, tables, RECORD))
    (found,) = verdict.contests
    assert found.title == "Alone against its rivals"
    assert found.first == [
        "Gross margin (higher is better): best is diagnostic, 2.0 points ahead of rainmaking (1.5 to 2.5 points). Against "
        "pitch (20.0 %): diagnostic is 5.0 points higher (3.0 to 9.0 points after 40 pairs)."
    ]
    assert verdict.certainty[-1] == "To repeat it: salesim compare"


def test_how_sure_it_is_says_runs_pairs_and_where_sizes_come_from():
    words = " ".join(certainty(RECORD))
    for part in ("1,300 runs: ", "40 to 160 pairs", "10 confirmation seeds (50 runs)", "95 %", "the mean of all pairs"):
        assert part in words
    assert "1,300 runs within a budget of 2 min" in certainty(RECORD | {"budget": "2 min"})[0]


def test_open_verdicts_after_a_budget_may_be_continued():
    (words,) = on_open(RECORD | {"open": 3, "stopped": "budget", "budget": "500 runs"}, "3 of 12 verdicts are not settled")
    assert words.startswith("3 of 12 verdicts are not settled: the budget of 500 runs does not reach")
    assert "keeps its error, as 320 pairs were declared beforehand" in words


def test_open_verdicts_after_the_last_interim_analysis_are_not_to_be_continued():
    (words,) = on_open(RECORD | {"open": 3, "stopped": "last analysis"}, "3 of 12 verdicts are not settled")
    assert "To add pairs now would give more false verdicts than declared" in words
    assert "first_seed=321 name=…" in words
    assert not list(on_open(RECORD, ""))
