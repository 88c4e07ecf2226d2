"""When a cumulated difference is made up for: curves whose answer is known."""

import numpy as np
import pytest

from salesim.stats.intervals import simultaneous
from salesim.stats.payback import NEVER, Critical, ahead_from, critical_of, cumulated, curve_of, discount_factors, payback_of


def test_a_curve_is_ahead_from_its_last_crossing_on():
    assert ahead_from(np.array([0.0, 5.0, -1.0, 2.0, 3.0])) == 3
    assert ahead_from(np.array([1.0, 2.0])) == 0
    assert ahead_from(np.array([3.0, 1.0, 0.0])) == NEVER


def test_an_investment_that_is_paid_back_has_its_trough_where_payments_end():
    """10 k$ are spent in each of 3 months, then 6 k$ come back in each: even after 5 months, ahead with the sixth."""
    months = np.tile([-10.0] * 3 + [6.0] * 7, (4, 1))
    sums = cumulated(months)
    payback = payback_of(sums, curve_of(sums, Critical(2.0, 2.0)))
    assert (payback.trough_k, payback.trough_month) == (-30.0, 2)
    assert (payback.ahead_month, payback.ahead_low, payback.ahead_high) == (8, 8, 8)
    assert payback.share_ahead == 1.0


def test_what_is_never_below_zero_has_no_trough():
    sums = cumulated(np.ones((3, 4)))
    payback = payback_of(sums, curve_of(sums, Critical(2.0, 2.0)))
    assert payback.trough_k == 0.0
    assert np.isnan(payback.trough_month)


def test_at_the_last_month_the_band_is_the_interval_of_the_whole_difference():
    months = np.random.default_rng(4).gamma(2.0, 3.0, size=(15, 12)) - 5.0
    whole = simultaneous(months.sum(axis=1)[:, None], 0.95)
    critical = critical_of(months.sum(axis=1), whole.low[0], whole.high[0])
    curve = curve_of(cumulated(months), critical)
    assert [end[-1] for end in curve] == pytest.approx([whole.mean[0], whole.low[0], whole.high[0]])


def test_seeds_that_end_on_both_sides_leave_the_break_even_open_and_say_in_what_share_it_is_reached():
    slopes = np.linspace(-1.0, 2.0, 20)[:, None] * np.ones((1, 12))
    sums = cumulated(slopes)
    payback = payback_of(sums, curve_of(sums, Critical(3.0, 3.0)))
    assert payback.ahead_high == NEVER
    assert payback.ahead_month == 0
    assert payback.share_ahead == np.mean(np.linspace(-1.0, 2.0, 20) > 0)


def test_one_seed_has_no_interval():
    sums = cumulated(np.array([[-1.0, 2.0, 2.0]]))
    payback = payback_of(sums, curve_of(sums, critical_of(sums[:, -1], np.nan, np.nan)))
    assert payback.ahead_month == 1
    assert np.isnan([payback.ahead_low, payback.ahead_high, payback.trough_low]).all()


def test_money_after_a_year_is_worth_less_by_the_rate():
    assert discount_factors(np.array([0.0, 52.0, 104.0]), 0.25) == pytest.approx([1.0, 0.8, 0.64])
