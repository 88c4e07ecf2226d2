"""The best arm: by hand, wrong no more often than alpha allows, and with power when there are many arms."""

import numpy as np
import pytest

from salesim.stats import intervals
from salesim.stats.best import Best, pairwise, standings


@pytest.fixture(autouse=True)
def fewer_resamples(monkeypatch):
    monkeypatch.setattr(intervals, "RESAMPLES", 1000)


def best_at(values: list, better: str = "up") -> Best:
    """The best of arms x seeds on one measure."""
    table = np.array(values, float)[:, :, None]
    names = [f"arm {number}" for number in range(len(table))]
    return standings(table, names, ["m"], {"m": better}, pairwise(table, 0.95))[0]


def test_the_best_arm_the_runner_up_and_the_lead_by_hand():
    best = best_at([[1.0, 2.0, 3.0], [4.0, 5.0, 6.5], [1.0, 2.0, 3.5]])
    assert (best.first, best.second, best.lead) == ("arm 1", "arm 0", pytest.approx(19 / 6))
    assert (set(best.contenders), best.beaten) == ({"arm 0", "arm 1"}, ("arm 2",))


def test_where_less_is_better_the_lowest_leads():
    best = best_at([[3.0, 3.1], [1.0, 1.1]], "down")
    assert (best.first, best.lead, best.contenders) == ("arm 1", pytest.approx(2.0), ("arm 1",))


def test_missing_runs_are_left_out_and_arms_without_any_do_not_count():
    nan = np.nan
    best = best_at([[1.0, 2.0, nan], [3.0, 4.0, 5.0], [nan, nan, nan]])
    assert (best.first, best.second, best.lead) == ("arm 1", "arm 0", pytest.approx(2.0))
    assert standings(np.full((2, 3, 1), nan), ["a", "b"], ["m"], {"m": "up"}, pairwise(np.full((2, 3, 1), nan), 0.9)) == []


def test_one_seed_decides_nothing():
    assert len(best_at([[1.0], [5.0]]).contenders) == 2


def test_a_wrong_arm_is_named_best_in_at_most_one_study_in_twenty():
    rng, wrong = np.random.default_rng(3), 0
    for _ in range(600):
        wrong += len(best_at(rng.normal(size=(4, 8))).contenders) == 1
    assert wrong / 600 <= 0.05


def test_the_best_of_six_arms_is_found_as_often_as_comparisons_with_the_best_allow():
    """With all 15 pairs as the family, as it was, the best is found in a quarter of these studies."""
    rng, named = np.random.default_rng(4), 0
    for _ in range(300):
        values = rng.normal(size=(6, 10))
        values[0] += 2.2
        named += best_at(values).contenders == ("arm 0",)
    assert named / 300 > 0.4


def test_the_leader_over_the_baseline_is_decided_just_where_their_difference_is():
    rng = np.random.default_rng(5)
    for _ in range(60):
        values = rng.normal(size=(2, 6))
        values[1] += 1.0
        low = pairwise(values[:, :, None], 0.95)[1, 0]
        assert (len(best_at(values).contenders) == 1) == bool(low.max() > 0)
