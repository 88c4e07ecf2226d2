"""What confirmation seeds say of a verdict."""

import math

import pytest

from salesim.analyses.compare.rows import confirmed


@pytest.mark.parametrize(
    ("verdict", "difference", "word"),
    [
        ("higher", 0.2, "yes"),
        ("higher", -0.2, "no"),
        ("lower", -0.2, "yes"),
        ("lower", 0.0, "no"),
        ("equal", 0.0, "yes"),
        ("equal", 0.2, "no"),
        ("equivalent", 0.2, ""),
        ("higher", math.nan, ""),
    ],
)
def test_confirmation_seeds_have_the_sign_of_a_verdict_or_not(verdict, difference, word):
    assert confirmed(verdict, difference) == word
