"""Screening and indices against functions whose answer is known."""

import numpy as np
import pytest

from salesim.stats.discovery import share_of_chance
from salesim.stats.sensitivity import groups_of, indices, kept_axes, screened, sobol_design, trajectories


def ishigami(points):
    x = np.pi * (2 * points - 1)
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def test_sobol_indices_of_a_known_function_lie_in_their_intervals():
    estimates = indices(3, ishigami(sobol_design(3, 512)), 0.99)
    truth = {"first": [0.3139, 0.4424, 0.0], "total": [0.5576, 0.4424, 0.2437]}  # Ishigami & Homma 1990
    for name, values in truth.items():
        assert (np.abs(estimates[name] - values) <= estimates[f"{name}_half"] + 0.02).all()


def test_screening_keeps_what_matters_and_drops_what_does_not():
    points = trajectories(4, 10)
    table = screened(points, 5 * points[:, 0] + 3 * points[:, 1] * points[:, 2] + 0.01 * points[:, 3], 0.95)
    assert table["effect"].to_numpy()[[0, 3]] == pytest.approx([5.0, 0.01])
    assert list(kept_axes(table)) == [True, True, True, False]


def test_without_any_effect_there_are_no_indices():
    points = trajectories(3, 6)
    assert not kept_axes(screened(points, np.zeros(len(points)), 0.95)).any()
    assert indices(3, np.zeros(len(sobol_design(3, 16))), 0.95).isna().all().all()
    values = np.ones(len(sobol_design(3, 16)))
    values[3] = np.nan
    assert indices(3, values, 0.95).isna().all().all()


def test_rows_of_a_base_point_share_coordinates_and_are_one_group():
    points, groups = sobol_design(4, 16), groups_of(4, 16)
    assert len(points) == len(groups) == 16 * 6
    first = points[groups == 5]
    for row in first[1:-1]:
        assert (row != first[0]).sum() == 1


def test_an_axis_that_does_nothing_has_no_total_index_however_noisy_the_values_are():
    """Three tenths of the variance are chance of the seeds; the estimator alone gives the inert axis a total index of .3."""
    points, rng = sobol_design(3, 512), np.random.default_rng(3)
    effect = 3.0 * points[:, 0] + 2.0 * points[:, 1]
    seeds = effect[:, None] + np.sqrt(5 * effect.var() * 3 / 7) * rng.normal(size=(len(points), 5))
    noise = share_of_chance(seeds)
    assert noise == pytest.approx(0.3, abs=0.03)
    raw, estimates = (indices(3, seeds.mean(axis=1), 0.95, each) for each in (0.0, noise))
    assert raw["total"][2] > 0.2
    assert abs(estimates["total"][2]) < 0.06
    assert estimates["total"][:2].tolist() == pytest.approx([9 / 13, 4 / 13], abs=0.1)
    assert estimates["first"][:2].tolist() == pytest.approx([9 / 13, 4 / 13], abs=0.1)
