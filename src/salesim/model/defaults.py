"""The default scenario of a market; the package sets here the function that reads the shipped files (`salesim.config`)."""

from collections.abc import Callable
from typing import Any

default_scenario: Callable[..., Any]  # (scenario to start from or None, **changes by dotted name) -> Scenario
