"""Revenue and pay by who sits on a seat, on records small enough to compute by hand."""

import math

import pytest

from salesim.metrics.seats import pay_by_learning_late, revenue_after_leaving
from salesim.model.enums import Cause, Outcome
from tests.records_factory import ended, records, won


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
