"""What the runs of a hand-out gave, as arrays."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from salesim.classroom.handout.spec import Handout
from salesim.config.errors import InputError
from salesim.runs.runner import Runner
from salesim.stats.intervals import Numbers

PARTS = ("money",)  # of a run, which are kept
LATE_YEARS = 2


class Measured(NamedTuple):
    """Gross margins of deals by year, and operating profit of our vendor in k$; seeds are an axis of all.

    With cut feedbacks and at the lever points margins are those of all vendors' deals, on paths those of our vendor. `late` is
    the margin of the last two years. Margins are NaN in a year in which nothing was sold.
    """

    loops_margin: Numbers  # cuts x seeds x years
    loops_late: Numbers  # cuts x seeds
    levers_margin: Numbers  # points x seeds x years, where our vendor does the first card
    levers_profit: Numbers  # points x cards x seeds, a year
    paths_margin: Numbers  # paths x seeds x years
    paths_profit: Numbers  # paths x seeds x years


class Money(NamedTuple):
    """Scenarios x seeds x vendors x years, k$."""

    net: Numbers
    cost: Numbers
    profit: Numbers


def measured(spec: Handout, runner: Runner) -> Measured:
    """Read the runs. Raises InputError if one failed, or if nothing was sold in a year of all seeds."""
    seeds, n_cards = spec.study.all_seeds, len(spec.settings.cards)
    loops, levers, paths = (money(runner, spec.keys[kind], seeds) for kind in ("loops", "levers", "paths"))
    first = slice(None, None, n_cards)
    profit = levers.profit[:, :, 0].mean(axis=-1)
    results = Measured(
        loops_margin=margin(loops.net.sum(axis=2), loops.cost.sum(axis=2)),
        loops_late=margin(*(part[..., -LATE_YEARS:].sum(axis=(2, 3)) for part in (loops.net, loops.cost))),
        levers_margin=margin(levers.net[first].sum(axis=2), levers.cost[first].sum(axis=2)),
        levers_profit=profit.reshape(-1, n_cards, len(seeds)),
        paths_margin=margin(paths.net[:, :, 0], paths.cost[:, :, 0]),
        paths_profit=paths.profit[:, :, 0],
    )
    for name, values in results._asdict().items():
        if np.isnan(values).all(axis=1).any() or np.isnan(results.loops_late).any():
            raise InputError(f"nothing was sold in a year of {name.partition('_')[0]}; a hand-out needs more customers")
    return results


def blank(spec: Handout) -> Measured:
    """Ones in the shapes of what `measured` returns."""
    cards, seeds = len(spec.settings.cards), (spec.study.seeds,)
    cuts, points, paths = (len(spec.scenarios[kind]) for kind in ("loops", "levers", "paths"))
    yearly = (*seeds, spec.n_years)
    shapes = ((cuts, *yearly), (cuts, *seeds), (points // cards, *yearly), (points // cards, cards, *seeds), (paths, *yearly))
    return Measured(*map(np.ones, (*shapes, shapes[-1])))


def money(runner: Runner, keys: Sequence[str], seeds: Iterable[int]) -> Money:
    """The money of scenarios. Raises InputError if one of their runs failed."""
    runs = [[runner.result(key, seed) for seed in seeds] for key in keys]
    for key, each in zip(keys, runs, strict=True):
        for seed, run in zip(seeds, each, strict=True):
            if run is None:
                reason = runner.failed[key, seed].strip().splitlines()[-1]
                raise InputError(f"a run with seed {seed} failed, and a hand-out needs all of them: {reason}")
    names = ("net_k", "cost_k", "operating_profit_k")
    return Money(*(np.array([[run["money"][name] for run in each if run] for each in runs]) for name in names))


def margin(net: Numbers, cost: Numbers) -> Numbers:
    """Gross margin; NaN where nothing was sold."""
    return 1.0 - cost / np.where(net > 0.0, net, np.nan)
