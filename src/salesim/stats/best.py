"""Which arm is best? Comparisons with the best, so that choosing the winner after looking is paid for."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from salesim.stats.intervals import simultaneous


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


Ends = Mapping[tuple[str, str], tuple[float, float]]  # by measure and arm: low and high of its difference from the baseline


def best_of(
    runs: pd.DataFrame, measures: dict[str, str], confidence: float, baseline: str = "", told: Ends | None = None
) -> list[Best]:
    """The best arm on each measure of one contest; `measures` says whether "up" or "down" is better.

    All pairs of arms on all these measures are one family of simultaneous intervals, so the chance that any of the
    statements is wrong is at most 1 - confidence. An arm is beaten if some other is above it with its whole interval; the
    others are contenders, and the true best is among them. Source: Hsu 1996 (multiple comparisons with the best), with
    the all-pairs family in place of his, which is a little wider and lets the runner-up's distance be told as well.

    `told` are intervals of differences from `baseline` as another family has them: what is said of an arm and the baseline
    holds in both, so that no arm is ahead of a baseline from which it cannot be told.
    """
    arms = list(dict.fromkeys(runs["arm"].astype(str)))
    if len(arms) < 2:
        return []
    wide = {name: runs.pivot(index="seed", columns="arm", values=name)[arms] for name in measures}
    signs = {name: 1.0 if better == "up" else -1.0 for name, better in measures.items()}
    pairs = [(i, j) for i in range(len(arms)) for j in range(i)]
    columns = [
        signs[name] * (wide[name].iloc[:, i] - wide[name].iloc[:, j]).to_numpy(float) for name in measures for i, j in pairs
    ]
    intervals = simultaneous(np.column_stack(columns), confidence)
    mean, low, high = (ends.reshape(len(measures), -1) for ends in (intervals.mean, intervals.low, intervals.high))
    found = []
    for row, name in enumerate(measures):
        gaps = np.zeros((3, len(arms), len(arms)))  # by how much i is better than j: mean, low, high
        for pair, (i, j) in enumerate(pairs):
            gaps[:, i, j] = mean[row, pair], low[row, pair], high[row, pair]
            gaps[:, j, i] = -mean[row, pair], -high[row, pair], -low[row, pair]
        widen(
            gaps, arms, baseline, {arm: ends for (measure, arm), ends in (told or {}).items() if measure == name}, signs[name]
        )
        found.append(standing(name, arms, (signs[name] * wide[name]).mean().to_numpy(float), gaps))
    return [best for best in found if best is not None]


def widen(gaps: np.ndarray, arms: list[str], baseline: str, told: Mapping[str, tuple[float, float]], sign: float) -> None:
    """Let the intervals between each arm and the baseline hold in both families: the lower low, the higher high."""
    for arm, ends in told.items():
        if arm in arms and baseline in arms and np.isfinite(ends).all():
            i, base = arms.index(arm), arms.index(baseline)
            low, high = sorted(sign * end for end in ends)
            gaps[1, i, base] = min(gaps[1, i, base], low)
            gaps[2, i, base] = max(gaps[2, i, base], high)
            gaps[1, base, i], gaps[2, base, i] = -gaps[2, i, base], -gaps[1, i, base]


def standing(measure: str, arms: list[str], means: np.ndarray, gaps: np.ndarray) -> Best | None:
    """Who leads on a measure, and who is beaten; None where fewer than two arms are known.

    `means` are larger for better arms, NaN for unknown ones; `gaps` (mean, low and high x arms x arms) says by how much the
    first arm is better than the second.
    """
    known = [i for i in np.argsort(-means, kind="stable") if np.isfinite(means[i])]
    if len(known) < 2:
        return None
    beaten = [i for i in known if any(gaps[1, j, i] > 0 for j in known)]
    first = known[0]
    others = [i for i in known[1:] if i not in beaten]  # the lead is told over who may still be the best, if anybody may
    second = others[0] if others else known[1]
    lead, low, high = gaps[:, first, second].tolist()
    return Best(
        measure,
        arms[first],
        arms[second],
        lead,
        low,
        high,
        contenders=tuple(arms[i] for i in known if i not in beaten),
        beaten=tuple(arms[i] for i in beaten),
    )
