"""What the default market was built to have (configs/evidence/aims.yaml), measured on seeds that no fit has seen.

python docs/proofs/aims.py [seeds]      # 24 seeds if not said; some minutes
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from typing import Any

import numpy as np
import numpy.typing as npt
import yaml
from pages import HERE, page

from salesim.config.scenario import default_scenario
from salesim.metrics import METRICS
from salesim.metrics.facts import FACT_MEASURES, QUARTER_WEEKS
from salesim.model.parameters import Loops
from salesim.model.records import Records
from salesim.model.schedule import play
from salesim.stats.intervals import simultaneous

FIRST_SEED, SEEDS, CONFIDENCE = 21001, 96, 0.95
STYLES = ("pitch", "diagnostic", "rainmaking")
CHANNELS = ("on_request", "hold_and_teach", "rebate", "partner_executives")
PRESSURE = "market.commoditization.pressure_per_week"
CUT = {f"market.loops.{field.name}": 0 for field in fields(Loops)}
EXPERIMENTS = HERE.parents[1] / "configs" / "experiment"
SIMPLE, COMPLEX = ({"market.customers.complexity_a": a} for a in (1.0, 4.0))
BUSY = {
    f"market.{group}.{name}": value
    for group, numbers in yaml.safe_load((EXPERIMENTS / "simple_and_busy.yaml").read_text(encoding="utf-8"))["market"].items()
    for name, value in numbers.items()
}
MARKETS: Mapping[str, dict[str, Any]] = {"simple and busy": BUSY, "simple": SIMPLE, "as shipped": {}, "complex": COMPLEX}
NO_CONSEQUENCE = {
    "market.delivery.rework_share": 0.0,
    "market.loops.promise_trust": 0,
    "market.loops.outcome_sameness": 0,
    "market.loops.word_of_mouth": 0,
}
WHERE: Mapping[str, dict[str, Any]] = {
    "simple and busy": BUSY,
    "as shipped": {},
    "complex": COMPLEX,
    "no consequence": NO_CONSEQUENCE,
}
HELP = {
    "coaching": "strategy.systems.coaching",
    "measuring of outcomes": "strategy.systems.outcome_measuring",
    "accountability": "strategy.support.accountability",
    "collaboration": "strategy.support.collaboration",
    "help with change": "strategy.support.change_management",
}
MEASURES: Mapping[str, Callable[[Records, int], float]] = {
    **{name: metric.function for name, metric in METRICS.items()},
    **FACT_MEASURES,
}
TURN = [{"week": 0, "strategy": "diagnostic", "training_hours": 16.0}]
Numbers = npt.NDArray[np.float64]
Lines = list[str]


class Measured:
    """Runs of the default market, each arm once."""

    def __init__(self, seeds: Sequence[int]):
        self.seeds, self.known = seeds, dict[str, list[Records]]()

    def runs(self, **arm: Any) -> list[Records]:
        """Ten years for each seed; everyone pitches unless the arm says otherwise."""
        key = repr(sorted(arm.items()))
        if key not in self.known:
            scenario = default_scenario(None, **{"strategy": "pitch", "contest": "everyone", **arm})
            with ThreadPoolExecutor(2) as pool:
                self.known[key] = list(pool.map(lambda seed: play(scenario, seed), self.seeds))
        return self.known[key]

    def values(self, measure: str, **arm: Any) -> Numbers:
        """A measure of vendor 0, by seed."""
        return np.array([MEASURES[measure](records, 0) for records in self.runs(**arm)])

    def profit(self, **arm: Any) -> Numbers:
        """Operating profit of vendor 0, k$ a year, by seed."""
        return self.values("operating_profit_k", **arm)

    def effect(self, **arm: Any) -> Numbers:
        """What pressure adds to the fall of the gross margin, by seed."""
        return self.values("margin_fall", **{PRESSURE: 0.002}, **arm) - self.values("margin_fall", **{PRESSURE: 0.0}, **arm)


def table(head: str, rows: Mapping[str, Numbers], form: str = ".3f") -> Lines:
    """Rows with their mean and interval; those of a table hold simultaneously."""
    found = simultaneous(np.column_stack(list(rows.values())), CONFIDENCE)
    lines = [f"| {head} | mean | 95 % interval |", "|---|---|---|"]
    for place, name in enumerate(rows):
        ends = f"{found.low[place]:{form}} to {found.high[place]:{form}}"
        lines.append(f"| {name} | {found.mean[place]:{form}} | {ends} |")
    return lines


def bounds(market: Measured) -> Lines:
    """Share of quotes at the seller's authority or the partner's cost in the year in which it is largest, and at list price."""
    lines = [
        "| strategy | at a bound, largest year | at list price, largest year | at list price, all years |",
        "|---|---|---|---|",
    ]
    for style in STYLES:
        deals = np.concatenate([run.deals for run in market.runs(strategy=style)]).view(np.recarray)
        deals = deals[np.isfinite(deals.price) & (deals.closed_week >= 0) & (deals.vendor == 0)]
        floor = 1.0 - default_scenario(strategy=style).vendors[0].strategy.systems.price_authority
        at_floor = deals.price <= np.where(deals.partner < 0, floor, deals.partner_cost) + 1e-9
        at_list, years = deals.price >= 1.0 - 1e-9, deals.closed_week // 52
        largest = [max(float(which[years == year].mean()) for year in np.unique(years)) for which in (at_floor, at_list)]
        lines.append(f"| {style} | {largest[0]:.3f} | {largest[1]:.3f} | {at_list.mean():.3f} |")
    return lines


def passed(market: Measured) -> Lines:
    """Pass-through as a rate and an elasticity, its spread over partners, and differences between strategies and programmes."""
    names = ("pass_through", "pass_through_elasticity", "pass_through_spread")
    rows = {f"{style}: {name}": market.values(name, strategy=style) for style in STYLES for name in names}
    lines = [*table("pass-through", rows), ""]
    different = {
        f"{style} less pitch: {name}": market.values(name, strategy=style) - market.values(name)
        for style in STYLES[1:]
        for name in names[:2]
    }
    different |= {
        f"{channel} less on_request: {name}": market.values(name, channel=channel) - market.values(name, channel="on_request")
        for channel in CHANNELS[1:]
        for name in names[:2]
    }
    lines += [*table("difference", different, "+.3f"), ""]
    rates = {style: below_list(market, style) for style in STYLES}
    rest = {f"{style} less pitch: pass_through": rates[style] - rates["pitch"] for style in STYLES[1:]}
    return lines + table("difference, of quotes below the list price alone, where no limit holds them", rest, "+.3f")


def below_list(market: Measured, style: str) -> Numbers:
    """Mean pass-through of vendor 0's partners over quotes below the list price, where nothing is passed on, by seed."""
    means = []
    for run in market.runs(strategy=style):
        deals = run.deals
        means.append(deals.pass_through[(deals.vendor == 0) & (deals.partner >= 0) & (deals.price < 1.0 - 1e-9)].mean())
    return np.array(means)


