"""Rows of the tables a comparison leaves: what is said of a difference, of the best arm, and of its effect."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from salesim.compare.looks import Intervals, judged, matters
from salesim.metrics import METRICS
from salesim.verdicts.bench import Bench, Column
from salesim.verdicts.fresh import Fresh
from salesim.verdicts.plan import Plan

OPEN = "cannot tell"
FEW_ARMS = 2  # no selection among so few: the difference says it
Row = dict[str, Any]


def statement(plan: Plan, column: Column, place: int, found: Intervals, ends: tuple[float, float]) -> Row:
    """What the interval at `place` of `found` says, with the ends to be used."""
    metric, matter = METRICS[column.measure], plan.matters[column.measure]
    return {
        "contest": column.contest,
        "arm": column.arm,
        "measure": column.measure,
        "title": metric.title,
        "unit": metric.unit,
        "better": metric.better,
        "matter": matter,
        "pairs": int(found.n[place]),
        "difference": float(found.mean[place]),
        "low": ends[0],
        "high": ends[1],
        "verdict": judged(*ends, matter),
        "matters": matters(*ends, matter),
        "deviation": float(found.deviation[place]),
        "skewness": float(found.skewness[place]),
        "critical": found.critical,
        "method": found.method,
    }


def with_fresh(row: Row, fresh: Fresh) -> Row:
    """A statement with the means of arm and baseline, and their difference, on fresh seeds."""
    contest, measure, base = row["contest"], row["measure"], fresh.plan.study.baseline
    names, values = fresh.bench.race(contest, measure)
    both = values[:, [names.index(row["arm"]), names.index(base)]]
    both = both[np.isfinite(both).all(axis=1)]
    arm_mean, base_mean = both.mean(axis=0).tolist() if len(both) else (np.nan, np.nan)
    mean, low, high, pairs = fresh.of(Column(contest, measure, row["arm"], base))
    return {
        **row,
        "mean_arm": arm_mean,
        "mean_baseline": base_mean,
        "fresh_difference": mean,
        "fresh_low": low,
        "fresh_high": high,
        "fresh_pairs": pairs,
        "confirmed": confirmed(row["verdict"], low, high),
    }


def confirmed(verdict: str, low: float, high: float) -> str:
    """Whether fresh seeds say the same of a difference that was called higher or lower: "yes", "no", "open", or ""."""
    if verdict not in ("higher", "lower") or not np.isfinite(low):
        return ""
    if low <= 0.0 <= high:
        return "open"
    return "yes" if (low > 0.0) == (verdict == "higher") else "no"


def race_of_two(row: Row, baseline: str) -> Row:
    """The better of two arms follows from their difference."""
    arms = [row["arm"], baseline]
    best = ""
    if row["verdict"] in ("higher", "lower"):
        best = arms[0] if (row["verdict"] == "higher") == (row["better"] == "up") else arms[1]
    return race_row(row["contest"], row["measure"], "interval of the difference", best, arms, row["settled"])


def race_row(contest: str, measure: str, rule: str, best: str, alive: Sequence[str], pairs: int) -> Row:
    """The beginning of a row of the table of selections; `alive` are arms that may be the best."""
    return {
        "contest": contest,
        "measure": measure,
        "rule": rule,
        "decided": bool(best),
        "best": best,
        "alive": [best] if best else list(alive),
        "pairs": pairs,
    }


def with_effect(race: Row, plan: Plan, fresh: Fresh, before: Bench) -> Row:
    """A race with the lead over the next on fresh seeds, and the winner's effect estimated again.

    The effect is that against the baseline, or against the next if the baseline wins; `before` is where the winner was
    found.
    """
    contest, measure = race["contest"], race["measure"]
    standing, chance = fresh.best(contest, measure)
    best = race["best"] or (standing.first if standing else "")
    others = ahead_of(best, fresh, contest, measure) if best else []
    if not others:
        return {**race, "leads": "", "next": "", "zone": plan.matters[measure]}
    second, lead, low, high = others[0]
    against = plan.study.baseline if best != plan.study.baseline else second
    column = Column(contest, measure, best, against)
    effect, effect_low, effect_high, pairs = fresh.of(column)
    seen = before.differences([column])
    found = float(np.nanmean(seen)) if np.isfinite(seen).any() else np.nan
    within = max(max(abs(each[2]), abs(each[3])) for each in others) < plan.matters[measure]
    return {
        **race, "zone": plan.matters[measure], "leads": best, "next": second, "lead": lead, "lead_low": low, "lead_high": high,
        "all_within_zone": within, "chance": chance if standing and standing.first == best else np.nan, "against": against,
        "effect_before": found, "effect": effect, "effect_low": effect_low, "effect_high": effect_high,
        "effect_pairs": pairs,
    }  # fmt: skip


def ahead_of(best: str, fresh: Fresh, contest: str, measure: str) -> list[tuple[str, float, float, float]]:
    """By how much an arm is better than each other, the nearest first: name, mean, low, high; unknown ones left out."""
    sign = 1.0 if METRICS[measure].better == "up" else -1.0
    found: list[tuple[str, float, float, float]] = []
    for where, arm in fresh.plan.keys:
        if where == contest and arm != best:
            mean, low, high, _ = fresh.of(Column(contest, measure, best, arm))
            if np.isfinite(low):
                found.append((arm, sign * mean, min(sign * low, sign * high), max(sign * low, sign * high)))
    return sorted(found, key=lambda each: each[1])
