"""Measures of salespeople and partners on records small enough to compute by hand."""

import math

import numpy as np
import pytest

from salesim.metrics import sellers
from salesim.metrics.sellers import pay_by_learning_late, revenue_after_leaving
from salesim.model.enums import Cause, Outcome
from tests.records_factory import ended, records, won


def test_partners_profit_is_that_of_a_year_and_of_the_first():
    weeks = [{"week": week, "partners_active": 2, "partners_profit_k": 1.0 if week < 52 else 3.0} for week in range(104)]
    two_years = records([], weeks)
    assert sellers.partners_profit_k(two_years, 0) == pytest.approx(104.0)
    assert sellers.partners_profit_first_k(two_years, 0) == pytest.approx(52.0)
    assert np.isnan(sellers.partners_profit_k(records([], [{"week": 0}]), 0))


def test_pass_through_by_rivals_is_the_slope_over_quotes_of_the_elasticity():
    def quote(rivals, pass_through):
        quoted = {"partner": 0, "partner_rivals": rivals, "partner_cost": 0.5, "pass_through": pass_through}
        return won(0, 5, 100.0, 0.8, 50.0, 40.0, **quoted)

    quotes = [quote(0, 0.8), quote(1, 0.96), quote(2, 1.12)]
    assert sellers.pass_through_by_rivals(records(quotes), 0) == pytest.approx(0.16 * 0.5 / 0.8)
    assert np.isnan(sellers.pass_through_by_rivals(records([quote(1, 0.5), quote(1, 0.6)]), 0))


def test_bookings_by_skill_are_compared_within_a_year():
    """Of two places the more skilled sells more in each of two years; that both sell less in the second does not count."""

    def deal(place, year, skill, net_k):
        week = 52 * year
        return won(week, week + 9, 100.0, 0.8, net_k, 40.0, salesperson=place, seller_skill=skill)

    deals = [deal(0, 0, 0.4, 70.0), deal(1, 0, 0.6, 90.0), deal(0, 1, 0.6, 10.0), deal(1, 1, 0.8, 30.0)]
    assert sellers.booked_by_skill(records(deals), 0) == pytest.approx(1.0)
    deals[3] = deal(1, 1, 0.4, 30.0)
    assert sellers.booked_by_skill(records(deals), 0) == pytest.approx(0.0)


def test_deals_won_per_hour_are_those_of_salespeople():
    deals = [won(0, 5, 100.0, 0.8, 80.0, 40.0), won(0, 5, 100.0, 0.8, 60.0, 40.0, partner=1)]
    weeks = [{"week": week, "hours_used": 20.0} for week in range(10)]
    assert sellers.won_per_100_hours(records(deals, weeks), 0) == pytest.approx(0.5)


def sale(week, price_k, seat, **more):
    return won(week - 5, week, 100.0, price_k / 100.0, price_k, 40.0, salesperson=seat, fees_k=price_k, **more)


def test_revenue_after_leaving_is_the_change_of_that_seat_beside_those_of_others():
    deals = [sale(20, 80.0, 0), sale(20, 100.0, 1), sale(100, 50.0, 1), sale(110, 20.0, 0, left_week=60, generation=1)]
    assert revenue_after_leaving(records(deals, n_weeks=156), 0) == pytest.approx((20 / 80) / (50 / 100) - 1)


def test_maintenance_counts_in_the_year_in_which_it_is_received():
    """A licence of 80 in week 20, delivered in week 30, with 1 a week until the end in week 130."""
    licence = won(15, 20, 100.0, 0.8, 80.0, 40.0, salesperson=0, delivered_week=30, fees_k=180.0, ended_week=130)
    lost = ended(100, 110, Outcome.LOST, Cause.RIVAL, salesperson=0, left_week=60, generation=1)
    deals = [licence, lost, sale(20, 100.0, 1), sale(100, 100.0, 1)]
    assert revenue_after_leaving(records(deals, n_weeks=156), 0) == pytest.approx(52 / (80 + 30) - 1)


def test_a_run_in_which_nobody_left_has_no_such_change():
    assert math.isnan(revenue_after_leaving(records([sale(20, 80.0, 0)], n_weeks=156), 0))


def test_pay_by_learning_is_commission_per_list_price_and_unit_of_the_trait():
    deals = [sale(200, 50.0, seat, learning=0.2 * seat, commission_k=2.0 * seat) for seat in range(3)]
    assert pay_by_learning_late(records(deals, n_weeks=208), 0) == pytest.approx(0.02 / 0.2)