def worked(market: Measured) -> Lines:
    """Hours that salespeople work on deals, of those they have."""
    return table("utilization", {style: market.values("utilization", strategy=style) for style in STYLES})


def spiral(market: Measured) -> Lines:
    """What pressure of 0.002 a week adds to the fall of margins, by complexity, and without feedbacks."""
    whole, simple = market.effect(**COMPLEX), market.effect(**SIMPLE)
    cut = market.effect(**COMPLEX, **CUT)
    rows = {
        "effect of pressure, simple": simple,
        "effect of pressure, as shipped": market.effect(),
        "effect of pressure, complex": whole,
        "complexity x pressure": whole - simple,
        "effect of pressure, complex, all feedbacks cut": cut,
        "gone when they are cut": whole - cut,
    }
    gone = 1.0 - cut.mean() / whole.mean()
    return [
        *table("fall of the gross margin", rows, "+.3f"),
        "",
        f"{100 * gone:.0f} % of what pressure did is gone when they are cut.",
    ]


def promises(market: Measured) -> Lines:
    """What promising everything, and paying for no support, adds to the profit of one vendor in a complex market."""
    rows = {}
    for style in STYLES:
        base = {"strategy": style, "contest": "alone", **COMPLEX}
        for name, change in (("promising everything", {"strategy.systems.promise_inflation": 1.0}),
                             ("no support", {"strategy.support.delivery_share": 0.0})):  # fmt: skip
            rows[f"{style}: {name}"] = market.profit(**base, **change) - market.profit(**base)
    return table("profit gained, k$ a year", rows, "+,.0f")


