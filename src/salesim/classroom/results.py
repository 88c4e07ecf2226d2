"""The runs behind every number of a lesson: seeds, the digest of all that was set, and what they gave."""

import hashlib
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt

from salesim.classroom.lesson import Lesson, scenario_of
from salesim.config.scenario import default_scenario
from salesim.metrics.sums import DEAL_SUMS, YEAR_WEEKS, of_deals, sums_of
from salesim.model.parameters import Scenario
from salesim.model.parameters.vendors import Initiative, Vendor
from salesim.model.records import Records
from salesim.model.schedule import play
from salesim.runs.store import scenario_key

Numbers = npt.NDArray[np.float64]
Result = dict[str, Any]
TEAMS = 3  # of a market


def yearly_margins(records: Records) -> Numbers:
    """Gross margin of all vendors' deals by the year in which they closed, one per whole year; NaN where none was won."""
    sums = sums_of(records).deals[:, : records.n_weeks // YEAR_WEEKS].sum(axis=0)
    net_k, cost_k = sums[:, DEAL_SUMS.index("net_k")], sums[:, DEAL_SUMS.index("cost_k")]
    yearly: Numbers = 1.0 - cost_k / np.where(net_k, net_k, np.nan)
    return yearly


def late_margin(records: Records) -> float:
    """Gross margin of all vendors' deals of the last two years."""
    sums = [of_deals(records, vendor) for vendor in range(records.n_vendors)]
    return 1.0 - sum(each["late_cost_k"] for each in sums) / sum(each["late_net_k"] for each in sums)


def margins(records: Records) -> Numbers:
    """The yearly margins, and the late margin behind them."""
    return np.append(yearly_margins(records), late_margin(records))


def profits(records: Records, weeks_per_round: int) -> Numbers:
    """Operating profit of each vendor up to the end of each round, k$, rounds x vendors."""
    weekly = records.weeks["operating_profit_k"].reshape(records.n_weeks, records.n_vendors)
    ends = np.arange(weeks_per_round, records.n_weeks + 1, weeks_per_round) - 1
    return np.cumsum(weekly, axis=0)[ends]


class Runs:
    """Runs of a lesson, each made once, on `workers` threads (0: one for each core)."""

    def __init__(self, lesson: Lesson, workers: int = 0) -> None:
        self.lesson, self.seeds = lesson, range(lesson.first_seed, lesson.first_seed + lesson.seeds)
        self.pool = ThreadPoolExecutor(workers or os.cpu_count() or 1)
        self.done: dict[str, tuple[Any, ...]] = {}

    def close(self) -> None:
        """Start no other runs."""
        self.pool.shutdown(wait=False, cancel_futures=True)

    def over_seeds(self, scenarios: Sequence[Scenario], measure: Callable[[Records], Any]) -> tuple[list[Numbers], str]:
        """What is measured in each scenario, seeds first; and a digest of the scenarios and of the version of the model."""
        keys = [scenario_key(scenario) for scenario in scenarios]
        missing = {key: scenario for key, scenario in zip(keys, scenarios, strict=True) if key not in self.done}
        tasks = [(key, scenario, seed) for key, scenario in missing.items() for seed in self.seeds]
        values = list(self.pool.map(lambda task: measure(play(task[1], task[2])), tasks))
        for place, key in enumerate(missing):
            self.done[key] = tuple(values[place * len(self.seeds) : (place + 1) * len(self.seeds)])
        digest = hashlib.sha256(" ".join(keys).encode()).hexdigest()[:16]
        return [np.array(self.done[key]) for key in keys], digest

    def stamped(self, result: Result, digest: str) -> Result:
        """A result with what repeats it."""
        return result | {"first_seed": self.seeds[0], "seeds": len(self.seeds), "digest": digest}

    def curve(self, market: str) -> Result:
        """The yearly margin in a market: mean, and the range over seeds."""
        (values,), digest = self.over_seeds([scenario_of(self.lesson, market=market)], margins)
        years = values[:, :-1]
        return self.stamped({**band(years), "late": float(values[:, -1].mean())}, digest)

    def cuts(self, n_cut: int) -> Result:
        """By feedbacks cut, joined by `+`: late margin recovered, the share of seeds that recover, and the yearly margin."""
        names = list(combinations(self.lesson.loops, n_cut))
        uncut = scenario_of(self.lesson)
        scenarios = [default_scenario(uncut, **{f"market.loops.{loop}": 0 for loop in each}) for each in names]
        (base, *values), digest = self.over_seeds([uncut, *scenarios], margins)
        cut = {}
        for each, runs in zip(names, values, strict=True):
            gains = runs[:, -1] - base[:, -1]
            recovery = {"recovered": float(gains.mean()), "share": float(np.mean(gains > 0.0)), **band(runs[:, :-1])}
            cut["+".join(each)] = recovery
        return self.stamped({"cuts": cut, "base": band(base[:, :-1])}, digest)

    def round(self, cards: Sequence[Sequence[Sequence[str]]]) -> Result:
        """Profit of each team so far, k$, after as many rounds as each team has played cards: markets x teams."""
        scenarios = [self.market(teams) for teams in cards]
        weeks = self.lesson.weeks_per_round
        values, digest = self.over_seeds(scenarios, lambda records: profits(records, weeks))
        means = [each.mean(axis=0).tolist() for each in values]
        errors = [(each[:, -1].std(axis=0, ddof=1) / np.sqrt(len(each))).tolist() for each in values]
        so_far = [each[-1] for each in means]
        last = [np.subtract(each[-1], each[-2] if len(each) > 1 else 0.0).tolist() for each in means]
        played = [[list(team) for team in teams] for teams in cards]
        return self.stamped({"cards": played, "profit_k": so_far, "round_k": last, "error_k": errors}, digest)

    def market(self, teams: Sequence[Sequence[str]]) -> Scenario:
        """The scenario of one market: the cards of each team, one per round; after the first round a change has its cost."""
        lesson = self.lesson
        vendors = []
        for row, team in enumerate(teams):
            changes = [(n, card) for n, card in enumerate(team) if n and card != team[n - 1]]
            plans = tuple(
                Initiative(n * lesson.weeks_per_round, each.strategy, each.channel, each.licence, lesson.training_hours)
                for n, each in ((n, self.vendors[card]) for n, card in changes)
            )
            vendors.append(replace(self.vendors[team[0]], name=f"team {row + 1}", initiatives=plans))
        return replace(scenario_of(lesson), weeks=len(teams[0]) * lesson.weeks_per_round, vendors=tuple(vendors))

    @cached_property
    def vendors(self) -> dict[str, Vendor]:
        """A vendor that plays a card, by card."""
        cards = self.lesson.cards.items()
        return {name: scenario_of(self.lesson, strategy=card.strategy).vendors[0] for name, card in cards}


def band(years: Numbers) -> Result:
    """Mean, smallest and largest value of each year over the seeds."""
    values = {"mean": years.mean(axis=0), "low": years.min(axis=0), "high": years.max(axis=0)}
    return {name: each.tolist() for name, each in values.items()}
