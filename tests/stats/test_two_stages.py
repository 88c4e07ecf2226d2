"""Two stages: the second may be as long as the first advises, and the intervals still keep their promise."""

import numpy as np
import pytest

from salesim.stats import two_stages as stages
from salesim.stats.two_stages import combined, stage_weights

COLUMNS = 4


@pytest.fixture(autouse=True)
def fewer_resamples(monkeypatch):
    monkeypatch.setattr(stages, "RESAMPLES", 1000)


def test_weights_are_those_of_planned_pairs_and_their_squares_sum_to_one():
    assert stage_weights([25, 75]).tolist() == pytest.approx([0.5, np.sqrt(0.75)])


def test_stages_as_long_as_planned_give_the_plain_mean():
    first, second = (np.random.default_rng(seed).normal(size=(n, 3)) for seed, n in ((1, 20), (2, 60)))
    found = combined([first, second], stage_weights([20, 60]), 0.05)
    assert found.mean == pytest.approx(np.vstack([first, second]).mean(axis=0))
    assert found.n.tolist() == [80] * 3
    assert (found.high - found.low) / 2 == pytest.approx(found.critical * found.deviation / np.sqrt(80))


def lengths(first: np.ndarray) -> int:
    """The worst advice for a plain mean: as many as make a chance crossing of 2 likeliest (Proschan & Hunsberger 1995)."""
    z = abs(first[:, 0].mean()) / first[:, 0].std(ddof=1) * np.sqrt(len(first))
    return int(np.clip(len(first) * (2.0**2 / z**2 - 1.0), 10, 2000))


def missed(join, repeats: int = 800) -> float:
    rng, found = np.random.default_rng(6), 0
    for _ in range(repeats):
        first = rng.normal(size=(20, 1))
        second = rng.normal(size=(lengths(first), 1))
        found += join(first, second)
    return found / repeats


def test_a_length_that_depends_on_the_first_stage_does_no_harm():
    def misses(first, second):
        found = combined([first, second], stage_weights([20, 60]), 0.05)
        return bool((found.low > 0).any() or (found.high < 0).any())

    def plain_misses(first, second):
        found = np.vstack([first, second])[:, 0]
        return bool(abs(found.mean()) > 1.97 * found.std(ddof=1) / np.sqrt(len(found)))

    limit = 0.05 + 2.5 * np.sqrt(0.05 * 0.95 / 800)
    assert missed(misses) <= limit
    assert missed(plain_misses) > limit


def test_intervals_hold_together_for_many_columns_of_different_lengths():
    rng, wrong = np.random.default_rng(7), 0
    for _ in range(300):
        first, second = rng.normal(size=(20, COLUMNS)), rng.normal(size=(200, COLUMNS))
        for column in range(COLUMNS):
            second[40 * (column + 1) :, column] = np.nan
        found = combined([first, second], stage_weights([20, 100]), 0.05)
        wrong += bool(((found.low > 0) | (found.high < 0)).any())
    assert 0.01 <= wrong / 300 <= 0.085


def test_nothing_that_varies_has_no_width_and_too_few_pairs_no_ends():
    first = np.column_stack([np.zeros(20), np.arange(20.0), np.arange(20.0)])
    second = np.column_stack([np.zeros(30), np.arange(30.0), np.r_[np.ones(5), np.full(25, np.nan)]])
    found = combined([first, second], stage_weights([20, 30]), 0.05)
    assert (found.low[0], found.high[0]) == (0.0, 0.0)
    assert found.low[1] < found.mean[1] < found.high[1]
    assert np.isnan(found.low[2])


def test_a_difference_that_is_the_same_in_nearly_all_seeds_says_nothing_and_spoils_no_other():
    rng = np.random.default_rng(5)
    first, second = (np.column_stack([np.zeros(n), rng.normal(size=n)]) for n in (12, 30))
    first[2, 0] = 1.0
    both = combined([first, second], stage_weights([12, 30]), 0.05)
    alone = combined([first[:, 1:], second[:, 1:]], stage_weights([12, 30]), 0.05)
    assert (both.low[0], both.high[0]) == (-np.inf, np.inf)
    assert (both.low[1], both.high[1]) == pytest.approx((alone.low[0], alone.high[0]))
