"""The compiled market and the reference model in plain Mesa, which was written from the ODD page alone, agree.

Whole numbers agree to the bit. Of real numbers 1e-9 is asked for, because the two add and multiply in another order: means
over customers and people, running sums of fees that begin and end, Wright's omega from scipy. A sum that ends at zero
keeps a rest of such steps, so 1e-12 (k$, hours) counts as zero. Nothing else may differ.
"""

import ast
import json
from itertools import count
from pathlib import Path

import numpy as np
import pytest
from pydantic import TypeAdapter

from salesim.config.scenario import default_scenario, validated
from salesim.model.enums import Activity, Cause, Outcome
from salesim.model.parameters import Scenario
from salesim.model.rng import uniform_for
from salesim.model.schedule import play
from tests import reference_model
from tests.reference_model.markets import BUSY, CHANGES, FEW, MARKETS, PARTNERS

RELATIVE, REST = 1e-9, 1e-11  # a profit near 0 is a difference of sums of about 10 k$
SHARED = {
    "salesim.config.scenario",
    "salesim.model.rng",
    "salesim.model.records",
    "salesim.model.parameters",
    "salesim.model.enums",
}
LOOPS = (
    "reference_price",
    "promise_trust",
    "outcome_sameness",
    "selling_sameness",
    "support_budget",
    "product_lead",
    "discount_sensitivity",
    "partner_requests",
    "word_of_mouth",
)


def small(**differences):
    return default_scenario(**{**FEW, **differences})


def unusual(seed):
    """Every number of a busy market a little off what is shipped, and what is shipped as 0 is not."""
    rivals = {"rivals.strategies": ["packaged"], "rivals.licence": "subscription"}
    market = small(strategy="rainmaking", channel="rebate", initiatives=CHANGES[:3], **rivals, **BUSY)
    mapping = json.loads(TypeAdapter(Scenario).dump_json(market))
    places = count()

    def shift(part):
        for key, value in part.items() if isinstance(part, dict) else enumerate(part):
            if isinstance(value, dict | list):
                shift(value)
            elif isinstance(value, float):
                part[key] = (value or 0.1) * (0.7 + 0.3 * uniform_for(seed, 0, next(places), 0))

    shift(mapping)
    return validated(mapping)


def assert_same(scenario, seed):
    """Play both and compare every column; gives the records back."""
    records, reference = play(scenario, seed), reference_model.play(scenario, seed)
    assert (records.n_weeks, records.n_vendors) == (reference.n_weeks, reference.n_vendors)
    for table in ("deals", "weeks"):
        ours, theirs = getattr(records, table), getattr(reference, table)
        assert ours.dtype == theirs.dtype
        assert len(ours) == len(theirs)
        for name in ours.dtype.names:
            tolerance = {"rtol": RELATIVE, "atol": REST} if ours[name].dtype.kind == "f" else {"rtol": 0, "atol": 0}
            np.testing.assert_allclose(theirs[name], ours[name], **tolerance, equal_nan=True, err_msg=f"{table}.{name}")
    return records


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("market", MARKETS)
def test_both_write_the_same_records(market, seed):
    records = assert_same(small(**MARKETS[market]), seed)
    assert (records.deals.outcome == Outcome.WON).sum() > 3


@pytest.mark.parametrize("loop", LOOPS)
def test_both_write_the_same_records_without_a_loop(loop):
    assert_same(small(**{f"market.loops.{loop}": 0}, **PARTNERS), 3)


@pytest.mark.parametrize("seed", range(6))
def test_both_write_the_same_records_of_an_unusual_market(seed):
    assert_same(unusual(seed), seed)


def test_the_markets_have_every_end_of_a_deal():
    causes = set()
    for differences in MARKETS.values():
        causes |= set(play(small(**differences), 1).deals.cause.tolist())
    assert causes == set(Cause)


def test_a_mesa_user_finds_agents_and_steps():
    market, seen = reference_model.PlainMarket(small(), 5), set()
    for _ in range(30):
        market.step()
        seen |= {customer.activity for customer in market.customers}
    kinds = {kind.__name__: len(agents) for kind, agents in market.agents_by_type.items()}
    assert kinds == {"Vendor": 3, "Salesperson": 9, "Executive": 6, "ChannelPartner": 6, "Customer": 32}
    assert market.steps == market.week == 30
    assert seen == set(Activity)
    assert len(market.records().weeks) == 90


def test_the_reference_model_shares_no_rule():
    """Random numbers, scenarios, enumerations and columns are all it has in common with the package."""
    for path in Path(reference_model.__file__).parent.glob("[!t]*.py"):
        nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        found = {node.module for node in nodes if isinstance(node, ast.ImportFrom)}
        found |= {name.name for node in nodes if isinstance(node, ast.Import) for name in node.names}
        assert {name for name in found if name.startswith("salesim")} <= SHARED, path.name
