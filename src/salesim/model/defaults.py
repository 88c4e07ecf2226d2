"""The scenario of a market that is given none: the package hands in what reads the shipped files (`salesim.config`)."""

from collections.abc import Callable
from typing import Any

default_scenario: Callable[..., Any]  # (scenario to start from or None, **changes by dotted name) -> Scenario
