"""Time to close: Kaplan-Meier and Aalen-Johansen against arithmetic one deal at a time."""

import numpy as np
import pytest

from salesim.metrics.survival import HORIZON_WEEKS, closing, durations, weeks_to_decision
from salesim.model.enums import Cause, Outcome
from tests.records_factory import ended, records, synthetic, won


def product_limit(weeks: list[int], is_over: list[bool], until: int) -> float:
    """Share undecided after `until` weeks, from the definition."""
    alive = 1.0
    for week in range(until + 1):
        at_risk = sum(duration >= week for duration in weeks)
        over = sum(duration == week and done for duration, done in zip(weeks, is_over, strict=True))
        alive *= 1 - over / at_risk if at_risk else 1.0
    return alive


@pytest.mark.parametrize("seed", range(4))
def test_the_curve_of_undecided_deals_is_the_product_limit(seed: int):
    table = synthetic(seed, n_deals=80)
    mine = table.deals[table.deals["vendor"] == 0]
    is_over = (mine["closed_week"] >= 0).tolist()
    weeks = (np.where(is_over, mine["closed_week"], table.n_weeks) - mine["opened_week"]).tolist()
    found = closing(durations(table, 0)).undecided
    for until in (0, 5, 20, 59, 100):
        assert found[until] == pytest.approx(product_limit(weeks, is_over, until), abs=1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_every_deal_is_undecided_or_has_ended_in_one_way(seed: int):
    curves = closing(durations(synthetic(seed), 1))
    assert np.allclose(sum(curves), 1.0, atol=1e-12)
    for name in ("won", "lost", "no_decision"):
        assert (np.diff(getattr(curves, name)) >= 0).all()


def test_without_open_deals_the_time_to_decision_is_the_plain_mean():
    deals = [won(0, 10, 1.0, 1.0, 1.0, 0.5), ended(3, 33, Outcome.LOST, Cause.RIVAL)]
    assert weeks_to_decision(records(deals), 0) == pytest.approx(20.0)


def test_open_deals_make_the_time_longer_than_that_of_closed_ones():
    closed = [won(0, 10, 1.0, 1.0, 1.0, 0.5) for _ in range(4)]
    waiting = [{"opened_week": 104 - 40} for _ in range(4)]
    assert weeks_to_decision(records(closed + waiting), 0) > weeks_to_decision(records(closed), 0) + 10


def test_a_deal_longer_than_the_horizon_counts_as_undecided_to_its_end():
    slow = records([ended(0, HORIZON_WEEKS + 50, Outcome.LOST, Cause.RIVAL)], n_weeks=200)
    assert closing(durations(slow, 0)).undecided.tolist() == [1.0] * HORIZON_WEEKS


def test_counts_of_several_runs_may_be_added():
    runs = [synthetic(1), synthetic(2)]
    both = closing(durations(runs[0]) + durations(runs[1]))
    assert both.undecided[10] == pytest.approx(0.5 * sum(closing(durations(run)).undecided[10] for run in runs), abs=0.05)
