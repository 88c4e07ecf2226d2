"""What an exploration leaves: tables as Parquet and CSV, and its record with the answer in sentences."""

import json
from typing import Any

import numpy as np
import pandas as pd

from salesim.analyses.explore.axes import Named
from salesim.analyses.explore.points import Arm
from salesim.analyses.explore.run import Explored, Tipped
from salesim.analyses.explore.spec import Exploration
from salesim.config.compose_study import called
from salesim.metrics import METRICS
from salesim.report.text.explore import sentences_of_design, sentences_of_tipping
from salesim.runs.files import write_whole
from salesim.runs.store import model_version, scenario_key
from salesim.runs.tables import write_table
from salesim.stats.discovery import FOLDS, Score
from salesim.stats.prim import Box
from salesim.stats.sensitivity import groups_of
from salesim.version import __version__


def leave_design(asked: Exploration, explored: Explored) -> None:
    """Tables `axes`, `points`, `screening`, `indices`, `rules`, `regret`, and `explore.json`."""
    folder = asked.folder
    kept = {axis.key for axis in explored.kept}
    axes = [axis.row() | {"kept": axis.key in kept} for axis in asked.axes]
    write_table(folder, "axes", pd.DataFrame(axes))
    write_table(folder, "points", points_table(asked, explored))
    write_table(folder, "screening", explored.screening)
    write_table(folder, "indices", explored.indices)
    write_table(folder, "rules", rules_table(explored))
    write_table(folder, "regret", explored.regret)
    more = {
        "runs": explored.runs,
        "failed": explored.failed,
        "points": len(explored.points),
        "dropped": dropped(asked, explored),
    }
    record = record_of(asked) | more | {"sentences": sentences_of_design(asked, explored)}
    write_whole(folder / "explore.json", json.dumps(record, indent=2).encode())


def leave_tipping(asked: Exploration, tipped: Tipped) -> None:
    """Tables `tipping` and `tipping_curve`, and `tipping.json`."""
    rows, curves = [], []
    for arm, crossings in tipped.crossings.items():
        rows += [named(arm) | crossing._asdict() for crossing in crossings]
        curve = pd.DataFrame(tipped.curves[arm]._asdict())
        curves.append(curve.assign(**named(arm)))
    write_table(asked.folder, "tipping", pd.DataFrame(rows, columns=["contest", "arm", *crossing_fields()]))
    write_table(asked.folder, "tipping_curve", pd.concat(curves, ignore_index=True))
    record = record_of(asked) | {"runs": tipped.runs, "failed": tipped.failed}
    record |= {"axis": asked.axes[0].row(), "sentences": sentences_of_tipping(asked, tipped)}
    write_whole(asked.folder / "tipping.json", json.dumps(record, indent=2).encode())


def crossing_fields() -> tuple[str, ...]:
    """Columns of the table of tipping points."""
    return ("at", "low", "high", "before", "after", "open_low", "open_high", "seeds")


def named(arm: Arm) -> dict[str, Any]:
    """An arm as columns."""
    return {"contest": arm[0], "arm": arm[1]}


def dropped(asked: Exploration, explored: Explored) -> list[str]:
    """Names of the axes that were screened out."""
    return [axis.name for axis in asked.axes if axis not in explored.kept]


def record_of(asked: Exploration) -> dict[str, Any]:
    """What was asked."""
    metric = METRICS[asked.measure]
    return {
        "name": asked.study.name,
        "question": asked.study.question,
        "baseline": asked.study.baseline,
        "contests": asked.study.contests,
        "arms": list(dict.fromkeys(arm.name for arm in asked.study.arms)),
        "command": asked.study.command,
        "confidence": asked.study.confidence,
        "measure": asked.measure,
        "title": metric.title,
        "unit": metric.unit,
        "better": metric.better,
        "seeds": asked.tipping_seeds if asked.tipping else asked.seeds,
        "most_seeds": asked.most_seeds,
        "first_seed": asked.study.first_seed,
        "salesim": __version__,
        "model": model_version(),
        "keys": {called(each.arm): scenario_key(each.arm.scenario) for each in asked.arms},
        "resolved": asked.study.resolved,
        "varied": sorted({path for each in asked.arms for paths in each.paths for path in paths}),
    }


def points_table(asked: Exploration, explored: Explored) -> pd.DataFrame:
    """A row a point and arm: values of the axes, difference with interval, sign, and whether rules were scored on it."""
    groups = groups_of(len(explored.kept), asked.points)
    axes = pd.DataFrame(explored.points, columns=[axis.name for axis in explored.kept])
    axes = axes.assign(held_out=groups % FOLDS == FOLDS - 1)
    tables = []
    for arm, known in explored.estimates.items():
        columns = known._asdict() | {"sign": known.sign}
        table = pd.DataFrame({"point": np.arange(len(axes)), **named(arm)}).join(axes)
        tables.append(table.assign(**columns))
    return pd.concat(tables, ignore_index=True)


def rules_table(explored: Explored) -> pd.DataFrame:
    """A row for each bound pair: the box of each arm, and the leaves of its tree, with scores on points held out."""
    rows: list[dict[str, Any]] = []
    for arm, found in explored.found.items():
        if found.box is not None and found.box_score is not None:
            rows += bounds(arm, "box", 0, found.names, found.box, explored.kept, found.box_score)
        for number, answer in enumerate(found.answers):
            if found.tree_score is not None:
                rows += bounds(arm, "tree", number, found.names, answer, explored.kept, found.tree_score)
    columns = ["contest", "arm", "kind", "number", "axis", "low", "high", "names", "coverage", "density", "hits", "points"]
    return pd.DataFrame(rows, columns=columns)


def bounds(
    arm: Arm, kind: str, number: int, names: int, box: Box, axes: tuple[Named, ...], score: Score
) -> list[dict[str, Any]]:
    """The bounds of a box, one row an axis that has any."""
    return [
        named(arm)
        | {"kind": kind, "number": number, "axis": axis.name, "low": low, "high": high, "names": names}
        | score._asdict()
        for axis, low, high in zip(axes, box.low.tolist(), box.high.tolist(), strict=True)
        if np.isfinite(low) or np.isfinite(high)
    ]
