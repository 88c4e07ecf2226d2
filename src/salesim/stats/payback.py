"""When a difference in money is made up for: cumulated over months, its trough, and its present value.

An interval here has the critical values of the interval of the whole difference, which is a row of the table of differences: at
the last month both are the same interval. Every month's interval is therefore at least as wide as one that holds by itself, and
the months at which it contains zero are an interval of the break-even month (a test inverted; Fieller 1954).
"""

from typing import NamedTuple

import numpy as np

from salesim.stats.intervals import Numbers, moments

NEVER = np.inf  # a month that lies beyond the run


class Critical(NamedTuple):
    """Standard errors from a mean down to the low end of its interval, and up to the high one."""

    down: float
    up: float


class Curve(NamedTuple):
    """The mean of cumulated differences after each month, and the ends of its intervals."""

    mean: Numbers
    low: Numbers
    high: Numbers


class Payback(NamedTuple):
    """When the cumulated difference is above zero for good, and how deep it was before.

    Months are counted from 0; `ahead_month` is that of the mean, `ahead_low` the first that its interval does not exclude, and
    `ahead_high` the one from which on the interval is above zero; infinity is beyond the run. `share_ahead` is the share of
    seeds that are ahead at the end. The trough is 0 and has no month (NaN) if the mean is never below zero.
    """

    ahead_month: float
    ahead_low: float
    ahead_high: float
    share_ahead: float
    trough_k: float
    trough_low: float
    trough_high: float
    trough_month: float


def critical_of(differences: Numbers, low: float, high: float) -> Critical:
    """The critical values of an interval of the mean of `differences` (one per seed); NaN if there is no interval."""
    stats = moments(differences[:, None])
    mean, error = float(stats.mean[0]), float(stats.standard_error[0])
    return Critical((mean - low) / error, (high - mean) / error) if error > 0.0 else Critical(0.0 * low, 0.0 * high)


def curve_of(columns: Numbers, critical: Critical) -> Curve:
    """Means of columns (seeds x columns) with intervals of these critical values; a column without spread has no width."""
    stats = moments(columns)
    error = np.where(stats.n > 1, np.nan_to_num(stats.standard_error), np.nan)
    return Curve(stats.mean, stats.mean - critical.down * error, stats.mean + critical.up * error)


def cumulated(months: Numbers) -> Numbers:
    """Sums up to the end of each month, of seeds x months."""
    return np.cumsum(months, axis=1)


def ahead_from(curve: Numbers) -> float:
    """The first entry from which on a curve stays above zero, counted from 0; NEVER if it does not end above zero.

    >>> ahead_from(np.array([1.0, -1.0, 2.0, 3.0])), ahead_from(np.array([1.0, 0.0]))
    (2.0, inf)
    """
    below = np.flatnonzero(~(curve > 0.0))
    first = int(below[-1]) + 1 if len(below) else 0
    return float(first) if first < len(curve) else NEVER


def payback_of(cumulated: Numbers, curve: Curve) -> Payback:
    """Break-even and trough of cumulated differences (seeds x months) and their `curve`; NaN for a single seed's intervals."""
    if np.isnan(curve.low[-1]):
        low = high = np.nan
    else:
        low, high = ahead_from(curve.high), ahead_from(curve.low)
    place = int(np.argmin(curve.mean))
    is_below, share = bool(curve.mean[place] < 0.0), float(np.mean(cumulated[:, -1] > 0.0))
    depth, deepest, flattest = (float(values[place]) if is_below else 0.0 for values in curve)
    return Payback(ahead_from(curve.mean), low, high, share, depth, deepest, flattest, place if is_below else np.nan)


def discount_factors(ends: Numbers, rate: float) -> Numbers:
    """What money at the end of these weeks is worth at the start, at a yearly `rate`: (1 + rate) ** (-weeks / 52)."""
    factors: Numbers = (1.0 + rate) ** (-ends / 52.0)
    return factors
