"""Runs the shocks of the loops in `links`, and reads their answers; `stats.loop_gain` makes gains of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from salesim.analyses.explain.links import ALL, Held, Link, Loop, Shock
from salesim.analyses.explain.spec import Explanation
from salesim.analyses.explain.spiral import subset_scenario
from salesim.config.dotted_keys import at_path
from salesim.config.scenario import default_scenario
from salesim.config.validation import as_mapping
from salesim.model.parameters import Scenario
from salesim.model.pricing import price_slope
from salesim.model.state import initialize
from salesim.runs.runner import Runner, keyed
from salesim.runs.store import RunSummary
from salesim.stats.intervals import Numbers
from salesim.stats.loop_gain import LoopGain, loop_gain

LATE_YEARS = 2
BOUND_GAP = 0.06  # that a state keeps from its bounds, so that a small shock stays inside them
STATES = ("support_level", "trust", "perceived_sameness", "reference_price", "price", "partner_discount", "gross_margin")
ESTIMATES = ("gain", "predicted", "measured", "apart")  # of a loop
Readings = Mapping[str, float]  # late values by reading


@dataclass(frozen=True)
class MeasuredLoop:
    """A loop with its gain. There is none where some of its feedbacks are `off`, or where too few runs sold anything."""

    loop: Loop
    gain: LoopGain | None = None
    off: tuple[str, ...] = ()


def reading(run: RunSummary, name: str) -> float:
    """A reading of a run at its end: the mean of the last two years of vendor 0, or a measure."""
    if name == "delivered":
        return float(run["measures"][name])
    if name == "discount_expectation":
        return -reading(run, "reference_price")  # moves as the reference price does with the same speed, the other way
    if name == "price":
        return 1.0 - reading(run, "discount")
    return float(np.nanmean(run["years"][name][-LATE_YEARS:]))


def measured_loops(spec: Explanation, runner: Runner) -> list[MeasuredLoop]:
    """The gain of each loop whose feedbacks are on, after the loops of which some are off; `cost` has checked the shocks."""
    bases = alone(spec)
    keys = keyed(base for _, base in bases)
    runner.run("loops by themselves", [(*one, seed) for one in keys for seed in spec.spiral_seeds])
    plans = []
    for (loop, base), (key, _) in zip(bases, keys, strict=True):
        runs = [run for seed in spec.spiral_seeds if (run := runner.result(key, seed))]
        late = states_at_end(base, runs)
        plans.append((loop, late, {name: keyed(pair) for name, pair in shocked(loop, base, late, spec).items()}))
    wanted = [(*one, seed) for _, _, pairs in plans for pair in pairs.values() for one in pair for seed in spec.spiral_seeds]
    runner.run("small shocks to each link", wanted)
    off = [(loop, tuple(name for name in loop.feedbacks if name not in spec.feedbacks)) for loop in ALL]
    unmeasured = [MeasuredLoop(loop, off=names) for loop, names in off if names]
    return unmeasured + [measured(loop, late, pairs, spec, runner) for loop, late, pairs in plans]


def alone(spec: Explanation) -> list[tuple[Loop, Scenario]]:
    """Each loop whose feedbacks are on, and the market in which no other feedback is."""
    ready = [loop for loop in ALL if not set(loop.feedbacks) - set(spec.feedbacks)]
    return [(loop, subset_scenario(spec.against.scenario, loop.feedbacks)) for loop in ready]


def measured(
    loop: Loop, late: Readings, pairs: Mapping[str, list[tuple[str, Scenario]]], spec: Explanation, runner: Runner
) -> MeasuredLoop:
    """The gain of a loop from its shocked runs."""

    def moved(name: str, what: str) -> Numbers:
        """By how much a reading is higher after the shock upwards than after the one downwards, by seed."""
        down, up = ([runner.result(key, seed) for seed in spec.spiral_seeds] for key, _ in pairs[name])
        return np.array([reading(b, what) - reading(a, what) if a and b else np.nan for a, b in zip(down, up, strict=True)])

    links = [(cause_of(link, late, spec, moved), moved(link.name, link.effect)) for link in loop.links]
    closed, cut = moved("closed", loop.measure), moved("cut", loop.measure)
    there = np.isfinite(np.array([closed, cut, *(side for link in links for side in link)])).all(axis=0)
    if there.sum() < 2:
        return MeasuredLoop(loop)
    kept = [(cause[there], effect[there]) for cause, effect in links]
    return MeasuredLoop(loop, loop_gain(kept, loop.ways, closed[there], cut[there], spec.study.confidence))


def cause_of(link: Link, late: Readings, spec: Explanation, moved: Callable[[str, str], Numbers]) -> Numbers:
    """The move of a link's cause by seed; one that no reading shows is known, as it follows from the rule."""
    if link.cause == "shock":
        return np.full(len(spec.spiral_seeds), 2 * spec.shocks[link.shock.size] * late[link.known])
    return moved(link.name, link.cause)


