"""Every measure on records small enough to compute by hand."""

import gc
import warnings
import weakref

import numpy as np
import pytest

from salesim.metrics import METRICS, measured
from salesim.metrics.facts import deals_of, observed_elasticity, priced_at_bound, variable_cost_k
from salesim.metrics.money import BRIDGE, bridge, churn, lifetime_value, lifetime_value_k
from salesim.metrics.sums import HORIZON_WEEKS
from salesim.metrics.survival import closing, curves_of
from salesim.model.enums import Cause, Outcome
from salesim.model.records import Records
from tests.records_factory import ended, records, synthetic, won


@pytest.fixture
def small() -> Records:
    """Vendor 0 has six deals in two years, vendor 1 one that must not count."""
    delivered = {"promise": 0.8, "delivered": 0.6, "delivered_week": 30, "fees_k": 110.0}
    through, lost = {"partner": 2, "pass_through": 0.8}, {"partner_cost": 0.5, "pass_through": 0.4}
    deals = [
        won(0, 10, 100.0, 0.9, 90.0, 40.0, salesperson=0, **delivered),
        won(4, 24, 200.0, 0.7, 110.0, 60.0, rebate_k=10.0, **through, partner_cost=0.6, salesperson=1, fees_k=120.0),
        ended(0, 10, Outcome.LOST, Cause.RIVAL, partner=2, price_k=70.0, price=0.8, **lost, ready_week=8),
        ended(10, 12, Outcome.LOST, Cause.DECLINED, ready_week=12),
        ended(20, 60, Outcome.NO_DECISION, Cause.STALLED),
        {"opened_week": 100, "outcome": Outcome.OPEN},
        won(0, 50, 100.0, 0.1, 10.0, 40.0, vendor=1),
    ]
    costs = {"selling_k": 1.0, "support_k": 0.5, "development_k": 0.25, "training_k": 0.125, "executive_k": 0.0625}
    weeks = [
        {"week": week, "vendor": vendor, "trust": 0.25 if week < 52 else 0.75, "hours_used": 20.0, **costs}
        for week in range(104)
        for vendor in (0, 1)
    ]
    weeks[0] |= {"revenue_k": 210.0, "product_cost_k": 100.0, "gross_margin_k": 110.0, "rebate_k": 10.0, "leavers": 1}
    for row in weeks:
        row["operating_profit_k"] = row.get("gross_margin_k", 0.0) - row.get("rebate_k", 0.0) - sum(costs.values())
    return records(deals, weeks, n_weeks=104, n_vendors=2)


EXPECTED = {
    "gross_margin": 1 - 100 / 200,
    "cycle_weeks": (10 + 20) / 2,
    "pass_through": (0.8 + 0.4) / 2,
    "pass_through_elasticity": (0.8 * 0.6 / 0.7 + 0.4 * 0.5 / 0.8) / 2,
    "operating_profit_k": (100 - 104 * 1.9375) / 2,
    "win_rate": 2 / 5,
    "no_decision": 1 / 5,
    "promise_kept": 0.75,
    "trust": 0.75,
    "revenue_k": 105.0,
    "discount": (0.1 + 0.3) / 2,
    "partner_margin": (140 - 110) / 200,
    "deals_won": 1.0,
    "no_decision_ready": 0.0,
    "confidence_share": 0.0,
    "declined": 1 / 5,
    "delivered": 0.6,
    "contract_value_k": (110 + 120 - 10) / 2,
    "turnover": 1 / (2 * 2),
    "won_in_year": 5 / 6 * (1 / 4 + 2 / 4 * 1 / 2),
    "undecided_in_year": 1 - 1 / 6 - 5 / 6 * (1 / 4 + 1 / 4 + 2 / 4 * 1 / 2),
    "weeks_to_win": 15.0,
    "discount_spread": 0.1,
    "partner_sales": 1 / 2,
    "won_per_seller": 1 / 2,
}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_measure_is_its_value_by_hand(small: Records, name: str):
    assert METRICS[name].function(small, 0) == pytest.approx(EXPECTED[name], rel=1e-12)


