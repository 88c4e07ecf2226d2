"""Which arm is best? Comparisons with the best, so that choosing the winner after looking is paid for.

An arm is beaten if some other is above it with its whole interval; the others are contenders. If the best arm is b, only the
intervals of b and the k - 1 others can make a statement wrong, so a (k - 1)-th of the error for each pair is enough, and the
true best is among the contenders with the asked confidence. Source: Hsu 1996 (multiple comparisons with the best).
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from salesim.stats.differences import by_arm, pair_confidence
from salesim.stats.intervals import Numbers, moments, simultaneous


class Best(NamedTuple):
    """Who leads on a measure, and who may still be the best; `lead` is over the runner-up, in the measure's unit."""

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

    `family` are the measures whose intervals hold together, so that intervals are those of `differences`; these by default.
    """
    measures = list(family or better)
    wide = by_arm(runs, measures)
    values = np.stack([each.to_numpy(float) for each in wide.values()])
    return standings(values, list(wide), measures, better, pairwise(values, confidence))


def pairwise(values: Numbers, confidence: float) -> Numbers:
    """By how much each arm is above each other (mean, low, high x measures x arms x arms), of arms x seeds x measures."""
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
    """The best on each measure of `better` that at least two arms have, out of the `gaps` of `pairwise`."""
    means = moments(values.swapaxes(0, 1)).mean
    bests = []
    for name, direction in better.items():
        row = measures.index(name)
        upwards, above = (means[:, row], gaps[:, row]) if direction == "up" else (-means[:, row], gaps[:, row].swapaxes(1, 2))
        bests.append(standing(name, arms, upwards, above))
    return [best for best in bests if best is not None]


def standing(measure: str, arms: Sequence[str], means: Numbers, gaps: Numbers) -> Best | None:
    """Who leads on a measure, and who is beaten; None where fewer than two arms are known.

    `means` are larger for better arms, NaN for unknown ones; `gaps` (mean, low and high x arms x arms) says by how much the
    first arm is better than the second.
    """
    known = [i for i in np.argsort(-means, kind="stable") if np.isfinite(means[i])]
    if len(known) < 2:
        return None
    beaten = [i for i in known if any(gaps[1, j, i] > 0 for j in known)]
    first = known[0]
    others = [i for i in known[1:] if i not in beaten]  # the lead is over who may still be the best, if anybody may
    second = others[0] if others else known[1]
    lead, low, high = gaps[:, first, second].tolist()
    contenders = tuple(arms[i] for i in known if i not in beaten)
    return Best(measure, arms[first], arms[second], lead, low, high, contenders, tuple(arms[i] for i in beaten))
