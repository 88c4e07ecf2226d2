"""The figures of an explanation as they are printed: sentences, tables, terminal and drawings all take them from here.

Each is rounded so that what is said to add up does add up as it stands on the page, which plain rounding does not do.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

DIGITS = 1  # of points
STEP_WORDS = {"timing_and_service": "fees and timing"}


class Part(NamedTuple):
    """A part of the fall in points, the ends of its interval in words, its share of the fall in percent (NaN without one).

    `sure` is whether the interval excludes zero.
    """

    name: str
    points: float
    low: str
    high: str
    percent: float
    sure: bool


class Parts(NamedTuple):
    """Parts of the fall, what falls without any feedback first and then the largest; and their sum."""

    rows: list[Part]
    whole: float


def step_words(step: str) -> str:
    """A step of the bridge as people call it.

    >>> step_words("timing_and_service"), step_words("list_price")
    ('fees and timing', 'list price')
    """
    return STEP_WORDS.get(step, step.replace("_", " "))


def printed_bridge(bridge: pd.DataFrame) -> pd.DataFrame:
    """The bridge (step, total, arm_k, against_k, difference_k) in whole k$ that add up, downwards and across.

    Totals of `against_k` and `difference_k` are rounded as they are, steps so that they sum to them, and `arm_k` is the sum of
    both: within 1 of its mean for a total.
    """
    totals = bridge["total"].tolist()
    shown = bridge[["step", "total"]].assign(
        **{name: added_up(bridge[name].tolist(), totals) for name in ("against_k", "difference_k")}
    )
    return shown.assign(arm_k=shown["against_k"] + shown["difference_k"])


def difference_of(bridge: pd.DataFrame, step: str) -> float:
    """The difference of a step or total of a printed bridge."""
    return float(bridge.set_index("step").at[step, "difference_k"])


def printed_classes(classes: pd.DataFrame, whole: float) -> pd.DataFrame:
    """Classes of deals (`deals.by_class`) with whole counts, each deal counted once, and differences that sum to `whole`."""
    won = classes[["won_first", "won_second"]].max(axis=1)
    cells = rounded_to_sum([*won, *(classes["deals"] - won)], 0)
    won_shown, lost_shown = pd.Series(cells[: len(won)], won.index), pd.Series(cells[len(won) :], won.index)
    return classes[["kind"]].assign(
        deals=won_shown + lost_shown,
        won_first=won_shown.where(classes["won_first"] > 0, 0.0),
        won_second=won_shown.where(classes["won_second"] > 0, 0.0),
        difference_k=rounded_to_sum(classes["difference_k"].tolist(), 0, whole),
    )


def printed_shares(counts: Sequence[float]) -> list[float]:
    """Shares of counts in whole percent that sum to 100.

    >>> printed_shares([1, 1, 1])
    [34.0, 33.0, 33.0]
    """
    whole = sum(counts)
    return rounded_to_sum([100 * count / whole for count in counts], 0, 100)


def printed_parts(parts: pd.DataFrame) -> Parts:
    """The parts of the fall (feedback, part, low, high: shares, the first without any feedback) as points that sum."""
    rows = pd.concat([parts.iloc[:1], parts.iloc[1:].sort_values("part", ascending=False, kind="stable")])
    points = rounded_to_sum((100 * rows["part"]).tolist(), DIGITS)
    whole = round(sum(points), DIGITS)
    falls = float(rows["part"].sum()) > 0
    percents = printed_shares(rows["part"].tolist()) if falls else [float("nan")] * len(rows)
    sure = ((rows["low"] > 0) | (rows["high"] < 0)).tolist()
    ends = [[end_words(100 * end, known) for end, known in zip(rows[side], sure, strict=True)] for side in ("low", "high")]
    names = [str(name).replace("_", " ") for name in rows["feedback"]]
    return Parts([Part(*each) for each in zip(names, points, *ends, percents, sure, strict=True)], whole)


def signed_words(value: float) -> str:
    """A difference in whole k$ with its sign; zero has none.

    >>> signed_words(1239.0), signed_words(-0.4)
    ('+1,239', '0')
    """
    return f"{round(value):+,d}" if round(value) else "0"


def points_words(points: float) -> str:
    """Points with their one digit.

    >>> points_words(-0.04), points_words(7.9)
    ('0.0', '7.9')
    """
    return f"{round(points, DIGITS) + 0.0:.{DIGITS}f}"


def end_words(points: float, sure: bool) -> str:
    """An end of an interval in points; with a digit more where that keeps it off zero.

    >>> end_words(-0.02, True), end_words(-0.02, False), end_words(2.34, True)
    ('-0.02', '0.0', '2.3')
    """
    digits = DIGITS + 1 if sure and round(points, DIGITS) == 0 else DIGITS
    return f"{round(points, digits) + 0.0:.{digits}f}"


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


def added_up(amounts: Sequence[float], totals: Sequence[bool]) -> list[float]:
    """Steps and totals as one whole column, each total rounded as it is, and the steps so that they sum to the totals shown.

    A total is the sum of all steps above it.

    >>> added_up([1.4, 1.4, 2.8], [False, False, True])
    [2.0, 1.0, 3.0]
    """
    column: list[float] = []
    before, start = 0.0, 0
    for place, total in enumerate(totals):
        if total:
            shown = round(amounts[place]) + 0.0
            column += [*rounded_to_sum(amounts[start:place], 0, shown - before), shown]
            before, start = shown, place + 1
    return column + rounded_to_sum(amounts[start:], 0)
