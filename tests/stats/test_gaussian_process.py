"""The emulator of an exploration, on functions that are known."""

import numpy as np
import pytest
from scipy.stats import qmc

from salesim.stats.gaussian_process import process

NOISE = 0.2


def curved(points):
    """A slope, a product and a curve, over four axes of which the last does nothing."""
    centred = 2 * points - 1
    return 3 * centred[:, 0] + 2 * centred[:, 0] * centred[:, 1] + np.sin(3 * centred[:, 2])


@pytest.fixture(scope="module")
def learned():
    """An emulator of 64 noisy values."""
    points = qmc.Sobol(4, seed=3).random_base2(6)
    values = curved(points) + np.sqrt(NOISE) * np.random.default_rng(3).standard_normal(64)
    return process(points, values, np.full(64, NOISE))


@pytest.fixture(scope="module")
def places():
    return np.random.default_rng(4).random((400, 4))


def test_values_between_the_runs_are_foretold(learned, places):
    mean, truth = learned.draws(places).mean(axis=0), curved(places)
    assert 1 - ((mean - truth) ** 2).mean() / truth.var() > 0.93


def test_draws_spread_as_far_as_the_mean_misses(learned, places):
    draws, truth = learned.draws(places), curved(places)
    covered = np.abs(draws.mean(axis=0) - truth) < 1.96 * draws.std(axis=0)
    assert 0.85 < covered.mean() <= 1.0


def test_points_left_out_tell_how_well_others_are_foretold(learned, places):
    values = learned.centre + learned.scale * learned.values
    left_out = ((learned.left_out() - values) ** 2).mean() - NOISE
    missed = ((learned.draws(places).mean(axis=0) - curved(places)) ** 2).mean()
    assert left_out == pytest.approx(missed, abs=0.35)
    assert left_out > 0.02  # the value of a point itself, which is nearer, is not used


def test_an_axis_without_effect_is_long(learned):
    shortest = np.median(learned.lengths, axis=0)
    assert shortest[3] > 1.5 * min(shortest[:3])


def test_values_that_are_all_equal_are_learned(places):
    learned = process(places[:30], np.full(30, 7.0), np.zeros(30))
    assert learned.draws(places) == pytest.approx(7.0, abs=0.05)
