"""A budget: never overdrawn, cheapest questions first, all of it used."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesim.compare.allocation import allocated, chance_first


def with_baseline(pairs) -> int:
    """Every arm's pairs and as many of the baseline as the arm that has most."""
    return sum(pairs.values()) + max(pairs.values())


@given(
    needs=st.dictionaries(st.sampled_from("abcd"), st.floats(0, 5000) | st.just(float("inf")), min_size=1),
    budget=st.integers(60, 3000),
)
def test_a_budget_is_never_overdrawn_and_nearly_used_up(needs, budget):
    given_ = allocated(needs, 10, budget, with_baseline)
    assert with_baseline(given_) <= budget
    assert min(given_.values()) >= 10
    assert budget - with_baseline(given_) <= 2 * (len(needs) + 1) + budget // 500


def test_the_cheapest_question_is_settled_first_and_the_next_gets_the_rest():
    """Cheap and middle cost 50 + 200 + 200 of the baseline; what is left of 500 is 50 for dear."""
    found = allocated({"dear": 900, "cheap": 50, "middle": 200}, 10, 500, with_baseline)
    assert found == {"dear": 50, "cheap": 50, "middle": 200}


def test_what_is_left_over_goes_to_all_in_proportion():
    found = allocated({"a": 20, "b": 80}, 10, 900, with_baseline)
    assert found["b"] == pytest.approx(4 * found["a"], abs=4)
    assert with_baseline(found) >= 890


def test_a_floor_over_the_budget_is_given_all_the_same():
    assert allocated({"a": 100}, 10, 5, with_baseline) == {"a": 10}


def test_the_chance_of_the_leader_falls_with_every_close_rival():
    alone = chance_first(np.array([1.0]), np.array([1.0]))
    assert alone == pytest.approx(0.8413, abs=1e-4)
    assert chance_first(np.array([1.0, 1.0]), np.array([1.0, 1.0])) == pytest.approx(2 * alone - 1, abs=1e-9)
    assert chance_first(np.array([0.0]), np.array([0.0])) == 0.5