def shocked(loop: Loop, base: Scenario, late: Readings, spec: Explanation) -> dict[str, list[Scenario]]:
    """Two scenarios (down, up) for each link, and for the outside shock with the loop closed and cut."""
    pairs = {link.name: pair(changed(base, link.held, late), link.shock, late, spec) for link in loop.links}
    pairs["closed"] = pair(base, loop.outside, late, spec)
    pairs["cut"] = pair(changed(base, loop.cut, late), loop.outside, late, spec)
    return pairs


def pair(scenario: Scenario, shock: Shock, late: Readings, spec: Explanation) -> list[Scenario]:
    """The scenario with the shock downwards and upwards."""
    size, mapping = spec.shocks[shock.size], as_mapping(scenario)

    def moved(key: str, step: float) -> float:
        start: float = late[shock.around] if shock.around else at_path(mapping, key)
        return start * (1 + step) if shock.relative else start + step

    keys = every(shock.key, scenario)
    return [default_scenario(scenario, **{key: moved(key, step) for key in keys}) for step in (-size, size)]


def changed(scenario: Scenario, held: Held, late: Readings) -> Scenario:
    """The scenario with what is held."""
    changes: dict[str, float] = {}
    for key, value in held.items():
        changes |= dict.fromkeys(every(key, scenario), late[value] if isinstance(value, str) else value)
    return default_scenario(scenario, **changes)


def every(key: str, scenario: Scenario) -> list[str]:
    """The key, or that of every vendor if it begins with `vendors.*`."""
    return [key.replace("*", str(n)) for n in range(len(scenario.vendors))] if "*" in key else [key]


def states_at_start(base: Scenario) -> dict[str, float]:
    """The states that shocks are put around, as they are set: good enough to check that all can be run."""
    market = base.market
    states = (
        market.delivery.initial_support, market.trust.initial, market.commoditization.initial_sameness,
        market.customers.initial_reference, market.customers.initial_reference, base.vendors[0].channel.start_discount, 0.2,
    )  # fmt: skip
    return with_rules(base, dict(zip(STATES, states, strict=True)))


def states_at_end(base: Scenario, runs: Sequence[RunSummary]) -> dict[str, float]:
    """The same where the loop has brought them, mean over seeds."""
    return with_rules(base, {name: float(np.nanmean([reading(run, name) for run in runs])) for name in STATES})


def with_rules(base: Scenario, states: dict[str, float]) -> dict[str, float]:
    """The states, held where a small shock stays inside their bounds, and what the rules of the model make of them.

    `price_weight` is what the expectation of discounts has made of it; `discount_expectation_step` is by how much that
    expectation would have to move for a relative move of the weight (`price_slope` is linear in it).
    """
    for name in ("support_level", "trust", "perceived_sameness", "reference_price"):
        states[name] = min(max(states[name], BOUND_GAP), 1.0 - BOUND_GAP)
    cap = min(vendor.channel.discount_cap for vendor in base.vendors)
    market = initialize(base, seed=0)
    customer, settings = market.customers[0], market.settings[0]

    def slope(discount_expectation: float) -> float:
        customer.discount_expectation = discount_expectation
        return float(price_slope(customer, settings))

    expected = 1.0 - states["price"]
    now, at_first = slope(expected), slope(1.0 - base.market.customers.initial_reference)
    more = slope(expected + 1.0) - now
    return states | {
        "partner_discount": min(states["partner_discount"], cap),
        "room_to_discount": max(BOUND_GAP, min(states["partner_discount"], cap - BOUND_GAP)),
        "price_weight": base.market.customers.price_weight * now / at_first,
        "discount_expectation_step": now / more if more > 0 else float("nan"),
        "discount_expectation_speed": base.market.bargaining.discount_expectation_speed,
    }


def links_table(loops: list[MeasuredLoop]) -> pd.DataFrame:
    """A row a link: its gain with interval, and whether the shock surely moved its cause."""
    rows = [
        {"loop": each.loop.name, "link": link.name, "gain": gain.value, "low": gain.low, "high": gain.high, "moved": moved}
        for each in loops
        if each.gain
        for link, gain, moved in zip(each.loop.links, each.gain.links, each.gain.moved, strict=True)
    ]
    return pd.DataFrame(rows, columns=["loop", "link", "gain", "low", "high", "moved"])


def loops_table(loops: list[MeasuredLoop]) -> pd.DataFrame:
    """A row a loop: which of its feedbacks are off, its gain, the amplification that it predicts, and the one measured.

    Numbers are NaN where a feedback is off, or where too few runs could be measured.
    """
    rows = []
    for each in loops:
        row: dict[str, Any] = {"loop": each.loop.name, "off": ", ".join(each.off)}
        for name in ESTIMATES:
            ends = tuple(getattr(each.gain, name)) if each.gain else (float("nan"),) * 3
            row |= dict(zip((name, f"{name}_low", f"{name}_high"), ends, strict=True))
        margin, agreement = (each.gain.margin, each.gain.agreement) if each.gain else (np.nan, "")
        rows.append(row | {"margin": margin, "agreement": agreement})
    return pd.DataFrame(rows)
