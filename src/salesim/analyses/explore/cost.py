"""How many runs an exploration will take, counted before the first one; and the points of its designs."""

from collections.abc import Sequence
from importlib.util import find_spec
from itertools import chain, compress, product

import numpy as np

from salesim.analyses.explore.axes import in_units
from salesim.analyses.explore.learned import places, training_points
from salesim.analyses.explore.spec import Exploration
from salesim.analyses.explore.tornado import LARGEST, ends_of
from salesim.analyses.protocol import Estimate
from salesim.analyses.records import cost_of_runs
from salesim.config.errors import InputError
from salesim.model.parameters import Scenario
from salesim.runs.runner import keyed
from salesim.runs.store import RunKey
from salesim.stats import root_finding, sensitivity
from salesim.stats.intervals import Numbers

PARTS = ("measures",)  # of a run, which are kept
Counted = tuple[dict[str, Scenario], set[RunKey], dict[str, int]]  # scenarios by key, runs that are sure, numbers by name


def steps_of(spec: Exploration) -> Numbers:
    """The trajectories of the screening in shares (points x axes); none if it is left out."""
    n_axes = len(spec.axes)
    return sensitivity.trajectories(n_axes, spec.settings.trajectories) if spec.settings.trajectories else np.zeros((0, n_axes))


def design_of(spec: Exploration, kept: Sequence[bool] | None = None) -> Numbers:
    """The Sobol design over the axes that are kept, all without `kept`, in their units (points x axes).

    The others are NaN, which leaves what is set.
    """
    kept = [True] * len(spec.axes) if kept is None else kept
    axes = list(compress(spec.axes, kept))
    design = np.full((spec.settings.points * (len(axes) + 2), len(spec.axes)), np.nan)
    design[:, np.flatnonzero(kept)] = in_units(sensitivity.sobol_design(len(axes), spec.settings.points), axes)
    return design


def cost(spec: Exploration) -> Estimate:
    """How many runs are sure, and how many more may follow. Raises InputError if a point could not be run.

    Of the `counts`, `first` runs are sure, `screening` of them before the design of `points`; `most` is their largest number.
    For a tipping point `first` are those of the curves, and `most` adds those of one crossing of each arm.
    """
    design = count_learning if spec.settings.emulator_points else count_design
    count = {"explore": design, "tipping": count_crossings, "tornado": count_tornado}[spec.kind]
    scenarios, runs, counts = count(spec)
    timed, folder = list(scenarios.values()), spec.file.parent
    price = cost_of_runs(spec.study, folder, PARTS, runs, [timed[0], timed[len(timed) // 2]])
    return Estimate(len(runs), price, folder, counts.get("usual", counts["most"]) / len(runs), counts)


def count_learning(spec: Exploration) -> Counted:
    """The runs of an emulator; at most those of the plain sampling that follows if it is poor, too."""
    check_packages()
    seeds, points = spec.settings.seeds, training_points(spec)
    by_arm = spec.scenarios(points)
    first = {
        (key, spec.study.first_seed + seeds * row + seed)
        for mine in by_arm.values()
        for row, (key, _) in enumerate(keyed(mine))
        for seed in range(seeds)
    }
    spec.scenarios(places(spec))  # an emulator is asked nothing of points that cannot be run
    _, _, plain = count_design(spec)
    confirmation = 2 * len(spec.arms) * spec.settings.most_seeds
    return by_key(spec, points), first, {
        "screening": 0, "first": len(first), "usual": len(first) + confirmation, "most": len(first) + plain["most"],
        "points": len(points),
    }  # fmt: skip


def count_design(spec: Exploration) -> Counted:
    """Screening and design."""
    check_packages()
    design = design_of(spec)
    screening, points = by_key(spec, in_units(steps_of(spec), spec.axes)), by_key(spec, design)
    before = set(product(screening, spec.study.all_seeds))
    first = before | set(product(points, spec.study.all_seeds))
    most = len(before) + (len(points) + 2 * len(spec.arms)) * spec.settings.most_seeds
    return points, first, {
        "screening": len(before), "first": len(first), "most": max(most, len(first)), "points": len(design),
    }  # fmt: skip


def count_crossings(spec: Exploration) -> Counted:
    """The curves along an axis, and a crossing of each arm."""
    (axis,) = spec.axes
    grid = root_finding.grid(axis.low, axis.high, root_finding.GRID, axis.whole)
    points = by_key(spec, grid[:, None])
    coarse, fine, last = root_finding.split_seeds(range(spec.settings.tipping_seeds))
    first = {(key, spec.study.first_seed + seed) for key, seed in product(points, coarse)}
    crossing = 2 * (root_finding.FINER * len(fine) + root_finding.LAST * len(last))  # of an arm and of the baseline
    return points, first, {"first": len(first), "most": len(first) + crossing * len(spec.others), "points": len(grid)}


def count_tornado(spec: Exploration) -> Counted:
    """Both ends of every number, and the crossings of the largest of each arm."""
    points, seeds = by_key(spec, ends_of(spec.axes)), spec.settings.tornado_seeds
    first = set(product(points, range(spec.study.first_seed, spec.study.first_seed + seeds)))
    crossings = crossing_runs(spec) * min(LARGEST, len(spec.axes)) * len(spec.others)
    return points, first, {"first": len(first), "most": len(first) + crossings, "points": 1 + 2 * len(spec.axes)}


def crossing_runs(spec: Exploration) -> int:
    """Runs of the curve and of one crossing of an arm and the baseline along an axis."""
    coarse, fine, last = root_finding.split_seeds(range(spec.settings.tipping_seeds))
    return 2 * (root_finding.GRID * len(coarse) + root_finding.FINER * len(fine) + root_finding.LAST * len(last))


def by_key(spec: Exploration, points: Numbers) -> dict[str, Scenario]:
    """The different scenarios of all arms at all points, by key."""
    return dict(keyed(chain(*spec.scenarios(points).values())))


def check_packages() -> None:
    """Raises InputError if the extra `explore` is not installed."""
    if find_spec("SALib") is None:
        raise InputError("SALib is not installed; `pip install 'salesim[explore]'` brings it")
