"""A study opened for reading: its tables as tidy pandas DataFrames, whether it is a sweep or not."""

from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from salesim.config.errors import InputError, meant
from salesim.metrics import METRICS
from salesim.runs.folder import read_record

ORDERED = ("contest", "arm")


class StudyTables:
    """The tables of a study's folder. `study.runs` is one row per run; `study["differences"]` any table by name.

    `contest` and `arm` are categories in the order of the study. Tables are read when they are asked for.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder)
        self.record = read_record(self.folder, finished=True)

    def __repr__(self) -> str:
        return f"<study {self.record['name']} in {self.folder}: tables {', '.join(self.tables)}>"

    @property
    def tables(self) -> list[str]:
        """Names of all tables."""
        return sorted(path.stem for path in self.folder.glob("*.parquet"))

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
        settings: dict[str, Any] = yaml.safe_load((self.folder / "resolved.yaml").read_text(encoding="utf-8"))
        return settings

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self.tables:
            raise InputError(f"{self.folder} has no table {name!r}; {meant(name, self.tables)}")
        frame = pd.read_parquet(self.folder / f"{name}.parquet")
        for column in set(ORDERED) & set(frame):
            order = list(dict.fromkeys(frame[column]))
            frame[column] = pd.Categorical(frame[column], categories=order)
        return frame

    def long(self) -> pd.DataFrame:
        """One row a run and measure, with its value, unit and title: the shape that plotting libraries like."""
        measures = [name for name in self.runs if name in self.measures]
        keys = [name for name in self.runs if name in (*ORDERED, "point", "seed", *self.parameters)]
        long = self.runs.melt(id_vars=keys, value_vars=measures, var_name="measure", value_name="value")
        long["unit"], long["title"] = (long["measure"].map({name: self.measures[name][n] for name in measures}) for n in (0, 1))
        return long


def open_study(folder: str | Path) -> StudyTables:
    """A finished study or sweep as pandas tables. Raises InputError where there is none.

    `open_study("results/three_strategies").runs` has one row per run.
    """
    return StudyTables(Path(folder))
