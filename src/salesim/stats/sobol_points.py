"""Points that fill a unit cube evenly, from which an emulator learns."""

import numpy as np
from scipy.stats import qmc

from salesim.model.signals import undisturbed
from salesim.stats.intervals import Numbers

SEED = 1


def sobol_points(n_axes: int, n_points: int) -> Numbers:
    """The first points of a scrambled Sobol sequence (points x axes); more of them begin with the same."""
    power = int(np.ceil(np.log2(n_points)))
    with undisturbed():  # compiled code reads a file here, and Python drops what it raises
        sequence = qmc.Sobol(n_axes, seed=SEED)
    points: Numbers = sequence.random_base2(power)[:n_points]
    return points
