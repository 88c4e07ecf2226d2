"""Mesa agents as views of the rows of the records: for looking, in notebooks, reporters and tests.

Phases never loop over agent views. Reading or setting `agent.trust` or any other field reads or sets the row itself.
"""

from typing import TYPE_CHECKING, Any

import mesa
import numpy as np

if TYPE_CHECKING:
    from salesim.model.mesa_model import SalesMarket


def customers_now(customers: Any, trends: Any, n_weeks: int) -> Any:
    """A copy of customers (one row or many) whose perceived sameness has all pressure of the `n_weeks` weeks played."""
    now = customers.copy()
    left = trends["difference_left"][n_weeks - 1 - now["sameness_week"]]
    now["perceived_sameness"] = 1.0 - (1.0 - now["perceived_sameness"]) * left
    now["sameness_week"] = n_weeks - 1
    return now


def access_now(relations: Any, trends: Any, n_weeks: int) -> Any:
    """A copy of relations (one row or many) whose access has faded for all of the `n_weeks` weeks played."""
    now = relations.copy()
    now["access"] *= trends["access_left"][np.maximum(0, n_weeks - 1 - now["access_week"])]
    now["access_week"] = n_weeks - 1
    return now


class AgentView(mesa.Agent):
    """A Mesa agent that shows one row of a kind's record array; its fields are attributes."""

    kind = ""

    def __init__(self, model: "SalesMarket", row: int) -> None:
        super().__init__(model)
        self.row = row

    @property
    def record(self) -> Any:
        """The agent's row now; a view, so writing a field writes the market."""
        return getattr(self.model.market, self.kind)[self.row]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name in ("row", "model", "unique_id", "pos"):
            raise AttributeError(name)
        record = self.record
        if name not in record.dtype.names:
            allowed = ", ".join(record.dtype.names)
            raise AttributeError(f"{type(self).__name__} has no field {name!r}; its fields are {allowed}")
        return self.shown(record)[name].item()

    def shown(self, record: Any) -> Any:
        """The row with everything as it is now."""
        return record

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self.record.dtype.names]


class Vendor(AgentView):
    """A vendor: product lead, support, budgets."""

    kind = "vendors"


class Customer(AgentView):
    """A customer; `customer.trust(vendor)` is its trust in a vendor."""

    kind = "customers"

    def shown(self, record: Any) -> Any:
        """The row with this week's perceived sameness."""
        return customers_now(record, self.model.market.trends, self.model.week)

    def access(self, vendor: int) -> float:
        """Executive access of the vendor with this row, 0 to 1."""
        market = self.model.market
        return float(access_now(market.relations[self.row, vendor], market.trends, self.model.week)["access"])

    def trust(self, vendor: int) -> float:
        """Trust in the vendor with this row, 0 to 1."""
        relation = self.model.market.relations[self.row, vendor]
        weight = relation["person_weight"]
        return float(weight * relation["trust_person"] + (1.0 - weight) * relation["trust_firm"])


class Salesperson(AgentView):
    """A salesperson's seat; `generation` counts the people who had it before."""

    kind = "salespeople"


class Executive(AgentView):
    """A senior executive of a vendor."""

    kind = "executives"


class ChannelPartner(AgentView):
    """A channel partner of a vendor."""

    kind = "partners"


KINDS: dict[str, type[AgentView]] = {kind.kind: kind for kind in (Vendor, Customer, Salesperson, Executive, ChannelPartner)}
