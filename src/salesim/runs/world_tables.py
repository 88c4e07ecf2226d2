"""The tables of a study over worlds: means of each world, in which share of worlds each arm is best, what is worth knowing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from salesim.config.study import Arm
from salesim.config.worlds import EVERYTHING, NUMBER, Worlds, value_at
from salesim.metrics import JUDGED, METRICS
from salesim.stats.intervals import Numbers
from salesim.stats.value_of_information import of_everything, of_settings
from salesim.stats.worlds import best_shares, components, expected_regrets, expected_values

WORLD_TABLES = ("worlds", "world_shares", "information")
RANGE = (0.05, 0.95)  # quantiles of 90 % ranges
LEVEL = 0.9  # of the intervals of information, of all settings together
FEWEST_WORLDS = 10  # that have a measure with every arm and seed
Row = dict[str, Any]


def world_tables(runs: pd.DataFrame, worlds: Worlds, arms: Sequence[Arm], baseline: str) -> dict[str, pd.DataFrame]:
    """The tables by name, of runs (a row for each contest, arm and seed, with its world and the measures)."""
    varied = varying(worlds, arms)
    settings = pd.DataFrame.from_dict(worlds.members, orient="index")[varied]
    shares: list[Row] = []
    worth: list[Row] = []
    for contest, part in runs.groupby("contest", sort=False):
        names = list(dict.fromkeys(part["arm"]))
        for measure in JUDGED if len(names) > 1 else ():
            values, numbers = cube(part, names, measure)
            if len(values) >= FEWEST_WORLDS and values.shape[1] > 1:
                about: Row = {"contest": contest, "measure": measure, "unit": METRICS[measure].unit, "n": len(values)}
                sign = 1.0 if METRICS[measure].better == "up" else -1.0
                upwards = sign * values
                expected = expected_values(upwards, settings.loc[numbers].to_numpy(float))
                shares += [about | row for row in share_rows(upwards, expected, names, baseline, sign)]
                worth += [about | row for row in worth_rows(upwards, expected, settings.loc[numbers], worlds.notes)]
    means = runs.groupby(["contest", "arm", NUMBER], sort=False)[list(JUDGED)].agg(lambda column: column.mean(skipna=False))
    return {
        "worlds": means.reset_index().join(settings, on=NUMBER),
        "world_shares": pd.DataFrame(shares, columns=None if shares else ["contest", "measure", "arm"]),
        "information": pd.DataFrame(worth, columns=None if worth else ["contest", "measure", "setting"]),
    }


def varying(worlds: Worlds, arms: Iterable[Arm]) -> list[str]:
    """The settings that differ between the worlds of some arm; what is set otherwise holds in all of them."""
    return [key for key, value in worlds.central.items() if any(value_at(arm.scenario, key) == value for arm in arms)]


def cube(runs: pd.DataFrame, arms: Sequence[str], measure: str) -> tuple[Numbers, list[int]]:
    """A measure as worlds x seeds x arms, and the numbers of the worlds: those that have it with every seed and arm."""
    table = runs.assign(turn=runs.groupby(["arm", NUMBER]).cumcount())
    wide = table.pivot(index=NUMBER, columns=["turn", "arm"], values=measure).dropna()
    n_turns = int(table["turn"].max()) + 1
    ordered = wide.reindex(columns=pd.MultiIndex.from_product([range(n_turns), arms])).dropna()
    return ordered.to_numpy(float).reshape(len(ordered), n_turns, len(arms)), ordered.index.tolist()


def share_rows(values: Numbers, expected: Numbers, arms: Sequence[str], baseline: str, sign: float) -> Iterator[Row]:
    """A row for each arm: how often it is best, its difference from the baseline and the ranges of that, and its regret.

    Of `values` (worlds x seeds x arms) and draws of `expected` ones more is better; they are `sign` times the measure.
    """
    shares, regrets = best_shares(expected), expected_regrets(expected)
    base = arms.index(baseline) if baseline in arms else 0
    for place, arm in enumerate(arms):
        gains, of_worlds = (sign * (each[:, :, place] - each[:, :, base]) for each in (values, expected))
        parts = components(gains)
        yield {
            "arm": arm,
            "best_share": float(shares[place]),
            "difference": float(gains.mean()),
            **ends("worlds", of_worlds),
            **ends("run", gains),
            "chance_sd": float(np.sqrt(parts.within)),
            "worlds_sd": float(np.sqrt(parts.between)),
            "clipped": parts.raw_between < 0.0,
            "regret": float(regrets[:, place].mean()),
            "largest_regret": float(regrets[:, place].max()),
        }


def ends(name: str, values: Numbers) -> Row:
    """The ends of a 90 % range."""
    low, high = np.quantile(values, RANGE)
    return {f"{name}_low": float(low) + 0.0, f"{name}_high": float(high) + 0.0}


def worth_rows(
    values: Numbers, expected: Numbers, settings: pd.DataFrame, notes: Mapping[str, tuple[str, str]]
) -> Iterator[Row]:
    """What it is worth to know everything about the worlds, and each setting alone, the most valuable first."""
    everything = of_everything(expected)
    nothing: Row = {"setting_unit": "", "meaning": "", "low": np.nan, "high": np.nan}
    yield {"setting": EVERYTHING, **nothing, "worth": everything}
    if settings.empty:
        return
    worth = of_settings(values.mean(axis=1), settings.to_numpy(float), LEVEL)
    for place in np.argsort(-worth.raw, kind="stable"):
        key = str(settings.columns[place])
        unit, meaning = notes.get(key, ("", ""))
        parts = (np.minimum(each[place], everything) for each in (worth.value, worth.low, worth.high))
        numbers = dict(zip(("worth", "low", "high"), map(float, parts), strict=True))
        yield {"setting": key, "setting_unit": unit, "meaning": meaning, **numbers}
