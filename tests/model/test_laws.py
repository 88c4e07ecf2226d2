"""Properties of every scenario: hypothesis varies what matters most, and random scenarios vary every number inside its bounds.

SALESIM_SCENARIOS=300 tries that many of the latter.
"""

import os
from dataclasses import is_dataclass
from typing import Literal, get_args, get_origin

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from salesim.config.errors import InputError
from salesim.config.options import limits_of
from salesim.config.scenario import default_scenario, validated
from salesim.config.validation import as_mapping, fields_of
from salesim.model.enums import Outcome
from salesim.model.parameters import Scenario
from salesim.model.schedule import play

CHOICES = {
    "strategy": ["pitch", "packaged", "diagnostic", "rainmaking", "segmented"],
    "channel": ["on_request", "hold_and_teach", "rebate", "partner_executives"],
    "licence": ["perpetual", "subscription"],
}
share = st.floats(0, 1)
SCENARIOS = st.fixed_dictionaries(
    {
        **{group: st.sampled_from(names) for group, names in CHOICES.items()},
        "rivals.strategies": st.lists(st.sampled_from(["pitch", "diagnostic"]), max_size=3),
        "market.commoditization.pressure_per_week": st.floats(0, 0.1),
        "market.commoditization.taste_spread": st.floats(0, 1),
        "market.commoditization.taste_floor": st.floats(0.001, 0.2),
        "market.customers.channel_share": share,
        "market.customers.count": st.integers(8, 60),
        "market.people.leave_per_year": st.floats(0, 5),
        "market.trust.loss": st.floats(0, 3),
        "market.worth.nothing": st.floats(-2, 2),
        "market.buying.need_chance": share,
        "strategy.systems.price_authority": st.floats(0, 0.99),
        "strategy.segmentation.sponsored_share": share,
        "weeks": st.integers(1, 120),
    }
)
SHARES = ("depth", "fit", "promise", "perceived_fit", "uncertainty", "trust_opening", "access", "perceived_sameness")
PRICED = ("price", "price_k", "partner_cost_k", "partner_margin_k", "net_price_k", "unit_cost_k")
MISSING = (*PRICED, "partner_cost", "pass_through", "trust_closing", "support", "delivered")


N_SCENARIOS = int(os.environ.get("SALESIM_SCENARIOS", "40"))
SIZES = {  # inside their bounds, but quick
    ("weeks",): (1, 60),
    ("market", "customers", "count"): (3, 30),
    ("market", "customers", "neighbours"): (0, 2),
    ("market", "selling", "salespeople"): (1, 6),
    ("market", "executives", "count"): (1, 4),
    ("market", "partners", "count"): (1, 4),
}


def number_inside(random, annotation, field, shipped, size=None):
    """A number that the bounds of a setting allow: often an end of them, or far from the shipped one."""
    if get_origin(annotation) is Literal:
        return int(random.choice(get_args(annotation)))
    limits = limits_of(field.metadata)
    low = limits.get("ge", limits.get("gt", -10.0))
    high = limits.get("le", limits.get("lt", max(10.0, 10.0 * abs(shipped))))
    low, high = size or (low, high)
    if annotation is int:
        return int(random.choice([low, high, random.integers(low, high + 1)], p=[0.1, 0.1, 0.8]))
    inside = [low + (high - low) * random.random() ** power for power in (1, 4)]
    ends = [end for end, name in ((low, "ge"), (high, "le")) if size or name in limits]
    return float(random.choice([*inside, *ends]))


def varied(random, kind, values, share, place=()):
    """The values of a dataclass with some of its numbers drawn anew, as a mapping; texts stay."""
    changed = {}
    for name, field in fields_of(kind).items():
        value, annotation, where = values[name], field.annotation, (*place, name)
        if is_dataclass(annotation):
            changed[name] = varied(random, annotation, value, share, where)
        elif get_origin(annotation) is tuple:
            inner = get_args(annotation)[0]
            changed[name] = [varied(random, inner, each, share, where) for each in value]
        elif isinstance(value, int | float) and (where in SIZES or random.random() < share):
            changed[name] = number_inside(random, annotation, field, value, SIZES.get(where))
        else:
            changed[name] = value
    return changed


