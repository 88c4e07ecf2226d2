"""Where a budget of runs settles most questions, and how sure a leader is.

In the spirit of optimal computing budget allocation (Chen, Lin, Yucesan & Chick 2000): the next runs go where they are likely
to change what is known. What is counted is the number of questions that are settled, not the chance of a correct selection.
"""

import math
from typing import NamedTuple

import numpy as np
from scipy import special


class Question(NamedTuple):
    """A difference after n pairs: mean, standard deviation of a pair; the smallest that matters; its critical value."""

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
        away = special.ndtr((self.mean - width) / spread) + special.ndtr((-self.mean - width) / spread)
        within = special.ndtr((inside - self.mean) / spread) - special.ndtr((-inside - self.mean) / spread)
        return float(away + max(0.0, within))


def chance_first(leads: np.ndarray, errors: np.ndarray) -> float:
    """A lower bound of the chance that the leader is the best: 1 - sum of Phi(-lead / error) over the others.

    `leads` over each other arm and their standard errors. Source: Chen 1996; Chen et al. 2000 (APCS-B).
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(errors > 0, leads / errors, np.where(leads > 0, np.inf, 0.0))
    return float(max(0.0, 1.0 - special.ndtr(-z).sum()))
