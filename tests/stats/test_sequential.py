"""Interim analyses: the error that is spent, and what an interval settles."""

import numpy as np
import pytest

from salesim.stats.intervals import simultaneous_at
from salesim.stats.sequential import FEWEST, beyond_margin, levels, spent, verdict

ANALYSES = (10, 20, 40, 80, 160, 320)


def test_the_error_spent_grows_with_the_square_of_the_share_of_pairs():
    assert [spent(share, 0.05) for share in (0.25, 0.5, 1.0)] == pytest.approx([0.003125, 0.0125, 0.05])


def test_the_levels_of_all_interim_analyses_sum_to_the_error():
    assert sum(levels(ANALYSES, 0.05)) == pytest.approx(0.05)
    assert sorted(levels(ANALYSES, 0.05)) == levels(ANALYSES, 0.05)
    assert levels([40], 0.1) == [pytest.approx(0.1)]


@pytest.mark.parametrize(
    ("low", "high", "word", "large"),
    [
        (1.0, 3.0, "higher", "yes"),
        (0.2, 3.0, "higher", "unknown"),
        (0.2, 0.8, "higher", "no"),
        (-3.0, -1.0, "lower", "yes"),
        (-0.5, 0.9, "equivalent", "no"),
        (-1.0, 0.9, "cannot tell", "unknown"),
        (0.0, 0.0, "equal", "no"),
        (np.nan, np.nan, "nothing to compare", "unknown"),
    ],
)
def test_words_follow_from_the_interval_and_the_equivalence_margin(low, high, word, large):
    assert verdict(low, high, 1.0) == word
    assert beyond_margin(low, high, 1.0) == large


def test_intervals_of_all_interim_analyses_hold_together():
    rng, missed, repeats = np.random.default_rng(4), 0, 200
    for _ in range(repeats):
        values = rng.normal(size=(40, 4))
        found = [
            simultaneous_at(values[:n], level, FEWEST) for n, level in zip((10, 20, 40), levels((10, 20, 40), 0.2), strict=True)
        ]
        missed += any(((each.low > 0) | (each.high < 0)).any() for each in found)
    allowed = 2.5 * np.sqrt(0.2 * 0.8 / repeats)
    assert 0.2 / 4 - allowed <= missed / repeats <= 0.2 + allowed
