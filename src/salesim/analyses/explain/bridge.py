"""The money bridge between two arms: steps from list price to operating profit that sum exactly, with intervals."""

import numpy as np
import pandas as pd

from salesim.analyses.explain.spec import Explanation
from salesim.metrics import SHOWN
from salesim.metrics.money import BRIDGE, TOTALS
from salesim.runs.runner import Runner, keyed
from salesim.stats.differences import pair_confidence
from salesim.stats.intervals import Intervals, Numbers, simultaneous


def play_arms(spec: Explanation, runner: Runner) -> tuple[str, str]:
    """Run both arms with all seeds; returns their keys."""
    pair = keyed([spec.arm.scenario, spec.against.scenario])
    runner.run("both arms", [(*one, seed) for one in pair for seed in spec.study.all_seeds])
    return pair[0][0], pair[1][0]


def bridge_of(spec: Explanation, runner: Runner) -> pd.DataFrame:
    """A row a step and total in k$ a year: means of both arms, mean difference and simultaneous interval.

    The steps sum to operating_profit, for each arm and for the difference. Seeds that failed in an arm are left out. The
    interval of operating_profit is that of the measure, as `run` has it; the intervals of the steps hold together.
    """
    runs = [[runner.result(key, seed) for seed in spec.study.all_seeds] for key in play_arms(spec, runner)]
    both = [(one, other) for one, other in zip(*runs, strict=True) if one and other]
    arm, against = (np.array([[run["bridge"][step] for step in BRIDGE] for run in side]) for side in zip(*both, strict=True))
    shown = [np.array([[run["measures"][name] for name in SHOWN] for run in side], float) for side in zip(*both, strict=True)]
    steps, profit = between(arm, against, spec), between(shown[0], shown[1], spec)
    place, measure = BRIDGE.index("operating_profit"), SHOWN.index("operating_profit_k")
    steps.low[place], steps.high[place] = profit.low[measure], profit.high[measure]
    return pd.DataFrame(
        {
            "step": BRIDGE,
            "total": [step in TOTALS for step in BRIDGE],
            "arm_k": arm.mean(axis=0),
            "against_k": against.mean(axis=0),
            "difference_k": steps.mean,
            "low": steps.low,
            "high": steps.high,
        }
    )


def between(arm: Numbers, against: Numbers, spec: Explanation) -> Intervals:
    """Intervals of the differences of two arms (seeds x columns), with the confidence of a pair of the contest's arms."""
    n_arms = sum(each.contest == spec.arm.contest for each in spec.study.arms)
    return simultaneous(arm - against, pair_confidence(spec.study.confidence, n_arms))
