"""What an exploration leaves: tables as Parquet and CSV, and its record."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from salesim.analyses.explore.axes import NumberAxis
from salesim.analyses.explore.points import ArmName
from salesim.analyses.explore.run import CrossingsResult, DesignResult
from salesim.analyses.explore.spec import Exploration
from salesim.analyses.records import record_of_study, write_analysis
from salesim.metrics import METRICS
from salesim.stats.discovery import FOLDS, Score
from salesim.stats.prim import Box
from salesim.stats.root_finding import Crossing
from salesim.stats.sensitivity import groups_of

Row = dict[str, Any]
Tables = dict[str, pd.DataFrame]
RULES = ("contest", "arm", "kind", "number", "axis", "low", "high", "names", *Score._fields)


def record_of(spec: Exploration) -> Row:
    """What is asked, as plain values."""
    metric = METRICS[spec.measure]
    return record_of_study(spec.study, spec.study.arms) | {
        "measure": spec.measure,
        "title": metric.title,
        "unit": metric.unit,
        "better": metric.better,
        "tipping": spec.tipping,
        "axes": [axis_row(axis, spec) for axis in spec.axes],
        "base_points": spec.points,
        "seeds": spec.tipping_seeds if spec.tipping else spec.seeds,
        "most_seeds": spec.most_seeds,
        "first_seed": spec.study.first_seed,
        "varied": sorted({path for each in spec.arms for paths in each.paths for path in paths}),
    }


def axis_row(axis: NumberAxis, spec: Exploration) -> Row:
    """The axis as a row of a table; `beta_b` is the second parameter of the beta distribution whose first it is, if any."""
    return axis.row() | {"beta_b": spec.second.get(axis.name)}


def save(spec: Exploration, result: DesignResult | CrossingsResult) -> Path:
    """Write tables and `explore.json` of a design, or `tipping.json` of crossings; returns the study's folder."""
    record = record_of(spec) | {"runs": result.runs, "failed": result.failed}
    if isinstance(result, CrossingsResult):
        return write_analysis(spec.study, spec.folder / "tipping.json", record, crossings_tables(result))
    record |= {"points": len(result.points)}
    return write_analysis(spec.study, spec.folder / "explore.json", record, design_tables(spec, result))


def design_tables(spec: Exploration, result: DesignResult) -> Tables:
    """The tables of a design, by name."""
    axes = [axis_row(axis, spec) | {"kept": axis in result.kept} for axis in spec.axes]
    return {
        "axes": pd.DataFrame(axes).astype({"beta_b": float}),
        "points": points_table(spec, result),
        "screening": result.screening,
        "indices": result.indices,
        "rules": pd.DataFrame(rules_of(result), columns=RULES),
        "regret": result.regret,
    }


def crossings_tables(result: CrossingsResult) -> Tables:
    """A row a tipping point, and a row a value of the curve of each arm."""
    rows = [name_columns(arm) | each._asdict() for arm, mine in result.crossings.items() for each in mine]
    curves = [pd.DataFrame(curve._asdict()).assign(**name_columns(arm)) for arm, curve in result.curves.items()]
    return {
        "tipping": pd.DataFrame(rows, columns=["contest", "arm", *Crossing._fields]),
        "tipping_curve": pd.concat(curves, ignore_index=True),
    }


def name_columns(arm: ArmName) -> Row:
    """An arm as columns."""
    return {"contest": arm[0], "arm": arm[1]}


def points_table(spec: Exploration, result: DesignResult) -> pd.DataFrame:
    """A row a point and arm: values of the axes, difference with interval, sign, and whether rules were scored on it."""
    groups = groups_of(len(result.kept), spec.points)
    axes = pd.DataFrame(result.points, columns=[axis.name for axis in result.kept])
    axes = axes.assign(held_out=groups % FOLDS == FOLDS - 1)
    tables = []
    for arm, estimate in result.estimates.items():
        table = pd.DataFrame({"point": np.arange(len(axes)), **name_columns(arm)}).join(axes)
        tables.append(table.assign(**estimate._asdict(), sign=estimate.sign))
    return pd.concat(tables, ignore_index=True)


def rules_of(result: DesignResult) -> Iterator[Row]:
    """The box of each arm, and the leaves of its tree, with scores on points held out: a row for each axis with a bound."""
    for arm, found in result.discoveries.items():
        boxes = [("box", 0, found.box, found.box_score)]
        boxes += [("tree", number, leaf, found.tree_score) for number, leaf in enumerate(found.answers)]
        for kind, number, box, score in boxes:
            if box is not None and score is not None:
                row = name_columns(arm) | {"kind": kind, "number": number, "names": found.names} | score._asdict()
                yield from (row | bound for bound in bounds_of(box, result.kept))


def bounds_of(box: Box, axes: tuple[NumberAxis, ...]) -> list[Row]:
    """A row for each axis that the box bounds; a single one without an axis if it bounds none."""
    ends = zip(axes, box.low.tolist(), box.high.tolist(), strict=True)
    rows = [{"axis": axis.name, "low": low, "high": high} for axis, low, high in ends if np.isfinite([low, high]).any()]
    return rows or [{"axis": "", "low": -np.inf, "high": np.inf}]
