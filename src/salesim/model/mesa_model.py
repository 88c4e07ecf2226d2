"""SalesMarket: the market as a Mesa model. Mesa is the host; the weekly rules run compiled (`schedule.py`).

>>> from salesim import SalesMarket
>>> market = SalesMarket(seed=1, weeks=26)
>>> market.run()
>>> market.datacollector.get_model_vars_dataframe().shape
(26, 8)
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import mesa
import numpy as np

from salesim.model import defaults, series
from salesim.model.agents.views import KINDS, AgentView
from salesim.model.parameters import Scenario
from salesim.model.records import Records
from salesim.model.schedule import advance, begin, records_of, timed_week
from salesim.model.state import Market, initialize, numbers_of

if TYPE_CHECKING:
    import pandas as pd

REPORTED = ("revenue_k", "gross_margin_k", "operating_profit_k", "won", "trust", "perceived_sameness", "reference_price")


class SalesMarket(mesa.Model):
    """A market of customers, vendors, salespeople, executives and channel partners.

    `scenario` is the scenario to run (the shipped default without it); further keywords change single numbers or choices of the
    default scenario by their dotted name, as `**{"market.commoditization.pressure_per_week": 0.002, "strategy":
    "diagnostic"}`, so that Mesa's `batch_run` can vary them. `rng` (or `seed`) is a whole number or a numpy Generator.
    `agent_reporters` are handed to Mesa's DataCollector; with them each week is collected as it is run.
    Raises `errors.InputError` for unknown keys and values out of range.
    """

    def __init__(
        self,
        scenario: Scenario | None = None,
        *,
        rng: Any = None,
        seed: int | None = None,
        agent_reporters: Mapping[str, Any] | None = None,
        **parameters: Any,
    ) -> None:
        key = seed_of(rng if rng is not None else seed)
        super().__init__(rng=key)
        if scenario is None or parameters:
            scenario = defaults.default_scenario(scenario, **parameters)
        self.scenario = scenario
        self.key = key
        self.week = 0
        self.market = begin(initialize(scenario, key))
        self._shown = False
        reporters = {"week": "week"} | {name: partial(_latest, name) for name in REPORTED}
        self.datacollector = mesa.DataCollector(model_reporters=reporters, agent_reporters=agent_reporters or {})

    def step(self) -> None:
        """Run one week, with the same bits as `run`. After the last week it only stops the model."""
        if self.week >= self.scenario.weeks:
            self.running = False
            return
        self._finish_week(advance(self.market, self.week, self.week + 1))

    def timed_step(self) -> dict[str, float]:
        """Run one week as `step` does, phase by phase; return the seconds of each phase by its name (`timed_week`)."""
        if self.week >= self.scenario.weeks:
            self.running = False
            return {}
        market, seconds = timed_week(self.market, self.week)
        self._finish_week(market)
        return seconds

    def _finish_week(self, market: Market) -> None:
        self.market = market
        self.week += 1
        self.datacollector.collect(self)
        self.running = self.week < self.scenario.weeks

    def run(self) -> Records:
        """Run all remaining weeks and return the records.

        One compiled call; Mesa's collector is filled from the records afterwards. With agent reporters, weeks are stepped.
        """
        if self.datacollector.agent_reporters:
            while self.week < self.scenario.weeks:
                self.step()
            return self.records
        first, self.week = self.week, self.scenario.weeks
        self.market = advance(self.market, first, self.week)
        records = self.records
        collected, mine = self.datacollector.model_vars, records.weeks[records.weeks["vendor"] == 0][first:]
        collected["week"] += range(first + 1, self.week + 1)
        for name in REPORTED:
            collected[name] += mine[name].tolist()
        self.steps = self.week
        self.running = False
        return records

    def run_model(self) -> None:
        """Mesa's name for `run`."""
        self.run()

    @property
    def records(self) -> Records:
        """Deals and weeks up to now; before the last week a copy."""
        return records_of(self.market, self.week)

    def _show(self) -> None:
        """Create the agents at the first access to them: a run without an observer does not need them."""
        if not self._shown:
            self._shown = True
            for name, kind in KINDS.items():
                for row in range(len(getattr(self.market, name))):
                    kind(self, row)

    @property
    def agents(self) -> Any:
        """All agents, as a Mesa AgentSet."""
        self._show()
        return super().agents

    @property
    def agents_by_type(self) -> Any:
        """An AgentSet for each class of agents."""
        self._show()
        return super().agents_by_type

    @property
    def agent_types(self) -> Any:
        """The classes of agents."""
        self._show()
        return super().agent_types

    def views(self, kind: type[AgentView]) -> Sequence[AgentView]:
        """All agents of a kind, in the order of their rows."""
        return sorted(self.agents_by_type[kind], key=lambda agent: agent.row)

    def agents_frame(self, kind: str) -> "pd.DataFrame":
        """All columns of a kind of agents now: vendors, customers, relations, salespeople, executives or partners.

        `relations` has one row per customer and vendor.
        """
        import pandas as pd

        if kind not in series.KINDS:
            raise ValueError(f"{kind!r} is not a kind of agents; the kinds are {', '.join(series.KINDS)}")
        return pd.DataFrame(series.agents_now(self.market, self.week, kind))

    def __reduce__(self) -> tuple[Any, ...]:
        market = self.market._replace(lever_numbers=np.empty(0))
        return _unpickled, (type(self), self.scenario, self.key, self.week, market, self.datacollector)

    def end(self) -> None:
        """Remove all agents, so that the memory of a finished model can be freed while others run."""
        self.remove_all_agents()
        mesa.Agent._ids.pop(self, None)  # Mesa keeps every model that had agents alive through this counter


def seed_of(rng: Any) -> int:
    """A key for all random numbers: the whole number itself, one drawn from a Generator, or a fresh one for None."""
    if isinstance(rng, int | np.integer):
        return int(rng)
    return int(np.random.default_rng(rng).integers(2**31))


def _latest(name: str, model: SalesMarket) -> float:
    """A Mesa model reporter: last week's entry of the vendor in question; wins are counted from the deals."""
    week = model.week - 1
    if name == "won":
        deals = model.market.deals[: model.market.totals["n_deals"][0]]
        return int(((deals["vendor"] == 0) & (deals["closed_week"] == week) & (deals["outcome"] == 1)).sum())
    return float(model.market.weeks[name][week, 0])


def _unpickled(kind: type[SalesMarket], scenario: Scenario, key: int, week: int, market: Market, collector: Any) -> SalesMarket:
    """The model that `SalesMarket.__reduce__` took apart; both views of the levers share their memory again."""
    model = kind(scenario, rng=key)
    model.market = market._replace(lever_numbers=numbers_of(market.levers))
    model.week = model.steps = week
    model.running = week < scenario.weeks
    model.datacollector = collector
    return model
