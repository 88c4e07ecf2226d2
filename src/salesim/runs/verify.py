"""Whether a study is what the model gives: digests of its files, and a sample of runs played again, bit by bit.

The records are what the model gives, measures are made of them. If a measure differs, it is said whether the records do too, or
whether only the measure was changed since.
"""

import hashlib
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import yaml

from salesim.config.errors import InputError
from salesim.config.scenario import default_scenario, validated
from salesim.model.parameters import Scenario
from salesim.model.records import Records
from salesim.model.schedule import play
from salesim.runs.manifest import read_record, versions
from salesim.runs.run_study import MEASURES, measures
from salesim.runs.store import model_version, records_version

BOOKS = ("deals", "weeks")
MOST_LINES = 8  # of differences that are told


class Report(NamedTuple):
    """What came out, in lines for people, and whether all of it is what the model gives."""

    lines: list[str]
    same: bool


class Again(NamedTuple):
    """A run that was played again: measures that differ, whether its records were kept, and what differs in them."""

    place: str
    measures: dict[str, tuple[float, float]]
    kept: bool
    records: list[str]


def verified(folder: Path, n_runs: int) -> Report:
    """Compare a study's tables with their digests, and play `n_runs` of its runs again, spread evenly over the table.

    Raises InputError where there is no finished study, or where its settings are none of this version.
    """
    record = read_record(folder)
    if "files" not in record:
        raise InputError(f"{folder} is not finished; the command that began it goes on: {record.get('command', 'unknown')}")
    changed = list(changed_files(folder, record))
    lines = [f"{folder}: {len(record['files'])} tables, {'as they were written' if not changed else 'CHANGED'}", *changed]
    last = f"it is repeated by: {record['command']}"
    if changed:
        return Report([*lines, last], same=False)
    runs = pd.read_parquet(folder / "runs.parquet")
    scenarios = scenarios_of(folder)
    again = [played_again(runs.iloc[row], scenarios, folder) for row in sample(runs, folder, n_runs)]
    found = judged(again, len(runs), record)
    return Report([*lines, *found.lines, *other_measures(runs), last], found.same)


def changed_files(folder: Path, record: Mapping[str, Any]) -> Iterator[str]:
    """Tables that are not as they were written."""
    for name, digest in record["files"].items():
        path = folder / name
        if not path.is_file():
            yield f"  {name} is missing"
        elif hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            yield f"  {name} was changed; the command that made the study writes it anew"


