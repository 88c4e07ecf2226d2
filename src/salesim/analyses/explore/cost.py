"""How many runs an exploration will take, counted before the first one; and the points of its designs."""

from collections.abc import Sequence
from importlib.util import find_spec

import numpy as np

from salesim.analyses.explore.axes import in_units
from salesim.analyses.explore.spec import Exploration, scenarios_of
from salesim.analyses.protocol import Estimate
from salesim.analyses.records import cost_of_runs
from salesim.config.errors import InputError
from salesim.model.parameters import Scenario
from salesim.runs.store import RunKey, scenario_key
from salesim.stats import root_finding, sensitivity
from salesim.stats.intervals import Numbers

PARTS = ("measures",)  # of a run, which are kept


def steps_of(spec: Exploration) -> Numbers:
    """The trajectories of the screening in shares (points x axes); none if it is left out."""
    n_axes = len(spec.axes)
    return sensitivity.trajectories(n_axes, spec.trajectories) if spec.trajectories else np.zeros((0, n_axes))


def design_of(spec: Exploration) -> Numbers:
    """The Sobol design over all axes, in their units (points x axes)."""
    return in_units(sensitivity.sobol_design(len(spec.axes), spec.points), spec.axes)


def cost(spec: Exploration) -> Estimate:
    """How many runs are sure, and how many more may follow. Raises InputError if a point could not be played.

    `first` runs are sure, `screening` of them before the design of `points`; `most` is their largest number. For a tipping
    point `first` are those of the curves, and `most` adds those of one crossing of each arm.
    """
    return cost_of_crossings(spec) if spec.tipping else cost_of_design(spec)


def cost_of_design(spec: Exploration) -> Estimate:
    """Counts and cost of screening and design."""
    check_packages()
    design = design_of(spec)
    screening, points = scenarios_at(spec, in_units(steps_of(spec), spec.axes)), scenarios_at(spec, design)
    before = {(key, seed) for key in screening for seed in spec.study.all_seeds}
    first = before | {(key, seed) for key in points for seed in spec.study.all_seeds}
    most = len(before) + (len(points) + 2 * len(spec.arms)) * spec.most_seeds
    counts = {"screening": len(before), "first": len(first), "most": max(most, len(first)), "points": len(design)}
    return estimate(spec, first, list(points.values()), counts)


def cost_of_crossings(spec: Exploration) -> Estimate:
    """Counts and cost of the curves along an axis, and of a crossing of each arm."""
    (axis,) = spec.axes
    grid = root_finding.grid(axis.low, axis.high, root_finding.GRID, axis.whole)
    points = scenarios_at(spec, grid[:, None])
    coarse, fine, last = root_finding.split_seeds(range(spec.tipping_seeds))
    first = {(key, spec.study.first_seed + seed) for key in points for seed in coarse}
    crossing = 2 * (root_finding.FINER * len(fine) + root_finding.LAST * len(last))  # of an arm and of the baseline
    counts = {"first": len(first), "most": len(first) + crossing * len(spec.others), "points": len(grid)}
    return estimate(spec, first, list(points.values()), counts)


def scenarios_at(spec: Exploration, points: Numbers) -> dict[str, Scenario]:
    """The different scenarios of all arms at all points, by key."""
    return {scenario_key(scenario): scenario for mine in scenarios_of(spec, points).values() for scenario in mine}


def estimate(spec: Exploration, runs: set[RunKey], scenarios: Sequence[Scenario], counts: dict[str, int]) -> Estimate:
    """What runs cost, by one of the first scenario and one of the middle."""
    price = cost_of_runs(spec.study, spec.folder, PARTS, runs, [scenarios[0], scenarios[len(scenarios) // 2]])
    return Estimate(len(runs), price, spec.folder, counts["most"] / len(runs), counts)


def check_packages() -> None:
    """Raises InputError if the extra `explore` is not installed."""
    missing = [name for package, name in (("SALib", "SALib"), ("sklearn", "scikit-learn")) if find_spec(package) is None]
    if missing:
        raise InputError(f"{' and '.join(missing)} is not installed; `pip install 'salesim[explore]'` brings it")
