"""A run month by month: the 4-4-5 calendar, and sums that lose nothing."""

import numpy as np
import pytest

from salesim.metrics.months import month_of, monthly
from tests.records_factory import synthetic


def test_twelve_months_of_4_4_and_5_weeks_are_a_year():
    weeks = np.bincount(month_of(np.arange(104)))
    assert weeks.tolist() == [4, 4, 5] * 8


@pytest.mark.parametrize("n_weeks", [260, 135])
@pytest.mark.parametrize("vendor", [0, 2])
def test_months_sum_to_the_weeks_of_their_vendor_also_where_a_run_ends_within_one(n_weeks, vendor):
    records = synthetic(3, n_weeks=n_weeks)
    months, weeks = monthly(records, vendor), records.weeks[records.weeks.vendor == vendor]
    assert sum(months["weeks"]) == n_weeks
    for name, column in (("revenue_k", "revenue_k"), ("operating_profit_k", "operating_profit_k"), ("deals_won", "won")):
        assert sum(months[name]) == pytest.approx(weeks[column].sum())
    second = weeks[(weeks.week >= 4) & (weeks.week < 8)]
    assert months["revenue_k"][1] == pytest.approx(second.revenue_k.sum())
    assert months["open_deals"][1] == second.open_deals[-1]
