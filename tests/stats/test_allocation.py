"""What a budget is likely to settle, and how sure a leader is."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr

from salesim.stats.allocation import Question, allocated, chance_first


def question(mean: float, deviation: float = 1.0, matter: float = 0.1, arm: str = "a") -> Question:
    return Question((arm,), mean, deviation, 15, matter, 2.5)


def test_the_chance_of_settling_is_that_of_the_normal():
    """Mean 1, deviation 1, from 15 to 30 pairs: width 2.5 / sqrt(30), spread sqrt(1 / 30), nothing is equivalent."""
    width, spread = 2.5 / np.sqrt(30), np.sqrt(1 / 30)
    expected = ndtr((1 - width) / spread) + ndtr((-1 - width) / spread)
    assert question(1.0).chance_settled(30) == pytest.approx(expected)


def test_the_chance_is_that_of_a_simulation():
    rng = np.random.default_rng(5)
    asked = question(0.3, matter=0.5)
    truth = 0.3 + rng.normal(size=200_000) / np.sqrt(15)
    mean = (15 * 0.3 + 45 * (truth + rng.normal(size=200_000) / np.sqrt(45))) / 60
    width = 2.5 / np.sqrt(60)
    settled = (np.abs(mean) > width) | (np.abs(mean) < 0.5 - width)
    assert asked.chance_settled(60) == pytest.approx(settled.mean(), abs=0.005)


def test_what_is_sure_to_be_settled_or_unknown_is_told():
    assert question(0.0, matter=3.0).chance_settled(30) == 1.0
    assert question(np.nan, deviation=np.nan).chance_settled(30) == 0.0
    assert question(1.0).chance_settled(15) == 0.0


def with_baseline(pairs) -> int:
    """Every arm's pairs and as many of the baseline as the arm that has most."""
    return sum(pairs.values()) + max(pairs.values())


@given(
    means=st.dictionaries(st.sampled_from("abcd"), st.floats(-3, 3), min_size=1),
    deviation=st.floats(0, 3) | st.just(float("nan")),
    budget=st.integers(10, 2000),
)
@settings(deadline=None, max_examples=40)
def test_a_budget_is_never_overdrawn(means, deviation, budget):
    asked = [question(mean, deviation, arm=arm) for arm, mean in means.items()]
    found = allocated(asked, list(means), 20, budget, with_baseline)
    assert min(found.values()) >= 20
    assert with_baseline(found) <= max(budget, with_baseline(dict.fromkeys(means, 20)))


def test_runs_go_where_they_settle_most_and_are_left_where_they_settle_nothing():
    asked = [question(5.0, arm="clear"), question(0.7, arm="close"), Question(("unknown",), np.nan, np.nan, 0, 0.1, 2.5)]
    found = allocated(asked, ["clear", "close", "unknown"], 20, 2000, with_baseline)
    assert found["close"] > 3 * found["clear"]
    assert found["unknown"] == found["clear"] == 20
    assert with_baseline(found) < 1900


def test_a_long_step_is_seen_although_its_first_pairs_gain_nothing():
    assert allocated([question(0.2, 1.0, 0.01)], ["a"], 20, 600, with_baseline)["a"] > 150


def test_a_question_of_two_arms_brings_both():
    found = allocated([Question(("a", "b"), 0.4, 1.0, 15, 0.1, 2.5)], ["a", "b", "c"], 20, 500, with_baseline)
    assert found["a"] == found["b"] > 60
    assert found["c"] == 20


def test_the_chance_of_the_leader_falls_with_every_close_rival():
    alone = chance_first(np.array([1.0]), np.array([1.0]))
    assert alone == pytest.approx(0.8413, abs=1e-4)
    assert chance_first(np.array([1.0, 1.0]), np.array([1.0, 1.0])) == pytest.approx(2 * alone - 1, abs=1e-9)
    assert chance_first(np.array([0.0]), np.array([0.0])) == 0.5
