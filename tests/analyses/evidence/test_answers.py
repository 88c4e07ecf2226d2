"""The answer of each seed, by hand, for every `how`."""

import numpy as np
import pytest

from salesim.analyses.evidence.answers import HOW, answers, arms_of
from salesim.config.errors import InputError


def arms(*values, measure="m"):
    return [{measure: np.array([value], float)} for value in values]


BY_HAND = {
    "mean": ({}, arms(1, 3), 2.0),
    "mean less": ({"least": 0.9}, arms(1.5), 0.6),
    "difference": ({}, arms(5, 3), 2.0),
    "ratio": ({}, arms(6, 3), 2.0),
    "relative": ({}, arms(6, 3), 1.0),
    "slope": ({"step": -0.5}, arms(5, 3), -4.0),
    "elasticity": ({"step": 0.5}, arms(np.e, 1), 2.0),
    "elasticity difference": ({"step": 0.5}, arms(np.e**2, 1, np.e, 1), 2.0),
    "interaction": ({}, arms(9, 4, 3, 1), 3.0),
    "share above": ({"least": 0.1}, arms(1.2, 1.0), 1.0),
    "synergy": ({}, arms(10, 2, 5, 4), 3.0),
}


@pytest.mark.parametrize("how", BY_HAND)
def test_an_answer_is_what_is_computed_by_hand(how):
    more, values, answer = BY_HAND[how]
    assert answers({"how": how, "of": "m", **more}, values)[0] == pytest.approx(answer)


def test_a_difference_of_differences_and_an_elasticity_take_two_measures():
    values = [{"a": np.array([7.0]), "b": np.array([2.0])}, {"a": np.array([3.0]), "b": np.array([1.0])}]
    assert answers({"how": "difference of differences", "of": ["a", "b"]}, values)[0] == 3.0
    of_two = answers({"how": "elasticity difference", "of": ["a", "b"], "step": 0.5}, values)[0]
    assert of_two == pytest.approx(2 * (np.log(7 / 3) - np.log(2)))


def test_the_best_level_is_that_of_the_highest_mean_and_its_values_average_to_the_jackknife_estimate():
    entry = {"how": "best level", "of": "m", "setting": "s", "levels": [0, 5, 10], "arms": [{}, {}]}
    assert [arm["s"] for arm in arms_of(entry)] == [0, 5, 10, 0, 5, 10]
    values = [{"m": np.full(4, float(level))} for level in (1, 2, 3, 3, 2, 1)]
    assert answers(entry, values).tolist() == [10.0] * 4


def test_the_error_of_an_elasticity_is_the_estimate_less_what_a_change_of_prices_does():
    values = [{"a": np.array([-1.0]), "b": np.array([9.0])}, *({"a": np.array([9.0]), "b": np.array([b])} for b in (1.0, np.e))]
    assert answers({"how": "elasticity error", "of": ["a", "b"], "step": 0.5}, values)[0] == pytest.approx(-1.0 + 2.0)


def test_a_ratio_of_means_is_not_carried_away_by_a_seed_with_next_to_nothing():
    values = [{"a": np.array([10.0, 10.0, 10.0, 10.0]), "b": np.array([2.0, 2.0, 2.0, 0.001])}]
    entry = {"of": ["a", "b"]}
    assert np.mean(10.0 / values[0]["b"]) > 1000.0
    jackknifed = 4 * 40.0 / 6.001 - 3 / 4 * (3 * 30.0 / 4.001 + 30.0 / 6.0)
    assert np.mean(answers({"how": "ratio of means", **entry}, values)) == pytest.approx(jackknifed)
    equal = [{"a": np.array([6.0, 6.0]), "b": np.array([2.0, 2.0])}]
    assert answers({"how": "ratio of means", **entry}, equal).tolist() == [3.0, 3.0]
    assert answers({"how": "ratio of means", **entry}, [{"a": np.array([6.0]), "b": np.array([2.0])}]).tolist() == [3.0]


def test_every_how_is_tested_by_hand_and_an_unknown_one_is_refused():
    assert set(HOW) == {*BY_HAND, "difference of differences", "elasticity error", "ratio of means", "best level"}
    with pytest.raises(InputError, match="did you mean ratio"):
        answers({"how": "ratios", "of": "m"}, arms(1))


def test_an_elasticity_of_nothing_is_unknown():
    assert np.isnan(answers({"how": "elasticity", "of": "m", "step": 1.0}, arms(0, 1))[0])
