"""Whether a study's tables are what the model gives: digests of its files, and a sample of runs played again, bit by bit."""

import hashlib
import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import yaml

from salesim.config import default_scenario, validated
from salesim.errors import InputError
from salesim.scenario import Scenario
from salesim.studies.record import read_record
from salesim.studies.run import measures
from salesim.studies.store import model_version, scenario_key
from salesim.week import play


class Report(NamedTuple):
    """What came out, in lines for people, and whether everything was the same."""

    lines: list[str]
    same: bool


def verified(folder: Path, n_runs: int) -> Report:
    """Compare a study's tables with their digests, and play `n_runs` of its runs again, spread evenly over the table.

    Raises InputError where there is no finished study.
    """
    record = read_record(folder)
    if "files" not in record:
        raise InputError(f"{folder} is not finished; the command that began it goes on: {record.get('command', 'unknown')}")
    changed = list(changed_files(folder, record))
    lines = [f"{folder}: {len(record['files'])} tables, {'as they were written' if not changed else 'CHANGED'}", *changed]
    if record["model"] != model_version():
        made = f"salesim {record['salesim']} (model {record['model']})"
        lines.append(f"made by {made}; here is model {model_version()}, so numbers may differ")
    runs = pd.read_parquet(folder / "runs.parquet") if not changed else pd.DataFrame()
    rows = sorted({round(place) for place in np.linspace(0, len(runs) - 1, min(n_runs, len(runs)))}) if len(runs) else []
    scenarios = scenarios_of(folder)
    different = [line for row in rows for line in differences(runs.iloc[row], scenarios)]
    if rows:
        outcome = "the same to the last bit" if not different else "DIFFERENT"
        lines.append(f"{len(rows)} of {len(runs)} runs played again, with all measures of each: {outcome}")
    return Report([*lines, *different, f"it is repeated by: {record['command']}"], not changed and not different)


def changed_files(folder: Path, record: dict[str, Any]) -> Iterator[str]:
    """Tables that are not as they were written."""
    for name, digest in record["files"].items():
        path = folder / name
        if not path.is_file():
            yield f"  {name} is missing"
        elif hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            yield f"  {name} was changed; the command that made the study writes it anew"


class Scenarios:
    """The scenarios of a study by point, contest and arm, made from its own files."""

    def __init__(self, first: Scenario, others: dict[tuple[int, str, str], dict[str, Any]]) -> None:
        self.first, self.others = first, others

    def at(self, row: "pd.Series[Any]") -> Scenario:
        """The scenario that a row of `runs` was played with."""
        place = (int(row.get("point", 0)), str(row["contest"]), str(row["arm"]))
        changes = self.others[place]
        return default_scenario(self.first, **changes) if changes else self.first


def scenarios_of(folder: Path) -> Scenarios:
    """Read resolved.yaml, and scenarios.parquet of a sweep. Raises InputError if they are not whole."""
    resolved = yaml.safe_load((folder / "resolved.yaml").read_text(encoding="utf-8"))
    first = validated(resolved["scenario"])
    table = folder / "scenarios.parquet"
    if table.is_file():
        rows = pd.read_parquet(table)
        places = zip(rows["point"], rows["contest"], rows["arm"], strict=True)
        return Scenarios(first, dict(zip(places, map(json.loads, rows["differences"]), strict=True)))
    others = {resolved["scenario_of"]: {}, **resolved["differences"]}
    return Scenarios(first, {(0, *name.split("/", 1)): changes for name, changes in others.items()})


def differences(row: "pd.Series[Any]", scenarios: Scenarios) -> Iterator[str]:
    """What is not as it was when a run is played again."""
    scenario = scenarios.at(row)
    place = ", ".join(f"{name} {row[name]}" for name in ("point", "contest", "arm", "seed") if name in row)
    for name, value in measures(play(scenario, int(row["seed"])), scenario).items():
        if name in row and not same(value, float(row[name])):
            yield f"  {place}: {name} was {row[name]!r}, and is {value!r} (key {scenario_key(scenario)})"


def same(one: float, other: float) -> bool:
    """Whether two numbers are equal to the bit, or both not there."""
    return one == other or (math.isnan(one) and math.isnan(other))
