"""Where a budget of runs settles most questions, and how sure a leader is.

After a pilot, the chance that a question is settled by n pairs is known from its mean and deviation, the pilot's own
uncertainty included. Pairs go, a step at a time, where they raise the expected number of settled questions most per run. In
the spirit of optimal computing budget allocation (Chen, Lin, Yucesan & Chick 2000), for the number of settled questions in
place of the chance of a correct selection.
"""

import math
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from scipy import special

STEP = 1.25  # pairs of a step over those before
WORTH = 1e-4  # expected questions a run; less is not worth a step
Arm = Hashable
Pairs = dict[Any, int]
Cost = Callable[[Mapping[Any, int]], int]


class Question(NamedTuple):
    """A difference of `arms` after a pilot of n pairs: mean, standard deviation of a pair; what matters; its critical value."""

    arms: tuple[Arm, ...]
    mean: float
    deviation: float
    pairs: int
    matter: float
    critical: float

    def chance_settled(self, pairs: int) -> float:
        """Chance that the interval after `pairs` (> n) excludes 0 or lies within what does not matter.

        The mean will be normal around today's, with variance s^2 (1 / n - 1 / pairs). Unknown differences are never settled.
        """
        if not self.deviation > 0.0 or pairs <= self.pairs:
            return 0.0
        width = self.critical * self.deviation / math.sqrt(pairs)
        spread = self.deviation * math.sqrt(1.0 / self.pairs - 1.0 / pairs)
        inside = self.matter - width
        if inside >= width:
            return 1.0
        away = tail((width - self.mean) / spread) + tail((width + self.mean) / spread)
        within = 1.0 - tail((inside - self.mean) / spread) - tail((inside + self.mean) / spread)
        return away + max(0.0, within)


def tail(z: float) -> float:
    """Chance that a standard normal is above z."""
    return 0.5 * math.erfc(z / math.sqrt(2.0))


def allocated(questions: Sequence[Question], arms: Sequence[Arm], floor: int, budget: int, cost: Cost) -> Pairs:
    """Pairs of each arm, `floor` at least, so that `cost(pairs)` is within `budget`; no more than is worth it.

    `cost` has to grow with every arm's pairs. If the floor alone is over the budget, it is what is given.
    """
    given: Pairs = dict.fromkeys(arms, floor)
    sides = [*((arm,) for arm in arms), *{each.arms for each in questions if len(each.arms) > 1}]
    while steps := list(steps_from(given, sorted(sides, key=str), questions, budget, cost)):
        worth, then = max(steps, key=lambda step: step[0])
        if worth < WORTH:
            break
        given = then
    return given


def steps_from(
    given: Pairs, sides: Sequence[tuple[Arm, ...]], questions: Sequence[Question], budget: int, cost: Cost
) -> Iterator[tuple[float, Pairs]]:
    """Steps that can be paid: expected questions settled per run, and the pairs then. Long ones too, as gains are S-shaped."""
    spent = cost(given)
    for side in sides:
        touched = [each for each in questions if set(each.arms) & set(side)]
        before = expected(touched, given)
        pairs = min(given[arm] for arm in side)
        while True:
            pairs = math.ceil(pairs * STEP)
            then = {**given, **{arm: max(given[arm], pairs) for arm in side}}
            price = cost(then) - spent
            if spent + price > budget:
                break
            yield (expected(touched, then) - before) / max(price, 1), then


def expected(questions: Sequence[Question], pairs: Mapping[Any, int]) -> float:
    """Expected number of questions settled; a question has as many pairs as its arm that has least."""
    return sum(each.chance_settled(min(pairs[arm] for arm in each.arms)) for each in questions)


def chance_first(leads: np.ndarray, errors: np.ndarray) -> float:
    """A lower bound of the chance that the leader is the best: 1 - sum of Phi(-lead / error) over the others.

    `leads` over each other arm and their standard errors. Source: Chen 1996; Chen et al. 2000 (APCS-B).
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(errors > 0, leads / errors, np.where(leads > 0, np.inf, 0.0))
    return float(max(0.0, 1.0 - special.ndtr(-z).sum()))
