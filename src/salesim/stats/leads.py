"""Who leads at each of many points, by how much, and whether that is beyond doubt."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special

Numbers = npt.NDArray[np.float64]
Rows = npt.NDArray[np.intp]


class Leads(NamedTuple):
    """One entry a point: rows of the best arm and of the next (-1 where there is none), the lead, and if it is told apart."""

    first: Rows
    second: Rows
    lead: Numbers  # mean of paired differences between the two, at least 0
    told: npt.NDArray[np.bool_]  # the best is better than every other arm, with the asked confidence at this point


def leads(values: Numbers, better: str, confidence: float) -> Leads:
    """Who leads by mean; `values` are points x arms x seeds, NaN for what is missing, and more is better if `better` is "up".

    A lead is told apart if the intervals of the paired differences from all other arms lie above zero: Student's t with
    Bonferroni over all pairs of arms, as the best is picked after looking. Every point has its own error.
    Source: Hsu 1996 (multiple comparisons with the best), with all pairs as the family.
    """
    upwards = values if better == "up" else -values
    n_points, n_arms, _ = values.shape
    means = mean_of(upwards)
    order = np.argsort(-np.where(np.isnan(means), -np.inf, means), axis=1, kind="stable")
    known = np.isfinite(means).sum(axis=1)
    first = np.where(known > 0, order[:, 0], -1)
    second = np.where(known > 1, order[:, min(1, n_arms - 1)], -1)
    every = np.arange(n_points)
    gaps = upwards[every, order[:, 0]][:, None, :] - upwards  # points x arms x seeds: by how much the best is better
    lows = low_end(gaps, 1.0 - (1.0 - confidence) / max(n_arms * (n_arms - 1), 1))
    rival = np.isfinite(means) & (np.arange(n_arms) != first[:, None])
    told = (known > 1) & np.all(~rival | (lows > 0), axis=1)
    lead = np.where(known > 1, mean_of(gaps)[every, second], np.nan)
    return Leads(first, second, lead, told)


def mean_of(values: Numbers) -> Numbers:
    """Means over the last axis of what is there; NaN where nothing is."""
    there = np.isfinite(values)
    with np.errstate(invalid="ignore", divide="ignore"):
        found: Numbers = np.where(there, values, 0.0).sum(axis=-1) / there.sum(axis=-1)
    return found


def low_end(differences: Numbers, level: float) -> Numbers:
    """Lower ends of Student's intervals of means over the last axis; NaN with fewer than two entries."""
    there, mean = np.isfinite(differences), mean_of(differences)
    n = there.sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        error = np.sqrt((np.where(there, differences - mean[..., None], 0.0) ** 2).sum(axis=-1) / (n - 1) / n)
        found: Numbers = mean - special.stdtrit(np.maximum(n - 1, 1), level) * error
    return np.where(n > 1, found, np.nan)
