"""Tables of an exploration: a row for each point and arm, and for each bound of a rule."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from salesim.analyses.explore.spec import ArmName
from salesim.stats.discovery import FOLDS, Discovery, Score
from salesim.stats.intervals import Intervals, Numbers
from salesim.stats.prim import Box

RULES = ("contest", "arm", "axis", "low", "high", "names", *Score._fields)


class Estimates(NamedTuple):
    """Of each point: its seeds, the mean difference, the interval, and the sign if it excludes zero, else 0."""

    n: Numbers
    mean: Numbers
    low: Numbers
    high: Numbers
    sign: npt.NDArray[np.int8]


def stacked(tables: Mapping[ArmName, pd.DataFrame]) -> pd.DataFrame:
    """The tables of several arms as one, with contest and arm in front."""
    return pd.concat(tables, names=["contest", "arm"]).reset_index(["contest", "arm"]).reset_index(drop=True)


def name_columns(arm: ArmName) -> dict[str, Any]:
    """An arm as columns."""
    return {"contest": arm[0], "arm": arm[1]}


def points_table(
    values: pd.DataFrame, groups: npt.NDArray[np.int64], estimates: Mapping[ArmName, Intervals | Estimates]
) -> pd.DataFrame:
    """A row a point and arm: values of the axes, difference with interval, sign, and whether rules were scored on it."""
    axes, tables = values.assign(held_out=groups % FOLDS == FOLDS - 1), []
    for arm, mine in estimates.items():
        table = pd.DataFrame({"point": np.arange(len(axes)), **name_columns(arm)}).join(axes)
        tables.append(table.assign(**{name: getattr(mine, name) for name in Estimates._fields}))
    return pd.concat(tables, ignore_index=True)


def rules_table(rules: Mapping[ArmName, Discovery], axes: list[str]) -> pd.DataFrame:
    """The box of each arm, with its score on points held out: a row for each axis with a bound."""
    rows: list[dict[str, Any]] = []
    for arm, (names, box, score) in rules.items():
        if box is not None and score is not None:
            row = name_columns(arm) | {"names": names} | score._asdict()
            rows += [row | bound for bound in bounds_of(box, axes)]
    return pd.DataFrame(rows, columns=RULES)


def bounds_of(box: Box, axes: list[str]) -> list[dict[str, Any]]:
    """A row for each axis that the box bounds; a single one without an axis if it bounds none."""
    ends = zip(axes, box.low.tolist(), box.high.tolist(), strict=True)
    rows = [{"axis": axis, "low": low, "high": high} for axis, low, high in ends if np.isfinite([low, high]).any()]
    return rows or [{"axis": "", "low": -np.inf, "high": np.inf}]
