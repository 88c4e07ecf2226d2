"""Numbers, differences and names in words."""

import pytest

from salesim.report.text.amounts import (
    amount,
    between,
    declared,
    digits_for,
    gap,
    interval,
    listed,
    number,
    percent,
    unit_words,
)
from salesim.report.theme import typeset


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (0.256, "share", "25.6 %"),
        (1234.5, "k$ a year", "1,234 k$ a year"),
        (3.21, "weeks", "3.2 weeks"),
        (0.5, "0 to 1", "0.50"),
    ],
)
def test_amounts_are_said_as_a_person_would(value, unit, expected):
    assert amount(value, unit) == expected


def test_an_interval_says_its_unit_once():
    assert between(0.01, 0.025, "share of list") == "1.0 to 2.5 points"
    assert gap(0.01, "share") == "1.0 points"
    assert between(-0.0003, 0.002, "share") == "-0.03 to 0.20 points"
    assert gap(-1e-9, "share") == "0.00 points"
    assert between(1.0, 2.0, "0 to 1") == "1.00 to 2.00"
    assert between(-float("inf"), float("inf"), "share") == "any size is possible"
    assert between(-0.3, -0.02, "weeks") == "-0.30 to -0.02 weeks"
    assert between(0.00004, 0.0003, "share") == "0.004 to 0.030 points"
    assert between(0.0, 0.02, "share") == "0.0 to 2.0 points"


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (0.01, "share", "1 point"),
        (0.02, "share of list", "2 points"),
        (0.005, "share", "0.5 points"),
        (1.0, "weeks", "1 week"),
        (0.5, "weeks", "0.5 weeks"),
        (1, "deals a year", "1 deal a year"),
        (1000, "k$ a year", "1,000 k$ a year"),
        (0.05, "0 to 1", "0.05"),
    ],
)
def test_what_was_declared_is_said_with_its_own_digits(value, unit, expected):
    assert declared(value, unit) == expected


def test_names_are_listed_as_one_reads_them():
    assert [listed(names) for names in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a and b", "a, b and c"]


@pytest.mark.parametrize(
    ("low", "high", "unit", "digits"),
    [
        (-0.003, -0.0002, "share", 2),
        (0.01, 0.02, "share", 1),
        (0.0, 0.0, "share", 1),
        (0.1151, 0.1211, "weeks", 3),
        (0.1, 0.1, "weeks", 1),
        (-2.0, float("inf"), "weeks", 1),
        (float("nan"), float("nan"), "weeks", 1),
    ],
)
def test_ends_of_an_interval_show_their_signs_and_that_they_are_two(low, high, unit, digits):
    assert digits_for([low, high], unit) == digits


def test_numbers_are_written_in_their_unit():
    assert number(0.2314, "share of list") == "23.1"
    assert unit_words("share of list") == "% of list"
    assert number(-1234.5, "k$ a year", signed=True) == "-1,234"
    assert number(0.456, "0 to 1") == "0.46"
    assert number(float("nan"), "weeks") == "–"
    assert number(-0.0004, "share", signed=True) == "0.0"
    assert number(5.25, "weeks") == "5.2"
    assert percent(-0.051, 1) == "-5.1 %"
    assert interval(-0.2, 1.0, "weeks") == "[-0.2, +1.0]"


def test_a_page_has_a_minus_that_is_one_and_keeps_percents_with_their_number():
    assert typeset("pitch-man is -5.1 % [-0.2, +1.0] of a-1") == "pitch-man is −5.1\u00a0% [−0.2, +1.0] of a-1"