def sample(runs: pd.DataFrame, folder: Path, n_runs: int) -> list[int]:
    """Rows spread evenly over all runs, every second of them over those whose records were kept."""
    kept = (
        [row for row in range(len(runs)) if records_of(runs.iloc[row], folder).is_dir()]
        if (folder / "records").is_dir()
        else []
    )
    every = list(range(len(runs)))
    return sorted({*evenly(kept, n_runs // 2), *evenly(every, n_runs - min(n_runs // 2, len(kept)))})


def evenly(rows: Sequence[int], count: int) -> list[int]:
    """So many of the rows, the first and the last among them."""
    return [rows[round(place)] for place in np.linspace(0, len(rows) - 1, min(count, len(rows)))]


def records_of(row: "pd.Series[Any]", folder: Path) -> Path:
    """Where the records of a run would lie."""
    return folder / "records" / f"{row['contest']}-{row['arm']}-{row['seed']}"


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
    """Read resolved.yaml, and scenarios.parquet of a sweep. Raises InputError if they are not whole, or of another version."""
    file = folder / "resolved.yaml"
    try:
        resolved = yaml.safe_load(file.read_text(encoding="utf-8"))
        first = validated(resolved["scenario"])
    except (OSError, yaml.YAMLError, TypeError, KeyError) as error:
        raise InputError(f"{file} cannot be read; the command that made the study writes it anew") from error
    except InputError as error:
        raise InputError(f"{file} has settings that this version of salesim does not play: {error}") from error
    table = folder / "scenarios.parquet"
    if table.is_file():
        rows = pd.read_parquet(table)
        places = zip(rows["point"], rows["contest"], rows["arm"], strict=True)
        return Scenarios(first, dict(zip(places, map(json.loads, rows["differences"]), strict=True)))
    others = {resolved["scenario_of"]: {}, **resolved["differences"]}
    return Scenarios(first, {(0, *name.split("/", 1)): changes for name, changes in others.items()})


def played_again(row: "pd.Series[Any]", scenarios: Scenarios, folder: Path) -> Again:
    """What is not as it was when a run is played again."""
    scenario, place = scenarios.at(row), records_of(row, folder)
    records = play(scenario, int(row["seed"]))
    found = {
        name: (float(row[name]), value)
        for name, value in measures(records, scenario).items()
        if name in row and not same(value, float(row[name]))
    }
    where = ", ".join(f"{name} {row[name]}" for name in ("point", "contest", "arm", "seed") if name in row)
    return Again(where, found, place.is_dir(), list(changed_records(records, place)) if place.is_dir() else [])


def changed_records(records: Records, place: Path) -> Iterator[str]:
    """Tables and columns of kept records that are not as the model gives them; columns that are new do not count."""
    for table in BOOKS:
        kept, now = pd.read_parquet(place / f"{table}.parquet"), records.frame(table)
        if len(kept) != len(now):
            yield f"{len(kept)} {table} were {len(now)}"
            continue
        for column in kept:
            if column in now and not kept[column].equals(now[column].astype(kept[column].dtype)):
                row = int(np.flatnonzero((kept[column] != now[column]) & ~(kept[column].isna() & now[column].isna()))[0])
                yield f"{column} of {table}, row {row}, was {kept[column][row]!r}, and is {now[column][row]!r}"
                break


def same(one: float, other: float) -> bool:
    """Whether two numbers are equal to the bit, or both not there."""
    return one == other or (math.isnan(one) and math.isnan(other))


def judged(again: Sequence[Again], n_all: int, record: Mapping[str, Any]) -> Report:
    """What the runs that were played again tell: all is the same, a measure was changed since, or the model gives otherwise."""
    kept = sum(run.kept for run in again)
    what = f"{len(again)} of {n_all} runs played again, with all measures" + (f", and the records of {kept}" if kept else "")
    moved = sorted({name for run in again for name in run.measures})
    wrong = [f"  {run.place}: {line}" for run in again for line in run.records]
    told = [f"  {run.place}: {name} was {was!r}, and is {now!r}" for run in again for name, (was, now) in run.measures.items()]
    if wrong:
        return Report([f"{what}: the records DIFFER", *shortened(wrong), *reasons(record)], same=False)
    if not moved:
        return Report([f"{what}: the same to the last bit"], same=True)
    measures_only = record["model"] != model_version() and (kept or record.get("records_version") == records_version())
    if measures_only:
        proof = f"the records of {kept} runs are the same to the last bit" if kept else "the model is the same to the letter"
        head = f"{what}: {proof}, but {len(moved)} measures were changed since ({', '.join(moved)})"
        return Report([head, *shortened(told)], same=True)
    return Report([f"{what}: DIFFERENT", *shortened(told), *reasons(record)], same=False)


def shortened(lines: Sequence[str]) -> list[str]:
    """The first lines, and how many more there are."""
    more = len(lines) - MOST_LINES
    return [*lines[:MOST_LINES], *([f"  and {more} more"] if more > 0 else [])]


def reasons(record: Mapping[str, Any]) -> Iterator[str]:
    """What is not as it was when the study was made, and may be why."""
    if record["model"] != model_version():
        yield f"  the model was another one: salesim {record['salesim']}, {record['model']}; here it is {model_version()}"
    here = versions()
    for name, was in {"platform": record.get("platform"), **record.get("versions", {})}.items():
        now = here["versions"].get(name, here.get(name))
        if was != now and name in ("platform", "python", "numpy", "numba", "scipy"):
            yield f"  {name} was {was}; here it is {now}, which may change the last bit"


def other_measures(runs: pd.DataFrame) -> Iterator[str]:
    """Measures that the table lacks or this version does not know; both are no fault of the study."""
    added = [name for name in MEASURES if name not in runs]
    gone = [name for name in runs.columns[list(runs.columns).index("seed") + 1 :] if name not in MEASURES]
    if added:
        yield f"measures that are new since: {', '.join(added)}; the command that made the study adds them"
    if gone:
        yield f"measures that are no more: {', '.join(gone)}"
