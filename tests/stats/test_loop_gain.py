"""Loop gain against a linear feedback whose answer is known, and a threshold where no such answer exists."""

import numpy as np
import pytest

from salesim.stats.loop_gain import loop_gain

SEEDS = 40


def rest(shock, a, b, closed=True, kink=0.0):
    """Where x = shock + b * y and y = a * x come to rest; with a kink, y does not answer moves smaller than it."""
    x = y = 0.0
    for _ in range(400):
        y = a * x if abs(x) > kink else 0.0
        x = shock + (b * y if closed else 0.0)
    return x


def measured(a, b, kink=0.0, shock=1.0):
    noise = np.random.default_rng(3).normal(size=(4, SEEDS)) * 0.02
    links = [(1.0 + noise[0], a * (1.0 + noise[0]) + noise[1]), (0.5 + noise[2], b * (0.5 + noise[2]))]
    closed = np.array([rest(shock, a, b, kink=kink)] * SEEDS) + noise[3]
    return loop_gain(links, [(0, 1)], closed, np.ones(SEEDS), 0.95)


@pytest.mark.parametrize(("a", "b"), [(0.5, 0.8), (-0.5, 0.8), (0.9, 0.9), (0.0, 0.7)])
def test_in_a_linear_feedback_the_product_of_links_predicts_the_amplification(a, b):
    loop = measured(a, b)
    assert loop.gain.value == pytest.approx(a * b, abs=0.02)
    assert loop.measured.value == pytest.approx(1 / (1 - a * b), rel=0.05)
    assert loop.apart.low <= 0.03
    assert loop.apart.high >= -0.03
    assert all(loop.moved)


def test_parallel_paths_add_up():
    one, half = np.ones(SEEDS), np.full(SEEDS, 0.5)
    loop = loop_gain([(one, half), (one, half), (one, half)], [(0, 1), (2,)], one, one, 0.95)
    assert loop.gain.value == pytest.approx(0.75)
    assert loop.predicted.value == pytest.approx(4.0)


def test_with_a_threshold_the_linear_prediction_is_rejected():
    loop = measured(0.6, 0.9, kink=2.0)
    assert loop.predicted.value > 2.0
    assert loop.measured.value == pytest.approx(1.0, abs=0.05)
    assert loop.apart.high < 0


def test_a_cause_that_was_not_moved_is_named():
    noise = np.random.default_rng(5).normal(size=SEEDS)
    noise -= noise.mean()
    loop = loop_gain([(noise, np.ones(SEEDS))], [(0,)], np.ones(SEEDS), np.ones(SEEDS), 0.95)
    assert loop.moved == (False,)


def noisy_loop(rng, seeds, truth, link_gain=0.3, noise=0.15):
    """A loop of one link whose prediction is 1 / (1 - gain), and whose measured amplification is `truth`."""
    cause, cut = 1.0 + noise * rng.normal(size=(2, seeds))
    effect = link_gain * cause + noise * rng.normal(size=seeds)
    closed = truth * cut + noise * rng.normal(size=seeds)
    return loop_gain([(cause, effect)], [(0,)], closed, cut, 0.95)


@pytest.mark.parametrize(("seeds", "least"), [(4, 0.91), (10, 0.92)])
def test_intervals_cover_the_difference_from_the_prediction(seeds, least):
    rng, truth = np.random.default_rng(seeds), 1.6
    each = [noisy_loop(rng, seeds, truth).apart for _ in range(600)]
    right = truth - 1 / 0.7
    assert np.mean([one.low <= right <= one.high for one in each]) >= least


def test_a_wrong_prediction_rarely_agrees():
    rng = np.random.default_rng(7)
    words = [noisy_loop(rng, 10, 2.0, noise=0.6).agreement for _ in range(300)]
    assert words.count("agrees") / 300 <= 0.05
    assert words.count("cannot tell") > 0


def test_a_right_prediction_is_confirmed_with_enough_seeds():
    rng = np.random.default_rng(8)
    words = [noisy_loop(rng, 60, 1 / 0.7).agreement for _ in range(100)]
    assert words.count("agrees") > 90
    assert {noisy_loop(rng, 10, 3.0).agreement for _ in range(20)} == {"differs"}
