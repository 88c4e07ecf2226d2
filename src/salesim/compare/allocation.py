"""Where a budget of runs settles most: cheapest questions first.

After a pilot, every arm has a number of pairs that would probably settle all that is asked of it (`looks.pairs_needed`).
Arms that need least are served first, so that as many as possible are settled; what is left over makes all intervals
narrower in proportion. The pilot decides this and nothing else: only later runs are judged, whose numbers are then fixed, so
that ordinary simultaneous intervals hold. In the spirit of optimal computing budget allocation (Chen, Lin, Yucesan & Chick
2000), whose ratio (deviation / difference)^2 is the need used here, but with whole questions settled before others begin.
"""

import math
from collections.abc import Callable, Hashable, Mapping
from typing import TypeVar

import numpy as np
from scipy import special

Arm = TypeVar("Arm", bound=Hashable)
LARGEST = 1_000_000  # pairs; more than any budget


def allocated(needs: Mapping[Arm, float], floor: int, budget: int, cost: Callable[[Mapping[Arm, int]], int]) -> dict[Arm, int]:
    """Pairs for each arm, at least `floor`, so that `cost(pairs)` runs are within `budget`.

    `needs` are pairs that would settle an arm, infinite where none would. `cost` has to grow with every arm's pairs. If the
    floor alone is over the budget, it is what is given.
    """
    given = dict.fromkeys(needs, floor)
    wanted = {arm: max(floor, math.ceil(min(need, LARGEST))) for arm, need in needs.items()}
    for arm in sorted(wanted, key=lambda arm: wanted[arm]):

        def cost_with(pairs: int, arm: Arm = arm) -> int:
            return cost({**given, arm: pairs})

        given[arm] = largest(floor, wanted[arm], budget, cost_with)
    if given != wanted:
        return given
    scale = largest(1000, LARGEST * 1000, budget, lambda thousandth: cost(scaled(wanted, thousandth)))
    return scaled(wanted, scale)


def scaled(pairs: Mapping[Arm, int], thousandths: int) -> dict[Arm, int]:
    """All pairs times a number of thousandths, rounded down."""
    return {arm: n * thousandths // 1000 for arm, n in pairs.items()}


def largest(low: int, high: int, budget: int, cost: Callable[[int], int]) -> int:
    """The largest whole number from low to high whose cost is within budget; low if none is."""
    while low < high:
        middle = (low + high + 1) // 2
        if cost(middle) <= budget:
            low = middle
        else:
            high = middle - 1
    return low


def chance_first(leads: np.ndarray, errors: np.ndarray) -> float:
    """A lower bound of the chance that the leader is the best: 1 - sum of Phi(-lead / error) over the others.

    `leads` over each other arm and their standard errors. Source: Chen 1996; Chen et al. 2000 (APCS-B).
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(errors > 0, leads / errors, np.where(leads > 0, np.inf, 0.0))
    return float(max(0.0, 1.0 - special.ndtr(-z).sum()))