def test_time_to_any_decision_counts_the_open_deal_until_its_censoring(small: Records):
    # Six deals at risk: one ends after 2 weeks, two after 10, one after 20, one after 40; one is censored after 4.
    after_2, after_10 = 5 / 6, 5 / 6 * 2 / 4
    expected = 2 + after_2 * 8 + after_10 * 10 + after_10 / 2 * 20
    assert METRICS["open_cycle_weeks"].function(small, 0) == pytest.approx(expected, rel=1e-12)


def test_the_bridge_leads_from_list_price_to_profit_in_money(small: Records):
    steps = bridge(small, 0)
    assert steps["list_price"] == pytest.approx(150.0)
    assert steps["customer_discount"] == pytest.approx(-(10 + 60) / 2)
    assert steps["partner_margin"] == pytest.approx(-(140 - 120) / 2)
    assert steps["rebate"] == pytest.approx(-5.0)
    assert steps["net_price"] == pytest.approx(100.0)
    assert steps["timing_and_service"] == pytest.approx((210 - 10 - 200) / 2)


@pytest.mark.parametrize("seed", range(5))
def test_the_bars_of_the_bridge_sum_to_its_totals(seed: int):
    steps = bridge(synthetic(seed), 1)
    assert tuple(steps) == BRIDGE
    running, totals = 0.0, {"list_price", "net_price", "gross_margin", "operating_profit"}
    for name, amount_k in steps.items():
        if name in totals:
            assert amount_k == pytest.approx(running if running else amount_k, abs=1e-8)
            running = amount_k
        else:
            running += amount_k


