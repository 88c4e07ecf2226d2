"""Figures as they are printed: rounded, and still summing to what they are said to sum to."""

from collections.abc import Sequence

import numpy as np


def rounded_to_sum(parts: Sequence[float], digits: int, whole: float | None = None) -> list[float]:
    """Parts rounded so that they still sum to their rounded sum: what was cut off most is rounded up first.

    >>> rounded_to_sum([0.4, 0.4, 0.4], 0)
    [1.0, 0.0, 0.0]

    With `whole` they sum to that instead, which has to be within one unit a part of their sum. What is exactly 0 stays so.

    >>> rounded_to_sum([2.9, 0.0, 1.2], 0, 2.0)
    [2.0, 0.0, 0.0]
    """
    scaled = np.array(parts, float) * 10**digits
    floors = np.floor(scaled)
    target = float(scaled.sum()) if whole is None else whole * 10**digits
    missing = round(target) - int(floors.sum())
    order = np.argsort(-(scaled - floors), kind="stable")
    order = order[scaled[order] != 0] if scaled.any() else order
    for place in order[:missing] if missing >= 0 else order[missing:]:
        floors[place] += 1 if missing >= 0 else -1
    return [float(each) / 10**digits + 0.0 for each in floors]


def added_up(amounts: Sequence[float], totals: Sequence[bool], digits: int = 0) -> list[float]:
    """Steps and totals as one column, each total rounded as it is, and the steps so that they sum to the totals shown.

    A total is the sum of all steps above it.

    >>> added_up([1.4, 1.4, 2.8], [False, False, True])
    [2.0, 1.0, 3.0]
    """
    column: list[float] = []
    before, start = 0.0, 0
    for place, total in enumerate(totals):
        if total:
            shown = round(amounts[place], digits) + 0.0
            column += [*rounded_to_sum(amounts[start:place], digits, round(shown - before, digits)), shown]
            before, start = shown, place + 1
    return column + rounded_to_sum(amounts[start:], digits)
