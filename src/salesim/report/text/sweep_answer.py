"""The first sentence of a sweep: which axis decides which arm earns most, from where to where, and how much it moves profit."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

import numpy as np
import pandas as pd

from salesim.metrics import JUDGED, METRICS
from salesim.report.sweep_files import NOBODY, SweepFiles
from salesim.report.text.amounts import amount, between, counted, listed, percent
from salesim.stats.variance_shares import are_numbers, levels

MEASURE = JUDGED[0]
MOST_RANGES = 4  # of an axis; with more, arms alternate along it and no range is told


class Deciding(NamedTuple):
    """An axis as a rule for the best arm: the arm of each level, the levels' lowest and highest values, and points it fits."""

    name: str
    arms: list[str]
    ends: list[tuple[str, str]]
    ordered: bool
    right: int


def sentences(sweep: SweepFiles, contest: str) -> Iterator[str]:
    """Which arm earns most where, if there are several, and what moves profit most."""
    leads = sweep.leads_on(contest, MEASURE)
    leads = leads[leads["first"] != NOBODY]
    if len(leads) > 1:
        yield on_arms(sweep, leads)
    yield from on_moving(sweep, contest)


def on_arms(sweep: SweepFiles, leads: pd.DataFrame) -> str:
    """The arm with the best profit at all points, or the axis that decides which it is; and how often that is clear."""
    clear, n = int(leads["clear"].sum()), len(leads)
    sure = f"clear at {'all' if clear == n else clear or 'none'} of them"
    counts = leads["first"].value_counts()
    most, points = str(counts.index[0]), counted(n, "point")
    if counts.iloc[0] == n:
        ahead = between(leads["lead"].min(), leads["lead"].max(), METRICS[MEASURE].unit)
        return f"{most} has the best profit at all {points}, {ahead} ahead of the next; that is {sure}."
    rules = [deciding(leads, axis.key, axis.name) for axis in sweep.axes]
    best = max(rules, key=lambda rule: rule.right)
    parts = ranges(best)
    if best.right <= counts.iloc[0] or len(parts) > MOST_RANGES:
        return (
            f"{most} has the best profit at {counts.iloc[0]} of {points}; no setting alone tells where. The best arm is {sure}."
        )
    fits = f"at {best.right} of {points}" if best.right < n else f"at all {points}"
    return f"Which arm has the best profit hangs most on {best.name}: {', '.join(parts)} (so {fits}). The best arm is {sure}."


def deciding(leads: pd.DataFrame, key: str, name: str) -> Deciding:
    """The arm that is best most often at each level of a setting; of two, the one with the larger leads."""
    values, arms, ends, right = leads[key].tolist(), list[str](), list[tuple[str, str]](), 0
    for low, high, rows in levels(values):
        mine = leads.iloc[rows].groupby("first")["lead"].agg(["size", "sum"]).sort_values(["size", "sum"])
        if len(mine):
            arms.append(str(mine.index[-1]))
            ends.append((low, high))
            right += int(mine["size"].iloc[-1])
    return Deciding(name, arms, ends, are_numbers(values), right)


def ranges(rule: Deciding) -> list[str]:
    """From where to where each arm is best along a setting; of words, at which."""
    if not rule.ordered:
        by_arm = {arm: [low for mine, (low, _) in zip(rule.arms, rule.ends, strict=True) if mine == arm] for arm in rule.arms}
        return [f"{arm} at {listed(words)}" for arm, words in by_arm.items()]
    parts = []
    for arm, run in groupby(zip(rule.arms, rule.ends, strict=True), key=lambda pair: pair[0]):
        spans: Sequence[tuple[str, str]] = [ends for _, ends in run]
        low, high = spans[0][0], spans[-1][1]
        parts.append(f"{arm} at {low}" if low == high else f"{arm} from {low} to {high}")
    return parts


def on_moving(sweep: SweepFiles, contest: str) -> Iterator[str]:
    """The setting that moves profit most, and from where to where."""
    names = {axis.key: axis.name for axis in sweep.axes}
    table = sweep.effects
    if table.empty or not names:
        return
    rows = table[(table["contest"] == contest) & (table["measure"] == MEASURE) & table["parameter"].isin(names)]
    rows = rows.dropna(subset=["at_low", "at_high"])
    if rows.empty:
        return
    by = rows["share"] if rows["share"].notna().any() else np.abs(rows["at_high"] - rows["at_low"])
    row, unit = rows.loc[by.idxmax()], METRICS[MEASURE].unit
    share = f", {percent(row['share'])} of the variance between points" if row["share"] > 0 else ""
    low, high = amount(row["at_low"], unit), amount(row["at_high"], unit)
    over = "" if sweep.alone else ", averaged over arms"
    yield (
        f"{names[row['parameter']]} moves profit most: from {low} at {row['level_low']} to {high} at {row['level_high']}"
        f"{over}{share}."
    )
