"""All settings: frozen dataclasses with bounds and meaning. Values, units and sources live in `configs/`.

There are no default values here, on purpose: each number has one home, the YAML file that gives its unit and source.
"""

from salesim.model.parameters.market import Customers, Loops, Market, Text, numbers
from salesim.model.parameters.vendors import LEVER_GROUPS, Channel, Initiative, Licence, Scenario, Strategy, Vendor

# fmt: off
__all__ = [
    "LEVER_GROUPS", "Channel", "Customers", "Initiative", "Licence", "Loops", "Market", "Scenario", "Strategy", "Text",
    "Vendor", "numbers",
]
