"""Interim analyses: the alpha that is spent, and the verdict of an interval."""

import numpy as np
import pytest

from salesim.stats import intervals as engine
from salesim.stats.intervals import Intervals, simultaneous_at
from salesim.stats.sequential import FEWEST, alpha_spent, beyond_margin, levels, verdict

ANALYSES = (10, 20, 40, 80, 160, 320)


def test_the_alpha_spent_grows_with_the_square_of_the_share_of_pairs():
    assert [alpha_spent(share, 0.05) for share in (0.25, 0.5, 1.0)] == pytest.approx([0.003125, 0.0125, 0.05])


def test_the_levels_of_all_interim_analyses_sum_to_alpha():
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
def test_verdicts_follow_from_the_interval_and_the_equivalence_margin(low, high, word, large):
    assert verdict(low, high, 1.0) == word
    assert beyond_margin(low, high, 1.0) == large


def test_intervals_of_all_interim_analyses_hold_simultaneously():
    rng, missed, repeats = np.random.default_rng(4), 0, 200
    for _ in range(repeats):
        values = rng.normal(size=(40, 4))
        intervals = [
            simultaneous_at(values[:n], level, FEWEST) for n, level in zip((10, 20, 40), levels((10, 20, 40), 0.2), strict=True)
        ]
        missed += any(((each.low > 0) | (each.high < 0)).any() for each in intervals)
    allowed = 2.5 * np.sqrt(0.2 * 0.8 / repeats)
    assert 0.2 / 4 - allowed <= missed / repeats <= 0.2 + allowed


@pytest.fixture(autouse=True)
def fewer_resamples(monkeypatch):
    monkeypatch.setattr(engine, "RESAMPLES", 2000)
    monkeypatch.setattr(engine, "EXCEEDING", 20)


def at(values: np.ndarray, error: float) -> Intervals:
    return simultaneous_at(values, error, FEWEST)


def missed(draw, level: float, n: int, repeats: int) -> float:
    rng = np.random.default_rng(4)
    intervals = [at(draw(rng, n), level) for _ in range(repeats)]
    return float(np.mean([((each.low > 0) | (each.high < 0)).any() for each in intervals]))


@pytest.mark.parametrize("level", [0.2, 0.005])
def test_intervals_miss_as_often_as_alpha_allows_and_hardly_less(level):
    def draw(rng, n):
        return rng.normal(size=(n, 6))

    repeats = 400 if level > 0.1 else 3000
    allowed = 2.5 * np.sqrt(level / repeats)
    assert level / 3 - allowed <= missed(draw, level, 40, repeats) <= level + allowed


def test_alphas_too_small_for_resamples_are_extrapolated_with_students_t():
    values = np.random.default_rng(1).normal(size=(20, 4))
    intervals = at(values, 1e-12)
    assert set(intervals.method) == {engine.WIDENED}
    assert (intervals.critical >= 15.4).all()  # t of 19 degrees of freedom at 1e-12 / 8, by its tail
    assert (intervals.critical < 25).all()


def test_skewed_differences_widen_early_intervals_and_are_named():
    rng = np.random.default_rng(2)
    plain, skewed = rng.normal(size=(40, 3)), np.exp(1.5 * rng.normal(size=(40, 3)))
    one, other = (at(values, 1e-5) for values in (plain, skewed))
    assert other.critical[0] > 1.15 * one.critical[0]
    assert other.skewness.min() > 1.0 > np.abs(one.skewness).max()


def test_skewness_is_the_third_moment():
    assert at(np.array([[0.0]] * 9 + [[10.0]]), 0.05).skewness[0] == pytest.approx(72 / 27)


def test_a_constant_column_has_zero_width_and_too_few_pairs_have_no_ends():
    values = np.column_stack([np.zeros(20), np.full(20, 2.0), np.r_[np.ones(9), np.full(11, np.nan)], np.arange(20.0)])
    intervals = at(values, 0.05)
    assert (intervals.low[0], intervals.high[0]) == (0.0, 0.0)
    assert (intervals.low[1], intervals.high[1]) == (2.0, 2.0)
    assert np.isnan(intervals.low[2])
    assert intervals.low[3] < 9.5 < intervals.high[3]


def test_an_empty_column_does_not_widen_the_others():
    values = np.random.default_rng(5).normal(size=(30, 3))
    with_hole = np.column_stack([values, np.full(30, np.nan)])
    assert (at(values, 0.05).critical == at(with_hole, 0.05).critical[:3]).all()


def test_a_nearly_constant_difference_is_uninformative_and_does_not_widen_the_others():
    rng = np.random.default_rng(5)
    rare, plain = np.zeros(40), rng.normal(size=(40, 7))
    rare[3] = 1.0
    both, alone = at(np.column_stack([rare, plain]), 0.05), at(plain, 0.05)
    assert verdict(both.low[0], both.high[0], 1.0) == "cannot tell"
    assert (both.high - both.low)[1:] == pytest.approx(alone.high - alone.low, rel=0.06)


def test_intervals_of_a_skewed_measure_reach_farther_where_it_has_its_tail():
    values = np.exp(np.random.default_rng(3).normal(size=(40, 1)))
    intervals = at(values, 0.05)
    assert intervals.high[0] - intervals.mean[0] > 1.3 * (intervals.mean[0] - intervals.low[0])


def test_errors_of_a_skewed_measure_fall_on_both_sides():
    rng, below, above = np.random.default_rng(11), 0, 0
    for _ in range(600):
        intervals = at(np.exp(rng.normal(size=(40, 1))) - np.exp(0.5), 0.1)
        below, above = below + (intervals.high[0] < 0.0), above + (intervals.low[0] > 0.0)
    assert 5 <= above <= 45
    assert 15 <= below <= 65
