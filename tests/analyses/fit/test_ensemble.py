"""Which worlds of an ensemble are kept."""

from types import SimpleNamespace

import numpy as np

from salesim.analyses.fit.ensemble import Ensemble
from salesim.config.targets import Target


def ensemble(means, relative, standard_error=0.0):
    """Worlds with these means of one number, each with two seeds that are 1 apart in standard deviations."""
    outputs = np.array(means)[:, None, None] + np.array([-1.0, 1.0])[None, :, None] / 2**0.5
    spec = SimpleNamespace(targets=[Target("deals_won", 10.0, standard_error)])
    return Ensemble(spec, np.zeros((len(means), 1)), outputs, np.array(relative)[:, None])


def test_worlds_that_miss_the_number_are_dropped_but_not_those_whose_runs_scatter_more():
    assert ensemble([10.0, 12.7, 12.9, 7.1], [1.0] * 4).kept.tolist() == [True, True, False, False]
    assert ensemble([12.9, 12.9, 11.0], [1.0, 1.4, 0.3]).kept.tolist() == [False, True, False]


def test_a_world_among_many_that_miss_the_number_is_there_by_chance_and_not_kept():
    assert ensemble([10.0, *[15.0] * 9], [1.0] * 10).kept.sum() == 1
    assert ensemble([10.0, *[15.0] * 10], [1.0] * 11).kept.sum() == 0


def test_the_error_of_the_number_counts_beside_chance():
    assert ensemble([13.5], [1.0], standard_error=1.0).kept.tolist() == [True]


def test_a_world_without_the_number_is_dropped():
    assert ensemble([10.0, np.nan], [1.0, 1.0]).kept.tolist() == [True, False]
