"""Shapley's attribution: how much each of several causes carries of an effect, independent of any order.

A cause's part is what it adds when it joins, averaged over all orders of joining; the parts sum to the whole exactly.
Source: Shapley 1953.
"""

from collections.abc import Sequence
from itertools import combinations
from math import comb

import numpy as np
import numpy.typing as npt

from salesim.stats.intervals import Numbers

Subset = tuple[int, ...]  # causes that are on, ascending


def subsets(n: int) -> list[Subset]:
    """All 2**n subsets of the causes 0 to n - 1, smaller ones first."""
    return [subset for size in range(n + 1) for subset in combinations(range(n), size)]


def shapley(values: dict[Subset, Numbers], n: int) -> Numbers:
    """Parts of n causes (causes x seeds) from the value of every subset (an array of one number a seed)."""
    parts = []
    for cause in range(n):
        part = np.zeros_like(values[()])
        for subset in subsets(n):
            if cause not in subset:
                joined = tuple(sorted((*subset, cause)))
                part = part + (values[joined] - values[subset]) / (n * comb(n - 1, len(subset)))
        parts.append(part)
    return np.array(parts)


def orders(n: int, count: int, seed: int = 0) -> list[npt.NDArray[np.int64]]:
    """Random orders of joining, in pairs of an order and its reverse, which err in opposite ways; `count` is made even.

    Source: antithetic permutations, Mitchell, Cooper, Frank & Holmes 2022.
    """
    generator = np.random.default_rng(seed)
    found = []
    for _ in range((count + 1) // 2):
        order = generator.permutation(n)
        found += [order, order[::-1]]
    return found


def subsets_of(order: Sequence[int] | npt.NDArray[np.int64]) -> list[Subset]:
    """The subsets that grow as causes join in this order, from none to all."""
    return [tuple(sorted(int(cause) for cause in order[:size])) for size in range(len(order) + 1)]


def sampled(values: dict[Subset, Numbers], joining: Sequence[npt.NDArray[np.int64]]) -> tuple[Numbers, Numbers]:
    """Parts estimated from some orders (causes x seeds), and the standard error that the choice of orders brings (causes).

    The parts sum to the whole exactly as well. The error is that of the means of pairs, over seeds' means.
    """
    parts = []
    for order in joining:
        steps = [values[subset] for subset in subsets_of(order)]
        part = np.zeros((len(order), len(steps[0])))
        for place, cause in enumerate(order):
            part[cause] = steps[place + 1] - steps[place]
        parts.append(part)
    stacked = np.array(parts)
    pairs = (stacked[0::2] + stacked[1::2]).mean(axis=2) / 2
    error = pairs.std(axis=0, ddof=1) / np.sqrt(len(pairs)) if len(pairs) > 1 else np.full(stacked.shape[1], np.nan)
    return stacked.mean(axis=0), error
