"""Effects estimated on fresh seeds, which no decision saw: every two arms of a contest, intervals that hold together."""

from typing import Any

import numpy as np

from salesim.compare.allocation import chance_first
from salesim.compare.best import Best, standing
from salesim.compare.looks import Intervals, intervals
from salesim.metrics import METRICS
from salesim.verdicts.bench import Bench, Column, all_pairs

Row = dict[str, Any]


class Fresh:
    """Intervals of all pairs of arms, on the seeds of a bench whose numbers were fixed before."""

    def __init__(self, bench: Bench) -> None:
        self.bench, self.plan = bench, bench.plan
        self.columns = all_pairs(self.plan)
        self.found: Intervals = intervals(bench.differences(self.columns), self.plan.error)

    def of(self, column: Column) -> tuple[float, float, float, int]:
        """Mean, low, high and pairs of a difference, whichever way round it is asked."""
        if column in self.columns:
            at = self.columns.index(column)
            return float(self.found.mean[at]), float(self.found.low[at]), float(self.found.high[at]), int(self.found.n[at])
        mean, low, high, n = self.of(column._replace(arm=column.against, against=column.arm))
        return -mean, -high, -low, n

    def best(self, contest: str, measure: str) -> tuple[Best | None, float]:
        """Who leads on a measure, and a lower bound of the chance that the leader is the best."""
        arms = [arm for where, arm in self.plan.keys if where == contest]
        sign = 1.0 if METRICS[measure].better == "up" else -1.0
        gaps = np.zeros((3, len(arms), len(arms)))
        for i, arm in enumerate(arms):
            for j, against in enumerate(arms):
                if i != j:
                    mean, low, high, _ = self.of(Column(contest, measure, arm, against))
                    gaps[:, i, j] = (mean, low, high) if sign > 0 else (-mean, -high, -low)
        means = gaps[0, :, arms.index(self.plan.study.baseline)]
        found = standing(measure, arms, means, gaps)
        return found, self.chance(gaps, arms.index(found.first)) if found else np.nan

    def chance(self, gaps: np.ndarray, first: int) -> float:
        """See `allocation.chance_first`."""
        others = [j for j in range(gaps.shape[1]) if j != first and np.isfinite(gaps[1, first, j])]
        errors = (gaps[2, first, others] - gaps[1, first, others]) / 2.0 / max(self.found.critical, 1e-9)
        return chance_first(gaps[0, first, others], errors)
