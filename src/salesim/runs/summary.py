"""What is kept of one run: its measures and the parts that tables are made of. Workers import this file: nothing heavy here."""

import math
from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any

import numpy as np
from scipy import special

from salesim.metrics import METRICS, measured, tables
from salesim.metrics.claims import CLAIM_MEASURES
from salesim.metrics.facts import FACT_MEASURES, priced_at_bound
from salesim.metrics.money import bridge, churn, lifetime_value_k
from salesim.metrics.months import monthly
from salesim.metrics.sellers import SELLER_MEASURES
from salesim.metrics.survival import durations
from salesim.model.parameters import Customers, Scenario
from salesim.model.records import Records
from salesim.model.schedule import play
from salesim.runs.store import RunSummary, as_text

EVIDENCE_MEASURES = (
    {name: metric.function for name, metric in METRICS.items()} | FACT_MEASURES | CLAIM_MEASURES | SELLER_MEASURES
)
EVIDENCE_VENDORS = 2  # whose EVIDENCE_MEASURES are kept: ours and the first rival
Edges = tuple[float, float]


def measures(records: Records, scenario: Scenario) -> dict[str, float]:
    """All measures of vendor 0, as `measure_names`; the last ones need a number of the scenario."""
    rate, vendor = scenario.market.licences.discount_rate_per_year, scenario.vendors[0]
    strategies = [vendor.strategy, *(plan.strategy for plan in vendor.initiatives)]
    floors = {1.0 - strategy.systems.price_authority for strategy in strategies}
    return measured(records) | {
        "churn": churn(records, 0),
        "lifetime_value_k": lifetime_value_k(records, 0, rate),
        "priced_at_bound": priced_at_bound(records, 0, sorted(floors)),
    }


def evidence(records: Records, scenario: Scenario) -> list[dict[str, float]]:
    """All EVIDENCE_MEASURES of vendor 0 and, if there is one, of vendor 1; NaN where there is nothing to measure."""
    vendors = range(min(EVIDENCE_VENDORS, len(scenario.vendors)))
    with np.errstate(invalid="ignore", divide="ignore"):
        return [{name: float(measure(records, row)) for name, measure in EVIDENCE_MEASURES.items()} for row in vendors]


@lru_cache(16)
def thirds(customers: Customers) -> tuple[Edges, Edges]:
    """Where customers are cut into thirds by complexity (0 to 1) and by yearly value at stake (k$)."""
    a, b, spread = customers.complexity_a, customers.complexity_b, customers.value_sigma
    low, high = (float(special.betaincinv(a, b, share)) for share in (1 / 3, 2 / 3))
    small, large = (customers.value_median_k * math.exp(spread * special.ndtri(share)) for share in (1 / 3, 2 / 3))
    return (low, high), (small, large)


PARTS: dict[str, Callable[[Records, Scenario], Any]] = {
    "measures": measures,
    "years": lambda records, _: tables.yearly(records),
    "bridge": lambda records, _: bridge(records),
    "durations": lambda records, _: durations(records).tolist(),
    "passthrough": lambda records, _: tables.passthrough(records),
    "months": lambda records, _: monthly(records),
    "segments": lambda records, scenario: tables.segments(records, *thirds(scenario.market.customers)).tolist(),
    "evidence": evidence,
    "money": lambda records, _: tables.money(records),
}
OF_STUDY = tuple(part for part in PARTS if part not in ("evidence", "money"))  # what `salesim run` keeps


def summary(scenario: Scenario, seed: int, parts: tuple[str, ...]) -> RunSummary:
    """Make one run, and return the named PARTS of it as plain lists and numbers."""
    records = play(scenario, seed)
    return {part: PARTS[part](records, scenario) for part in parts}


def summary_text(scenario: Scenario, seed: int, parts: tuple[str, ...] = OF_STUDY) -> str:
    """Make one run, and return the named PARTS of it as the text that a store keeps."""
    return as_text(summary(scenario, seed, parts))


measures_text = partial(summary_text, parts=("measures",))  # all that a sweep needs
