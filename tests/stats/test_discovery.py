"""Scenario discovery: planted boxes are recovered, on held-out points."""

import itertools

import numpy as np
import pytest

from salesim.stats.discovery import Discovery, discover, estimate, score, share_of_chance
from salesim.stats.intervals import student
from salesim.stats.prim import Box, agreement, best_box, halfway, paste, peel

SEEDS, MOST = 5, 20


def planted(rng, n_points, inside, noise=2.0, effect=1.0, dimensions=5):
    """Points, and paired differences of +effect where `inside` says so and -effect elsewhere; undecided ones get more seeds."""
    points = rng.uniform(size=(n_points, dimensions))
    truth = inside(points)
    differences = np.where(truth, effect, -effect)[:, None] + noise * rng.normal(size=(n_points, MOST))
    known = np.full_like(differences, np.nan)
    known[:, :SEEDS] = differences[:, :SEEDS]
    for seeds in (2 * SEEDS, 4 * SEEDS):
        open_ones = estimate(known, 0.95, 3).sign == 0
        known[open_ones, :seeds] = differences[open_ones, :seeds]
    return points, truth, estimate(known, 0.95, 3).sign


def in_box(points):
    return (points[:, 0] > 0.45) & (points[:, 2] < 0.7)


@pytest.mark.parametrize("seed", range(5))
def test_a_planted_box_is_recovered_from_noisy_differences_on_held_out_points(seed):
    points, truth, signs = planted(np.random.default_rng(seed), 450, in_box)
    assert (signs[signs != 0] == np.where(truth, 1, -1)[signs != 0]).mean() > 0.97  # labels can be trusted
    assert 0.02 < (signs == 0).mean() < 0.9  # and some points stay undecided
    rules = discover(points, signs, np.arange(len(points)))
    assert rules.box is not None
    assert rules.box.low[0] == pytest.approx(0.45, abs=0.06)
    assert rules.box.high[2] == pytest.approx(0.7, abs=0.06)
    assert np.isinf(np.delete(rules.box.low, 0)).all()
    assert np.isinf(np.delete(rules.box.high, 2)).all()
    assert rules.score.coverage > 0.85
    assert rules.score.density > 0.85


def test_scores_come_from_points_that_no_rule_was_fitted_to():
    points, _, signs = planted(np.random.default_rng(1), 300, in_box)
    groups = np.arange(len(points))
    told = discover(points, signs, groups)
    spoilt = signs.copy()
    spoilt[groups % 3 == 2] = -spoilt[groups % 3 == 2]
    other = discover(points, spoilt, groups)
    assert (other.box.low == told.box.low).all()
    assert (other.box.high == told.box.high).all()
    assert other.score.density < 0.4 < told.score.density


def test_without_a_pattern_the_density_on_held_out_points_is_that_of_chance():
    rng = np.random.default_rng(3)
    densities = [
        discover(rng.uniform(size=(300, 4)), rng.choice(np.array([-1, 1], np.int8), 300), np.arange(300)).score.density
        for _ in range(20)
    ]
    assert np.mean(densities) == pytest.approx(0.5, abs=0.06)


def test_an_arm_that_always_wins_needs_no_rule():
    points = np.random.default_rng(4).uniform(size=(200, 3))
    assert discover(points, np.ones(200, np.int8), np.arange(200)) == Discovery(-1)


def test_a_box_has_no_bounds_on_parameters_without_effect():
    points, truth, _ = planted(np.random.default_rng(6), 600, in_box, noise=0.0)
    box = best_box(points, truth)
    assert list(np.flatnonzero(np.isfinite(box.low))) == [0]
    assert list(np.flatnonzero(np.isfinite(box.high))) == [2]
    assert agreement(box, points, truth) > 0.95


def test_peeling_removes_one_slice_at_a_time_and_pasting_returns_harmless_slices():
    points = np.arange(100.0)[:, None]
    wins = points[:, 0] >= 40
    boxes = peel(points, wins, share=0.05, smallest=0.05)
    sizes = [int(box.holds(points).sum()) for box in boxes]
    assert sizes[:3] == [100, 95, 90]
    assert all(small < large for large, small in itertools.pairwise(sizes))
    narrow = Box(np.array([60.0]), np.array([80.0]))
    wider = paste(narrow, points, wins)
    assert 40.0 <= wider.low[0] <= 43.0  # a slice that reaches over the edge would hurt
    assert wider.high[0] == np.inf


def test_few_values_of_a_parameter_can_be_peeled():
    points = np.repeat(np.array([[0.0], [1.0]]), 50, axis=0)
    box = best_box(points, points[:, 0] == 1)
    assert box.low[0] == 1.0


def test_coverage_and_density_by_hand():
    wins, named = np.array([1, 1, 1, 0, 0], bool), np.array([1, 1, 0, 1, 0], bool)
    assert score(named, wins)[:2] == (pytest.approx(2 / 3), pytest.approx(2 / 3))


def test_a_point_is_decided_only_if_its_interval_excludes_zero():
    differences = np.array([[1.0, 1.1, 0.9, np.nan], [1.0, -1.0, 0.5, 0.1], [-2.0, -2.1, -2.2, -1.9], [0.0, 0.0, 0.0, 0.0]])
    assert list(estimate(differences, 0.95).sign) == [1, 0, -1, 0]


def test_three_analyses_of_identical_arms_decide_no_more_points_than_alpha_allows():
    rng = np.random.default_rng(8)
    _, _, signs = planted(rng, 4000, in_box, effect=0.0)
    assert (signs != 0).mean() < 0.05


def test_a_seed_effect_that_all_points_share_is_not_chance_of_a_point():
    rng = np.random.default_rng(9)
    truth, seeds = rng.normal(size=(400, 1)), 10 * rng.normal(size=(1, 5))
    assert share_of_chance(truth + seeds) == pytest.approx(0.0, abs=1e-9)
    assert share_of_chance(truth + seeds + 2 * rng.normal(size=(400, 5))) == pytest.approx(0.8 / 1.8, abs=0.08)
    assert np.isnan(share_of_chance(np.ones((4, 3))))


def test_bounds_lie_halfway_to_the_next_point_outside():
    points = np.arange(10.0)[:, None]
    low, high = halfway(Box(np.array([4.0]), np.array([np.inf])), points)
    assert (low[0], high[0]) == (3.5, np.inf)


def test_scores_have_intervals_that_cover():
    rng, held = np.random.default_rng(6), 0
    for _ in range(300):
        scores = score(rng.random(60) < 0.5, rng.random(60) < 0.5)
        held += scores.density_low <= 0.5 <= scores.density_high
    assert 0.91 <= held / 300 <= 0.985


def test_labels_of_skewed_differences_are_wrong_less_often_than_with_students_t():
    rng = np.random.default_rng(7)
    differences = np.exp(rng.normal(size=(1500, 10))) - np.exp(0.5)
    low, high = student(differences.T, 0.95)[1:]
    plain = ((low > 0) | (high < 0)).mean()
    assert (estimate(differences, 0.95).sign != 0).mean() < 0.7 * plain
