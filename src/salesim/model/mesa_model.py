"""SalesMarket: the market as a Mesa model. Mesa is the host; the weekly rules run compiled (`schedule.py`).

>>> from salesim import SalesMarket
>>> market = SalesMarket(rng=1, weeks=26)
>>> market.run()
>>> market.datacollector.get_model_vars_dataframe().shape
(26, 8)
"""

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import mesa
import numpy as np

from salesim.model import defaults, series
from salesim.model.agents.views import KINDS
from salesim.model.errors import InputError
from salesim.model.parameters import Scenario
from salesim.model.records import Records
from salesim.model.rng import seed_of
from salesim.model.schedule import advance, begin, records_of
from salesim.model.state import initialize, numbers_of

if TYPE_CHECKING:
    import pandas as pd

REPORTED = ("revenue_k", "gross_margin_k", "operating_profit_k", "won", "trust", "perceived_sameness", "reference_price")


class SalesMarket(mesa.Model):
    """A market of customers, vendors, salespeople, executives and channel partners.

    `scenario` is a Scenario of salesim (the shipped default without it), or one of Mesa's that names settings. Further keywords
    change single settings by their dotted name, as `**{"market.commoditization.pressure_per_week": 0.002, "strategy":
    "diagnostic"}`, so that Mesa's `batch_run` can vary them. `rng` (or `seed`) is a whole number, also as text, or a numpy
    Generator. `model_reporters`, `agent_reporters` and `agenttype_reporters` are Mesa's, collected every week beside the
    market's own. An agent without the attribute that an agent reporter names reports None.
    Raises `errors.InputError` for unknown keys and values out of range.
    """

    def __init__(
        self,
        scenario: Any = None,
        *,
        rng: Any = None,
        seed: Any = None,
        model_reporters: Mapping[str, Any] | None = None,
        agent_reporters: Mapping[str, Any] | None = None,
        agenttype_reporters: Mapping[type, Mapping[str, Any]] | None = None,
        **kwargs: Any,
    ) -> None:
        theirs = None if scenario is None or isinstance(scenario, Scenario) else scenario
        if theirs is not None:
            scenario, kwargs = None, settings_in(theirs) | kwargs
            from_scenario = kwargs.pop("rng", getattr(theirs, "rng", None))  # Mesa 4 does not count it among the settings
            rng = from_scenario if rng is None and seed is None else rng
        self.key = seed_of(rng, seed)
        super().__init__(rng=self.key)
        if theirs is not None:
            self.scenario = theirs  # Mesa's own, from Mesa 3.5 on
        self.settings = scenario if scenario and not kwargs else defaults.default_scenario(scenario, **kwargs)
        self.week = 0
        self.market = begin(initialize(self.settings, self.key))
        self.agents_made = False
        self.own_reporters = {"week": "week"} | {name: partial(_latest, name) for name in REPORTED}
        self.datacollector = mesa.DataCollector(
            self.own_reporters | dict(model_reporters or {}),
            _kept(agent_reporters or {}),
            {kind: _kept(reporters) for kind, reporters in (agenttype_reporters or {}).items()},
        )

    def step(self) -> None:
        """Run one week, with the same bits as `run`. After the last week it only stops the model."""
        if self.week < self.settings.weeks:
            self.market = advance(self.market, self.week, self.week + 1)
            self.week += 1
            self.datacollector.collect(self)
        self.steps, self.running = self.week, self.week < self.settings.weeks

    def run(self) -> Records:
        """Run all remaining weeks and return the records.

        One compiled call, unless the weeks are `followed`; Mesa's collector is filled from the records afterwards.
        """
        if self.followed():
            self.run_model()
            return self.records
        first, self.week = self.week, self.settings.weeks
        self.market = advance(self.market, first, self.week)
        records = self.records
        collected, mine = self.datacollector.model_vars, records.weeks[records.weeks["vendor"] == 0][first:]
        collected["week"] += range(first + 1, self.week + 1)
        for name in REPORTED:
            collected[name] += mine[name].tolist()
        self.steps, self.running = self.week, False
        if hasattr(self, "time"):
            self.time = float(self.week)
        return records

    def followed(self) -> bool:
        """Whether weeks have to be stepped, because reporters, another collector or a subclass see each of them."""
        collector, step = self.datacollector, type(self).step
        others = collector.agent_reporters or collector.agenttype_reporters
        return bool(others) or collector.model_reporters != self.own_reporters or step is not SalesMarket.step

    @property
    def records(self) -> Records:
        """Deals and weeks up to now; before the last week a copy."""
        return records_of(self.market, self.week)

    def make_agents(self) -> None:
        """Create the agents at the first access to them: a run without an observer does not need them."""
        if not self.agents_made:
            self.agents_made = True
            for name, kind in KINDS.items():
                for row in range(len(getattr(self.market, name))):
                    kind(self, row)

    @property
    def agents(self) -> Any:
        """All agents, as a Mesa AgentSet."""
        self.make_agents()
        return super().agents

    @property
    def agents_by_type(self) -> Any:
        """An AgentSet for each class of agents, in the order of their rows."""
        self.make_agents()
        return super().agents_by_type

    @property
    def agent_types(self) -> Any:
        """The classes of agents."""
        self.make_agents()
        return super().agent_types

    def agents_frame(self, kind: str) -> "pd.DataFrame":
        """All columns of a kind of agents now: vendors, customers, relations, salespeople, executives or partners.

        `relations` has one row per customer and vendor.
        """
        import pandas as pd

        if kind not in series.KINDS:
            raise InputError(f"{kind!r} is not a kind of agents; the kinds are {', '.join(series.KINDS)}")
        return pd.DataFrame(series.agents_now(self.market, self.week, kind))

    def __getstate__(self) -> dict[str, Any]:
        return vars(self) | {"market": self.market._replace(lever_numbers=np.empty(0))}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self.market = self.market._replace(lever_numbers=numbers_of(self.market.levers))  # the two share their memory

    def end(self) -> None:
        """Remove all agents and the market, so that the memory of a finished model is free while others run."""
        self.remove_all_agents()
        self.agents_made = True
        del self.market


def settings_in(scenario: Any) -> dict[str, Any]:
    """The settings that a scenario of Mesa, or a mapping, names. Raises InputError for anything else."""
    try:
        return dict(scenario)
    except (TypeError, ValueError):
        raise InputError(f"scenario is {scenario!r}; it has to be a Scenario of salesim or of Mesa") from None


def _kept(reporters: Mapping[str, Any]) -> dict[str, Any]:
    """Agent reporters that can be pickled, and that give None for an attribute which only other kinds of agents have."""
    return {name: partial(_attribute, each) if isinstance(each, str) else each for name, each in reporters.items()}


def _attribute(name: str, agent: mesa.Agent) -> Any:
    return getattr(agent, name, None)


def _latest(name: str, model: SalesMarket) -> float:
    """A Mesa model reporter: last week's entry of the vendor in question; wins are counted from the deals."""
    week = model.week - 1
    if week < 0:
        return np.nan
    if name == "won":
        deals = model.market.deals[: model.market.totals["n_deals"][0]]
        return int(((deals["vendor"] == 0) & (deals["closed_week"] == week) & (deals["outcome"] == 1)).sum())
    return float(model.market.weeks[name][week, 0])
