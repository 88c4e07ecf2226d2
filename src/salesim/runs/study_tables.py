"""A study opened for reading: its tables as tidy pandas DataFrames, whether it is a sweep or not."""

import json
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from salesim.config.dotted_keys import leaves
from salesim.config.errors import InputError, meant
from salesim.metrics import METRICS
from salesim.runs.files import read_table, read_yaml
from salesim.runs.folder import read_record
from salesim.runs.store import RunIndex

ORDERED = ("contest", "arm")


class StudyTables:
    """The tables of a study's folder. `study.runs` is one row per run; `study["differences"]` any table by name.

    `contest` and `arm` are categories in the order of the study. Tables are read when they are asked for; those of `explore`
    and `explain` have its name before theirs, as `explore_points`. Of a sweep that is not `finished` there are the runs so far.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.record = Path(folder), read_record(folder)
        self.finished = self.record.get("kind") != "sweep" or "files" in self.record
        if self.finished:
            read_record(folder, finished=True)

    def __repr__(self) -> str:
        state = "" if self.finished else f" (not finished: {len(self.runs):,} runs so far)"
        return f"<study {self.record['name']} in {self.folder}{state}: tables {', '.join(self.tables)}>"

    @property
    def paths(self) -> dict[str, Path]:
        """The files of tables, by name."""
        inner = (path for name in ("explore", "explain") for path in (self.folder / name).glob("*.parquet"))
        paths = {path.stem: path for path in self.folder.glob("*.parquet")} | {f"{p.parent.name}_{p.stem}": p for p in inner}
        return paths if self.finished else {"runs": self.folder / "runs", "scenarios": paths["scenarios"]}

    @property
    def tables(self) -> list[str]:
        """Names of all tables."""
        return sorted(self.paths)

    @property
    def parameters(self) -> list[str]:
        """Names of the columns of swept parameters; none if the study is no sweep."""
        return [name for name in self.runs if "." in name or name in ("strategy", "channel", "licence", "weeks")]

    @property
    def measures(self) -> dict[str, tuple[str, str]]:
        """Unit and title of each measure, with the own measures of whoever made the study."""
        own = {name: (str(each["unit"]), str(each["title"])) for name, each in self.record.get("own_measures", {}).items()}
        return {name: (metric.unit, metric.title) for name, metric in METRICS.items()} | own

    @cached_property
    def runs(self) -> pd.DataFrame:
        """One row a run: where it belongs, its seed, all measures."""
        return self["runs"]

    @cached_property
    def settings(self) -> dict[str, Any]:
        """Everything that was set."""
        return read_yaml(self.folder / "resolved.yaml")

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self.tables:
            raise InputError(f"{self.folder} has no table {name!r}; {meant(name, self.tables)}")
        frame = read_table(self.paths[name]) if self.finished or name != "runs" else self.runs_so_far()
        for column in set(ORDERED) & set(frame):
            order = list(dict.fromkeys(frame[column]))
            frame[column] = pd.Categorical(frame[column], categories=order)
        return frame

    def runs_so_far(self) -> pd.DataFrame:
        """The table of runs of a sweep that is not finished, with those that are."""
        store = self.settings["study"].get("store")  # a folder of runs that studies share
        index, rows = RunIndex(Path(store) / "measures" if store else self.folder / "runs"), []
        axes = {key: value for key, value in leaves(self.settings["scenario"]) if key in self.record["axes"]}
        for placed in read_table(self.paths["scenarios"], "point", "contest", "arm", "key", "differences").to_dict("records"):
            place = {name: placed[name] for name in ("point", *ORDERED)}
            changes = json.loads(placed["differences"])
            place |= {key: changes.get(key, value) for key, value in axes.items()}
            seeds = (seed for seed in self.record["seeds"] if (placed["key"], seed) in index)
            rows += [{**place, "seed": seed, **index[placed["key"], seed]["measures"]} for seed in seeds]
        return pd.DataFrame(rows, columns=None if rows else ["point", *ORDERED, "seed"])

    def long(self) -> pd.DataFrame:
        """One row a run and measure, with its value, unit and title: the shape that plotting libraries like."""
        measures = [name for name in self.runs if name in self.measures]
        keys = [name for name in self.runs if name in (*ORDERED, "point", "world", "seed", *self.parameters)]
        long = self.runs.melt(id_vars=keys, value_vars=measures, var_name="measure", value_name="value")
        long["unit"], long["title"] = (long["measure"].map({name: self.measures[name][n] for name in measures}) for n in (0, 1))
        return long


def open_study(folder: str | Path) -> StudyTables:
    """A study, a sweep (finished or not) or an exploration as pandas tables. Raises InputError where there is none.

    `open_study("results/three_strategies").runs` has one row per run.
    """
    return StudyTables(Path(folder))
