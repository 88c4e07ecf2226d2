"""Numbers that no market has are named: one that is out of reach, and two that contradict each other."""

from types import SimpleNamespace

import numpy as np

from salesim.analyses.fit.bank import Bank
from salesim.analyses.fit.reach import ALONE, TOGETHER, conflicts
from salesim.config.targets import Target
from salesim.report.text.fit import conflict_words
from salesim.stats.emulator import emulator


def found_with(*values):
    """Conflicts where margin and discount rise together from 0 to 1, with a standard deviation of 0.02 over seeds."""
    rng = np.random.default_rng(1)
    points = rng.random((400, 2))
    outputs = points[:, :1] + rng.normal(0.0, 0.02, (400, 2))
    targets = [Target(name, value, 0.0) for name, value in zip(("gross_margin", "discount"), values, strict=True)]
    return conflicts(SimpleNamespace(targets=targets), Bank(points, outputs), emulator(points, outputs))


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


def test_a_number_that_no_run_has_is_out_of_reach_and_in_no_pair():
    (conflict,) = found_with(0.5, 1.5)
    assert (conflict.measures, conflict.what) == ("discount", ALONE)
    assert 0.9 < conflict.high < 1.2
