"""The default scenario of a market; the package sets here the function that reads the shipped files (`salesim.config`)."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

default_scenario: "Callable[..., Any]"  # (scenario to start from or None, **changes by dotted name) -> Scenario
