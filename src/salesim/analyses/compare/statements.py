"""Rows of the tables a comparison leaves: what is said of a difference, of the best arm, and of its effect."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from salesim.analyses.compare.estimates import Estimates
from salesim.analyses.compare.sample_source import Bench, Column
from salesim.analyses.compare.spec import Plan
from salesim.metrics import METRICS
from salesim.stats.intervals import Intervals
from salesim.stats.sequential import judged, matters, pairs_needed

OPEN = "cannot tell"
FEW_ARMS = 2  # no selection among so few: the difference says it
Row = dict[str, Any]


def statement(plan: Plan, column: Column, place: int, found: Intervals, ends: tuple[float, float] | None = None) -> Row:
    """What the interval at `place` of `found` says, with other ends if they are given."""
    ends = ends or (float(found.low[place]), float(found.high[place]))
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
        "critical": float(found.critical[place]),
        "method": str(found.method[place]),
    }


def settled(row: Row) -> Row:
    """A statement judged once: the pairs after which it was, and those that would settle it if it is open."""
    pairs = row["pairs"]
    more = pairs_needed(row["difference"], row["deviation"], row["matter"], row["critical"])
    return {**row, "settled": pairs, "needed": max(more, pairs + 1.0) if row["verdict"] == OPEN else float(pairs)}


def with_fresh(row: Row, again: Bench, fresh: Estimates) -> Row:
    """A statement with the means of arm and baseline, and their difference, on fresh seeds."""
    contest, measure, base = row["contest"], row["measure"], again.plan.study.baseline
    names, values = again.race(contest, measure)
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
    if verdict not in ("higher", "lower") or np.isnan(low):
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


def race_by_lead(found: Estimates, contest: str, measure: str, pairs: int) -> Row:
    """The arms that may be the best as far as simultaneous intervals tell (Hsu 1996)."""
    standing = found.best(contest, measure)
    alive = list(standing.contenders) if standing else [arm for where, arm in found.plan.keys if where == contest]
    return race_row(contest, measure, "comparisons with the best", alive[0] if len(alive) == 1 else "", alive, pairs)


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


def with_effect(race: Row, plan: Plan, fresh: Estimates, before: Callable[[Column], float]) -> Row:
    """A race with the lead over the next on fresh seeds, and the winner's effect estimated again.

    The effect is that against the baseline, or against the next if the baseline wins; `before` gives it as it was when the
    winner was found. Where nobody won, the leader on fresh seeds is taken.
    """
    contest, measure, zone = race["contest"], race["measure"], plan.matters[race["measure"]]
    standing = fresh.best(contest, measure)
    best = race["best"] or (standing.first if standing else "")
    others = fresh.others(contest, measure, best) if best else []
    if not others:
        return {**race, "leads": "", "next": "", "zone": zone}
    second, lead, low, high = others[0]
    against = plan.study.baseline if best != plan.study.baseline else second
    column = Column(contest, measure, best, against)
    effect, effect_low, effect_high, pairs = fresh.of(column)
    within = max(max(abs(each[2]), abs(each[3])) for each in others) < zone
    return {
        **race, "zone": zone, "leads": best, "next": second, "lead": lead, "lead_low": low, "lead_high": high,
        "all_within_zone": within, "chance": fresh.chance(contest, measure, best), "against": against,
        "effect_before": before(column), "effect": effect, "effect_low": effect_low, "effect_high": effect_high,
        "effect_pairs": pairs,
    }  # fmt: skip
