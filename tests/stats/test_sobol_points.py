"""Points that fill a unit cube."""

import numpy as np

from salesim.stats.sobol_points import sobol_points


def test_more_points_begin_with_the_same():
    assert np.array_equal(sobol_points(5, 40), sobol_points(5, 200)[:40])


def test_each_half_and_quarter_of_every_axis_has_its_share_of_the_points():
    points = sobol_points(3, 64)
    for axis in points.T:
        assert np.bincount((4 * axis).astype(int)).tolist() == [16, 16, 16, 16]
