"""Functions interpolated from tables: Wright's omega function and beta quantiles, both by cubics."""

import math
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy import special

from salesim.model.jit import plain, rule

Numbers = npt.NDArray[np.float64]
# The table of Wright's omega: value, and slope w / (1 + w) per step, every 1/STEPS from FIRST to LAST.
FIRST, LAST, STEPS = -30.0, 40.0, 128.0
_VALUES = special.wrightomega(np.arange(FIRST * STEPS, LAST * STEPS + 1.0) / STEPS)
OMEGA = np.ascontiguousarray(np.column_stack([_VALUES, _VALUES / (1.0 + _VALUES) / STEPS]))
REACH, BETA_STEPS = 12.0, 256  # the table of a beta distribution covers log-odds from -REACH to REACH, in steps of 1/BETA_STEPS
CLOSE = 1e-11  # largest absolute error of that table


@rule
def cubic(low: float, slope: float, high: float, high_slope: float, share: float) -> float:
    """Cubic with these values and slopes (per step) at both ends of a step, evaluated at a share of the step."""
    rise = high - low
    bend = (3.0 * rise - 2.0 * slope - high_slope) + share * (slope + high_slope - 2.0 * rise)
    return low + share * (slope + share * bend)


@rule
def omega(z: float) -> float:
    """Wright's omega function for real z: the w > 0 with w + ln w = z, which is Lambert's W0(exp(z)).

    Within the table by `cubic`, beyond it by `omega_far`. The relative difference from scipy's is below 1e-10.
    """
    if z < FIRST:
        return math.exp(z)
    place = (z - FIRST) * STEPS
    left, table = int(place), OMEGA  # read once, as numba copies a global array wherever it is read
    if left >= len(table) - 1:
        return omega_far(z)
    return cubic(table[left, 0], table[left, 1], table[left + 1, 0], table[left + 1, 1], place - left)


@rule
def omega_far(z: float) -> float:
    """Wright's omega for large z: iterations from w = z - ln z + ln z / z. Source: Fritsch, Shafer & Crowley 1973."""
    w = z - math.log(z) + math.log(z) / z
    for _ in range(2):
        r = z - w - math.log(w)
        t = 2.0 * (1.0 + w) * (1.0 + w + 2.0 / 3.0 * r)
        w *= 1.0 + r / (1.0 + w) * (t - r) / (t - 2.0 * r)
    return w


def beta_quantiles(a: float, b: float, probability: Numbers) -> Numbers:
    """Value x with I_x(a, b) = u for each u in [0, 1): scipy's `betaincinv`, or within 1e-11 of it.

    Interpolated (`cubic`) from a table over the log-odds of u; scipy's own in the far tails, and everywhere for parameters
    so small or large that the table is not accurate.
    """
    table = table_of(a, b)
    if table is None:
        return np.asarray(special.betaincinv(a, b, probability), np.float64)
    with np.errstate(divide="ignore"):
        odds = special.logit(probability)
    inside = np.abs(odds) < REACH
    place = (np.where(inside, odds, 0.0) + REACH) * BETA_STEPS
    quantiles = between_entries(table, place)
    if not inside.all():
        quantiles[~inside] = special.betaincinv(a, b, probability[~inside])
    return quantiles


def between_entries(table: tuple[Numbers, Numbers], place: Numbers) -> Numbers:
    """Interpolate the table at each place, in steps from its first entry."""
    values, slopes = table
    left = place.astype(np.int64)
    between: Numbers = plain(cubic)(values[left], slopes[left], values[left + 1], slopes[left + 1], place - left)  # type: ignore[arg-type, assignment]
    return between


@lru_cache(maxsize=32)
def table_of(a: float, b: float) -> tuple[Numbers, Numbers] | None:
    """Values and slopes (per step) at whole steps of the log-odds; None if interpolation is not accurate halfway between."""
    places = np.arange(2 * round(REACH) * BETA_STEPS + 1)
    probability = special.expit(places / BETA_STEPS - REACH)
    values = special.betaincinv(a, b, probability)
    with np.errstate(all="ignore"):
        density = (a - 1.0) * np.log(values) + (b - 1.0) * np.log1p(-values) - special.betaln(a, b)
        slopes = np.exp(np.log(probability) + np.log1p(-probability) - density) / BETA_STEPS
    if not (np.isfinite(slopes).all() and np.isfinite(values).all()):
        return None
    halfway = np.asarray(places[:-1] + 0.5, np.float64)
    exact = special.betaincinv(a, b, special.expit(halfway / BETA_STEPS - REACH))
    error = np.abs(between_entries((values, slopes), halfway) - exact)
    return (values, slopes) if error.max() < CLOSE else None
