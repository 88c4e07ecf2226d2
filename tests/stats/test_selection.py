"""Selection of the best arm: error rates, fewer runs with common random numbers, and missing values."""

import numpy as np
import pytest

from salesim.stats.selection import boundary_of, select


def selections(correlation: float, gap: float, repeats: int = 300):
    rng = np.random.default_rng(3)
    won, used = 0, []
    for _ in range(repeats):
        noise = np.sqrt(correlation) * rng.normal(size=(1500, 1)) + np.sqrt(1 - correlation) * rng.normal(size=(1500, 3))
        selected = select(noise + np.array([0.0, gap, 0.0]), 0.3, 0.05, 15)
        won += selected.candidates == (1,)
        used.append(sum(selected.used))
    return won / repeats, np.mean(used)


def test_an_arm_ahead_by_the_zone_is_chosen_and_common_random_numbers_save_runs():
    (apart, many), (shared, few) = selections(0.0, 0.3), selections(0.8, 0.3)
    assert min(apart, shared) >= 0.95 - 2.5 * np.sqrt(0.05 * 0.95 / 300)
    assert few < many / 3


def test_without_a_gap_a_choice_is_still_made_and_no_arm_is_favoured():
    rng = np.random.default_rng(8)
    chosen = [select(rng.normal(size=(1500, 3)), 0.3, 0.05, 15).candidates for _ in range(150)]
    assert all(len(candidates) == 1 for candidates in chosen)
    assert 25 <= sum(candidates == (0,) for candidates in chosen) <= 75


def test_the_boundary_is_that_of_kim_and_nelson():
    """h^2 of three arms, 10 first seeds, alpha 0.05: their eta is ((0.05)^(-2/9) - 1) / 2, and h^2 is 18 eta."""
    stage = np.random.default_rng(1).normal(size=(10, 3))
    boundary = boundary_of(stage, 0.5, 0.05)
    assert boundary.h_squared == pytest.approx(18 * 0.5 * (0.05 ** (-2 / 9) - 1))
    assert boundary.variance[0, 1] == pytest.approx((stage[:, 0] - stage[:, 1]).var(ddof=1))


def test_an_arm_far_behind_is_dropped_at_once_and_not_used_again():
    values = np.random.default_rng(2).normal(size=(200, 3)) + np.array([0.0, 0.3, -50.0])
    values[20:, 2] = np.nan  # not run any more
    selected = select(values, 0.2, 0.05, 20)
    assert selected.used[2] == 20
    assert selected.used[0] > 20


def test_too_few_seeds_leave_the_selection_open():
    selected = select(np.random.default_rng(2).normal(size=(25, 3)), 0.05, 0.05, 20)
    assert not selected.decided
    assert len(selected.candidates) > 1
    assert selected.most > 25


def test_a_seed_with_a_missing_value_is_left_out():
    values = np.random.default_rng(6).normal(size=(300, 3)) + np.array([0.0, 1.0, 0.0])
    holed = np.insert(values, 5, np.nan, axis=0)
    assert select(values, 0.5, 0.05, 20) == select(holed, 0.5, 0.05, 20)


def test_an_arm_without_the_measure_takes_no_part():
    values = np.random.default_rng(6).normal(size=(300, 3))
    values[:, 1] = np.nan
    selected = select(values, 0.5, 0.05, 20)
    assert selected.candidates[0] in (0, 2)
    assert selected.used[1] == 0


def test_identical_arms_end_after_the_first_stage():
    column = np.random.default_rng(6).normal(size=(40, 1))
    assert select(np.hstack([column] * 3), 0.5, 0.05, 20).used == (20, 20, 20)


def rare(seeds: int) -> np.ndarray:
    """Two arms that are identical except in one seed of ten."""
    values = np.zeros((seeds, 2))
    values[9::10, 1] = -2.0
    return values


def test_the_first_stage_lasts_until_two_arms_have_differed_often_enough():
    assert not select(rare(49), 0.1, 0.05, 10).decided
    selected = select(rare(200), 0.1, 0.05, 10)
    assert selected.candidates == (0,)
    assert min(selected.used) >= 50
