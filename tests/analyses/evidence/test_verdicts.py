"""What an interval says of a band and of a claim."""

import pytest

from salesim.analyses.evidence.verdicts import NOTHING, Answer, of_claim, of_fact, of_test

BAND = {"how": "mean", "band": [1.0, 2.0]}
UP = {"how": "mean", "band": [0, None]}


@pytest.mark.parametrize(
    ("fact", "answer", "result", "miss", "clear"),
    [
        (BAND, Answer(1.5, 1.2, 1.8, 9), "met", 0.0, True),
        (BAND, Answer(1.5, 0.9, 1.8, 9), "met", 0.0, False),
        (BAND, Answer(2.5, 2.2, 2.8, 9), "missed", 0.5, True),
        (BAND, Answer(0.5, 0.1, 1.1, 9), "missed", -0.5, False),
        (UP, Answer(0.1, -0.1, 0.3, 9), "met", 0.0, False),
        (UP, Answer(0.0, 0.0, 0.0, 9), "missed", 0.0, True),
    ],
)
def test_a_fact_is_met_if_its_mean_lies_in_the_band_and_a_direction_needs_a_sign(fact, answer, result, miss, clear):
    row = of_fact(fact, answer)
    assert (row["result"], row["miss"], row["clear"]) == (result, miss, clear)


def test_a_fact_without_an_answer_says_why():
    assert of_fact(BAND, NOTHING)["result"] == "not measured"
    assert of_fact({"asks": "advertising"}, NOTHING)["result"] == "cannot be asked"
    assert of_fact({"role": "built in"}, NOTHING)["result"] == "built in by a rule"


@pytest.mark.parametrize(
    ("side", "answer", "result"),
    [
        ("above", Answer(0.3, 0.1, 0.5, 9), "for"),
        ("below", Answer(-0.3, -0.5, -0.1, 9), "for"),
        ("below", Answer(0.3, 0.1, 0.5, 9), "against"),
        ("above", Answer(0.3, -0.1, 0.5, 9), "unclear"),
        ("above", Answer(0.01, 0.005, 0.015, 9), "too small"),
        ("above", NOTHING, "not measured"),
    ],
)
def test_a_test_is_for_its_claim_only_if_the_whole_interval_is_on_its_side_and_not_too_small(side, answer, result):
    assert of_test(side, answer, 0.02) == result


@pytest.mark.parametrize(
    ("claim", "results", "verdict"),
    [
        ({}, ["for", "for"], "confirmed"),
        ({"rule": "a rule"}, ["for"], "as written into a rule"),
        ({"aimed": "an aim"}, ["for"], "as aimed at"),
        ({"rule": "a rule"}, ["for", "against"], "refuted"),
        ({}, ["for", "too small"], "refuted"),
        ({}, ["for", "unclear"], "mixed"),
        ({}, ["for", "not measured"], "not measured"),
        ({"asks": "a thing"}, [], "cannot be asked"),
    ],
)
def test_a_claim_is_confirmed_only_by_all_its_tests_and_never_if_it_is_written_or_aimed_at(claim, results, verdict):
    assert of_claim(claim, results) == verdict
