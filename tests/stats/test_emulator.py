"""The emulator finds what is planted, and draws of the posterior are those of the known one."""

import numpy as np
import pytest
from scipy import stats

from salesim.stats.emulator import emulator
from salesim.stats.posterior import posterior


def planted(n, rng):
    """Two outputs with a quadratic mean, a spread that grows along the first axis, and a correlation of 0.6."""
    points = rng.random((n, 3))
    x = 2 * points - 1
    noise = rng.multivariate_normal([0, 0], [[1, 0.6], [0.6, 1]], n) * np.exp(0.5 * x[:, :1])
    return points, np.column_stack([3 * x[:, 0] + x[:, 1] ** 2, 5 + x[:, 0] * x[:, 2]]) + noise


def test_it_finds_mean_spread_and_correlation_that_are_planted():
    mine = emulator(*planted(20_000, np.random.default_rng(1)))
    mean, covariance = mine.predict(np.array([[0.5, 1.0, 0.5], [1.0, 0.5, 1.0]]))
    assert mean == pytest.approx(np.array([[1.0, 5.0], [3.0, 6.0]]), abs=0.1)
    assert covariance[0] == pytest.approx(np.array([[1.0, 0.6], [0.6, 1.0]]), abs=0.08)
    assert covariance[1] == pytest.approx(np.e * np.array([[1.0, 0.6], [0.6, 1.0]]), abs=0.4)  # the slope is shrunk a little


def test_without_information_the_posterior_is_the_prior():
    draws = posterior(lambda points: np.zeros(len(points)), 4, 4000, np.random.default_rng(1))
    assert draws.mean(axis=0) == pytest.approx(np.full(4, 0.5), abs=0.03)
    assert draws.std(axis=0) == pytest.approx(np.full(4, 12**-0.5), abs=0.02)


def test_a_narrow_normal_likelihood_gives_its_mean_spread_and_correlation():
    middle, covariance = np.array([0.4, 0.6]), np.array([[1.0, 0.8], [0.8, 1.0]]) * 0.03**2
    inverse = np.linalg.inv(covariance)

    def log_likelihood(points):
        away = points - middle
        return -0.5 * np.einsum("ij,jk,ik->i", away, inverse, away)

    draws = posterior(log_likelihood, 2, 4000, np.random.default_rng(2))
    assert draws.mean(axis=0) == pytest.approx(middle, abs=0.003)
    assert np.cov(draws.T) == pytest.approx(covariance, abs=0.0001)


def test_means_of_draws_err_hardly_more_than_those_of_independent_draws():
    n_draws, spreads = 300, np.repeat([0.03, 0.3], 5)  # half of the axes are known, as in a fit
    limit = 0.5 / spreads
    exact = stats.truncnorm(-limit, limit).std() * spreads

    def log_likelihood(points):
        return -0.5 * (((points - 0.5) / spreads) ** 2).sum(axis=1)

    seeds = map(np.random.default_rng, range(20))
    errors = np.array([posterior(log_likelihood, 10, n_draws, rng).mean(axis=0) - 0.5 for rng in seeds]) / exact
    assert n_draws * (errors**2).mean() < 1.3**2  # with half as many moves 1.6


def test_an_error_of_the_target_widens_the_posterior():
    points, outputs = planted(2000, np.random.default_rng(3))
    mine, target = emulator(points, outputs), np.array([2.0, 5.0])
    spreads = [
        posterior(lambda places, v=v: mine.log_likelihood(places, target, np.full(2, v)), 3, 2000, np.random.default_rng(4))
        .std(axis=0)[0]
        for v in (0.0, 4.0)
    ]  # fmt: skip
    assert spreads[1] > 1.2 * spreads[0]


def test_a_part_of_the_outputs_has_its_own_likelihood():
    mine, points = emulator(*planted(500, np.random.default_rng(5))), np.array([[0.2, 0.4, 0.9]])
    alone, target = mine.of([1]), np.array([5.0])
    wide = mine.log_likelihood(points, np.array([2.0, 5.0]), np.array([1e12, 0.0])) + 0.5 * np.log(1e12)
    assert alone.log_likelihood(points, target, np.zeros(1)) == pytest.approx(wide, abs=1e-4)
