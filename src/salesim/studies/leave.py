"""What a study leaves in its folder: tables, differences, the verdict, and the record of how it was made."""

import json
import platform
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml

from salesim import __version__
from salesim.compare.paired import differences
from salesim.compare.verdict import sentences
from salesim.metrics import METRICS, SHOWN, tables
from salesim.metrics.money import BRIDGE
from salesim.metrics.survival import closing
from salesim.studies.design import Arm, Study
from salesim.studies.store import Found, scenario_key, write_whole

PACKAGES = ("mesa", "numpy", "pandas", "numba", "scipy", "plotly", "hydra-core", "pydantic")
Row = dict[str, Any]
Runs = list[tuple[Arm, int, Found]]


def write_tables(study: Study, folder: Path, runs: Runs) -> None:
    """All tables of runs, in the order of contests, arms and seeds."""

    def keyed(arm: Arm, seed: int) -> Row:
        return {"contest": arm.contest, "arm": arm.name, "seed": seed}

    write_table(folder, "runs", pd.DataFrame([keyed(arm, seed) | found["measures"] for arm, seed, found in runs]))
    for name, part in (("years", "years"), ("passthrough", "passthrough")):
        parts = [pd.DataFrame({**keyed(arm, seed), **found[part]}) for arm, seed, found in runs]
        write_table(folder, name, pd.concat(parts, ignore_index=True))
    steps = [keyed(a, s) | {"step": step, "amount_k": f["bridge"][step]} for a, s, f in runs for step in BRIDGE]
    write_table(folder, "bridge", pd.DataFrame(steps))
    curves, cells = [], []
    for arm in study.arms:
        mine = [found for other, _, found in runs if other is arm]
        if mine:
            key = {"contest": arm.contest, "arm": arm.name}
            curves.append(pd.DataFrame({**key, **closing_of(mine)}))
            cells += [key | cell for cell in segments_of(mine)]
    write_table(folder, "closing", pd.concat(curves, ignore_index=True))
    write_table(folder, "segments", pd.DataFrame(cells))


def closing_of(found: list[Found]) -> Row:
    """Curves of time to close over all seeds of an arm, as columns."""
    curves = closing(np.sum([run["durations"] for run in found], axis=0))
    return {"week": np.arange(len(curves.undecided)), **curves._asdict()}


def segments_of(found: list[Found]) -> list[Row]:
    """Deals won and buying processes of an arm in every cell of complexity and value, all seeds together."""
    counts = np.sum([run["segments"] for run in found], axis=0)
    return [
        {"complexity": complexity, "value": value, "won": int(counts[i, j, 0]), "processes": int(counts[i, j, 1])}
        for i, complexity in enumerate(tables.COMPLEXITY)
        for j, value in enumerate(tables.VALUE)
    ]


def write_table(folder: Path, name: str, frame: pd.DataFrame) -> None:
    """A table as Parquet and CSV."""
    write_whole(folder / f"{name}.parquet", frame.to_parquet(index=False))
    write_whole(folder / f"{name}.csv", frame.to_csv(index=False).encode())


def write_verdict(study: Study, folder: Path) -> None:
    """Differences with intervals, and the verdict in sentences."""
    runs = pd.read_parquet(folder / "runs.parquet")
    found = differences(runs, study.baseline, SHOWN, study.confidence)
    for place, part in enumerate(("title", "unit", "better"), start=3):
        found.insert(place, part, [getattr(METRICS[name], part) for name in found["measure"]])
    write_table(folder, "differences", found)
    words = sentences(runs, found, METRICS, study.baseline, study.confidence)
    write_whole(folder / "verdict.json", json.dumps({"sentences": words}, indent=2).encode())


def write_record(study: Study, folder: Path, failed: dict[str, str], damaged: list[str]) -> None:
    """What was run: the resolved config, versions, seeds, and the line that repeats it."""
    write_whole(folder / "resolved.yaml", yaml.safe_dump(study.resolved, sort_keys=False).encode())
    if failed:
        write_whole(folder / "failed.json", json.dumps(failed, indent=2).encode())
    else:
        (folder / "failed.json").unlink(missing_ok=True)
    record = {
        "name": study.name,
        "question": study.question,
        "baseline": study.baseline,
        "command": study.command,
        "contests": study.contests,
        "arms": list(dict.fromkeys(arm.name for arm in study.arms)),
        "seeds": list(study.all_seeds),
        "confidence": study.confidence,
        "failed": len(failed),
        "damaged": damaged,
        "salesim": __version__,
        "versions": {"python": platform.python_version()} | {name: metadata.version(name) for name in PACKAGES},
        "keys": {f"{arm.contest}/{arm.name}": scenario_key(arm.scenario) for arm in study.arms},
    }
    write_whole(folder / "study.json", json.dumps(record, indent=2).encode())
