"""Mesa agents as windows on the rows of the records: for looking, in notebooks, reporters and tests.

Phases never loop over windows. Reading or setting `agent.trust` or any other field reads or sets the row itself.
"""

from typing import TYPE_CHECKING, Any

import mesa

if TYPE_CHECKING:
    from salesim.model import SalesMarket


class Window(mesa.Agent):
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
        return record[name].item()

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self.record.dtype.names]


class Vendor(Window):
    """A vendor: product lead, support, budgets."""

    kind = "vendors"


class Customer(Window):
    """A customer; `customer.trust(vendor)` is its trust in a vendor."""

    kind = "customers"

    def trust(self, vendor: int) -> float:
        """Trust in the vendor with this row, 0 to 1."""
        relation = self.model.market.relations[self.row, vendor]
        weight = relation["person_weight"]
        return float(weight * relation["trust_person"] + (1.0 - weight) * relation["trust_firm"])


class Salesperson(Window):
    """A salesperson's seat; `generation` counts the people who had it before."""

    kind = "salespeople"


class Executive(Window):
    """A senior executive of a vendor."""

    kind = "executives"


class ChannelPartner(Window):
    """A channel partner of a vendor."""

    kind = "partners"


KINDS: dict[str, type[Window]] = {kind.kind: kind for kind in (Vendor, Customer, Salesperson, Executive, ChannelPartner)}
