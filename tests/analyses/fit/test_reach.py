"""Numbers that no market has are named: one that is out of reach, and two or three that contradict each other."""

from types import SimpleNamespace

import numpy as np

from salesim.analyses.fit.bank import Bank
from salesim.analyses.fit.reach import ALONE, TOGETHER, conflicts
from salesim.config.targets import Target
from salesim.report.text.fit import conflict_words
from salesim.stats.emulator import emulator


def found_with(*values):
    """Conflicts where margin and discount rise together from 0 to 1, with a standard deviation of 0.02 over seeds."""
    return found(values, lambda points: points[:, [0, 0]])


def found(values, numbers, n_points=400):
    """Conflicts where `numbers` gives the means of a market at each point; attempts are 2,000 markets without chance."""
    rng = np.random.default_rng(1)
    points, many = rng.random((n_points, 2)), rng.random((2000, 2))
    outputs = numbers(points) + rng.normal(0.0, 0.02, (n_points, len(values)))
    targets = [Target(name, value, 0.0) for name, value in zip(("gross_margin", "discount", "win_rate"), values, strict=False)]

    def attempt(places):
        return (np.abs(numbers(many) - np.array(values)) / 0.02)[:, list(places)]

    return conflicts(SimpleNamespace(targets=targets), Bank(points, outputs), emulator(points, outputs), attempt)


def test_two_numbers_that_runs_have_together_are_no_conflict():
    assert found_with(0.5, 0.5) == []


def test_two_numbers_that_runs_have_only_apart_contradict_each_other():
    (conflict,) = found_with(0.2, 0.8)
    assert (conflict.measures, conflict.what) == ("gross_margin and discount", TOGETHER)
    rows = {
        name: {"title": name, "unit": "share", "value": value} for name, value in (("gross_margin", 0.2), ("discount", 0.8))
    }
    sentence = "Two numbers contradict each other: no market of the priors has gross_margin 20.0 % and discount 80.0 % at the"
    assert conflict_words(conflict._asdict(), rows).startswith(sentence)


def sum_and_its_parts(points):
    return np.column_stack([points, points.sum(axis=1) / 2])


def test_three_numbers_contradict_each_other_though_each_pair_is_reached():
    assert found((0.3, 0.6, 0.45), sum_and_its_parts) == []
    (conflict,) = found((0.3, 0.6, 0.60), sum_and_its_parts)
    assert (conflict.measures, conflict.what) == ("gross_margin and discount and win_rate", TOGETHER)
    rows = {name: {"title": name, "unit": "k$", "value": 1.0} for name in ("gross_margin", "discount", "win_rate")}
    sentence = conflict_words(conflict._asdict(), rows)
    assert sentence.startswith("Three numbers contradict each other: no market of the priors has gross_margin 1")
    assert sentence.endswith("at the same time, though it has each pair.")


def test_numbers_that_meet_between_the_runs_are_no_conflict():
    assert found((0.31, 0.62, 0.465), sum_and_its_parts, n_points=12) == []


def test_a_number_that_no_run_has_is_out_of_reach_and_in_no_pair():
    (conflict,) = found_with(0.5, 1.5)
    assert (conflict.measures, conflict.what) == ("discount", ALONE)
    assert 0.9 < conflict.high < 1.2
