"""What carries the fall of margins: Shapley's parts of the feedbacks, from runs with subsets of them on."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from salesim.analyses.explain.spec import LOOPS, Explanation
from salesim.config.errors import InputError
from salesim.config.scenario import default_scenario
from salesim.model.parameters import Scenario
from salesim.runs.runner import Runner, keyed
from salesim.runs.store import RunSummary
from salesim.stats.intervals import simultaneous
from salesim.stats.shapley import Subset, shapley, subsets

MEASURE = "margin_fall"
PRESSURE = "without any feedback"  # what is left when all are off


class Spiral(NamedTuple):
    """A row for each part of the fall: `feedback`, its `part`, and its interval over seeds.

    The first row is what falls without any feedback; the rows sum to `fall` exactly.
    """

    parts: pd.DataFrame
    fall: float


def subset_scenario(scenario: Scenario, on: tuple[str, ...]) -> Scenario:
    """The scenario with these feedbacks on, and no other."""
    return default_scenario(scenario, **{f"market.loops.{name}": int(name in on) for name in LOOPS})


def spiral_of(spec: Explanation, runner: Runner) -> Spiral:
    """Run all subsets, and share the fall out among the feedbacks. Raises InputError if a fall cannot be measured."""
    chosen, n, seeds = chosen_subsets(spec), len(spec.feedbacks), spec.spiral_seeds
    scenarios = keyed(chosen.values())
    runner.run(f"{len(chosen)} subsets of {n} feedbacks", [(*one, seed) for one in scenarios for seed in seeds])
    falls = np.array([[fall_of(runner.result(key, seed)) for seed in seeds] for key, _ in scenarios])
    falls = falls[:, np.isfinite(falls).all(axis=0)]
    if falls.shape[1] < 2:
        raise InputError(
            "the fall of margins cannot be measured: deals were missing in the first or last two years of too many runs"
        )
    values = dict(zip(chosen, falls, strict=True))
    parts = simultaneous(np.column_stack([values[()], *shapley(values, n)]), spec.study.confidence)
    names = (PRESSURE, *spec.feedbacks)
    table = pd.DataFrame({"feedback": names, "part": parts.mean, "low": parts.low, "high": parts.high})
    return Spiral(table, float(falls[-1].mean()))


def chosen_subsets(spec: Explanation) -> dict[Subset, Scenario]:
    """All subsets of feedbacks, from none to all, and the market with each."""
    names, market = spec.feedbacks, spec.against.scenario
    return {subset: subset_scenario(market, tuple(names[i] for i in subset)) for subset in subsets(len(names))}


def fall_of(run: RunSummary | None) -> float:
    """The fall of margins in a run; NaN if it failed or nothing was sold."""
    return float(run["measures"][MEASURE]) if run else float("nan")