def any_scenario(number):
    """A scenario whose numbers are inside all bounds; the next draw if some contradict each other."""
    random = np.random.default_rng(number)
    named = {group: str(random.choice(names)) for group, names in CHOICES.items()}
    plan = {"week": 0, "strategy": "segmented", "channel": "rebate", "training_hours": 5.0}
    start = as_mapping(default_scenario(None, weeks=60, initiatives=[plan], **named))
    while True:
        drawn = varied(random, Scenario, start, share=random.choice([0.1, 0.5, 1.0]))
        for vendor in drawn["vendors"]:
            for initiative in vendor["initiatives"]:
                initiative["week"] = int(random.integers(drawn["weeks"]))
            for part in [vendor, *vendor["initiatives"]]:
                levers, channel = part["strategy"]["segmentation"], part["channel"]
                pair = sorted((levers["pursue_complexity_min"], levers["pursue_complexity_max"]))
                levers["pursue_complexity_min"], levers["pursue_complexity_max"] = pair
                channel["start_discount"] = min(channel["start_discount"], channel["discount_cap"])
        try:
            return validated(drawn)
        except InputError:
            continue


@pytest.mark.parametrize("number", range(N_SCENARIOS))
def test_accounts_balance_in_any_scenario_inside_all_bounds(number):
    consistent(play(any_scenario(number), number))


@pytest.mark.parametrize("number", range(N_SCENARIOS))
def test_a_placebo_differs_by_exactly_0_in_any_scenario(number):
    """A strategy of another name only is the same strategy."""
    scenario = any_scenario(number)
    records, placebo = (
        play(each, number) for each in (scenario, default_scenario(scenario, **{"vendors.0.strategy.name": "-"}))
    )
    assert records.deals.tobytes() == placebo.deals.tobytes()
    assert records.weeks.tobytes() == placebo.weeks.tobytes()


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(SCENARIOS, st.integers(0, 2**31))
def test_the_records_of_any_scenario_are_consistent(differences, seed):
    consistent(play(default_scenario(None, **differences), seed))


def consistent(records):
    """Accounts balance; shares are shares; nothing is infinite, and only what is said to be missing is NaN."""
    deals, weeks = records.deals, records.weeks
    for name in SHARES:
        assert ((deals[name] >= 0) & (deals[name] <= 1)).all(), name
    for name in ("trust", "perceived_sameness", "skill", "adoption", "cynicism", "lead", "support_level", "standard"):
        assert ((weeks[name] >= -1e-12) & (weeks[name] <= 1 + 1e-12)).all(), name
    for name in weeks.dtype.names:
        assert np.isfinite(weeks[name]).all(), name
    for name in deals.dtype.names:
        may_be_missing = name in MISSING
        assert not np.isinf(deals[name]).any(), name
        assert may_be_missing or np.isfinite(deals[name]).all(), name
    quoted = deals[np.isfinite(deals.price)]
    for name in PRICED:
        assert (np.isfinite(deals[name]) == np.isfinite(deals.price)).all(), name
    assert (quoted.price <= 1).all()
    assert (quoted.price > 0).all()
    passed = quoted.pass_through[quoted.partner >= 0]
    assert ((passed >= 0) & (passed <= 1)).all()
    discount_k = quoted.list_price_k - quoted.price_k
    kept = quoted.list_price_k - discount_k - quoted.partner_margin_k - quoted.rebate_k
    assert np.allclose(kept, quoted.net_price_k)
    costs_k = sum(
        weeks[f"{name}_k"] for name in ("selling", "support", "development", "training", "executive", "overhead", "rebate")
    )
    assert np.allclose(weeks.gross_margin_k - costs_k, weeks.operating_profit_k)
    one_winner = np.unique(deals[["customer", "opened_week"]][deals.outcome == Outcome.WON], return_counts=True)[1]
    assert (one_winner == 1).all()
    assert ((deals.closed_week < 0) == (deals.outcome == Outcome.OPEN)).all()
    closed = deals[deals.closed_week >= 0]
    assert (closed.closed_week >= closed.opened_week).all()
