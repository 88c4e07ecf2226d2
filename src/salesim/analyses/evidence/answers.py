"""From measures of arms to the answer of each seed, as `configs/evidence/` asks for it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from salesim.config.errors import InputError, meant

Numbers = npt.NDArray[np.float64]
Values = Sequence[Mapping[str, Numbers]]  # of each arm: of each measure, an array over seeds
Entry = Mapping[str, Any]  # what a fact says in `how`, `of`, `step`, `least`, …


def measures_of(entry: Entry) -> tuple[str, ...]:
    """Names of the one or two measures of an entry."""
    of = entry["of"]
    return (of,) if isinstance(of, str) else tuple(of)


def answers(entry: Entry, values: Values) -> Numbers:
    """The answer of each seed. Raises InputError for an unknown `how`."""
    how = entry["how"]
    if how not in HOW:
        raise InputError(f"how is {how!r} in configs/evidence; {meant(how, HOW)}")
    with np.errstate(invalid="ignore", divide="ignore"):
        return HOW[how](entry, values)


def of(entry: Entry, values: Values, arm: int, place: int = 0) -> Numbers:
    """A measure of an arm over seeds."""
    return values[arm][measures_of(entry)[place]]


def log_ratio(entry: Entry, values: Values, first: int, place: int = 0) -> Numbers:
    """Logarithm of an arm's measure over that of the next arm."""
    ratio = of(entry, values, first, place) / of(entry, values, first + 1, place)
    logarithm: Numbers = np.log(np.where(ratio > 0.0, ratio, np.nan))
    return logarithm


def gap(entry: Entry, values: Values, first: int, place: int = 0) -> Numbers:
    """An arm's measure less that of the next arm."""
    return of(entry, values, first, place) - of(entry, values, first + 1, place)


def elasticity_difference(entry: Entry, values: Values) -> Numbers:
    """Elasticity of the first measure less that of the second; of one measure, in the first two arms less in the last two."""
    other = log_ratio(entry, values, 0, 1) if len(measures_of(entry)) == 2 else log_ratio(entry, values, 2)
    difference: Numbers = (log_ratio(entry, values, 0) - other) / entry["step"]
    return difference


def synergy(entry: Entry, values: Values) -> Numbers:
    """What all changes bring together less the sum of what each brings: arms are all, none, and each alone."""
    alone = sum(of(entry, values, arm) - of(entry, values, 1) for arm in range(2, len(values)))
    return gap(entry, values, 0) - alone


def best_level(entry: Entry, values: Values) -> Numbers:
    """The best level in the first arm less that in the second, for each seed left out in turn (jackknife pseudo-values).

    `values` are those of the first arm at each level, then those of the second.
    """
    levels = np.asarray(entry["levels"], float)
    tables = np.array([of(entry, values, arm) for arm in range(len(values))]).reshape(2, len(levels), -1)
    n = tables.shape[2]

    def found(seeds: npt.NDArray[np.int64]) -> float:
        high, low = levels[np.nanmean(tables[:, :, seeds], axis=2).argmax(axis=1)]
        return float(high - low)

    everybody, whole = np.arange(n), found(np.arange(n))
    return np.array([n * whole - (n - 1) * found(np.delete(everybody, seed)) for seed in range(n)])


def elasticity_error(entry: Entry, values: Values) -> Numbers:
    """An estimated elasticity, the first measure of the first arm, less that of the second between the next two arms."""
    error: Numbers = of(entry, values, 0) - log_ratio(entry, values, 1, 1) / entry["step"]
    return error


def ratio_of_means(entry: Entry, values: Values) -> Numbers:
    """The mean of the first measure over that of the second, for each seed left out in turn (jackknife pseudo-values).

    A mean of ratios would be carried away by the few seeds whose second measure is near to 0.
    """
    part, whole = (of(entry, values, 0, place) for place in (0, 1))
    n, ratio = len(part), np.mean(part) / np.mean(whole)
    without = (np.sum(part) - part) / (np.sum(whole) - whole)
    pseudo: Numbers = n * ratio - (n - 1) * without if n > 1 else np.full(n, ratio)
    return pseudo


HOW: dict[str, Callable[[Entry, Values], Numbers]] = {
    "mean": lambda entry, values: np.mean([of(entry, values, arm) for arm in range(len(values))], axis=0),
    "mean less": lambda entry, values: of(entry, values, 0) - entry["least"],
    "difference": lambda entry, values: gap(entry, values, 0),
    "ratio": lambda entry, values: of(entry, values, 0) / of(entry, values, 1),
    "relative": lambda entry, values: of(entry, values, 0) / of(entry, values, 1) - 1.0,
    "slope": lambda entry, values: gap(entry, values, 0) / entry["step"],
    "elasticity": lambda entry, values: log_ratio(entry, values, 0) / entry["step"],
    "elasticity difference": elasticity_difference,
    "elasticity error": elasticity_error,
    "interaction": lambda entry, values: gap(entry, values, 0) - gap(entry, values, 2),
    "difference of differences": lambda entry, values: gap(entry, values, 0) - gap(entry, values, 0, 1),
    "share above": lambda entry, values: np.where(
        of(entry, values, 0) / of(entry, values, 1) - 1.0 >= entry["least"], 1.0, 0.0
    ),
    "ratio of means": ratio_of_means,
    "best level": best_level,
    "synergy": synergy,
}


def arms_of(entry: Entry) -> list[dict[str, Any]]:
    """The arms that an entry needs, in the order of `values`: settings that differ from the base."""
    arms = [dict(arm) for arm in entry.get("arms", [{}])]
    if "levels" not in entry:
        return arms
    return [arm | {entry["setting"]: level} for arm in arms for level in entry["levels"]]
