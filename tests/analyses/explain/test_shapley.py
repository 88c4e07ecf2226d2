"""Shapley values sum to the effect, do not depend on an order, and find the planted cause."""

from itertools import permutations

import numpy as np
import pytest

from salesim.analyses.explain.spiral import shapley, subsets

CAUSES, SEEDS = 9, 6


def random_values(seed, n=CAUSES):
    rng = np.random.default_rng(seed)
    return {subset: rng.normal(size=SEEDS) for subset in subsets(n)}


def test_shapley_values_sum_exactly_to_the_effect():
    values = random_values(1)
    parts = shapley(values, CAUSES)
    assert parts.shape == (CAUSES, SEEDS)
    assert parts.sum(axis=0) == pytest.approx(values[tuple(range(CAUSES))] - values[()], abs=1e-12)


def test_one_planted_cause_gets_everything():
    noise = np.random.default_rng(2).normal(size=SEEDS)
    values = {subset: noise + (0.12 if 4 in subset else 0.0) for subset in subsets(CAUSES)}
    parts = shapley(values, CAUSES).mean(axis=1)
    assert parts[4] / parts.sum() > 0.99
    assert np.abs(np.delete(parts, 4)).max() < 1e-12


def test_two_causes_that_work_only_together_share_alike():
    values = {subset: np.array([1.0 if {0, 1} <= set(subset) else 0.0]) for subset in subsets(3)}
    assert shapley(values, 3)[:, 0] == pytest.approx([0.5, 0.5, 0.0])


def test_the_parts_do_not_depend_on_how_causes_are_numbered():
    values = random_values(3, 5)
    turned = {tuple(sorted(4 - cause for cause in subset)): value for subset, value in values.items()}
    assert shapley(turned, 5)[::-1] == pytest.approx(shapley(values, 5))


def test_shapleys_value_is_the_mean_over_all_orders():
    values = random_values(4, 4)
    parts = []
    for order in permutations(range(4)):
        grown = [values[tuple(sorted(order[:size]))] for size in range(5)]
        parts.append([grown[order.index(cause) + 1] - grown[order.index(cause)] for cause in range(4)])
    assert np.mean(parts, axis=0) == pytest.approx(shapley(values, 4))