def test_measures_of_empty_records_are_nan_without_a_warning():
    empty = records([], n_weeks=0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = measured(empty) | {"churn": churn(empty, 0), "lifetime_value_k": lifetime_value_k(empty, 0, 0.1)}
    assert all(np.isnan(value) for value in found.values()), found


def test_deals_that_are_all_open_have_no_win_rate_but_a_time_to_decision():
    waiting = records([{"opened_week": 100}, {"opened_week": 90}], n_weeks=104)
    assert np.isnan(METRICS["win_rate"].function(waiting, 0))
    assert METRICS["open_cycle_weeks"].function(waiting, 0) == 104.0


FALL = [won(0, 10, 100.0, 1.0, 100.0, 40.0), won(0, 200, 100.0, 0.8, 80.0, 40.0)]


@pytest.mark.parametrize(("n_weeks", "expected"), [(52, np.nan), (104, np.nan), (207, np.nan), (208, 0.6 - 0.5)])
def test_the_fall_of_margins_is_missing_where_its_first_and_last_two_years_overlap(n_weeks: int, expected: float):
    deals = [deal for deal in FALL if deal["closed_week"] < n_weeks]
    found = METRICS["margin_fall"].function(records(deals, n_weeks=n_weeks), 0)
    assert found == pytest.approx(expected, nan_ok=True)


def test_the_time_to_any_decision_is_missing_in_runs_shorter_than_the_time_it_is_counted_over():
    waiting = [{"opened_week": 0}, won(0, 10, 100.0, 1.0, 100.0, 40.0)]
    assert np.isnan(METRICS["open_cycle_weeks"].function(records(waiting, n_weeks=103), 0))
    assert METRICS["open_cycle_weeks"].function(records(waiting, n_weeks=104), 0) == pytest.approx((10 + 104) / 2)


@pytest.mark.parametrize("name", METRICS)
def test_a_measure_has_no_value_in_a_run_that_is_too_short_for_it(name: str):
    fewest = METRICS[name].fewest_weeks
    deals = [won(0, 1, 100.0, 1.0, 100.0, 40.0), {"opened_week": 0}]
    if fewest:
        assert np.isnan(METRICS[name].function(records(deals, n_weeks=fewest - 1), 0))


@pytest.mark.parametrize("vendor", range(3))
def test_measures_are_finite_on_records_with_every_kind_of_deal(vendor: int):
    found = measured(synthetic(7), vendor)
    found.pop("declined")
    assert all(np.isfinite(value) for value in found.values()), found


def test_a_contract_followed_by_one_of_the_same_vendor_is_not_lost():
    deals = [
        won(0, 0, 100.0, 1.0, 100.0, 40.0, customer=1, ended_week=52, fees_k=100.0, fees_cost_k=40.0),
        won(40, 52, 100.0, 1.0, 100.0, 40.0, customer=1, fees_k=100.0, fees_cost_k=40.0),
        won(0, 0, 100.0, 1.0, 100.0, 40.0, customer=2, ended_week=52, fees_k=100.0, fees_cost_k=40.0),
    ]
    kept = records(deals, n_weeks=104)
    assert churn(kept, 0) == pytest.approx(1 / 3)  # three years of contracts, customer 2 went away
    assert lifetime_value_k(kept, 0, 0.1) == pytest.approx(lifetime_value(180 / 3, 2 / 3, 0.1))


def test_lifetime_value_is_the_sum_of_discounted_margins():
    years = np.arange(1, 400)
    assert lifetime_value(10.0, 0.8, 0.12) == pytest.approx((10.0 * (0.8 / 1.12) ** years).sum(), rel=1e-12)


def test_half_of_the_deals_won_within_a_year_are_won_between_two_whole_weeks():
    deals = [won(0, week, 100.0, 1.0, 50.0, 40.0) for week in (10, 20, 30, 60)]
    assert METRICS["median_weeks_to_win"].function(records(deals, n_weeks=70), 0) == pytest.approx(19.5)
    assert np.isnan(METRICS["median_weeks_to_win"].function(records(deals[:3], n_weeks=52), 0))


def test_a_deal_that_came_under_observation_late_was_not_at_risk_before():
    counts = np.zeros((4, HORIZON_WEEKS + 1))
    counts[Outcome.WON, [4, 10]] = 1, 1  # the second is seen from week 6 on: until then the first was alone
    late = np.bincount([0, 6], minlength=HORIZON_WEEKS + 1)
    assert closing(counts).won[4] == pytest.approx(1 / 2)
    assert closing(counts, late).won[4] == pytest.approx(1.0)


def test_quotes_at_list_and_direct_ones_at_a_floor_are_at_a_bound(small: Records):
    assert priced_at_bound(small, 0, [0.7, 0.9]) == pytest.approx(1 / 3)  # the partner's is at 0.7 by its own choice
    assert priced_at_bound(small, 0, [0.7]) == 0.0
    listed = won(0, 10, 100.0, 1.0, 90.0, 40.0, partner=1)
    assert priced_at_bound(records([listed, won(0, 10, 100.0, 0.8, 80.0, 40.0)]), 0, [0.7]) == pytest.approx(1 / 2)


def test_measured_records_are_freed_at_once():
    run = synthetic(3)
    measured(run), priced_at_bound(run, 0, [0.7]), bridge(run), deals_of(run, 1), curves_of(run, 1)
    freed = weakref.ref(run)
    gc.disable()  # which would also find what refers to itself, but later
    del run
    gc.enable()
    assert freed() is None


def test_the_observed_elasticity_is_that_of_the_logit_that_made_the_outcomes():
    rng = np.random.default_rng(3)
    price = rng.uniform(0.5, 1.0, 20_000)
    took = rng.random(20_000) < 1.0 / (1.0 + np.exp(4.0 * (price - 0.7)))
    ended_as = np.where(took, Outcome.WON, Outcome.LOST)
    rows = [{"price": p, "closed_week": 1, "outcome": how} for p, how in zip(price, ended_as, strict=True)]
    assert observed_elasticity(records(rows, n_weeks=2, n_vendors=1), 0) == pytest.approx(
        -4.0 * price.mean() * (1.0 - took.mean()), rel=0.05
    )
    assert np.isnan(observed_elasticity(records(rows[:1], n_weeks=2, n_vendors=1), 0))


def test_variable_cost_is_product_and_support_cost_a_year(small):
    assert variable_cost_k(small, 0) == pytest.approx((100.0 + 104 * 0.5) / 2)
