"""Tipping points: a planted crossing is recovered, and its interval has its nominal coverage."""

import numpy as np
import pytest

from salesim.stats.root_finding import crossings

REPETITIONS = 300


def market(rng, root, slope=4.0, noise=1.5, skewed=False):
    """Paired differences that cross zero at `root`; a seed's deviation is partly the same at every value of the parameter."""
    level, tilt, salt = rng.normal(size=1000), rng.normal(size=1000), int(rng.integers(2**31))

    def evaluate(values, seeds):
        own = np.stack([np.random.default_rng([salt, seed, 7]).normal(size=50) for seed in seeds])
        x = np.asarray(values)[:, None]
        chosen = np.array(list(seeds))
        place = (np.round(x * 1e4).astype(int) % 50)[:, 0]
        deviation = level[chosen] + 0.5 * tilt[chosen] * x + 0.5 * own.T[place]
        if skewed:
            deviation = np.exp(0.7 * deviation) - np.exp(0.49 / 2 * (1.25 + 0.25 * x**2))  # its mean is 0
        return slope * (x - root) + noise * deviation

    return evaluate


@pytest.mark.parametrize(("skewed", "least"), [(False, 0.92), (True, 0.88)])
def test_the_interval_of_a_planted_crossing_has_its_nominal_coverage(skewed, least):
    rng = np.random.default_rng(5)
    held, widths = [], []
    for _ in range(REPETITIONS):
        roots, _ = crossings(market(rng, 0.37, skewed=skewed), 0.0, 1.0, range(60), 0.95)
        held += [each.low <= 0.37 <= each.high for each in roots]
        widths += [each.high - each.low for each in roots]
    assert len(held) >= 0.95 * REPETITIONS
    assert least <= np.mean(held) <= 0.985
    assert 0.05 < np.mean(widths) < 0.5


def test_a_clear_crossing_is_found_closely_with_its_direction():
    roots, curve = crossings(market(np.random.default_rng(1), 0.7, slope=-20.0), 0.0, 1.0, range(60), 0.95)
    assert roots[0].at == pytest.approx(0.7, abs=0.03)
    assert (roots[0].before, roots[0].after) == (1, -1)
    assert len(curve.values) == 9
    assert curve.mean[0] > 0 > curve.mean[-1]


def test_arms_that_do_not_cross_have_no_tipping_point():
    roots, curve = crossings(market(np.random.default_rng(2), -3.0), 0.0, 1.0, range(60), 0.95)
    assert roots == []
    assert (curve.low > 0).all()


def test_two_crossings_are_both_found():
    def evaluate(values, seeds):
        return ((np.asarray(values) - 0.2) * (np.asarray(values) - 0.8))[:, None] + 0.002 * np.sin(np.array(list(seeds)))

    roots, _ = crossings(evaluate, 0.0, 1.0, range(60), 0.95)
    assert [round(each.at, 2) for each in roots] == [0.2, 0.8]


def test_whole_parameters_are_evaluated_at_whole_numbers_only():
    evaluated = []

    def evaluate(values, seeds):
        evaluated.extend(values)
        return (np.asarray(values) - 5.5)[:, None] + 0.01 * np.cos(np.array(list(seeds)))

    roots, _ = crossings(evaluate, 1, 12, range(60), 0.95, whole=True)
    assert roots[0].at == pytest.approx(5.5, abs=0.1)
    assert all(float(value).is_integer() for value in evaluated)


def test_the_crossing_comes_from_seeds_that_did_not_choose_the_bracket():
    looked = []

    def evaluate(values, seeds):
        looked.append(set(seeds))
        return (np.asarray(values) - 0.4)[:, None] + 0.1 * np.cos(np.array(list(seeds)))

    crossings(evaluate, 0.0, 1.0, range(60), 0.95)
    assert looked[-1].isdisjoint(looked[0] | looked[1])


def noisy(curve, key):
    """Paired differences around a curve, of which half of the variance of a seed is the same at every value."""
    shared, own = np.random.default_rng([key, 1]).normal(size=1000), {}

    def evaluate(values, seeds):
        for value in values:
            own.setdefault(value, np.random.default_rng([key, round(1e6 * value)]).normal(size=1000))
        each = [curve(value) + 0.4 * (shared + own[value])[seeds.start : seeds.stop] for value in values]
        return np.array(each)

    return evaluate


def saturating(value):
    return 1 - np.exp(-value / 0.1) - 0.7


@pytest.mark.parametrize(
    ("curve", "root"),
    [(lambda x: x - 0.4, 0.4), (lambda x: np.exp(3 * x) / 10 - 0.35, np.log(3.5) / 3), (saturating, -0.1 * np.log(0.3))],
)
@pytest.mark.parametrize("seeds", [60, 200])
def test_intervals_cover_the_root_of_linear_exponential_and_saturating_curves(curve, root, seeds):
    """Interpolated over five values, those of the saturating curve contained the root in 28 % of searches of 60 seeds."""
    roots = [each for key in range(100) for each in crossings(noisy(curve, key), 0.0, 1.0, range(seeds), 0.95)[0]]
    assert len(roots) >= 70
    assert np.mean([each.low <= root <= each.high for each in roots]) >= 0.9


def test_identical_arms_have_a_crossing_in_at_most_one_search_in_twenty():
    roots = [crossings(noisy(lambda _: 0.0, key), 0.0, 1.0, range(60), 0.95)[0] for key in range(200)]
    assert np.mean([len(each) > 0 for each in roots]) <= 0.05
