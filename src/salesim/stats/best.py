"""Which arm is best? Multiple comparisons with the best, valid although the winner is chosen after seeing the data.

An arm is beaten if the interval of its difference from some other arm lies below zero; the others are contenders. If the best
arm is b, only the intervals of b and the k - 1 others can make a statement wrong. An alpha of 1 / (k - 1) for each pair is
therefore enough for the true best to be among the contenders with the requested confidence. Source: Hsu 1996.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from salesim.stats.differences import by_arm, pair_confidence
from salesim.stats.intervals import Numbers, moments, simultaneous


class Best(NamedTuple):
    """Which arm leads on a measure, and which may be the best. `lead` is the lead over the runner-up, in the measure's unit."""

    measure: str
    first: str
    second: str
    lead: float
    low: float
    high: float
    contenders: tuple[str, ...]
    beaten: tuple[str, ...]


def best_of(runs: pd.DataFrame, better: Mapping[str, str], confidence: float, family: Sequence[str] = ()) -> list[Best]:
    """The best arm of one contest on each measure of `better`, which says whether "up" or "down" is better.

    `family` are the measures whose intervals hold simultaneously, as in `differences`; by default those of `better`.
    """
    measures = list(family or better)
    wide = by_arm(runs, measures)
    values = np.stack([each.to_numpy(float) for each in wide.values()])
    return standings(values, list(wide), measures, better, pairwise(values, confidence))


def pairwise(values: Numbers, confidence: float) -> Numbers:
    """Differences of each arm from each other (mean, low, high x measures x arms x arms), from arms x seeds x measures."""
    n_arms, _, n_measures = values.shape
    gaps = np.zeros((3, n_measures, n_arms, n_arms))
    each = pair_confidence(confidence, n_arms)
    for i in range(n_arms):
        for j in range(i):
            pair = simultaneous(values[i] - values[j], each)
            gaps[:, :, i, j] = pair.mean, pair.low, pair.high
            gaps[:, :, j, i] = -pair.mean, -pair.high, -pair.low
    return gaps


def standings(
    values: Numbers, arms: Sequence[str], measures: Sequence[str], better: Mapping[str, str], gaps: Numbers
) -> list[Best]:
    """The best arm on each measure of `better` that at least two arms have, from the differences (`gaps`) of `pairwise`."""
    means = moments(values.swapaxes(0, 1)).mean
    bests = []
    for name, direction in better.items():
        row = measures.index(name)
        upwards, above = (means[:, row], gaps[:, row]) if direction == "up" else (-means[:, row], gaps[:, row].swapaxes(1, 2))
        bests.append(standing(name, arms, upwards, above))
    return [best for best in bests if best is not None]


def standing(measure: str, arms: Sequence[str], means: Numbers, gaps: Numbers) -> Best | None:
    """Which arm leads on a measure, and which are beaten; None where fewer than two arms have a mean.

    `means` are larger for better arms and NaN for arms without values; `gaps` (mean, low and high x arms x arms) are the
    differences of the first arm from the second.
    """
    ranked = [i for i in np.argsort(-means, kind="stable") if np.isfinite(means[i])]
    if len(ranked) < 2:
        return None
    beaten = [i for i in ranked if any(gaps[1, j, i] > 0 for j in ranked)]
    first = ranked[0]
    others = [i for i in ranked[1:] if i not in beaten]  # the runner-up is the next contender, if there is one
    second = others[0] if others else ranked[1]
    lead, low, high = gaps[:, first, second].tolist()
    contenders = tuple(arms[i] for i in ranked if i not in beaten)
    return Best(measure, arms[first], arms[second], lead, low, high, contenders, tuple(arms[i] for i in beaten))
