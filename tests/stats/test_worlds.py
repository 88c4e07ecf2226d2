"""Shares of worlds and what knowing a world is worth, on a choice between two arms whose answers are known in closed form.

The gain of the second arm is a linear function of normal settings, and a part that no setting explains.
"""

import numpy as np
import pytest
from scipy.stats import norm, qmc

from salesim.stats.value_of_information import of_everything, of_settings
from salesim.stats.worlds import best_shares, components, expected_regrets, expected_values

GAIN, SLOPES, REST = 0.3, np.array([1.0, 0.5, 0.0, 0.0]), 0.3
SPREAD = float(np.sqrt((SLOPES**2).sum() + REST**2))
ENSEMBLES = 8


def ensemble(seed, worlds=256, chance=2.0, gain=GAIN, slopes=SLOPES, rest=REST):
    """Settings (worlds x settings), and values (worlds x 2 seeds x 2 arms) with a level that both arms share."""
    rng = np.random.default_rng(seed)
    evenly = norm.ppf(qmc.Sobol(len(slopes) + 1, rng=rng).random(worlds))
    settings, gains = evenly[:, :-1], gain + evenly @ np.r_[slopes, rest]
    level = 3.0 * rng.standard_normal((worlds, 1)) + rng.standard_normal((worlds, 2))
    second = level + gains[:, None] + chance * rng.standard_normal((worlds, 2))
    return settings, np.stack([level, second], axis=2)


def worth(mean, spread):
    """Of perfect information on a part of a normal gain (Raiffa & Schlaifer 1961, unit normal loss)."""
    return spread * norm.pdf(mean / spread) + mean * norm.cdf(mean / spread) - max(mean, 0.0)


@pytest.fixture(scope="module")
def found():
    """Of each ensemble: the share of the second arm, counted and estimated; all information, as counted and estimated."""
    rows, settings_worth = [], []
    for seed in range(ENSEMBLES):
        settings, values = ensemble(seed)
        expected, means = expected_values(values, settings), values.mean(axis=1)
        counted = float((means[:, 1] > means[:, 0]).mean())
        naive = float(means.max(axis=1).mean() - means.mean(axis=0).max())
        rows.append([counted, best_shares(expected)[1], naive, of_everything(expected)])
        settings_worth.append(of_settings(means, settings))
    return np.mean(rows, axis=0), settings_worth


def test_the_share_of_worlds_is_right_where_counting_noisy_means_is_not(found):
    (counted, share, _, _), _ = found
    truth = norm.cdf(GAIN / SPREAD)
    assert abs(share - truth) < 0.015
    assert truth - counted > 0.025


def test_perfect_information_has_its_closed_form_and_noisy_means_make_it_too_high(found):
    (*_, naive, estimate), _ = found
    truth = worth(GAIN, SPREAD)
    assert estimate == pytest.approx(truth, rel=0.1)
    assert naive > 1.5 * truth


@pytest.mark.parametrize("setting", [0, 1])
def test_information_on_a_setting_has_its_closed_form_and_is_not_too_high(found, setting):
    _, worths = found
    truth = worth(GAIN, SLOPES[setting])
    mean = np.mean([each.raw[setting] for each in worths])
    assert truth - 0.04 < mean < truth + 0.01
    assert np.mean([each.low[setting] <= truth <= each.high[setting] for each in worths]) >= 0.9


def test_a_setting_without_effect_is_worth_nothing(found):
    _, worths = found
    assert np.mean([each.value[2:] for each in worths]) < 0.02
    assert not any((each.low[2:] > 0.0).any() for each in worths)


def test_worlds_that_differ_by_chance_alone_agree():
    settings, values = ensemble(1, gain=0.5, slopes=0.0 * SLOPES, rest=0.0)
    means = values.mean(axis=1)
    assert (means[:, 1] > means[:, 0]).mean() < 0.7
    assert best_shares(expected_values(values, settings))[1] > 0.9


def test_arms_that_are_identical_share_the_worlds():
    settings, values = ensemble(1)
    shares = best_shares(expected_values(np.concatenate([values, values[:, :, :1]], axis=2), settings))
    assert shares.sum() == pytest.approx(1.0)
    assert shares[0] == pytest.approx(shares[2], abs=0.02)


def test_regret_of_the_arm_taken_is_what_information_is_worth():
    settings, values = ensemble(1)
    expected = expected_values(values, settings)
    regrets = expected_regrets(expected).mean(axis=0)
    assert regrets.min() == pytest.approx(of_everything(expected))
    assert (expected_regrets(expected) >= 0.0).all()


def test_a_level_that_all_arms_share_changes_no_share():
    settings, values = ensemble(1)
    level = np.random.default_rng(5).standard_normal((len(values), 1, 1)) * 1000.0
    one, other = (best_shares(expected_values(each, settings)) for each in (values, values + level))
    assert one == pytest.approx(other, abs=1e-6)


def test_without_settings_chance_is_still_taken_out():
    settings, values = ensemble(1, worlds=512)
    share = best_shares(expected_values(values, settings[:, :0]))[1]
    assert share == pytest.approx(norm.cdf(GAIN / SPREAD), abs=0.07)


def test_variance_components_are_those_of_the_worlds():
    rng = np.random.default_rng(1)
    values = 2.0 * rng.standard_normal((4000, 1)) + 3.0 * rng.standard_normal((4000, 2))
    found = components(values)
    assert found.between == pytest.approx(4.0, rel=0.15)
    assert found.within == pytest.approx(9.0, rel=0.1)


def test_a_negative_variance_between_worlds_is_clipped_and_kept_beside():
    values = np.array([[1.0, -1.0], [-1.0, 1.0], [1.0, -1.0]])
    assert components(values).between == 0.0
    assert components(values).raw_between == -1.0
