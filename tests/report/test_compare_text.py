"""A comparison in words."""

from types import SimpleNamespace
from typing import Any

import pytest

from salesim.report.text.compare import certainty, on_best, on_difference, rounded, sentences

METRICS = {"gross_margin": SimpleNamespace(title="Gross margin", unit="share", better="up")}
RECORD = {
    "baseline": "pitch",
    "command": "salesim compare",
    "confidence": 0.95,
    "budget": None,
    "runs": 1300,
    "fresh": 40,
    "fresh_runs": 200,
}


def statement(**changes: Any) -> dict[str, Any]:
    plain = {
        "contest": "alone", "measure": "gross_margin", "arm": "diagnostic", "verdict": "higher", "matters": "yes",
        "pairs": 40, "settled": 40, "low": 0.03, "high": 0.09, "matter": 0.01, "needed": 40.0, "mean_baseline": 0.2,
        "difference": 0.06, "fresh_difference": 0.05, "fresh_low": 0.04, "fresh_high": 0.06,
        "fresh_pairs": 60, "confirmed": "yes",
    }  # fmt: skip
    return plain | changes


def race(**changes: Any) -> dict[str, Any]:
    plain = {
        "contest": "alone", "measure": "gross_margin", "decided": True, "best": "diagnostic", "alive": ["diagnostic"],
        "leads": "diagnostic", "next": "rainmaking", "lead": 0.02, "lead_low": 0.015, "lead_high": 0.025, "zone": 0.01,
        "all_within_zone": False, "chance": 0.99, "rule": "sequential selection",
    }  # fmt: skip
    return plain | changes


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "diagnostic is 5.0 points higher (4.0 to 6.0 points from 60 fresh seeds; told after 40 pairs)"),
        (
            {
                "verdict": "lower",
                "low": -0.09,
                "high": -0.03,
                "fresh_difference": -0.05,
                "fresh_low": -0.06,
                "fresh_high": -0.04,
            },
            "diagnostic is 5.0 points lower (4.0 to 6.0 points from 60 fresh seeds; told after 40 pairs)",
        ),
        (
            {"matters": "no"},
            "diagnostic is 5.0 points higher (4.0 to 6.0 points from 60 fresh seeds; told after 40 pairs), less than the "
            "1 point that matters",
        ),
        (
            {"confirmed": "open", "fresh_low": -0.01},
            "diagnostic is higher (3.0 to 9.0 points after 40 pairs); the fresh seeds alone do not show it again "
            "(-1.0 to 6.0 points)",
        ),
        (
            {"confirmed": "open", "matters": "no", "low": 0.001, "high": 0.004, "fresh_low": -0.001, "fresh_high": 0.006},
            "diagnostic is higher (0.1 to 0.4 points after 40 pairs), though by less than the 1 point that matters; the fresh "
            "seeds alone do not show it again (-0.1 to 0.6 points)",
        ),
        (
            {"confirmed": "no", "fresh_low": -0.06, "fresh_high": -0.02},
            "diagnostic is higher (3.0 to 9.0 points after 40 pairs); the fresh seeds say the opposite (-6.0 to -2.0 points)",
        ),
        (
            {"confirmed": "", "fresh_low": float("nan"), "fresh_high": float("nan")},
            "diagnostic is higher (3.0 to 9.0 points after 40 pairs)",
        ),
        (
            {"verdict": "equivalent", "low": -0.004, "high": 0.008},
            "diagnostic is equivalent within 1 point (-0.4 to 0.8 points after 40 pairs)",
        ),
        (
            {"verdict": "equivalent", "low": -0.004, "high": 0.008, "pairs": 80},
            "diagnostic is equivalent within 1 point (-0.4 to 0.8 points after 80 pairs; told after 40)",
        ),
        (
            {"verdict": "cannot tell", "low": -0.01, "high": 0.03, "needed": 1234.0},
            "diagnostic cannot be told apart (-1.0 to 3.0 points after 40 pairs, some 1,300 would tell)",
        ),
        ({"verdict": "equal", "low": 0.0, "high": 0.0}, "diagnostic is exactly the same (in 40 pairs)"),
    ],
)
def test_every_verdict_has_its_sentence(changes, said):
    assert on_difference(statement(**changes), "share") == said


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "best is diagnostic, 2.0 points ahead of rainmaking (1.5 to 2.5 points)."),
        (
            {"lead": 0.007, "lead_low": 0.005, "lead_high": 0.008},
            "best is diagnostic, 0.7 points ahead of rainmaking (0.5 to 0.8 points), by less than the 1 point that matters: no "
            "choice to make between them.",
        ),
        ({"lead_low": 0.005}, "best is diagnostic, 2.0 points ahead of rainmaking (0.5 to 2.5 points)."),
        (
            {"lead": 0.004, "lead_low": -0.002, "lead_high": 0.012},
            "chosen is diagnostic, as the best or within 1 point of it; whether it is ahead of rainmaking is open on fresh "
            "seeds (-0.2 to 1.2 points).",
        ),
        (
            {"lead": 0.0, "lead_low": -0.0003, "lead_high": 0.0003},
            "chosen is diagnostic, which cannot be told from rainmaking: they are closer than the 1 point that matters "
            "(-0.03 to 0.03 points).",
        ),
        (
            {"lead": -0.008, "lead_low": -0.012, "lead_high": -0.004},
            "chosen is diagnostic, as the best or within 1 point of it; on fresh seeds rainmaking is ahead "
            "(-1.2 to -0.4 points).",
        ),
        ({"lead": 0.0, "lead_low": 0.0, "lead_high": 0.0}, "best are diagnostic and rainmaking, which are exactly the same."),
        (
            {"rule": "comparisons with the best", "lead": 0.02, "lead_low": -0.01, "lead_high": 0.05},
            "best is diagnostic; the fresh seeds alone do not show it ahead of rainmaking again (-1.0 to 5.0 points).",
        ),
        (
            {"rule": "comparisons with the best", "lead": -0.02, "lead_low": -0.03, "lead_high": -0.01},
            "best is diagnostic; the fresh seeds alone have rainmaking ahead (-3.0 to -1.0 points).",
        ),
        ({"all_within_zone": True}, "no choice to make, all are within 1 point of each other."),
        (
            {"decided": False, "alive": ["diagnostic", "pitch"], "chance": 0.83},
            "best may be diagnostic or pitch; diagnostic leads on fresh seeds, and is the best with a chance of 83 % or more.",
        ),
        (
            {"decided": False, "alive": ["diagnostic", "pitch"], "chance": 0.9999},
            "best may be diagnostic or pitch; diagnostic leads on fresh seeds, and is the best with a chance of over 99 %.",
        ),
        ({"decided": False, "alive": ["diagnostic", "pitch"], "chance": 0.3}, "best may be diagnostic or pitch."),
        ({"leads": ""}, "there is nothing to compare."),
    ],
)
def test_the_best_is_named_or_it_is_said_that_it_cannot_be(changes, said):
    assert on_best(race(**changes), "share") == said


def test_a_measure_is_one_sentence_with_contest_best_and_differences():
    found = sentences([statement()], [race()], METRICS, RECORD)
    assert found[0] == (
        "Alone against its rivals: gross margin (higher is better): best is diagnostic, 2.0 points ahead of rainmaking (1.5 to "
        "2.5 points). "
        "Against pitch (20.0 %): diagnostic is 5.0 points higher (4.0 to 6.0 points from 60 fresh seeds; told after 40 pairs)."
    )
    assert found[-1] == "To repeat it: salesim compare"


def test_how_sure_it_is_says_runs_pairs_and_where_sizes_come_from():
    words = certainty([statement(), statement(settled=160)], RECORD)
    for part in ("1,300 runs", "40 to 160 pairs", "40 fresh seeds", "95 %"):
        assert part in words
    assert "1,300 runs within a budget of 2 min" in certainty([statement()], RECORD | {"budget": "2 min"})


@pytest.mark.parametrize(("pairs", "words"), [(3.2, "4"), (41.0, "41"), (123.0, "130"), (1234.0, "1,300"), (98765.0, "99,000")])
def test_pairs_that_would_tell_are_rounded_up(pairs, words):
    assert rounded(pairs) == words
