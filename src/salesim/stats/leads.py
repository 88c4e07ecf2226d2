"""Who leads at each of many points, by how much, and whether that is beyond doubt."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from salesim.stats.intervals import Numbers, moments, student

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
    means = moments(np.moveaxis(upwards, -1, 0)).mean
    order = np.argsort(-np.where(np.isnan(means), -np.inf, means), axis=1, kind="stable")
    known = np.isfinite(means).sum(axis=1)
    first = np.where(known > 0, order[:, 0], -1)
    second = np.where(known > 1, order[:, min(1, n_arms - 1)], -1)
    every = np.arange(n_points)
    gaps = upwards[every, order[:, 0]][:, None, :] - upwards  # points x arms x seeds: by how much the best is better
    ahead, lows, _ = student(np.moveaxis(gaps, -1, 0), confidence, max(n_arms * (n_arms - 1) // 2, 1))
    rival = np.isfinite(means) & (np.arange(n_arms) != first[:, None])
    told = (known > 1) & np.all(~rival | (lows > 0), axis=1)
    lead = np.where(known > 1, ahead[every, second], np.nan)
    return Leads(first, second, lead, told)
