"""Run one week when imported, so that the rules are compiled and in memory.

Worker processes are forked from a process that imported this, and have the rules from the start. The set-up of `make` and
`hatch_build.py`, which builds the wheel, import it too: then the first command finds the rules in a compile cache.
"""

from typing import Any

from salesim.config.scenario import default_scenario
from salesim.runs.summary import summary_text

SHORT: dict[str, Any] = {"weeks": 1, "market.customers.count": 20}
summary_text(default_scenario(**SHORT), 0)
