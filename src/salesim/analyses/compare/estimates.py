"""Estimates of every two arms of a contest, whichever way round they are asked, and who leads."""

from typing import Any

import numpy as np

from salesim.analyses.compare.sample_source import Column, all_pairs
from salesim.analyses.compare.spec import Plan
from salesim.metrics import METRICS
from salesim.stats.allocation import chance_first
from salesim.stats.best import Best, standing
from salesim.stats.intervals import Intervals

Row = dict[str, Any]


class Estimates:
    """Intervals of all pairs of arms that hold together; `found` has a column for each of `bench.all_pairs`."""

    def __init__(self, plan: Plan, found: Intervals) -> None:
        self.plan, self.found = plan, found
        self.places = {column: place for place, column in enumerate(all_pairs(plan))}

    def of(self, column: Column) -> tuple[float, float, float, int]:
        """Mean, low, high and pairs of a difference."""
        if column not in self.places:
            mean, low, high, n = self.of(column._replace(arm=column.against, against=column.arm))
            return -mean, -high, -low, n
        at = self.places[column]
        return float(self.found.mean[at]), float(self.found.low[at]), float(self.found.high[at]), int(self.found.n[at])

    def ahead(self, contest: str, measure: str, arm: str, against: str) -> tuple[float, float, float]:
        """By how much an arm is better: mean, low, high."""
        mean, low, high, _ = self.of(Column(contest, measure, arm, against))
        return (mean, low, high) if METRICS[measure].better == "up" else (-mean, -high, -low)

    def best(self, contest: str, measure: str) -> Best | None:
        """Who leads on a measure, and who may be the best (Hsu 1996)."""
        arms = [arm for where, arm in self.plan.keys if where == contest]
        gaps = np.zeros((3, len(arms), len(arms)))
        for i, arm in enumerate(arms):
            for j, against in enumerate(arms):
                if i != j:
                    gaps[:, i, j] = self.ahead(contest, measure, arm, against)
        return standing(measure, arms, gaps[0, :, arms.index(self.plan.study.baseline)], gaps)

    def others(self, contest: str, measure: str, best: str) -> list[tuple[str, float, float, float]]:
        """By how much an arm is better than each other, the nearest first: name, mean, low, high; unknown ones left out."""
        names = [arm for where, arm in self.plan.keys if where == contest and arm != best]
        found = [(name, *self.ahead(contest, measure, best, name)) for name in names]
        return sorted((each for each in found if not np.isnan(each[2])), key=lambda each: each[1])

    def chance(self, contest: str, measure: str, best: str) -> float:
        """A lower bound of the chance that an arm is the best; see `allocation.chance_first`."""
        others = self.others(contest, measure, best)
        leads = np.array([mean for _, mean, _, _ in others])
        errors = np.array([(high - low) / 2.0 for _, _, low, high in others]) / max(float(np.nanmax(self.found.critical)), 1e-9)
        return chance_first(leads, errors) if others else np.nan
