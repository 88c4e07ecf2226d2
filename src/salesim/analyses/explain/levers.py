"""Which groups of levers make the difference of two arms: scenarios between the two, in which some groups are swapped.

A group is *added* to `against` alone, and *taken* from `arm` alone, which then has it as in `against`. Its *average* is the
Shapley value: what it brings when it joins those before it, averaged over all orders of joining (Shapley 1953).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from salesim.analyses.explain.bridge import between
from salesim.analyses.explain.spec import Explanation
from salesim.analyses.explain.spiral import Subset, shapley, subsets
from salesim.config.axes import shown
from salesim.config.compose_study import differences
from salesim.config.contradictions import contradictions
from salesim.config.dotted_keys import at_path
from salesim.config.errors import InputError
from salesim.config.scenario import with_numbers
from salesim.config.validation import as_mapping
from salesim.metrics import JUDGED, METRICS, SHOWN
from salesim.model.parameters import LEVER_GROUPS, Scenario, Vendor
from salesim.runs.runner import Runner, keyed
from salesim.stats.intervals import Numbers, simultaneous

MOST_AVERAGED = 6  # groups whose every subset is run (decision 21)
RIVALS, MARKET = "rivals", "market"  # swapped whole: no levers of the arms, but arms may differ in them
WHOLE, ADDED, TAKEN, AVERAGE = "whole", "added", "taken", "average"
INTERACTION = "interaction"  # what is missing from a sum of parts to the whole
ABOUT = ("title", "unit", "better")  # of a measure
Part = tuple[str, str]  # how it was measured, and the group


def group_of(key: str) -> str:
    """The group of a vendor's lever, by its dotted key in a vendor; the levers of a planned change count as the vendor's."""
    path = key.split(".")
    if path[0] == "initiatives" and len(path) > 3:  # initiatives.0.strategy.…, not initiatives.0.week
        path = path[2:]
    lever = path[-1] if path[0] == "strategy" else path[0]
    return next(group for group, levers in LEVER_GROUPS.items() if lever in levers)


def changed_levers(spec: Explanation) -> dict[str, dict[str, Any]]:
    """What vendor 0 has in `arm` instead, by group and dotted key; empty for rivals and the market. Names do not count."""
    arm, against = spec.arm.scenario, spec.against.scenario
    ours = differences(as_mapping(against.vendors[0]), as_mapping(arm.vendors[0]))
    if "initiatives" in ours:  # not the same number of them
        ours["initiatives"] = arm.vendors[0].initiatives
    groups: dict[str, dict[str, Any]] = {group: {} for group in (*LEVER_GROUPS, RIVALS, MARKET)}
    for key in ours:
        if not key.endswith("name"):
            groups[group_of(key)][key] = ours[key]
    if spec.arm.contest == "alone":
        others = against.vendors[1:] != arm.vendors[1:]
    else:
        others = len(against.vendors) != len(arm.vendors)
    differ = {RIVALS: others, MARKET: against.market != arm.market}
    return {group: levers for group, levers in groups.items() if levers or differ.get(group)}


def swapped(spec: Explanation, groups: Mapping[str, Mapping[str, Any]], on: Collection[str]) -> Scenario:
    """The scenario of `against` with the groups `on` as `arm` has them. Raises InputError where that contradicts itself."""
    arm, against = spec.arm.scenario, spec.against.scenario
    if not on or len(on) == len(groups):
        return arm if on else against
    ours: Vendor = with_numbers(against.vendors[0], {key: value for group in on for key, value in groups[group].items()})
    rivals = (arm if RIVALS in on else against).vendors[1:]
    if spec.arm.contest == "everyone":
        rivals = tuple(replace(ours, name=rival.name) for rival in rivals)
    scenario = replace(against, market=(arm if MARKET in on else against).market, vendors=(ours, *rivals))
    for contradiction in contradictions(scenario):
        raise InputError(f"{spec.against.name} with {' and '.join(on)} of {spec.arm.name} cannot be run: {contradiction}")
    return scenario


def swaps(spec: Explanation) -> dict[Subset, Scenario]:
    """The scenarios to run by the groups (their places among those that differ) that are as in `arm`.

    With few groups these are all subsets, else only those with one group swapped and both ends.
    """
    groups = changed_levers(spec)
    names, n = list(groups), len(groups)
    chosen = [each for each in subsets(n) if len(each) in (0, 1, n - 1, n)] if n > MOST_AVERAGED else subsets(n)
    return {subset: swapped(spec, groups, [names[place] for place in subset]) for subset in chosen}


def levers_of(spec: Explanation, runner: Runner) -> pd.DataFrame:
    """Run the swaps; a row a measure, way of measuring and group: difference and interval (`parts_of`)."""
    chosen, seeds = swaps(spec), spec.study.all_seeds
    scenarios = keyed(chosen.values())
    runner.run(f"{len(chosen)} ways of swapping levers", [(*one, seed) for one in scenarios for seed in seeds])
    runs = [[runner.result(key, seed) for seed in seeds] for key, _ in scenarios]
    values = [[[run["measures"][name] if run else np.nan for name in SHOWN] for run in mine] for mine in runs]
    return parts_of(dict(zip(chosen, np.array(values, float), strict=True)), list(changed_levers(spec)), spec)


def parts_of(values: Mapping[Subset, Numbers], groups: list[str], spec: Explanation) -> pd.DataFrame:
    """The whole difference and its parts, from the measures of each subset (seeds x SHOWN).

    A seed that lacks a measure anywhere is left out of it everywhere, so that parts add up. The whole has the interval of
    `run`; those of the parts of a measure hold simultaneously.
    """
    incomplete = np.isnan(list(values.values())).any(axis=0) & np.isin(SHOWN, JUDGED)
    values = {subset: np.where(incomplete, np.nan, each) for subset, each in values.items()}
    places = [SHOWN.index(name) for name in JUDGED]
    whole = between(values[tuple(range(len(groups)))], values[()], spec)
    ends = np.stack([whole.mean, whole.low, whole.high])[:, places]
    parts = part_differences({subset: each[:, places] for subset, each in values.items()}, groups)
    table = {(WHOLE, ""): ends} | dict.fromkeys(parts, ends)  # a single group makes the whole, and has its interval
    if len(groups) > 1:
        by_measure = [
            simultaneous(each, spec.study.confidence) for each in np.stack(list(parts.values()), axis=-1).swapaxes(0, 1)
        ]
        blocks = np.array([[each.mean, each.low, each.high] for each in by_measure])  # measures x ends x parts
        table |= dict(zip(parts, blocks.transpose(2, 1, 0), strict=True))
    rows = [
        (name, *(getattr(METRICS[name], about) for about in ABOUT), *part, *interval)
        for part, intervals in table.items()
        for name, interval in zip(JUDGED, intervals.T.tolist(), strict=True)
    ]
    return pd.DataFrame(rows, columns=["measure", *ABOUT, "way", "group", "difference", "low", "high"])


def part_differences(values: Mapping[Subset, Numbers], groups: Sequence[str]) -> dict[Part, Numbers]:
    """Differences (seeds x measures) that each part makes; with several groups also what is missing from sums to the whole."""
    n = len(groups)
    both, none = values[tuple(range(n))], values[()]
    parts: dict[Part, Numbers] = {}
    for place, group in enumerate(groups):
        parts[ADDED, group] = values[(place,)] - none
        parts[TAKEN, group] = both - values[tuple(other for other in range(n) if other != place)]
    if n > 1:
        for way in (ADDED, TAKEN):
            parts[way, INTERACTION] = both - none - sum(parts[way, group] for group in groups)
    if n <= MOST_AVERAGED:
        parts |= {(AVERAGE, group): part for group, part in zip(groups, shapley(dict(values), n), strict=True)}
    return parts


def lever_settings(spec: Explanation) -> pd.DataFrame:
    """A row a setting of vendor 0 in which the arms differ: its group, its key, and its value in both arms as text."""
    vendors = [as_mapping(side.scenario.vendors[0]) for side in (spec.against, spec.arm)]
    groups = changed_levers(spec)
    rows = [(group, key, *(shown(at_path(each, key)) for each in vendors)) for group in groups for key in groups[group]]
    return pd.DataFrame(rows, columns=["group", "setting", "against", "arm"])
