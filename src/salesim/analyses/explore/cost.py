"""What an exploration will play, counted before the first run; and its designs."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec

import numpy as np

from salesim.analyses.explore.axes import in_units
from salesim.analyses.explore.spec import Exploration, scenarios_of
from salesim.config.errors import InputError
from salesim.model.parameters import Scenario
from salesim.runs.cost import Cost, cost_of
from salesim.runs.runner import FinishedRuns, runs_of_study
from salesim.runs.store import RunIndex, RunKey, scenario_key
from salesim.runs.summary import summary_text
from salesim.stats import root_finding as tipping
from salesim.stats import sensitivity
from salesim.stats.intervals import Numbers

PARTS = ("measures",)  # of a run, which are kept


@dataclass(frozen=True)
class Plan:
    """How many runs there are at first (`screening` of them before the design), and at most; `cost` is that of the first.

    For a tipping point `first` are those of the curves, and `most` has what one crossing of each arm adds.
    """

    screening: int
    first: int
    most: int
    n_points: int
    cost: Cost


def steps_of(asked: Exploration) -> Numbers:
    """The trajectories of the screening in shares (points x axes); none if it is left out."""
    n_axes = len(asked.axes)
    return sensitivity.trajectories(n_axes, asked.trajectories) if asked.trajectories else np.zeros((0, n_axes))


def design_of(asked: Exploration) -> Numbers:
    """The Sobol design over all axes, in their units (points x axes)."""
    return in_units(sensitivity.sobol_design(len(asked.axes), asked.points), asked.axes)


def plan_of(asked: Exploration) -> Plan:
    """Counts what will be played, and times two runs. Raises InputError if a point could not be played."""
    return plan_of_tipping(asked) if asked.tipping else plan_of_design(asked)


def plan_of_design(asked: Exploration) -> Plan:
    """The plan of screening and design."""
    check_packages()
    steps, design = steps_of(asked), design_of(asked)
    screening, points = scenarios_at(asked, in_units(steps, asked.axes)), scenarios_at(asked, design)
    seeds = asked.study.all_seeds
    before = {(key, seed) for key in screening for seed in seeds}
    first = before | {(key, seed) for key in points for seed in seeds}
    n_arms = len(asked.arms)
    most = len(before) + (len(points) + 2 * n_arms) * asked.most_seeds
    return Plan(len(before), len(first), max(most, len(first)), len(design), cost(asked, first, list(points.values())))


def plan_of_tipping(asked: Exploration) -> Plan:
    """The plan of the curves, and of a crossing of each arm."""
    (axis,) = asked.axes
    grid = tipping.grid(axis.low, axis.high, tipping.GRID, axis.whole)
    points = scenarios_at(asked, grid[:, None])
    few, more, fresh = tipping.shared_out(range(asked.tipping_seeds))
    first = {(key, asked.study.first_seed + seed) for key in points for seed in few}
    crossing = 2 * tipping.FINER * (len(more) + len(fresh))  # of an arm and of the baseline
    most = len(first) + crossing * len(asked.others)
    return Plan(0, len(first), most, len(grid), cost(asked, first, list(points.values())))


def scenarios_at(asked: Exploration, points: Numbers) -> dict[str, Scenario]:
    """The different scenarios of all arms at all points, by key."""
    return {scenario_key(scenario): scenario for mine in scenarios_of(asked, points).values() for scenario in mine}


def cost(asked: Exploration, runs: set[RunKey], scenarios: Sequence[Scenario]) -> Cost:
    """What runs cost, by one of the first scenario and one of the middle."""
    known = FinishedRuns(RunIndex.read(asked.folder / "runs"), runs_of_study(asked.study.own_folder))
    finished, timed = sum(run in known for run in runs), [scenarios[0], scenarios[len(scenarios) // 2]]
    keep = partial(summary_text, parts=PARTS)
    return cost_of(len(runs), finished, timed, asked.study.first_seed, keep, asked.study.worker_spec)


def check_packages() -> None:
    """Raises InputError if the extra `explore` is not installed."""
    missing = [name for package, name in (("SALib", "SALib"), ("sklearn", "scikit-learn")) if find_spec(package) is None]
    if missing:
        raise InputError(f"{' and '.join(missing)} is not installed; `pip install 'salesim[explore]'` brings it")
