"""How far each arm falls behind the best one, on average and at its worst point, where it is measured on confirmation seeds."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from salesim.analyses.explore.points import Points
from salesim.analyses.explore.spec import ArmName
from salesim.stats.discovery import estimate
from salesim.stats.intervals import Numbers
from salesim.stats.regret import largest_regret_high, summary

NOT_MEASURED = (0, np.nan, np.nan, np.nan)


def regret_of(points: Points) -> pd.DataFrame:
    """How far each arm falls behind the best, on average and at its worst point; the latter on confirmation seeds."""
    spec, tables = points.spec, []
    for contest in spec.study.contests:
        arms = [name for where, name in points.scenarios if where == contest]
        values = {name: points.of((contest, name), spec.settings.most_seeds) for name in arms}
        means = pd.DataFrame({name: mine[:, : spec.settings.seeds].mean(axis=1) for name, mine in values.items()})
        table, measured = summary(means).assign(contest=contest), []
        for arm, point, best in zip(table["arm"], table["worst_point"], table["behind"], strict=True):
            start = spec.settings.most_seeds
            n, mean, low, high = confirmed(points, (contest, arm), (contest, best), point, start) if best else NOT_MEASURED
            highest = largest_regret_high(values, arm, spec.study.confidence) if best else np.nan
            measured.append((n, mean, low, max(high, highest)))
        tables.append(table.join(pd.DataFrame(measured, columns=["n", "worst", "low", "high"])))
    return pd.concat(tables, ignore_index=True)


def confirmed(points: Points, arm: ArmName, best: ArmName, point: int, start: int) -> tuple[int, float, float, float]:
    """How far the best arm of a point is ahead of another, and the interval, from `most_seeds` new seeds from `start` on."""
    spec = points.spec
    seeds = range(start, start + spec.settings.most_seeds)
    points.play(f"{arm[1]} at its worst, {arm[0]}", {name: [point] for name in (best, arm)}, seeds.stop, seeds.start)
    away = np.array(points.measured(best, point, seeds)) - np.array(points.measured(arm, point, seeds))
    ahead = estimate(away[None, :], spec.study.confidence)
    return int(ahead.n[0]), float(ahead.mean[0]), float(ahead.low[0]), float(ahead.high[0])


def regret_of_draws(points: Points, draws: Mapping[ArmName, Numbers], start: int) -> pd.DataFrame:
    """The same from draws of each arm's difference (draws x points); seeds from `start` on have not been used."""
    spec, tables = points.spec, []
    nothing = np.zeros_like(next(iter(draws.values())))
    for contest in spec.study.contests:
        values = {name: draws.get((contest, name), nothing) for where, name in points.scenarios if where == contest}
        best_of_all = np.max(list(values.values()), axis=0)
        table, measured = summary(pd.DataFrame({name: mine.mean(axis=0) for name, mine in values.items()})), []
        for arm, point, best in zip(table["arm"], table["worst_point"], table["behind"], strict=True):
            n, mean, low, high = confirmed(points, (contest, arm), (contest, best), point, start)
            largest = (best_of_all - values[arm]).max(axis=1)
            measured.append((n, mean, low, max(high, np.quantile(largest, 0.5 + spec.study.confidence / 2.0))))
        ends = pd.DataFrame(measured, columns=["n", "worst", "low", "high"])
        tables.append(table.assign(contest=contest).join(ends))
    return pd.concat(tables, ignore_index=True)
