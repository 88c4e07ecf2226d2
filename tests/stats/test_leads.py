"""Who leads at each point: by hand, and as often wrong as promised."""

import numpy as np
import pytest
from scipy import stats

from salesim.stats.leads import leads


def test_the_best_the_next_and_the_lead_of_two_points_by_hand():
    values = np.array(
        [
            [[1.0, 2.0, 3.0], [4.0, 5.0, 6.5], [1.0, 2.0, 3.5]],
            [[9.0, 1.0, 2.0], [1.0, 9.0, 2.0], [3.0, 4.0, 5.0]],
        ]
    )
    found = leads(values, "up", 0.95)
    assert found.first.tolist() == [1, 0]
    assert found.second.tolist() == [2, 1]
    assert found.lead == pytest.approx([3.0, 0.0])
    assert found.told.tolist() == [True, False]


def test_where_less_is_better_the_lowest_leads():
    found = leads(np.array([[[3.0, 3.1], [1.0, 1.1]]]), "down", 0.95)
    assert (found.first[0], found.second[0], found.lead[0], found.told[0]) == (1, 0, pytest.approx(2.0), True)


def test_two_arms_are_told_apart_just_where_the_paired_t_test_does():
    luck = np.random.default_rng(5)
    values = luck.normal(size=(400, 2, 6)) + luck.normal(size=(400, 1, 6))
    values[:, 1] += 1.0
    p = stats.ttest_rel(values[:, 0], values[:, 1], axis=1).pvalue
    assert leads(values, "up", 0.95).told.tolist() == (p < 0.05).tolist()


def test_equal_arms_are_rarely_told_apart():
    values = np.random.default_rng(3).normal(size=(4000, 4, 8))
    assert leads(values, "up", 0.95).told.mean() < 0.05


def test_missing_runs_are_left_out_and_arms_without_any_do_not_count():
    nan = np.nan
    values = np.array(
        [
            [[1.0, 2.0, nan], [3.0, 4.0, 5.0], [nan, nan, nan]],
            [[nan, nan, nan], [3.0, 4.0, 5.0], [nan, nan, nan]],
            [[nan, nan, nan], [nan, nan, nan], [nan, nan, nan]],
        ]
    )
    found = leads(values, "up", 0.95)
    assert found.first.tolist() == [1, 1, -1]
    assert found.second.tolist() == [0, -1, -1]
    assert found.lead[0] == pytest.approx(2.0)
    assert np.isnan(found.lead[1:]).all()
    assert found.told.tolist() == [True, False, False]


def test_one_seed_tells_nothing_apart():
    assert leads(np.array([[[1.0], [5.0]]]), "up", 0.95).told.tolist() == [False]
