"""The gain of a feedback loop, link by link, and the amplification it would have if it were linear.

The gain of a link is the change of its effect per small change of its cause; the gain G of a loop is the product over its
links, summed over parallel paths. Linear feedback amplifies the effect of a lasting shock by 1 / (1 - G).
Source: Sterman 2000, ch. 8 and 13.

All estimates are functions of ratios of means over shared seeds. Their intervals are Student's t of jackknife
pseudo-values, which cover at four seeds, where percentiles of a bootstrap are far too narrow (Tukey 1958; Efron & Tibshirani
1993, ch. 11). The prediction is checked by a test of equivalence, so that wide intervals cannot confirm it (Schuirmann 1987).
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from salesim.stats.intervals import Numbers, student

MARGIN = 0.2  # share of the predicted amplification within which the measured one counts as equal
Link = tuple[Numbers, Numbers]  # changes of cause and effect, one number per seed
Path = tuple[int, ...]  # numbers of the links of one path around the loop


class Ends(NamedTuple):
    """An estimate and the ends of its interval."""

    value: float
    low: float
    high: float


class LoopGain(NamedTuple):
    """Gains of the links and of the loop, the amplification 1 / (1 - G) they predict, and the one that was measured.

    `apart` is measured minus predicted. `moved` tells for which links the change of the cause clearly differs from zero; the
    gain of another link is meaningless. `agreement` is that of `agreement`, with `margin` in units of the amplification.
    """

    links: tuple[Ends, ...]
    moved: tuple[bool, ...]
    gain: Ends
    predicted: Ends
    measured: Ends
    apart: Ends
    margin: float
    agreement: str


def loop_gain(links: Sequence[Link], paths: Sequence[Path], closed: Numbers, cut: Numbers, confidence: float) -> LoopGain:
    """Gains of links and loop; `closed` and `cut` are the effects of the outside shock with and without the loop, by seed.

    All arrays have the same seeds in the same order.
    """
    n = len(closed)
    weights = np.vstack([np.full(n, 1.0 / n), (1.0 - np.eye(n)) / max(n - 1, 1)])  # all seeds; each left out in turn
    with np.errstate(divide="ignore", invalid="ignore"):
        slopes = [(weights @ effect) / (weights @ cause) for cause, effect in links]
        gain = np.sum([np.prod([slopes[link] for link in path], axis=0) for path in paths], axis=0)
        measured = (weights @ closed) / (weights @ cut)
        predicted = 1.0 / (1.0 - gain)
    causes = [ends_of(weights @ cause, confidence) for cause, _ in links]
    apart, margin = ends_of(measured - predicted, confidence), float(MARGIN * abs(predicted[0]))
    links_of_loop = tuple(ends_of(slope, confidence) for slope in slopes)
    moved = tuple(cause.low > 0 or cause.high < 0 for cause in causes)
    loop, prediction, measurement = (ends_of(each, confidence) for each in (gain, predicted, measured))
    return LoopGain(links_of_loop, moved, loop, prediction, measurement, apart, margin, agreement(apart, margin))


def ends_of(estimates: Numbers, confidence: float) -> Ends:
    """The estimate from all seeds (the first of `estimates`) with its jackknife interval; NaN if any is not finite."""
    n = len(estimates) - 1
    if n < 2 or not np.isfinite(estimates).all():
        return Ends(float("nan"), float("nan"), float("nan"))
    pseudo_values = n * estimates[0] - (n - 1) * estimates[1:]
    mean, low, high = student(pseudo_values, confidence)
    return Ends(*(float(estimates[0] + end - mean) for end in (mean, low, high)))


def agreement(apart: Ends, margin: float) -> str:
    """Whether measured and predicted amplification agree: "agrees" (interval within margin), "differs", or "cannot tell"."""
    if -margin < apart.low and apart.high < margin:
        return "agrees"
    return "differs" if apart.low > 0.0 or apart.high < 0.0 else "cannot tell"
