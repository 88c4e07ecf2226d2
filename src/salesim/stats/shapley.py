"""Shapley values: the contribution of each of several causes to an effect, independent of any order.

The Shapley value of a cause is what it adds when it joins, averaged over all orders of joining; the values sum to the effect.
Source: Shapley 1953.
"""

from itertools import combinations
from math import comb

import numpy as np

from salesim.stats.intervals import Numbers

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
