"""Which parameter moves which measure: how much of the variance between points goes with it alone, and from where to where."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

MOST_LEVELS = 8  # of a number; more are cut into groups of about equal size
GROUPS = 8
LEAST_IN_GROUP = 4
Row = Mapping[str, Any]


def effects(
    points: Sequence[Row], parameters: Sequence[str], contests: Sequence[str], measures: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """One row a contest, parameter and measure, out of the rows of points.

    `share` is the part of the variance between points (and arms) that the mean at a parameter's level accounts for, adjusted
    for the number of levels: 1 - (1 - R2)(n - 1)/(n - levels), which is 0 on average for a parameter that does nothing, and
    below 0 as often as above. In a balanced design it is the parameter's first-order share (Saltelli et al. 2008, ch. 4),
    with the noise of few seeds in the total. `level_low`, `level_high` are the lowest and highest levels of a number, or the
    words with the smallest and largest mean; `at_low` and `at_high` the means of the measure there.
    """
    for contest in contests:
        rows = [row for row in points if row["contest"] == contest]
        for parameter in parameters:
            groups = levels([row[parameter] for row in rows])
            for measure in measures:
                found = effect(groups, np.array([row[measure] for row in rows], float))
                yield {"contest": contest, "parameter": parameter, "measure": measure, **found}


def levels(values: Sequence[Any]) -> list[tuple[str, str, npt.NDArray[np.intp]]]:
    """Rows at each level of a parameter, in order: (the level's low end, its high end, rows). Words keep their order."""
    if all(isinstance(value, int | float) for value in values):
        numbers = np.array(values, float)
        distinct = np.unique(numbers)
        if len(distinct) > MOST_LEVELS:
            n_groups = max(2, min(GROUPS, len(numbers) // LEAST_IN_GROUP))
            parts = np.array_split(np.argsort(numbers, kind="stable"), n_groups)
            return [(f"{numbers[part].min():.4g}", f"{numbers[part].max():.4g}", np.sort(part)) for part in parts]
        return [(f"{level:.4g}", f"{level:.4g}", np.flatnonzero(numbers == level)) for level in distinct]
    texts = np.array([str(value) for value in values], object)
    return [(word, word, np.flatnonzero(texts == word)) for word in dict.fromkeys(texts.tolist())]


def effect(groups: Sequence[tuple[str, str, npt.NDArray[np.intp]]], values: npt.NDArray[np.float64]) -> dict[str, Any]:
    """Share of variance, and the means of a measure from the first to the last level."""
    there = np.isfinite(values)
    parts = [(low, high, values[rows][there[rows]]) for low, high, rows in groups]
    parts = [part for part in parts if len(part[2])]
    n, n_levels = int(there.sum()), len(parts)
    nothing = {"level_low": "", "level_high": "", "at_low": np.nan, "at_high": np.nan, "share": np.nan, "levels": n_levels}
    if n_levels < 2:
        return nothing
    words = all(low == high and not is_number(low) for low, high, _ in parts)
    if words:
        parts.sort(key=lambda part: float(part[2].mean()))
    total = float(((values[there] - values[there].mean()) ** 2).sum())
    within = float(sum(((part - part.mean()) ** 2).sum() for *_, part in parts))
    share = np.nan
    if total > 0 and n > n_levels:
        share = 1.0 - within / (n - n_levels) / (total / (n - 1))
    first, last = parts[0], parts[-1]
    return {
        "level_low": first[0],
        "level_high": last[1],
        "at_low": float(first[2].mean()),
        "at_high": float(last[2].mean()),
        "share": float(share),
        "levels": n_levels,
    }


def is_number(text: str) -> bool:
    """Whether a text is a number."""
    try:
        float(text)
    except ValueError:
        return False
    return True
