"""Shapley values: the contribution of each of several causes to an effect, independent of any order.

The Shapley value of a cause is what it adds when it joins, averaged over all orders of joining; the values sum to the effect.
Source: Shapley 1953.
"""

from collections.abc import Sequence
from itertools import combinations
from math import comb

import numpy as np
import numpy.typing as npt

from salesim.stats.intervals import Numbers, critical_t, simultaneous

Subset = tuple[int, ...]  # causes that are on, ascending


def subsets(n: int) -> list[Subset]:
    """All 2**n subsets of the causes 0 to n - 1, smaller ones first."""
    return [subset for size in range(n + 1) for subset in combinations(range(n), size)]


def shapley(values: dict[Subset, Numbers], n: int) -> Numbers:
    """Shapley values of n causes (causes x seeds) from the value of every subset (an array with one number per seed)."""
    parts = np.zeros((n, *np.shape(values[()])))
    for cause in range(n):
        for subset in (each for each in subsets(n) if cause not in each):
            joined = tuple(sorted((*subset, cause)))
            parts[cause] += (values[joined] - values[subset]) / (n * comb(n - 1, len(subset)))
    return parts


def orders(n: int, count: int, seed: int = 0) -> list[npt.NDArray[np.int64]]:
    """Random orders of joining, in pairs of an order and its reverse, which err in opposite ways; `count` is made even.

    Source: antithetic permutations, Mitchell, Cooper, Frank & Holmes 2022.
    """
    generator = np.random.default_rng(seed)
    first_halves = (generator.permutation(n) for _ in range((count + 1) // 2))
    return [each for order in first_halves for each in (order, order[::-1])]


def subsets_of(order: Sequence[int] | npt.NDArray[np.int64]) -> list[Subset]:
    """The subsets that grow as causes join in this order, from none to all."""
    return [tuple(sorted(int(cause) for cause in order[:size])) for size in range(len(order) + 1)]


def sampled(values: dict[Subset, Numbers], joining: Sequence[npt.NDArray[np.int64]]) -> tuple[Numbers, Numbers]:
    """Values estimated from some orders (causes x seeds), and the standard error due to the sampling of orders (causes).

    These values sum to the effect as well. The standard error is that of the means of pairs, each averaged over seeds.
    """
    stacked = np.empty((len(joining), len(joining[0]), len(values[()])))
    for part, order in zip(stacked, joining, strict=True):
        part[order] = np.diff([values[subset] for subset in subsets_of(order)], axis=0)
    pairs = (stacked[0::2] + stacked[1::2]).mean(axis=2) / 2
    standard_error = pairs.std(axis=0, ddof=1) / np.sqrt(len(pairs)) if len(pairs) > 1 else np.full(stacked.shape[1], np.nan)
    return stacked.mean(axis=0), standard_error


def intervals_of(columns: Numbers, errors: Numbers, n_orders: int, confidence: float) -> tuple[Numbers, Numbers, Numbers]:
    """Means of columns (seeds x columns) and ends of simultaneous intervals, over seeds and over the sampling of orders.

    The last columns are values of `sampled`, with its standard errors `errors`; those before them are exact. With `n_orders` 0
    nothing was sampled. The standard error comes from n_orders / 2 pairs, so it is used with Student's t of n_orders / 2 - 1
    degrees of freedom, Bonferroni over values; with one pair the ends are NaN. A standard error below the root mean
    square of all is raised to it, as few pairs may agree by chance.
    """
    seeds = simultaneous(columns, confidence)
    width = np.zeros(columns.shape[1])
    if n_orders:
        typical = np.sqrt((errors**2).mean())
        width[-len(errors) :] = np.maximum(errors, typical) * critical_t(n_orders // 2, 1.0 - confidence, len(errors))
    low, high = (np.hypot(end - seeds.mean, width) for end in (seeds.low, seeds.high))
    return seeds.mean, seeds.mean - low, seeds.mean + high
