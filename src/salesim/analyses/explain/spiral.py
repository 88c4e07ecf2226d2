"""What carries the fall of margins: Shapley's parts of the feedbacks, from runs with subsets of them on."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from salesim.analyses.explain.spec import LOOPS, Explanation
from salesim.config.errors import InputError
from salesim.config.scenario import default_scenario
from salesim.model.parameters import Scenario
from salesim.runs.runner import Runner, keyed
from salesim.stats.intervals import Numbers
from salesim.stats.shapley import Subset, intervals_of, orders, sampled, shapley, subsets, subsets_of

MEASURE = "margin_fall"
PRESSURE = "without any feedback"  # what is left when all are off


class Spiral(NamedTuple):
    """A row a part: `part` and its interval over seeds; `error` is what sampling orders adds, 0 if all subsets were run.

    The first row is what falls without any feedback; the rows sum to `fall` exactly.
    """

    parts: pd.DataFrame
    fall: float


def subset_scenario(scenario: Scenario, on: tuple[str, ...]) -> Scenario:
    """The scenario with these feedbacks on, and no other."""
    return default_scenario(scenario, **{f"market.loops.{name}": int(name in on) for name in LOOPS})


def spiral_of(spec: Explanation, runner: Runner) -> Spiral:
    """Run the subsets, and share the fall out among the feedbacks. Raises InputError if a fall cannot be measured."""
    feedbacks, seeds, joining, chosen = spec.feedbacks, spec.spiral_seeds, joining_of(spec), chosen_subsets(spec)
    scenarios = keyed(chosen.values())
    runner.run(f"{len(chosen)} subsets of {len(feedbacks)} feedbacks", [(*one, seed) for one in scenarios for seed in seeds])
    values = {subset: falls(runner, key, seeds) for subset, (key, _) in zip(chosen, scenarios, strict=True)}
    there = np.isfinite(np.array(list(values.values()))).all(axis=0)
    if there.sum() < 2:
        raise InputError(
            "the fall of margins cannot be measured: deals were missing in the first or last two years of too many runs"
        )
    values = {subset: value[there] for subset, value in values.items()}
    n = len(feedbacks)
    parts, error = sampled(values, joining) if joining else (shapley(values, n), np.zeros(n))
    columns = np.column_stack([values[()], *parts])
    mean, low, high = intervals_of(columns, error, len(joining), spec.study.confidence)
    names = (PRESSURE, *feedbacks)
    table = pd.DataFrame({"feedback": names, "part": mean, "low": low, "high": high, "error": [0.0, *error]})
    return Spiral(table, float(values[tuple(range(n))].mean()))


def joining_of(spec: Explanation) -> list[npt.NDArray[np.int64]]:
    """The orders in which feedbacks join; none where all subsets are run."""
    return orders(len(spec.feedbacks), spec.orders) if spec.orders else []


def chosen_subsets(spec: Explanation) -> dict[Subset, Scenario]:
    """The subsets of feedbacks that are run, and the market with each."""
    feedbacks, joining = spec.feedbacks, joining_of(spec)
    wanted = dict.fromkeys(each for order in joining for each in subsets_of(order)) if joining else subsets(len(feedbacks))
    return {subset: subset_scenario(spec.against.scenario, tuple(feedbacks[i] for i in subset)) for subset in wanted}


def falls(runner: Runner, key: str, seeds: list[int]) -> Numbers:
    """The fall of margins by seed; NaN where a run failed or nothing was sold."""
    runs = [runner.result(key, seed) for seed in seeds]
    return np.array([run["measures"][MEASURE] if run else np.nan for run in runs], float)
