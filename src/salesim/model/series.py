"""Agents as tables: all of a kind in some week of a run."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from salesim.model.agents.customer import update_all
from salesim.model.parameters import Scenario
from salesim.model.schedule import advance, begin
from salesim.model.state import Market, initialize

KINDS = ("vendors", "customers", "relations", "salespeople", "executives", "partners")


def rows_now(market: Market, n_weeks: int, rows: slice = slice(None)) -> tuple[Any, Any]:
    """Copies of some customers and of their relations, with all pressure and fading of the weeks that were run."""
    customers, relations = market.customers[rows].copy(), market.relations[rows].copy()
    if n_weeks > 0:
        update_all(customers, relations, market.trends, n_weeks - 1)
    return customers, relations


def agents_now(market: Market, n_weeks: int, kind: str) -> dict[str, npt.NDArray[Any]]:
    """All columns of a kind of agents after `n_weeks` weeks (copies), one entry for each agent, with its `row`.

    `relations` has one row per customer and vendor, and `trust`, the trust of the customer in the vendor.
    """
    customers, relations = rows_now(market, n_weeks)
    rows = {"customers": customers, "relations": relations}.get(kind, getattr(market, kind))
    columns = {name: np.array(rows[name]).reshape(-1) for name in rows.dtype.names}
    if kind != "relations":
        return {"row": np.arange(len(rows))} | columns
    customer, vendor = np.indices(rows.shape).reshape(2, -1)
    weight = columns["person_weight"]
    trust = weight * columns["trust_person"] + (1.0 - weight) * columns["trust_firm"]  # as the rule `trust_in`
    return {"customer": customer, "vendor": vendor, "trust": trust} | columns


def snapshots(scenario: Scenario, seed: int, every: int) -> Iterator[tuple[int, Market]]:
    """The market of one run after every `every` weeks and after the last, with the number of weeks; read it before the next."""
    market = begin(initialize(scenario, seed))
    for first, last in pairwise([*range(0, scenario.weeks, every), scenario.weeks]):
        market = advance(market, first, last)
        yield last, market
