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

RELATIVE, REST = 1e-9, 1e-12
SHARED = {
    "salesim.config.scenario",
    "salesim.model.rng",
    "salesim.model.records",
    "salesim.model.parameters",
    "salesim.model.enums",
}
FEW = {
    "market.customers.count": 32,
    "market.selling.salespeople": 3,
    "market.executives.count": 2,
    "market.partners.count": 2,
    "weeks": 110,
}
PARTNERS = {"market.customers.channel_share": 0.8, "market.partners.aspiration": 0.2}
RENEWALS = {"market.licences.renewal_every_weeks": 20, "market.licences.renewal_base": 0.0, "weeks": 150}
BUSY = {"market.buying.need_chance": 0.05, "market.buying.stall_after_weeks": 12}
CHANGE = {"week": 40, "strategy": "diagnostic", "channel": "hold_and_teach", "licence": "subscription", "training_hours": 30.0}
CHANGES = [
    {"week": 20, "strategy": "packaged", "training_hours": 10.0},
    {"week": 45, "strategy": "rainmaking", "channel": "rebate", "training_hours": 25.0},
    {"week": 70, "strategy": "segmented", "licence": "subscription", "training_hours": 0.0},
    {"week": 71, "strategy": "pitch", "channel": "partner_executives", "licence": "perpetual", "training_hours": 60.0},
    {"week": 100, "strategy": "diagnostic", "channel": "on_request", "training_hours": 40.0},
]
LEFT = {"market.people.leave_per_year": 1.5, "market.people.vacancy_weeks": 5, "strategy.support.accountability": 0.5}
JUDGED_SOON = {"market.programmes.judged_after_weeks": 12}
SPREAD_THIN = {"strategy": "rainmaking", "strategy.structure.executive_hours": 1.0, "market.executives.neglect_hours": 2.0}
FUSSY = {
    "strategy.segmentation.pursue_complexity_min": 0.2,
    "strategy.segmentation.pursue_complexity_max": 0.8,
    "strategy.segmentation.pursue_value_min_k": 60.0,
    "strategy.segmentation.decline_fit_below": 0.7,
}
DISILLUSIONED = {
    "market.trust.disappointment_sameness": 8.0,
    "market.worth.perceived_fit": 0.8,
    "market.worth.uncertainty": 2.0,
    "market.worth.spillover": 0.0,
}
LATE = {
    "market.selling.hours_per_week": 4.0,
    "market.buying.convince_chance": 0.6,
    "market.buying.late_after_weeks": 1,
}
LOWER_CAP = {"defaults": ["on_request"], "discount_cap": 0.3}
SIMPLE = {"strategy.systems.simple_diagnosis_hours": 9.0, "strategy.systems.simple_presentation_hours": 2.0}

STRATEGIES = ("pitch", "packaged", "diagnostic", "rainmaking", "segmented")
MARKETS = {
    **{name: {"strategy": name, "contest": "everyone"} for name in STRATEGIES},
    **{name: {"channel": name, **PARTNERS} for name in ("on_request", "hold_and_teach", "rebate", "partner_executives")},
    **{name: {"licence": name, "contest": "everyone", **RENEWALS} for name in ("perpetual", "subscription")},
    "mixed": {"strategy": "diagnostic", "rivals.strategies": ["pitch", "packaged", "rainmaking", "segmented"]},
    "mixed channels": {"channel": "rebate", "rivals.channel": "hold_and_teach", "rivals.licence": "subscription", **PARTNERS},
    "initiative": {"initiatives": [CHANGE]},
    "initiative and partners": {"initiatives": [CHANGE | {"training_hours": 5.0}], **PARTNERS, **SIMPLE, **BUSY},
    "initiatives": {"initiatives": CHANGES, "weeks": 140, **PARTNERS, **BUSY},
    "initiatives of all": {"initiatives": CHANGES, "weeks": 140, "contest": "everyone", **JUDGED_SOON},
    "leavers": {"strategy": "diagnostic", **LEFT},
    "leavers in a programme": {"initiatives": CHANGES[:2], **LEFT, "market.people.leave_cynicism": 3.0},
    "complexity and cost grow": {
        "market.commoditization.complexity_growth_per_year": 0.2,
        "market.commoditization.cost_growth_per_year": 0.3,
        "strategy": "diagnostic",
        "contest": "everyone",
        "strategy.systems.commission_on_margin": 1.0,
    },
    "executives spread thin": SPREAD_THIN,
    "early executives": {**SPREAD_THIN, "strategy.structure.executive_early": 0.9, "strategy.structure.peer_matching": 0.4},
    "fussy": FUSSY | {"contest": "everyone"},
    "fussy and new": {**FUSSY, **BUSY, "initiatives": [CHANGE | {"strategy": "packaged"}]},
    "without partners' customers": {"market.customers.channel_share": 0.0},
    "all through partners": {"market.customers.channel_share": 1.0, "strategy": "packaged"},
    "one vendor": {"rivals.strategies": [], **PARTNERS},
    "no executives": {"market.executives.count": 0},
    "one seat and one partner": {"market.selling.salespeople": 1, "market.partners.count": 1, **BUSY},
    "no acquaintances": {"market.customers.neighbours": 0},
    "everybody knows everybody": {"market.customers.neighbours": 30, "market.customers.rewiring": 0.9},
    "dear": {"market.worth.perceived_fit": 0.6, "market.worth.nothing": 0.2, **BUSY},
    "talkative": {"market.trust.word_of_mouth": 9.0, "market.trust.word_sameness": 9.0, **BUSY},
    "disillusioned": {"strategy": "diagnostic", **DISILLUSIONED, **BUSY},
    "lower cap": {"initiatives": [{"week": 50, "channel": LOWER_CAP, "training_hours": 0.0}], **PARTNERS},
    "late": {**LATE, **BUSY},
    "cheap": {"market.bargaining.unit_cost_share": 0.05, "strategy.systems.price_authority": 0.3, **PARTNERS},
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
    market = reference_model.PlainMarket(small(), 5)
    for _ in range(30):
        market.step()
    kinds = {kind.__name__: len(agents) for kind, agents in market.agents_by_type.items()}
    assert kinds == {"Vendor": 3, "Salesperson": 9, "Executive": 6, "ChannelPartner": 6, "Customer": 32}
    assert market.steps == market.week == 30
    assert {customer.activity for customer in market.customers} == set(Activity)
    assert len(market.records().weeks) == 90


def test_the_reference_model_shares_no_rule():
    """Random numbers, scenarios, enumerations and columns are all it has in common with the package."""
    for path in Path(reference_model.__file__).parent.glob("[!t]*.py"):
        nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        found = {node.module for node in nodes if isinstance(node, ast.ImportFrom)}
        found |= {name.name for node in nodes if isinstance(node, ast.Import) for name in node.names}
        assert {name for name in found if name.startswith("salesim")} <= SHARED, path.name
