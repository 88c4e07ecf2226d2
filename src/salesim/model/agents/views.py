"""Mesa agents as views of the rows of the records, for notebooks, reporters and tests.

Phases never loop over agent views. Reading or setting `agent.trust` or any other field reads or sets the row itself.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import mesa

from salesim.model.agents.customer import CUSTOMER, trust_in
from salesim.model.agents.executive import EXECUTIVE
from salesim.model.agents.partner import PARTNER
from salesim.model.agents.salesperson import SALESPERSON
from salesim.model.agents.vendor import VENDOR
from salesim.model.series import rows_now
from salesim.model.state import sum_customers

if TYPE_CHECKING:
    from salesim.model.mesa_model import SalesMarket


def field(name: str) -> property:
    """An attribute that reads and writes one field of an agent's row."""

    def read(agent: "AgentView") -> Any:
        return agent.shown()[name].item()

    def write(agent: "AgentView", value: Any) -> None:
        agent.write(name, value)

    return property(read, write)


class AgentView(mesa.Agent):
    """A Mesa agent that shows one row of a kind's record array; its fields are attributes."""

    kind = ""

    def __init_subclass__(cls, kind: str = "", fields: Sequence[str] = (), **more: Any) -> None:
        super().__init_subclass__(**more)
        cls.kind = kind or cls.kind
        for name in fields:
            setattr(cls, name, field(name))

    def __init__(self, model: "SalesMarket", row: int) -> None:
        super().__init__(model)
        self.row = row

    @property
    def record(self) -> Any:
        """The agent's row as the rules left it; a view, so writing a field writes the market."""
        return getattr(self.model.market, self.kind)[self.row]

    def shown(self) -> Any:
        """The row with all values as they are this week."""
        return self.record

    def write(self, name: str, value: Any) -> None:
        """Set a field of the row."""
        self.record[name] = value


class Vendor(AgentView, kind="vendors", fields=VENDOR.names or ()):
    """A vendor: product lead, support, budgets."""


class Customer(AgentView, kind="customers", fields=CUSTOMER.names or ()):
    """A customer; `customer.trust(vendor)` is its trust in a vendor."""

    def updated_rows(self) -> tuple[Any, Any]:
        """Copies of the customer's row and of its relations, one per vendor, as they are this week."""
        customers, relations = rows_now(self.model.market, self.model.week, slice(self.row, self.row + 1))
        return customers[0], relations[0]

    def shown(self) -> Any:
        """The row with this week's perceived sameness."""
        return self.updated_rows()[0]

    def write(self, name: str, value: Any) -> None:
        """Set a field of the row, and the market's totals over customers."""
        if name == "perceived_sameness":
            self.record.sameness_week = self.model.week - 1
        self.record[name] = value
        if name in ("perceived_sameness", "reference"):
            sum_customers(rows_now(self.model.market, self.model.week)[0], self.model.market.totals)

    def access(self, vendor: int) -> float:
        """Executive access of the vendor with this row, 0 to 1."""
        return float(self.updated_rows()[1][vendor].access)

    def trust(self, vendor: int) -> float:
        """Trust in the vendor with this row, 0 to 1."""
        return float(trust_in(self.updated_rows()[1][vendor]))


class Salesperson(AgentView, kind="salespeople", fields=SALESPERSON.names or ()):
    """A salesperson's seat; `generation` counts the people who had it before."""


class Executive(AgentView, kind="executives", fields=EXECUTIVE.names or ()):
    """A senior executive of a vendor."""


class ChannelPartner(AgentView, kind="partners", fields=PARTNER.names or ()):
    """A channel partner of a vendor."""


KINDS: dict[str, type[AgentView]] = {kind.kind: kind for kind in (Vendor, Customer, Salesperson, Executive, ChannelPartner)}
