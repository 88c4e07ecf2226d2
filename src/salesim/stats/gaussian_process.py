"""A Gaussian process learns a mean from noisy runs at a few points, and draws the functions that these leave possible.

The mean is a constant, a slope along each axis, and a smooth rest with a length of its own for every axis. The lengths and
the size of the rest are not fixed at their likeliest values: they are drawn from their posterior, so that what a draw says
(an index, a rule, a crossing) differs between draws as much as the runs leave open. Sources: Rasmussen & Williams 2006
(ch. 2 and 5), Rahimi & Recht 2008 (random features), Wilson et al. 2020 (draws by conditioning), Dubrule 1983 (leaving out).
"""

from typing import NamedTuple

import numpy as np

from salesim.stats.emulator import linear
from salesim.stats.intervals import Numbers
from salesim.stats.posterior import posterior

LENGTHS, SIZES = (0.2, 6.0), (0.05, 3.0)  # of an axis, and of the values' sd; equally likely over orders of magnitude
SLOPE_SD = 1.0  # of a constant and of slopes, in standard deviations of the values
DRAWS, FEATURES, SEED = 64, 256, 2006
THINNED = 2  # particles of the posterior for each draw that is used
MOVES = 8  # of every particle at a power: each costs a root of a large matrix
LEAST_NOISE = 1e-6  # share of the variance of the values; without any, matrices cannot be inverted


class Process(NamedTuple):
    """Functions that are possible after the runs: for each draw its lengths (draws x axes), size and weights.

    Values count from `centre` in units of `scale`; `noise` is the variance of each point's value in these units.
    """

    points: Numbers
    values: Numbers
    noise: Numbers
    centre: float
    scale: float
    lengths: Numbers
    sizes: Numbers

    def draws(self, places: Numbers) -> Numbers:
        """Every drawn function at places of the unit cube (places x axes): draws x places. The same places, the same values."""
        rng = np.random.default_rng(SEED)
        rows = [self.drawn(places, *each, rng) for each in zip(self.lengths, self.sizes, strict=True)]
        return self.centre + self.scale * np.array(rows)

    def drawn(self, places: Numbers, lengths: Numbers, size: float, rng: np.random.Generator) -> Numbers:
        """A function that was drawn before the runs, at the places, moved by as much as it misses the runs."""
        waves = rng.standard_normal((len(lengths), FEATURES)) / lengths[:, None]
        shift, weights = rng.uniform(0.0, 2.0 * np.pi, FEATURES), rng.standard_normal(FEATURES) * np.sqrt(2.0 / FEATURES)
        slopes, chance = SLOPE_SD * rng.standard_normal(len(lengths) + 1), rng.standard_normal(len(self.values))
        both, n = np.vstack([self.points, places]), len(self.points)
        before = size * np.cos(both @ waves + shift) @ weights + linear(both) @ slopes
        away = self.values - before[:n] - np.sqrt(self.noise) * chance
        covariance = kernel(self.points, self.points, lengths, size) + np.diag(self.noise)
        return np.asarray(before[n:] + kernel(places, self.points, lengths, size) @ np.linalg.solve(covariance, away))

    def left_out(self) -> Numbers:
        """What the others say of each point's value: the mean over draws of its prediction without the point."""
        predicted = []
        for length, size in zip(self.lengths, self.sizes, strict=True):
            inverse = np.linalg.inv(kernel(self.points, self.points, length, size) + np.diag(self.noise))
            predicted.append(self.values - inverse @ self.values / np.diagonal(inverse))
        return np.asarray(self.centre + self.scale * np.mean(predicted, axis=0))


def process(points: Numbers, values: Numbers, noise: Numbers, n_draws: int = DRAWS) -> Process:
    """Learn from values at points of the unit cube (points x axes), whose chance has these variances; all finite."""
    centre, scale = float(values.mean()), float(values.std()) or 1.0
    scaled, chance = (values - centre) / scale, np.maximum(noise / scale**2, LEAST_NOISE)

    border = np.zeros((len(values) + 1,) * 2)
    border[-1, :-1], border[-1, -1] = scaled, 1.0 + (scaled**2 / chance).sum()

    def log_likelihood(cube: Numbers) -> Numbers:
        lengths, sizes = in_ranges(cube)
        bordered = np.tile(border, (len(cube), 1, 1))
        bordered[:, :-1, :-1] = kernel(points, points, lengths, sizes) + np.diag(chance)
        root = np.linalg.cholesky(bordered)  # its last row solves for the values
        logs = np.log(np.diagonal(root, axis1=1, axis2=2)[:, :-1]).sum(axis=1)
        return np.asarray(-0.5 * (root[:, -1, :-1] ** 2).sum(axis=1) - logs)

    cube = posterior(log_likelihood, points.shape[1] + 1, THINNED * n_draws, np.random.default_rng(SEED), MOVES)
    return Process(points, scaled, chance, centre, scale, *in_ranges(cube[::THINNED]))


def in_ranges(cube: Numbers) -> tuple[Numbers, Numbers]:
    """Lengths (draws x axes) and sizes at points of the unit cube."""
    (short, long), (small, large) = np.log(LENGTHS), np.log(SIZES)
    return np.exp(short + cube[:, :-1] * (long - short)), np.exp(small + cube[:, -1] * (large - small))


def kernel(some: Numbers, others: Numbers, lengths: Numbers, sizes: Numbers | float) -> Numbers:
    """Prior covariance of the mean at some points and at others: (draws x) some x others."""
    lengths = lengths[..., None, :]
    one, other = some / lengths, others / lengths
    squares = (one**2).sum(-1)[..., :, None] + (other**2).sum(-1)[..., None, :] - 2.0 * one @ np.swapaxes(other, -1, -2)
    smooth = np.asarray(sizes)[..., None, None] ** 2 * np.exp(-0.5 * np.maximum(squares, 0.0))
    return np.asarray(smooth + SLOPE_SD**2 * linear(some) @ linear(others).T)
