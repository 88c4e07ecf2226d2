"""Mesa agents as views of the rows of the records, for notebooks, reporters and tests.

Phases never loop over agent views. Reading or setting `agent.trust` or any other field reads or sets the row itself.
"""

from typing import TYPE_CHECKING, Any

import mesa

from salesim.model.agents.customer import trust_in
from salesim.model.series import rows_now

if TYPE_CHECKING:
    from salesim.model.mesa_model import SalesMarket


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
        return self.shown()[name].item()

    def shown(self) -> Any:
        """The row with all values as they are this week."""
        return self.record

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self.record.dtype.names]


class Vendor(AgentView):
    """A vendor: product lead, support, budgets."""

    kind = "vendors"


class Customer(AgentView):
    """A customer; `customer.trust(vendor)` is its trust in a vendor."""

    kind = "customers"

    def updated_rows(self) -> tuple[Any, Any]:
        """Copies of the customer's row and of its relations, one per vendor, as they are this week."""
        customers, relations = rows_now(self.model.market, self.model.week, slice(self.row, self.row + 1))
        return customers[0], relations[0]

    def shown(self) -> Any:
        """The row with this week's perceived sameness."""
        return self.updated_rows()[0]

    def access(self, vendor: int) -> float:
        """Executive access of the vendor with this row, 0 to 1."""
        return float(self.updated_rows()[1][vendor].access)

    def trust(self, vendor: int) -> float:
        """Trust in the vendor with this row, 0 to 1."""
        return float(trust_in(self.updated_rows()[1][vendor]))


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
