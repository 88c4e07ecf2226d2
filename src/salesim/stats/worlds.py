"""What arms are worth in each of many possible worlds, from a few seeds in each, and in which share of worlds each is best.

A world's mean over its seeds is its expected value plus chance, so that worlds seem to disagree more than they do. The expected
values of all worlds are therefore estimated together: a linear function of the worlds' settings, plus what no setting explains,
plus chance of known size (Fay & Herriot 1979, with the coefficients shrunk as in ridge regression). The sizes of the first two
are drawn in proportion to their restricted likelihood; a negative variance is not possible. Gains of several arms are treated
together, in the directions in which chance is independent. Shares, regret and the value of knowing the world are taken over
draws from the posterior of the expected values. The best arm by shrunken means alone would make worlds agree more than they do.
"""

from typing import NamedTuple

import numpy as np

from salesim.stats.intervals import Numbers

DRAWS = 500
SEED = 2004  # of the draws, so that a table always has the same shares
RATIOS = np.r_[0.0, np.geomspace(1e-3, 1e3, 31)]  # of a variance to that of chance in a world's mean, which are tried
NO_NOISE = 1e-9  # of the variance of the gains, added to that of chance so that it can be divided by


class Components(NamedTuple):
    """Variances of a run's value: between worlds (`raw_between` before it was clipped at 0), and of seeds within a world."""

    between: float
    within: float
    raw_between: float


def components(values: Numbers) -> Components:
    """Variance components of a table (worlds x seeds), with two or more of each. Source: Searle, Casella & McCulloch 1992."""
    within = float(values.var(axis=1, ddof=1).mean())
    raw = float(values.mean(axis=1).var(ddof=1)) - within / values.shape[1]
    return Components(max(raw, 0.0), within, raw)


def expected_values(values: Numbers, settings: Numbers) -> Numbers:
    """Draws of what each arm is worth in each world, over all seeds that it could have (draws x worlds x arms).

    `values` (worlds x seeds x arms, all finite, two or more seeds) are measured, `settings` (worlds x settings) tell worlds
    apart; there may be none. Only differences of arms are shrunk; the mean of the first arm is taken as it is.
    """
    gains = values[:, :, 1:] - values[:, :, :1]
    means = gains.mean(axis=1)
    if not means.size:
        return np.repeat(values.mean(axis=1)[None], DRAWS, axis=0)
    chance = within_covariance(gains)
    chance += np.eye(len(chance)) * (NO_NOISE * np.trace(chance + np.atleast_2d(np.cov(means.T))) + np.finfo(float).tiny)
    to_gains = directions(chance / values.shape[1], np.atleast_2d(np.cov(means.T)))
    scores = np.linalg.solve(to_gains, means.T)  # directions x worlds; chance has variance 1 in each
    rng = np.random.default_rng(SEED)
    draws = np.stack([shrunk_draws(score, settings, rng) for score in scores], axis=2) @ to_gains.T
    base = np.broadcast_to(values[:, :, :1].mean(axis=1), (DRAWS, len(values), 1))
    return np.concatenate([base, base + draws], axis=2)


def within_covariance(gains: Numbers) -> Numbers:
    """Covariance over seeds of a world, the same in all of them, of gains (worlds x seeds x gains)."""
    centred = (gains - gains.mean(axis=1, keepdims=True)).reshape(-1, gains.shape[2])
    return np.asarray(centred.T @ centred / (gains.shape[0] * (gains.shape[1] - 1)))


def directions(chance: Numbers, total: Numbers) -> Numbers:
    """Columns that make gains of independent scores; chance has variance 1 in each score."""
    root = np.linalg.cholesky(chance)
    whitened = np.linalg.solve(root, np.linalg.solve(root, total).T)
    return np.asarray(root @ np.linalg.eigh(whitened)[1])


def shrunk_draws(scores: Numbers, settings: Numbers, rng: np.random.Generator) -> Numbers:
    """Draws of the expected scores (draws x worlds) behind scores that have chance of variance 1."""
    explained, axes = explained_by(settings)
    kept = signal(axes.T @ scores, explained, rng)
    deviations = rng.standard_normal(kept.shape) * np.sqrt(kept)
    return np.asarray((kept * (axes.T @ scores) + deviations) @ axes.T)


def explained_by(settings: Numbers) -> tuple[Numbers, Numbers]:
    """The covariance of worlds that random linear effects of settings give: eigenvalues (infinite for the mean) and vectors."""
    n_worlds = len(settings)
    spread = settings.std(axis=0)
    terms = (settings - settings.mean(axis=0))[:, spread > 0.0] / spread[spread > 0.0]
    size = max(1, terms.shape[1])
    constant = np.full((n_worlds, n_worlds), n_worlds)  # larger than all others: their sum is n_worlds
    values, axes = np.linalg.eigh(terms @ terms.T / size + constant)
    values = np.clip(values, 0.0, None)
    values[-1] = np.inf
    return values, axes


def signal(scores: Numbers, explained: Numbers, rng: np.random.Generator) -> Numbers:
    """Draws of the share of each rotated score that is not chance (draws x scores); 1 for the mean over worlds."""
    rest = np.isfinite(explained)
    variance = 1.0 + RATIOS[:, None, None] * explained[rest] + RATIOS[None, :, None]
    likelihood = -0.5 * (np.log(variance) + scores[rest] ** 2 / variance).sum(axis=2)
    weight = np.exp(likelihood - likelihood.max()).ravel()
    cells = rng.choice(weight.size, size=DRAWS, p=weight / weight.sum())
    kept = np.ones((DRAWS, len(scores)))
    kept[:, rest] = 1.0 - 1.0 / variance.reshape(weight.size, -1)[cells]
    return kept


def best_shares(expected: Numbers) -> Numbers:
    """The share of worlds in which each arm is best, from draws of `expected_values`; arms that are equal share a world.

    The sum is 1. It is also the probability that the arm is best in the one world that is real.
    """
    best = expected == expected.max(axis=2, keepdims=True)
    return np.asarray((best / best.sum(axis=2, keepdims=True)).mean(axis=(0, 1)))


def expected_regrets(expected: Numbers) -> Numbers:
    """How far each arm is expected to be behind the best one in each world (worlds x arms)."""
    return np.asarray((expected.max(axis=2, keepdims=True) - expected).mean(axis=0))
