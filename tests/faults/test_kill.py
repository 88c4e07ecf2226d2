"""A sweep that is killed again and again ends with the tables of one that was not."""

import random

import pytest

from tests.faults.kill import tried


@pytest.mark.parametrize("executor", ["threads", "processes"])
def test_a_sweep_killed_at_random_moments_ends_with_the_same_bytes(executor):
    assert tried(kills=3, points=16, seeds=4, executor=executor, luck=random.Random()) == []
