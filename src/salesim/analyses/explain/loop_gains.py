"""Plays the shocks of the loops in `links`, reads the answers, and hands them to `compare.gain`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from salesim.analyses.explain.links import ALL, Link, Loop, Shock
from salesim.analyses.explain.spec import Explanation
from salesim.analyses.explain.spiral import subset_scenario
from salesim.config.compose_study import as_mapping, at_path
from salesim.config.scenario import default_scenario
from salesim.model.parameters import Scenario
from salesim.runs.runner import Runner, keyed
from salesim.runs.store import RunSummary
from salesim.stats.intervals import Numbers
from salesim.stats.loop_gain import LoopGain, loop_gain

LATE_YEARS = 2
Readings = Mapping[str, float]  # late values by reading


@dataclass(frozen=True)
class Gained:
    """A loop with its gain; `why_not` says why there is none."""

    loop: Loop
    gain: LoopGain | None
    why_not: str


def reading(run: RunSummary, name: str) -> float:
    """A reading of a run at its end: the mean of the last two years of vendor 0, or a measure."""
    if name in ("delivered",):
        return float(run["measures"][name])
    if name == "discount_expectation":
        return -reading(run, "reference_price")  # moves as the reference price does with the same speed, the other way
    if name == "price":
        return 1.0 - reading(run, "discount")
    return float(np.nanmean(run["years"][name][-LATE_YEARS:]))


def gains_of(asked: Explanation, runner: Runner) -> list[Gained]:
    """The gain of each loop whose feedbacks are on."""
    seeds, found = asked.spiral_seeds, []
    for loop in ALL:
        off = [name for name in loop.feedbacks if name not in asked.loops]
        if off:
            found.append(Gained(loop, None, f"{' and '.join(off)} is off in market.loops"))
    bases = alone(asked)
    for loop, base in bases:
        shocked(loop, base, states_at_start(base), asked)  # checks what will be shocked, before the first run
    keys = keyed(base for _, base in bases)
    runner.run("loops by themselves", [(*one, seed) for one in keys for seed in seeds])
    plans = []
    for (loop, base), (key, _) in zip(bases, keys, strict=True):
        late = states_at_end(base, [runner.result(key, seed) for seed in seeds])
        plans.append((loop, late, {name: keyed(pair) for name, pair in shocked(loop, base, late, asked).items()}))
    wanted = [(*one, seed) for _, _, pairs in plans for pair in pairs.values() for one in pair for seed in seeds]
    runner.run("small shocks to each link", wanted)
    return found + [gained(loop, late, pairs, asked, runner) for loop, late, pairs in plans]


def alone(asked: Explanation) -> list[tuple[Loop, Scenario]]:
    """Each loop whose feedbacks are on, and the market in which no other feedback is."""
    ready = [loop for loop in ALL if not set(loop.feedbacks) - set(asked.loops)]
    return [(loop, subset_scenario(asked.against.scenario, loop.feedbacks)) for loop in ready]


def gained(
    loop: Loop, late: Readings, pairs: Mapping[str, list[tuple[str, Scenario]]], asked: Explanation, runner: Runner
) -> Gained:
    """The gain of a loop from its shocked runs."""
    seeds = asked.spiral_seeds

    def moved(name: str, what: str) -> Numbers:
        ends = []
        for key, _ in pairs[name]:
            runs = [runner.result(key, seed) for seed in seeds]
            ends.append(np.array([reading(run, what) if run else np.nan for run in runs]))
        difference: Numbers = ends[1] - ends[0]
        return difference

    links = [
        (known_move(link, late, asked, len(seeds)) if link.cause == "shock" else moved(link.name, link.cause),
         moved(link.name, link.effect))
        for link in loop.links
    ]  # fmt: skip
    closed, cut = moved("closed", loop.measure), moved("cut", loop.measure)
    there = np.isfinite(np.array([closed, cut, *(side for link in links for side in link)])).all(axis=0)
    if there.sum() < 2:
        return Gained(loop, None, "nothing was sold in the last two years of too many runs")
    kept = [(cause[there], effect[there]) for cause, effect in links]
    return Gained(loop, loop_gain(kept, loop.ways, closed[there], cut[there], asked.study.confidence), "")


def known_move(link: Link, late: Readings, asked: Explanation, n: int) -> Numbers:
    """The move of a cause that no reading shows, from down to up: it follows from the rule."""
    return np.full(n, 2 * asked.shocks[link.shock.size] * late[link.known])


def shocked(loop: Loop, base: Scenario, late: Readings, asked: Explanation) -> dict[str, list[Scenario]]:
    """Two scenarios (down, up) for each link, and for the outside shock with the loop closed and cut."""
    found = {link.name: pair(changed(base, link.held, late), link.shock, late, asked) for link in loop.links}
    found["closed"] = pair(base, loop.outside, late, asked)
    found["cut"] = pair(changed(base, loop.cut, late), loop.outside, late, asked)
    return found


def pair(scenario: Scenario, shock: Shock, late: Readings, asked: Explanation) -> list[Scenario]:
    """The scenario with the shock downwards and upwards."""
    size = asked.shocks[shock.size]

    def moved(sign: float) -> Callable[[float], float]:
        def move(value: float) -> float:
            start = late[shock.around] if shock.around else value
            return start * (1 + sign * size) if shock.relative else start + sign * size

        return move

    return [set_all(scenario, shock.key, moved(sign)) for sign in (-1.0, 1.0)]


def changed(scenario: Scenario, held: Mapping[str, float | str], late: Readings) -> Scenario:
    """The scenario with what is held."""
    for key, value in held.items():
        scenario = set_all(scenario, key, fixed(late[value] if isinstance(value, str) else value))
    return scenario


def fixed(number: float) -> Callable[[float], float]:
    """A move to a number, wherever from."""
    return lambda _: number


def set_all(scenario: Scenario, key: str, move: Callable[[float], float]) -> Scenario:
    """The scenario with a key moved, for every vendor if it begins with `vendors.*`."""
    mapping: Any = as_mapping(scenario)
    keys = [key.replace("*", str(n)) for n in range(len(scenario.vendors))] if "*" in key else [key]
    return default_scenario(scenario, **{each: move(at_path(mapping, each)) for each in keys})


def states_at_start(base: Scenario) -> dict[str, float]:
    """The states that shocks are put around, as they are set: good enough to check that all can be played."""
    market = base.market
    channels = [vendor.channel for vendor in base.vendors]
    return with_rules(
        base,
        {
            "support_level": market.delivery.initial_support,
            "trust": market.trust.initial,
            "perceived_sameness": market.commoditization.initial_sameness,
            "reference_price": market.customers.initial_reference,
            "price": market.customers.initial_reference,
            "partner_discount": channels[0].start_discount,
            "gross_margin": 0.2,
        },
    )


def states_at_end(base: Scenario, runs: list[RunSummary | None]) -> dict[str, float]:
    """The same where the loop has brought them, mean over seeds."""
    names = ("support_level", "trust", "perceived_sameness", "reference_price", "price", "partner_discount", "gross_margin")
    return with_rules(base, {name: float(np.nanmean([reading(run, name) for run in runs if run])) for name in names})


def with_rules(base: Scenario, states: dict[str, float]) -> dict[str, float]:
    """The states, held where a small shock stays inside their bounds, and what the rules of the model make of them.

    `price_weight` is what the expectation of discounts has made of it, with the form of `price_slope`;
    `discount_expectation_step` is by how much that expectation would have to move for a relative move of the weight.
    """
    room = 0.06
    for name in ("support_level", "trust", "perceived_sameness", "reference_price"):
        states[name] = min(max(states[name], room), 1.0 - room)
    cap = min(vendor.channel.discount_cap for vendor in base.vendors)
    weight, customers = base.market.bargaining.discount_expectation_weight, base.market.customers
    factor = max(0.1, 1.0 + weight * (customers.initial_reference - states["price"]))
    return states | {
        "partner_discount": min(states["partner_discount"], cap),
        "room_to_discount": max(room, min(states["partner_discount"], cap - room)),
        "price_weight": customers.price_weight * factor,
        "discount_expectation_step": factor / weight if weight > 0 else float("nan"),
        "discount_expectation_speed": base.market.bargaining.discount_expectation_speed,
    }
