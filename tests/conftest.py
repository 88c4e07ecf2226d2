"""What most tests need: small scenarios made from the shipped configs with a few differences."""

from typing import Any

import pytest

from salesim.config.scenario import default_scenario
from salesim.model.parameters import Scenario

SMALL = {"market.customers.count": 120, "market.selling.salespeople": 4, "weeks": 156}


@pytest.fixture
def scenario():
    """A function: dotted differences from the shipped defaults -> Scenario; small and three years long by default."""

    def make(**differences: Any) -> Scenario:
        return default_scenario(None, **{**SMALL, **differences})

    return make
