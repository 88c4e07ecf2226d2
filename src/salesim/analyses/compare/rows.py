"""Rows of the tables of a comparison: what is known of a difference, of the best arm, and of both with confirmation seeds."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from salesim.analyses.compare.sample_source import Column, SampleSource
from salesim.analyses.compare.spec import Comparison
from salesim.metrics import METRICS
from salesim.stats.differences import variance_reduction
from salesim.stats.intervals import Intervals, Numbers, share_that_may_differ
from salesim.stats.sequential import beyond_margin, verdict

OPEN, NOTHING = "cannot tell", "nothing to compare"
Row = dict[str, Any]


def estimate(comparison: Comparison, column: Column, interval: Row, before: Row | None) -> Row:
    """What is known of a difference after an interim analysis, whose `interval` is a row of `interval_row`.

    All intervals of all interim analyses hold together, so the interval is what it has in common with the one `before`; but
    not with one of no width, which says that nothing has differed so far. `settled_after` are the pairs run when the
    verdict was settled, 0 if it is open.
    """
    low, high = interval["low"], interval["high"]
    if before and np.isnan(before["may_differ"]) and not np.isnan([before["low"], low]).any():
        common = max(low, before["low"]), min(high, before["high"])
        low, high = common if common[0] <= common[1] else (before["low"], before["high"])
    margin = comparison.equivalence_margins[column.measure]
    row = {
        **column._asdict(), **about(column.measure), "equivalence_margin": margin, **interval, "low": low, "high": high,
        "verdict": verdict(low, high, margin), "beyond_margin": beyond_margin(low, high, margin),
    }  # fmt: skip
    earlier = before["settled_after"] if before else 0
    return row | {"settled_after": (earlier or interval["played"]) if is_settled(row, comparison.share_that_may_differ) else 0}


def about(measure: str) -> Row:
    """What a measure is."""
    metric = METRICS[measure]
    return {"title": metric.title, "unit": metric.unit, "better": metric.better}


def interval_row(comparison: Comparison, column: Column, place: int, intervals: Intervals, played: int) -> Row:
    """What an interim analysis says of a difference: its column of `intervals` after so many `pairs` that have it.

    `may_differ` is the share of runs in which it may be another, where it has been the same in all of them, or has not been
    there at all; NaN elsewhere. Each of n differences has 1 / n of the error for that. No error is spent twice on it: that so
    many runs in a row are the same is seen at every number of them only if it is seen at the last.
    """
    mine = {name: values[place].item() for name, values in intervals._asdict().items()}
    n, low, high = int(mine["n"]), mine["low"], mine["high"]
    error = comparison.error / len(intervals.n)
    arm, against = (comparison.keys[column.contest, name] for name in (column.arm, column.against))
    bound = 0.0 if arm == against else share_that_may_differ(n or played, error)  # one and the same scenario cannot differ
    may_differ = float(bound) if low == high or n == 0 else np.nan
    row = {"played": played, "pairs": n, "difference": mine["mean"], "low": low, "high": high, "may_differ": may_differ}
    return row | {name: mine[name] for name in ("deviation", "skewness", "critical", "method")}


def is_settled(row: Row, share: float) -> bool:
    """Whether a verdict needs no more pairs: what never varies has to be seen often enough, the rest has to be clear."""
    if not np.isnan(row["may_differ"]):
        return bool(row["may_differ"] <= share)
    return row["verdict"] not in (OPEN, NOTHING)


def selection_of_two(row: Row, baseline: str) -> Row:
    """The better of two arms follows from their difference."""
    arms = [row["arm"], baseline]
    if row["verdict"] in ("higher", "lower") and row["settled_after"]:
        arms = arms[:1] if (row["verdict"] == "higher") == (row["better"] == "up") else arms[1:]
    return selection_row(row["contest"], row["measure"], "interval of the difference", arms, row["played"])


def selection_row(contest: str, measure: str, rule: str, candidates: Sequence[str], pairs: int) -> Row:
    """The beginning of a row of the table of selections; `candidates` are arms that may be the best, the likeliest first."""
    best = candidates[0] if len(candidates) == 1 else ""
    return {
        "contest": contest, "measure": measure, "rule": rule, "decided": bool(best), "best": best,
        "candidates": list(candidates), "pairs": pairs,
    }  # fmt: skip


class Confirmation:
    """Differences of all pairs that were played: those of the interim analyses, and those of the confirmation seeds."""

    def __init__(self, source: SampleSource, confirmation: SampleSource, estimates: dict[Column, Row]) -> None:
        self.source, self.confirmation, self.estimates = source, confirmation, estimates

    def both(self, column: Column) -> tuple[Numbers, Numbers]:
        """A measure of arm and other (pairs x 2), in the interim analyses and with confirmation seeds; pairs that have it."""
        tables = (each.by_arm(column.contest, column.measure, column[2:]) for each in (self.source, self.confirmation))
        first, second = (table[np.isfinite(table).all(axis=1)] for table in tables)
        return first, second

    def statement(self, column: Column) -> Row:
        """A difference with its size, the mean of all pairs, and whether confirmation seeds have its sign."""
        row, (before, after) = self.estimates[column], self.both(column)
        mean_arm, mean_baseline = mean_of(np.concatenate([before, after]))
        confirmed_arm, confirmed_baseline = mean_of(after)
        correlation, variance_ratio = variance_reduction(before[:, 0], before[:, 1])
        return {
            **row,
            "size": mean_arm - mean_baseline,
            "mean_arm": mean_arm,
            "mean_baseline": mean_baseline,
            "confirmation_difference": confirmed_arm - confirmed_baseline,
            "confirmation_pairs": len(after),
            "confirmed": confirmed(row["verdict"], confirmed_arm - confirmed_baseline),
            "correlation": correlation,
            "variance_ratio": variance_ratio,
        }

    def selection(self, row: Row) -> Row:
        """A selection with the lead of the best, or of the first candidate, over the next arm."""
        comparison = self.source.comparison
        contest, measure, zone = row["contest"], row["measure"], comparison.equivalence_margins[row["measure"]]
        leader = row["candidates"][0] if row["candidates"] else ""
        others = [arm for arm in comparison.arms(contest) if arm != leader]
        leads = [(arm, *self.lead(Column(contest, measure, leader, arm))) for arm in others] if leader else []
        leads = sorted((lead for lead in leads if not np.isnan(lead[2])), key=lambda lead: lead[1])
        row = {**row, **about(measure), "indifference_zone": zone}
        if not leads:
            return {**row, "leader": "", "next": ""}
        within = all(max(abs(low), abs(high)) < zone for _, _, low, high in leads)
        nearest = dict(zip(("next", "lead", "lead_low", "lead_high"), leads[0], strict=True))
        return {**row, "leader": leader, **nearest, "all_within_zone": within}

    def lead(self, column: Column) -> tuple[float, float, float]:
        """By how much an arm is better than another: mean of all pairs, and the interval of the interim analyses."""
        row = self.estimates.get(column)
        other = self.estimates.get(column.other_way)
        low, high = (row["low"], row["high"]) if row else (-other["high"], -other["low"]) if other else (np.nan, np.nan)
        mean_arm, mean_other = mean_of(np.concatenate(self.both(column)))
        mean = mean_arm - mean_other
        return (mean, low, high) if METRICS[column.measure].better == "up" else (-mean, -high, -low)


def mean_of(pairs: Numbers) -> tuple[float, float]:
    """Means of the two columns; NaN without any pair."""
    return (float(pairs[:, 0].mean()), float(pairs[:, 1].mean())) if len(pairs) else (np.nan, np.nan)


def confirmed(verdict: str, difference: float) -> str:
    """Whether confirmation seeds have the sign of a difference that was called higher, lower or equal: "yes", "no", or ""."""
    sign = {"higher": 1.0, "equal": 0.0, "lower": -1.0}.get(verdict, np.nan)
    return "" if np.isnan(sign * difference) else "yes" if np.sign(difference) == sign else "no"