def helps(market: Measured) -> Lines:
    """What each lever adds to the profit of one vendor, at 1 against 0, by market and strategy; coaching also in a turn.

    In the market without consequence outcomes move neither trust nor perceived sameness, nobody hears of them, and nothing is
    made good.
    """
    rows = {}
    for name, lever in HELP.items():
        for place, numbers in WHERE.items():
            for style in STYLES[:2]:
                arm = {"strategy": style, "contest": "alone", **numbers}
                gain = market.profit(**arm, **{lever: 1.0}) - market.profit(**arm, **{lever: 0.0})
                rows[f"{name}: {place}, {style}"] = gain
    with_it, without = (
        market.profit(
            contest="alone", initiatives=[{**TURN[0], "strategy": {"defaults": ["diagnostic"], "systems": {"coaching": how}}}]
        )
        for how in (1.0, 0.0)
    )
    return table(
        "profit gained, k$ a year", {**rows, "coaching: in a turn from pitch to diagnostic": with_it - without}, "+,.0f"
    )


def leaders(market: Measured) -> Lines:
    """By how much each strategy earns more than pitching if one vendor follows it, by market."""
    rows = {}
    for place, numbers in MARKETS.items():
        pitch = market.profit(contest="alone", **numbers)
        for style in STYLES[1:]:
            rows[f"{place}: {style} less pitch"] = market.profit(contest="alone", strategy=style, **numbers) - pitch
        ours, theirs = (market.profit(contest="alone", strategy=style, **numbers) for style in STYLES[1:])
        rows[f"{place}: rainmaking less diagnostic"] = theirs - ours
    return table("profit gained, k$ a year", rows, "+,.0f")


def turned(market: Measured) -> Lines:
    """What a turn from pitching to diagnosis has cost or brought by the end of some quarters, cumulated."""

    def cumulated(**arm: Any) -> Numbers:
        weeks = [run.weeks[run.weeks["vendor"] == 0]["operating_profit_k"] for run in market.runs(contest="alone", **arm)]
        return np.cumsum(np.array(weeks).reshape(len(weeks), -1, QUARTER_WEEKS).sum(axis=2), axis=1)

    gained = cumulated(initiatives=TURN) - cumulated()
    rows = {f"{quarter} quarters": gained[:, quarter - 1] for quarter in (2, 4, 6, 8, 12, 20, 40)}
    even = int(np.flatnonzero(gained.mean(axis=0) < 0.0).max(initial=-1)) + 2
    return [*table("after the turn, k$", rows, "+,.0f"), "", f"On average it has paid for itself in quarter {even}."]


def main(seeds: Sequence[int]) -> None:
    """Print the page."""
    market = Measured(seeds)
    parts: Mapping[str, Callable[[Measured], Lines]] = {
        "Quotes at bounds": bounds, "Pass-through": passed, "Utilization": worked, "Pressure and feedbacks": spiral,
        "Promises and support": promises, "Levers that pay somewhere": helps, "Which strategy earns most": leaders,
        "Turning from pitching to diagnosis": turned,
    }  # fmt: skip
    lines = [line for title, part in parts.items() for line in (f"## {title}", "", *part(market), "")]
    about = (
        f"{len(seeds)} paired seeds of ten years that no fit has seen; the intervals of a table hold simultaneously. These "
        "properties were aimed at, so none of them is a finding; `salesim explain` measures the gains of the feedback loops."
    )
    page("aims", "What the default market was built to have", about, lines[:-1])


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else SEEDS
    main(range(FIRST_SEED, FIRST_SEED + count))
