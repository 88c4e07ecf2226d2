"""A statistical stand-in for a simulation: what its outputs are on average at a point, and how they scatter over seeds.

The mean is a quadratic function of the point; the logarithm of the variance is a linear one; residuals of different outputs
are correlated alike everywhere. Sources: Box & Wilson 1951 (quadratic response surface), Ankenman, Nelson & Staum 2010 (its
noise, which differs from point to point).
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from salesim.stats.intervals import Numbers

RIDGE_MEAN, RIDGE_VARIANCE = 1e-4, 1e-2  # penalty on coefficients, as a share of the variance of a regressor
SMALLEST = 1e-4  # squared residual, in variances of the output, whose logarithm is still taken
LEAST_VARIANCE = 1e-6  # of an output that does not vary, so that a division is possible


class Emulator(NamedTuple):
    """Coefficients of the means and log variances of outputs that are counted from `centre` in units of `scale`."""

    centre: Numbers
    scale: Numbers
    mean: Numbers  # quadratic terms x outputs
    variance: Numbers  # linear terms x outputs, of the logarithm
    correlation: Numbers  # outputs x outputs

    def predict(self, points: Numbers) -> tuple[Numbers, Numbers]:
        """Mean and covariance over seeds at points of the unit cube: points x outputs, and points x outputs x outputs."""
        expected = self.centre + self.scale * (quadratic(points) @ self.mean)
        spread = self.scale * np.exp(0.5 * linear(points) @ self.variance)
        return expected, spread[:, :, None] * spread[:, None, :] * self.correlation

    def of(self, places: Sequence[int]) -> "Emulator":
        """The same for some of the outputs."""
        mine = list(places)
        outputs = self.centre[mine], self.scale[mine], self.mean[:, mine], self.variance[:, mine]
        return Emulator(*outputs, self.correlation[np.ix_(mine, mine)])

    def log_likelihood(self, points: Numbers, target: Numbers, variance: Numbers) -> Numbers:
        """Of a market at each point having the outputs `target`, measured with errors of these variances; up to a constant."""
        expected, covariance = self.predict(points)
        root = np.linalg.cholesky(covariance + np.diag(variance))
        away = np.linalg.solve(root, (target - expected)[:, :, None])[:, :, 0]
        log_root = np.log(np.diagonal(root, axis1=1, axis2=2)).sum(axis=1)
        return np.asarray(-0.5 * (away**2).sum(axis=1) - log_root)


def n_terms(n_axes: int) -> int:
    """How many coefficients the mean of an output has.

    >>> n_terms(12)
    91
    """
    return (n_axes + 1) * (n_axes + 2) // 2


def emulator(points: Numbers, outputs: Numbers) -> Emulator:
    """Fit an emulator to one run at each of these points of the unit cube (points x axes, points x outputs), all finite."""
    centre, scale = outputs.mean(axis=0), np.sqrt(outputs.var(axis=0) + LEAST_VARIANCE)
    scaled = (outputs - centre) / scale
    terms, few_terms = quadratic(points), linear(points)
    mean = ridge(terms, scaled, RIDGE_MEAN)
    freedom = len(points) / max(1, len(points) - terms.shape[1])
    residuals = (scaled - terms @ mean) * np.sqrt(freedom)
    variance = ridge(few_terms, np.log(residuals**2 + SMALLEST), RIDGE_VARIANCE)
    standard = residuals / np.exp(0.5 * few_terms @ variance)
    level = (standard**2).mean(axis=0)
    variance[0] += np.log(level)  # the mean of a logarithm is below the logarithm of a mean
    standard /= np.sqrt(level)
    correlation = standard.T @ standard / len(points)
    return Emulator(centre, scale, mean, variance, correlation)


def ridge(terms: Numbers, values: Numbers, penalty: float) -> Numbers:
    """Coefficients of a least-squares fit with a penalty on all but the first."""
    square = terms.T @ terms
    square[np.diag_indices_from(square)] += penalty * len(terms) * np.r_[0.0, np.ones(terms.shape[1] - 1)]
    return np.asarray(np.linalg.solve(square, terms.T @ values))


def linear(points: Numbers) -> Numbers:
    """A constant and the coordinates, from -1 to 1."""
    return np.column_stack([np.ones(len(points)), 2.0 * points - 1.0])


def quadratic(points: Numbers) -> Numbers:
    """These, and all products of two of them."""
    centred = 2.0 * points - 1.0
    one, other = np.triu_indices(points.shape[1])
    return np.column_stack([linear(points), centred[:, one] * centred[:, other]])
