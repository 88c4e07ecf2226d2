"""Draws from a posterior distribution over the unit cube, whose prior is uniform, by sequential Monte Carlo.

The likelihood is raised to a power that grows from 0 to 1; at each step draws are resampled and moved by a random walk.
Source: Del Moral, Doucet & Jasra 2006; the next power keeps half of the effective sample size (Jasra et al. 2011).
"""

from collections.abc import Callable

import numpy as np
from scipy import special

from salesim.stats.intervals import Numbers

MOVES = 16  # of every draw at a power; with 8, ranges are 1 % too narrow and means err half as much again
KEPT_SHARE = 0.5  # effective sample size after a step
HALVINGS = 30  # of the interval in which the next power is sought
EDGE = 1e-9  # distance from the edge of the cube at which its normal score is still finite
LogLikelihood = Callable[[Numbers], Numbers]  # points x axes to points


def posterior(
    log_likelihood: LogLikelihood, n_axes: int, n_draws: int, rng: np.random.Generator, moves: int = MOVES
) -> Numbers:
    """Draws from the posterior (draws x axes); the same generator gives the same draws."""
    draws = rng.random((n_draws, n_axes))
    likelihood, power = log_likelihood(draws), 0.0
    while power < 1.0:
        after = next_power(likelihood, power)
        rows = resampled(weights(likelihood, after - power), rng)
        draws, likelihood, power = draws[rows], likelihood[rows], after
        for _ in range(moves):
            draws, likelihood = moved(draws, likelihood, power, log_likelihood, rng)
    return draws


def weights(likelihood: Numbers, power: float) -> Numbers:
    """Weights that are proportional to a power of the likelihood; their sum is 1."""
    raw = np.exp(power * (likelihood - likelihood.max()))
    return np.asarray(raw / raw.sum())


def next_power(likelihood: Numbers, power: float) -> float:
    """The largest power up to 1 at which the effective sample size does not fall below its share."""
    fewest = KEPT_SHARE * len(likelihood)

    def is_kept(after: float) -> bool:
        return 1.0 / float((weights(likelihood, after - power) ** 2).sum()) >= fewest

    if is_kept(1.0):
        return 1.0
    low, high = power, 1.0
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if is_kept(middle) else (low, middle)
    return high


def resampled(share: Numbers, rng: np.random.Generator) -> Numbers:
    """Rows, drawn with these weights by systematic resampling."""
    places = (np.arange(len(share)) + rng.random()) / len(share)
    return np.minimum(np.searchsorted(np.cumsum(share), places), len(share) - 1)


def moved(
    draws: Numbers, likelihood: Numbers, power: float, log_likelihood: LogLikelihood, rng: np.random.Generator
) -> tuple[Numbers, Numbers]:
    """One Metropolis step of every draw, in normal scores and along the covariance of all of them."""
    n_draws, n_axes = draws.shape
    scores = special.ndtri(np.clip(draws, EDGE, 1.0 - EDGE))
    root = np.linalg.cholesky(np.cov(scores.T).reshape(n_axes, n_axes) + 1e-6 * np.eye(n_axes))
    length = 2.38 / np.sqrt(n_axes) * rng.choice([0.3, 1.0], size=(n_draws, 1))
    proposed = scores + length * rng.standard_normal((n_draws, n_axes)) @ root.T
    places = special.ndtr(proposed)
    theirs = log_likelihood(places)
    gain = power * (theirs - likelihood) - 0.5 * (proposed**2 - scores**2).sum(axis=1)
    taken = np.log(rng.random(n_draws)) < gain
    return np.where(taken[:, None], places, draws), np.where(taken, theirs, likelihood)
