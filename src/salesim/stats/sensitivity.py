"""Which parameters matter? Morris screening and Sobol indices with intervals (SALib), on the unit cube.

Sources: Morris 1991 and Campolongo, Cariboni & Saltelli 2007 (mu*, the mean size of an effect); Sobol 2001, Saltelli et al.
2010 (the estimators), Owen 2020 (scrambled Sobol points).
"""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from salesim.model.signals import undisturbed
from salesim.stats.intervals import Numbers

LEVELS = 4  # of Morris' grid
RESAMPLES = 500  # bootstrap of trajectories and base points behind the intervals
SCREENED_OUT = 0.1  # share of the largest effect; axes whose effect is clearly smaller are left out
SEED = 1991


def problem(n_axes: int) -> dict[str, Any]:
    """SALib's description of a unit cube."""
    return {"num_vars": n_axes, "names": [f"x{number}" for number in range(n_axes)], "bounds": [[0.0, 1.0]] * n_axes}


def trajectories(n_axes: int, count: int) -> Numbers:
    """Morris' design: count * (axes + 1) points that step along one axis at a time."""
    from SALib.sample import morris

    points: Numbers = morris.sample(problem(n_axes), count, num_levels=LEVELS, seed=SEED)
    return points


def screened(points: Numbers, values: Numbers, confidence: float) -> pd.DataFrame:
    """One row per axis: `effect` is mu*, the mean absolute effect of a step along it, `half` its interval's half width."""
    from SALib.analyze import morris

    settings = {"conf_level": confidence, "num_resamples": RESAMPLES, "seed": SEED}
    raw = morris.analyze(problem(points.shape[1]), points, values, num_levels=LEVELS, **settings)
    return pd.DataFrame({"effect": np.asarray(raw["mu_star"]), "half": np.asarray(raw["mu_star_conf"]).astype(float)})


def kept_axes(screening: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Mask of the axes whose effect may be a tenth of the largest, or more; none where no axis has an effect."""
    largest = float(screening["effect"].max())
    return np.asarray((screening["effect"] + screening["half"].fillna(0.0) >= SCREENED_OUT * largest) & (largest > 0))


def sobol_design(n_axes: int, base_points: int) -> Numbers:
    """base_points * (axes + 2) points for first-order and total indices; rows of a base point are contiguous."""
    from SALib.sample import sobol

    with undisturbed():  # compiled code reads a file here, and Python drops what it raises
        points: Numbers = sobol.sample(problem(n_axes), base_points, calc_second_order=False, seed=SEED)
    return points


def indices_of_draws(n_axes: int, draws: Numbers) -> tuple[Numbers, Numbers]:
    """First-order and total indices of each of several functions without noise (draws x axes each).

    `draws` are their values at the Sobol design (draws x points). Estimators: Saltelli et al. 2010 and Jansen 1999.
    """
    by_base = draws.reshape(len(draws), -1, n_axes + 2)
    one, mixed, other = by_base[:, :, :1], by_base[:, :, 1:-1], by_base[:, :, -1:]
    variance = np.concatenate([one, other], axis=1).var(axis=(1, 2))[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        first = ((other - other.mean(axis=1, keepdims=True)) * (mixed - one)).mean(axis=1) / variance
        return first, 0.5 * ((one - mixed) ** 2).mean(axis=1) / variance


def groups_of(n_axes: int, base_points: int) -> npt.NDArray[np.int64]:
    """Number of the base point to which each row of the Sobol design belongs."""
    return np.repeat(np.arange(base_points), n_axes + 2)


def indices(n_axes: int, values: Numbers, confidence: float, noise: float = 0.0) -> pd.DataFrame:
    """One row per axis: its first-order index (`first`) and total index (`total`), with the half widths of their intervals.

    `noise` is the share of the variance of `values` that is due to chance of their seeds (`discovery.share_of_chance`). It is
    removed: (total - noise) / (1 - noise), first / (1 - noise). With 30 % of noise an axis without effect would otherwise
    have a total index of 0.3. NaN throughout where values are all equal or missing, or where all variance is noise.
    """
    from SALib.analyze import sobol

    if not np.isfinite(values).all() or np.ptp(values) == 0 or noise >= 1.0:
        return pd.DataFrame({name: np.full(n_axes, np.nan) for name in ("first", "first_half", "total", "total_half")})
    settings = {"conf_level": confidence, "num_resamples": RESAMPLES, "seed": SEED}
    raw = sobol.analyze(problem(n_axes), values, calc_second_order=False, **settings)
    names = {"first": "S1", "first_half": "S1_conf", "total": "ST", "total_half": "ST_conf"}
    table = pd.DataFrame({name: np.asarray(raw[theirs], float) / (1.0 - noise) for name, theirs in names.items()})
    return table.assign(total=table["total"] - noise / (1.0 - noise))
