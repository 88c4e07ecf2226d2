"""The gain of a feedback, link by link, and the amplification it should have if all of it were linear.

A link's gain is by how much its effect moves for a small move of its cause; a loop's gain G is the product of its links,
summed over parallel ways. Linear feedback answers a lasting shock with 1 / (1 - G) times what the shock does without it.
Source: Sterman 2000, ch. 8 and 13. All are ratios of means over shared seeds; intervals are bootstrapped over seeds.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from salesim.stats.intervals import Numbers

RESAMPLES = 2000
Link = tuple[Numbers, Numbers]  # moves of cause and effect, one number a seed
Way = tuple[int, ...]  # the links of one way around the loop, by number


class Ends(NamedTuple):
    """An estimate and the ends of its interval."""

    value: float
    low: float
    high: float


class LoopGain(NamedTuple):
    """Gains of the links and of the loop, the amplification 1 / (1 - G) they foretell, and the one that was measured.

    `apart` is measured less foretold. `told` says which link's cause was moved beyond doubt; without that its gain
    means nothing.
    """

    links: tuple[Ends, ...]
    told: tuple[bool, ...]
    gain: Ends
    foretold: Ends
    measured: Ends
    apart: Ends


def loop_gain(links: Sequence[Link], ways: Sequence[Way], closed: Numbers, cut: Numbers, confidence: float) -> LoopGain:
    """Gains of links and loop; `closed` and `cut` are what the outside shock does with and without the loop, by seed.

    All arrays have the same seeds in the same order.
    """
    seeds = len(closed)
    weights = np.random.default_rng(2000).multinomial(seeds, np.full(seeds, 1.0 / seeds), size=RESAMPLES) / seeds
    weights = np.vstack([np.full(seeds, 1.0 / seeds), weights])  # the first row is the estimate itself
    with np.errstate(divide="ignore", invalid="ignore"):
        slopes = [(weights @ effect) / (weights @ cause) for cause, effect in links]
        gain = np.sum([np.prod([slopes[link] for link in way], axis=0) for way in ways], axis=0)
        measured = (weights @ closed) / (weights @ cut)
        foretold = 1.0 / (1.0 - gain)
    causes = [ends_of(weights @ cause, confidence) for cause, _ in links]
    return LoopGain(
        tuple(ends_of(slope, confidence) for slope in slopes),
        tuple(bool(cause.low > 0 or cause.high < 0) for cause in causes),
        ends_of(gain, confidence),
        ends_of(foretold, confidence),
        ends_of(measured, confidence),
        ends_of(measured - foretold, confidence),
    )


def ends_of(values: Numbers, confidence: float) -> Ends:
    """The estimate, which comes first, and the percentile interval of the resamples behind it; NaN where nothing moved."""
    known = values[1:][np.isfinite(values[1:])]
    if not len(known):
        return Ends(float("nan"), float("nan"), float("nan"))
    low, high = np.quantile(known, [(1 - confidence) / 2, (1 + confidence) / 2])
    return Ends(float(values[0]), float(low), float(high))
