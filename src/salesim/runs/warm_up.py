"""Run one week when imported: worker processes are forked from a process that imported this, and nothing else imports it.

Workers then have the compiled rules from the start, instead of reading them from the cache one by one.
"""

from typing import Any

from salesim.config.scenario import default_scenario
from salesim.runs.summary import measures_text

SHORT: dict[str, Any] = {"weeks": 1, "market.customers.count": 20}
measures_text(default_scenario(**SHORT), 0)
