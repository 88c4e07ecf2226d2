"""Properties of every scenario, checked by hypothesis over random settings and levers."""

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from salesim.config.scenario import default_scenario
from salesim.model.enums import Outcome
from salesim.model.schedule import play

share = st.floats(0, 1)
SCENARIOS = st.fixed_dictionaries(
    {
        "strategy": st.sampled_from(["pitch", "packaged", "diagnostic", "rainmaking", "segmented"]),
        "channel": st.sampled_from(["on_request", "hold_and_teach", "rebate", "partner_executives"]),
        "licence": st.sampled_from(["perpetual", "subscription"]),
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
        "strategy.systems.price_authority": share,
        "strategy.segmentation.sponsored_share": share,
        "weeks": st.integers(1, 120),
    }
)
SHARES = ("depth", "fit", "promise", "perceived_fit", "uncertainty", "trust_opening", "access", "perceived_sameness")


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(SCENARIOS, st.integers(0, 2**31))
def test_the_records_of_any_scenario_are_consistent(differences, seed):
    records = play(default_scenario(None, **differences), seed)
    deals, weeks = records.deals, records.weeks
    for name in SHARES:
        assert ((deals[name] >= 0) & (deals[name] <= 1)).all(), name
    for name in ("trust", "perceived_sameness", "skill", "adoption", "cynicism", "lead", "support_level", "standard"):
        assert ((weeks[name] >= -1e-12) & (weeks[name] <= 1 + 1e-12)).all(), name
    for name in weeks.dtype.names:
        assert np.isfinite(weeks[name]).all(), name
    quoted = deals[deals.price_k > 0]
    assert (quoted.price <= 1).all()
    assert (quoted.price > 0).all()
    passed = quoted.pass_through[quoted.partner >= 0]
    assert ((passed >= 0) & (passed <= 1)).all()
    discount_k = deals.list_price_k - deals.price_k
    kept = deals.list_price_k - discount_k - deals.partner_margin_k - deals.rebate_k
    priced = deals.price_k > 0
    assert np.allclose(kept[priced], deals.net_price_k[priced])
    costs_k = sum(weeks[f"{name}_k"] for name in ("selling", "support", "development", "training", "executive", "rebate"))
    assert np.allclose(weeks.gross_margin_k - costs_k, weeks.operating_profit_k)
    one_winner = np.unique(deals[["customer", "opened_week"]][deals.outcome == Outcome.WON], return_counts=True)[1]
    assert (one_winner == 1).all()
    assert ((deals.closed_week < 0) == (deals.outcome == Outcome.OPEN)).all()
    closed = deals[deals.closed_week >= 0]
    assert (closed.closed_week >= closed.opened_week).all()


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(SCENARIOS, st.integers(0, 2**31))
def test_the_same_seed_gives_the_same_records(differences, seed):
    scenario = default_scenario(None, **differences)
    one, two = play(scenario, seed), play(scenario, seed)
    for name in one.deals.dtype.names:
        assert np.array_equal(one.deals[name], two.deals[name], equal_nan=True)
