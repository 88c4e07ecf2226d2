"""Shapley's attribution: how much each of several causes carries of an effect, independent of any order.

A cause's part is what it adds when it joins, averaged over all orders of joining; the parts sum to the whole exactly.
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
    """Parts of n causes (causes x seeds) from the value of every subset (an array of one number a seed)."""
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
    """Parts estimated from some orders (causes x seeds), and the standard error that the choice of orders brings (causes).

    The parts sum to the whole exactly as well. The error is that of the means of pairs, over seeds' means.
    """
    stacked = np.empty((len(joining), len(joining[0]), len(values[()])))
    for part, order in zip(stacked, joining, strict=True):
        part[order] = np.diff([values[subset] for subset in subsets_of(order)], axis=0)
    pairs = (stacked[0::2] + stacked[1::2]).mean(axis=2) / 2
    error = pairs.std(axis=0, ddof=1) / np.sqrt(len(pairs)) if len(pairs) > 1 else np.full(stacked.shape[1], np.nan)
    return stacked.mean(axis=0), error


def intervals_of(columns: Numbers, error: Numbers, n_orders: int, confidence: float) -> tuple[Numbers, Numbers, Numbers]:
    """Means of columns (seeds x columns) and ends of intervals that hold together, over seeds and over the choice of orders.

    The last columns are the parts whose `error` is that of `sampled`; those before them are exact. With `n_orders` 0 nothing
    was sampled. The error comes from n_orders / 2 pairs, so it counts as Student's t with that many less one degrees of
    freedom, Bonferroni over parts; with one pair nothing is known of it. A part in which few pairs happen to agree has the
    root mean square of all parts' errors.
    """
    seeds = simultaneous(columns, confidence)
    width = np.zeros(columns.shape[1])
    if n_orders:
        typical = np.sqrt((error**2).mean())
        width[-len(error) :] = np.maximum(error, typical) * critical_t(n_orders // 2, 1.0 - confidence, len(error))
    low, high = (np.hypot(end - seeds.mean, width) for end in (seeds.low, seeds.high))
    return seeds.mean, seeds.mean - low, seeds.mean + high
