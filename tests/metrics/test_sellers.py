"""Measures of salespeople and partners on records small enough to compute by hand."""

import numpy as np
import pytest

from salesim.metrics import sellers
from tests.records_factory import records, won


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
