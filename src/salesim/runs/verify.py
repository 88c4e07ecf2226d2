"""Whether a study is what the model gives: digests of its files, and a sample of its runs done again, bit by bit."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from salesim.config.errors import InputError
from salesim.config.scenario import default_scenario, validated
from salesim.config.worlds import from_record
from salesim.metrics import measure_names
from salesim.model.parameters import Scenario
from salesim.model.schedule import play
from salesim.runs.digests import Check
from salesim.runs.files import STUDY, read_table, read_yaml, reading
from salesim.runs.folder import read_record, versions
from salesim.runs.save_study import records_folder
from salesim.runs.store import model_version
from salesim.runs.summary import measures

MOST_LINES = 8  # of differences that the report shows
Place = tuple[int, str, str]  # point, contest and arm
Row = Mapping[str, Any]
Differences = Mapping[Place, Mapping[str, Any]]  # of the scenario at a place from the first one, by dotted key


class Report(NamedTuple):
    """The result in lines for people, and whether all of it is what the model gives."""

    lines: list[str]
    same: bool


def verified(folder: Path, n_runs: int) -> Report:
    """Compare a study's files with their digests, and do `n_runs` of its runs again, spread evenly over the table.

    Raises InputError where there is no finished study, or where this version does not have its settings.
    """
    record, check = read_record(folder, finished=True), Check(folder)
    state = "as they were written" if not check.altered else f"{len(check.altered)} ALTERED"
    lines = [f"{folder}: {len(check.covered)} files with digests, {state}", *(f"  {line}" for line in check.altered)]
    if check.uncovered:
        lines.append(f"not covered: {', '.join(check.uncovered)}")
    if check.altered or not (folder / STUDY).is_file():
        return Report(lines, not check.altered)
    runs = read_table(folder / "runs.parquet", "contest", "arm", "seed")
    chosen, n_kept, differing = scenarios_of(folder, runs.iloc[evenly(range(len(runs)), n_runs)]), 0, list[str]()
    for run, scenario in chosen:
        place = records_folder(folder, run["contest"], run["arm"], run["seed"])
        n_kept += place.is_dir()
        differing += [f"  {line}" for line in differences(run, scenario, place)]
    beside = f", and the records of {n_kept}" if n_kept else ""
    what = f"{len(chosen)} of {len(runs)} runs done again, with all measures{beside}"
    if differing:
        more = [f"  and {len(differing) - MOST_LINES} more"] if len(differing) > MOST_LINES else []
        lines += [f"{what}: DIFFERENT", *differing[:MOST_LINES], *more, *reasons(record)]
    else:
        lines.append(f"{what}: the same to the last bit")
    return Report([*lines, *other_measures(runs, record)], not differing)


def evenly(rows: Sequence[int], count: int) -> list[int]:
    """So many of the rows, the first and the last among them."""
    return [rows[round(place)] for place in np.linspace(0, len(rows) - 1, min(count, len(rows)))]


def scenarios_of(folder: Path, runs: pd.DataFrame) -> list[tuple[Row, Scenario]]:
    """Runs with their scenarios, out of the study's own files.

    Raises InputError if resolved.yaml is damaged, or of another version.
    """
    first, differences = differences_of(folder)
    with reading(folder / "runs.parquet", "a table of these scenarios"):
        rows = [(run, differences[run.get("point", 0), run["contest"], run["arm"]]) for run in runs.to_dict("records")]
    record = read_yaml(folder / "resolved.yaml").get("worlds")
    worlds = from_record(record) if record else None
    whole = [(run, default_scenario(first, **changes)) for run, changes in rows]
    return [(run, worlds.scenario(scenario, run["world"]) if worlds else scenario) for run, scenario in whole]


def differences_of(folder: Path) -> tuple[Scenario, Differences]:
    """The first scenario of a study, and how the others differ from it. Raises InputError as `scenarios_of` does."""
    file, table = folder / "resolved.yaml", folder / "scenarios.parquet"  # the table is of a sweep
    resolved = read_yaml(file, "scenario")
    try:
        first = validated(resolved["scenario"])
    except InputError as error:
        raise InputError(f"{file} has settings that this version of salesim does not have: {error}") from error
    if table.is_file():
        rows = read_table(table, "point", "contest", "arm", "differences")
        places = zip(rows["point"], rows["contest"], rows["arm"], strict=True)
        return first, dict(zip(places, map(json.loads, rows["differences"]), strict=True))
    with reading(file, "a whole YAML file"):
        arms = {resolved["scenario_of"]: {}, **resolved["differences"]}
        return first, {(0, *name.split("/", 1)): changes for name, changes in arms.items()}


def differences(run: Row, scenario: Scenario, place: Path) -> Iterator[str]:
    """Do a run again; measures and kept records that are not as they were. What only one version has does not count."""
    name = ", ".join(f"{column} {run[column]}" for column in ("point", "contest", "arm", "seed") if column in run)
    records = play(scenario, run["seed"])
    for measure, value in measures(records, scenario).items():
        if measure in run and not np.array_equal(value, run[measure], equal_nan=True):
            yield f"{name}: {measure} was {shown(run[measure])}, and is {shown(value)}"
    for table in ("deals", "weeks") if place.is_dir() else ():
        kept, now = read_table(place / f"{table}.parquet"), records.frame(table)
        if changed := [column for column in kept if column in now and not kept[column].equals(now[column])]:
            yield f"{name}: {', '.join(changed)} of {table} are not as they were kept"


def shown(value: Any) -> str:
    """A value with all its bits, whether it is numpy's or Python's."""
    return repr(getattr(value, "item", lambda: value)())


def reasons(record: Mapping[str, Any]) -> Iterator[str]:
    """What has changed since the study was made, and may be the reason."""
    if record.get("model") != model_version():
        was = f"salesim {record.get('salesim')}, {record.get('model')}"
        yield f"  the model was another one: {was}; here it is {model_version()}"
    here = versions()
    for name, was in {"platform": record.get("platform"), **record.get("versions", {})}.items():
        now = here["versions"].get(name, here.get(name))
        if was != now and name in ("platform", "python", "numpy", "numba", "scipy"):
            yield f"  {name} was {was}; here it is {now}, which may change the last bit"


def other_measures(runs: pd.DataFrame, record: Mapping[str, Any]) -> Iterator[str]:
    """Measures that the table lacks or that this version does not have; the study is as good without them."""
    added = [name for name in measure_names() if name not in runs]
    gone = [name for name in runs.columns[list(runs.columns).index("seed") + 1 :] if name not in measure_names()]
    if added:
        yield f"measures that are new since: {', '.join(added)}; the command that made the study adds them"
    if own := [name for name in gone if name in record.get("own_measures", {})]:
        yield f"own measures were not checked: {', '.join(own)}; --config-dir with their folder runs its code"
    if gone := [name for name in gone if name not in own]:
        yield f"measures that no longer exist: {', '.join(gone)}"
