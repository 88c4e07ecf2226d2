"""Intervals hold the truth as often as they promise: few seeds and many, skewed measures, and columns that hardly vary."""

import numpy as np
import pytest

from salesim.stats import intervals
from salesim.stats.intervals import simultaneous

STUDIES, COLUMNS = 240, 8


@pytest.fixture(autouse=True)
def fewer_resamples(monkeypatch):
    monkeypatch.setattr(intervals, "RESAMPLES", 2000)
    monkeypatch.setattr(intervals, "EXCEEDING", 10)


def share_missed(draw, truth: float, seeds: int) -> float:
    """Share of studies in which any of the simultaneous intervals misses the truth."""
    rng = np.random.default_rng(11)
    missed = 0
    for _ in range(STUDIES):
        found = simultaneous(draw(rng, (seeds, COLUMNS)), 0.95)
        missed += bool(((found.low > truth) | (found.high < truth)).any())
    return missed / STUDIES


def correlated(rng, shape):
    """Normal columns that share part of each seed's luck."""
    return 0.7 * rng.normal(size=shape) + 0.7 * rng.normal(size=(shape[0], 1))


def skewed(rng, shape):
    """Log-normal columns with mean 1."""
    return np.exp(correlated(rng, shape) - 0.49)


@pytest.mark.parametrize("seeds", [5, 20, 40])
def test_equal_arms_are_called_different_in_about_one_study_in_twenty(seeds):
    assert share_missed(correlated, 0.0, seeds) <= 0.085  # 0.05 and 2.5 standard errors of 240 studies


@pytest.mark.parametrize("seeds", [20, 40])
def test_intervals_of_skewed_measures_cover(seeds):
    assert share_missed(skewed, 1.0, seeds) <= 0.11


def test_student_and_bonferroni_would_not_cover_skewed_measures(monkeypatch):
    monkeypatch.setattr(intervals, "FEW_SEEDS", 1000)
    assert share_missed(skewed, 1.0, 20) > 0.2


def test_intervals_are_not_needlessly_wide():
    assert share_missed(correlated, 0.0, 40) >= 0.01


@pytest.mark.parametrize("seeds", [2, 3])
def test_two_or_three_seeds_give_wide_intervals_not_narrow_ones(seeds):
    assert share_missed(correlated, 0.0, seeds) <= 0.085


def test_more_measures_make_wider_intervals():
    rng = np.random.default_rng(2)
    many = rng.normal(size=(30, 24))
    narrow, wide = (simultaneous(many[:, :width], 0.95) for width in (1, 24))
    assert wide.high[0] - wide.low[0] > 1.2 * (narrow.high[0] - narrow.low[0])


def test_equal_tables_give_equal_intervals():
    values = np.random.default_rng(3).normal(size=(12, 3))
    one, two = simultaneous(values, 0.9), simultaneous(values.copy(), 0.9)
    assert (one.low == two.low).all()
    assert (one.high == two.high).all()


def test_intervals_of_four_seeds_hold_together_and_have_bounds_to_speak_of():
    rng, missed, widest = np.random.default_rng(5), 0, 0.0
    for _ in range(200):
        found = simultaneous(rng.normal(size=(4, 12)) + rng.normal(size=(4, 1)), 0.95)
        missed += bool(((found.low > 0) | (found.high < 0)).any())
        widest = max(widest, float((found.high - found.low).max()))
    assert missed <= 20  # of 200, where 10 are allowed on average
    assert widest < 50  # standard deviations; the bootstrap of four seeds has thousands
