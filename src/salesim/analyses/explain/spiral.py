"""What carries the fall of margins: the Shapley value of each feedback, from runs with subsets of them on.

The Shapley value of a cause is what it adds when it joins, averaged over all orders of joining; the values sum to the effect.
Source: Shapley 1953.
"""

from itertools import combinations
from math import comb

import numpy as np
import pandas as pd

from salesim.analyses.explain.spec import LOOPS, Explanation
from salesim.config.errors import InputError
from salesim.config.scenario import default_scenario
from salesim.model.parameters import Scenario
from salesim.runs.runner import Runner, keyed
from salesim.stats.intervals import Numbers, simultaneous

MEASURE = "margin_fall"
PRESSURE = "without any feedback"  # what is left when all are off
Subset = tuple[int, ...]  # causes that are on, ascending


def subset_scenario(scenario: Scenario, on: tuple[str, ...]) -> Scenario:
    """The scenario with these feedbacks on, and no other."""
    return default_scenario(scenario, **{f"market.loops.{name}": int(name in on) for name in LOOPS})


def spiral_of(spec: Explanation, runner: Runner) -> tuple[pd.DataFrame, float]:
    """Run all subsets, and share the fall out among the feedbacks. Raises InputError if a fall cannot be measured.

    Returns a row for each `feedback` with its `part` and the interval of that over seeds, and the whole fall. The first row is
    what falls without any feedback; the rows sum to the fall exactly.
    """
    chosen, n, seeds = chosen_subsets(spec), len(spec.feedbacks), spec.spiral_seeds
    scenarios = keyed(chosen.values())
    runner.run(f"{len(chosen)} subsets of {n} feedbacks", [(*one, seed) for one in scenarios for seed in seeds])
    runs = [[runner.result(key, seed) for seed in seeds] for key, _ in scenarios]
    falls = np.array([[run["measures"][MEASURE] if run else np.nan for run in mine] for mine in runs], float)
    falls = falls[:, np.isfinite(falls).all(axis=0)]
    if falls.shape[1] < 2:
        raise InputError(
            "the fall of margins cannot be measured: deals were missing in the first or last two years of too many runs"
        )
    values = dict(zip(chosen, falls, strict=True))
    parts = simultaneous(np.column_stack([values[()], *shapley(values, n)]), spec.study.confidence)
    names = (PRESSURE, *spec.feedbacks)
    table = pd.DataFrame({"feedback": names, "part": parts.mean, "low": parts.low, "high": parts.high})
    return table, float(falls[-1].mean())


def chosen_subsets(spec: Explanation) -> dict[Subset, Scenario]:
    """All subsets of feedbacks, from none to all, and the market with each."""
    names, market = spec.feedbacks, spec.against.scenario
    return {subset: subset_scenario(market, tuple(names[i] for i in subset)) for subset in subsets(len(names))}


def subsets(n: int) -> list[Subset]:
    """All 2**n subsets of the causes 0 to n - 1, smaller ones first."""
    return [subset for size in range(n + 1) for subset in combinations(range(n), size)]


def shapley(values: dict[Subset, Numbers], n: int) -> Numbers:
    """Shapley values of n causes (causes x seeds) from the value of every subset (an array with one number per seed)."""
    parts = np.zeros((n, *np.shape(values[()])))
    for cause in range(n):
        for subset in (each for each in subsets(n) if cause not in each):
            joined = tuple(sorted((*subset, cause)))
            parts[cause] += (values[joined] - values[subset]) / (n * comb(n - 1, len(subset)))
    return parts
