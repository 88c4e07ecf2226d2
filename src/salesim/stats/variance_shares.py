"""Which parameter affects which measure: its share of the variance between points, and the means at its ends."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from salesim.stats.intervals import Mask, Numbers

MOST_LEVELS = 8  # of a numeric parameter; more distinct values are binned into groups of about equal size
GROUPS = (8, 6, 4, 3, 2)  # numbers of groups to try, until all parameters together have at most half as many levels as rows
LEAST_IN_GROUP = 4
Row = Mapping[str, Any]
Level = tuple[str, str, npt.NDArray[np.intp]]  # low end, high end, rows


def effects(
    points: Sequence[Row], parameters: Sequence[str], contests: Sequence[str], measures: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """One row per contest, parameter and measure, from the rows of points.

    `share` is that of `shares`. `level_low`, `level_high` are the lowest and highest levels of a number, or the choices with
    the smallest and largest mean; `at_low` and `at_high` the means of the measure there.
    """
    for contest in contests:
        rows = [row for row in points if row["contest"] == contest]
        settings = {parameter: [row[parameter] for row in rows] for parameter in parameters}
        levels_by = all_levels(settings)
        values = np.array([[row[measure] for measure in measures] for row in rows], float).reshape(len(rows), len(measures))
        parts = shares(levels_by, values)
        for parameter, mine in settings.items():
            ordered = are_numbers(mine)
            for place, measure in enumerate(measures):
                row = ends(levels_by[parameter], values[:, place], ordered) | {"share": float(parts[parameter][place])}
                yield {"contest": contest, "parameter": parameter, "measure": measure, **row}


def all_levels(values: Mapping[str, Sequence[Any]]) -> dict[str, list[Level]]:
    """Levels of every parameter, numbers in as many groups as the rows allow."""
    n_rows = max(map(len, values.values()), default=0)
    for groups in GROUPS:
        levels_by = {parameter: levels(each, groups) for parameter, each in values.items()}
        if 2 * sum(len(each) - 1 for each in levels_by.values()) <= n_rows:
            break
    return levels_by


def shares(levels_by: Mapping[str, Sequence[Level]], values: Numbers) -> dict[str, Numbers]:
    """Share of the variance between rows that each parameter explains alone, by measure; NaN where rows are too few.

    `values` is rows x measures; rows with a NaN are left out of that measure. All parameters are fitted together, each by the
    means of its levels (analysis of variance without interactions), so that no effect is attributed to another parameter. The
    share is the sum of squares of the parameter's fitted means, minus its expectation by chance (from the residual variance),
    over the total sum of squares. In a balanced design that is omega squared (Hays 1963), a first-order share
    (Saltelli et al. 2008, ch. 4); a parameter without effect has 0 on average in any design. Two limits:
    binning into g groups loses the variance within them, 1 / g^2 of the share of a linear effect (2 % with eight groups, 25 %
    with two); and with some dozens of rows the standard deviation of a share is 0.08 to 0.15.
    """
    parts = {parameter: np.full(values.shape[1], np.nan) for parameter in levels_by}
    observed = np.isfinite(values)
    for mask in np.unique(observed, axis=1).T:
        measures = (observed == mask[:, None]).all(axis=0)
        y = values[np.ix_(mask, measures)]
        y = y - y.mean(axis=0) if len(y) else y
        columns = {parameter: marks(each, mask) for parameter, each in levels_by.items()}
        x = np.hstack([np.zeros((len(y), 0)), *columns.values()])
        inverse = np.linalg.pinv(x.T @ x, hermitian=True)
        coefficients = inverse @ x.T @ y
        freedom = len(y) - 1 - (int(np.linalg.matrix_rank(x)) if x.size else 0)  # older numpy has no rank of nothing
        if freedom <= 0:
            continue
        total, noise = (y**2).sum(axis=0), ((y - x @ coefficients) ** 2).sum(axis=0) / freedom
        first = 0
        for parameter, mine in columns.items():
            block = slice(first, first + mine.shape[1])
            first = block.stop
            by_chance = noise * np.trace(mine.T @ mine @ inverse[block, block])
            with np.errstate(invalid="ignore", divide="ignore"):
                part = (((mine @ coefficients[block]) ** 2).sum(axis=0) - by_chance) / total
            parts[parameter][measures] = np.where(total > 0, part, np.nan)
    return parts


def marks(each: Sequence[Level], mask: Mask) -> Numbers:
    """Rows x levels but the first: 1 where a row has the level, less the mean of the column."""
    kept = np.flatnonzero(mask)
    columns = np.array([np.isin(kept, rows) for *_, rows in each[1:]], float).reshape(len(each) - 1, len(kept)).T
    return columns - columns.mean(axis=0) if len(columns) else columns


def are_numbers(values: Sequence[Any]) -> bool:
    """Whether a parameter has numbers, and not choices."""
    return all(isinstance(value, int | float) for value in values)


def levels(values: Sequence[Any], groups: int = GROUPS[0]) -> list[Level]:
    """Levels of a parameter in order, with their rows; many distinct numbers are binned. Choices keep their order."""
    if are_numbers(values):
        numbers = np.array(values, float)
        distinct = np.unique(numbers)
        if len(distinct) > MOST_LEVELS:
            n_groups = max(2, min(groups, len(numbers) // LEAST_IN_GROUP))
            parts = np.array_split(np.argsort(numbers, kind="stable"), n_groups)
            return [(f"{numbers[part].min():.4g}", f"{numbers[part].max():.4g}", np.sort(part)) for part in parts]
        return [(f"{level:.4g}", f"{level:.4g}", np.flatnonzero(numbers == level)) for level in distinct]
    texts = np.array([str(value) for value in values], object)
    return [(word, word, np.flatnonzero(texts == word)) for word in dict.fromkeys(texts.tolist())]


def ends(groups: Sequence[Level], values: Numbers, ordered: bool) -> dict[str, Any]:
    """The means of a measure from the first to the last level; from the smallest to the largest if they are not `ordered`."""
    observed = np.isfinite(values)
    parts = [(low, high, values[rows][observed[rows]]) for low, high, rows in groups]
    parts = [part for part in parts if len(part[2])]
    if len(parts) < 2:
        return {"level_low": "", "level_high": "", "at_low": np.nan, "at_high": np.nan, "levels": len(parts)}
    if not ordered:
        parts.sort(key=lambda part: float(part[2].mean()))
    first, last = parts[0], parts[-1]
    means = {"at_low": float(first[2].mean()), "at_high": float(last[2].mean())}
    return {"level_low": first[0], "level_high": last[1], **means, "levels": len(parts)}
