"""What a sweep left in its folder, read once: its axes, its points, and who is best where."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from salesim.report.study_files import read_table
from salesim.report.text.amounts import with_unit
from salesim.report.theme import Theme, theme_of
from salesim.runs.files import read_json

NOBODY = ""
MOST_DOTS = 500  # points of a cloud; with all of 50,000 no browser would open the page


@dataclass(frozen=True)
class SweepAxis:
    """A setting that was varied: its key, a short name as it is typed, its values as they were typed, unit and meaning."""

    key: str
    name: str
    text: str
    unit: str
    meaning: str
    is_number: bool

    @property
    def in_decades(self) -> bool:
        """Whether its points lie evenly over orders of magnitude."""
        return "tag(log" in self.text.replace(" ", "")

    @property
    def title(self) -> str:
        """Name and unit, for an axis of a figure."""
        return with_unit(self.name, "" if self.unit == self.name else self.unit)


@dataclass(frozen=True)
class SweepFiles:
    """A finished sweep.

    `leads` has a row a contest, measure and point: first, second, lead, clear; `differences` one for each arm beside the
    baseline too: difference, clear. Both have what is set at the point.
    """

    record: dict[str, Any]
    theme: Theme
    axes: tuple[SweepAxis, ...]
    points: pd.DataFrame
    differences: pd.DataFrame
    effects: pd.DataFrame
    leads: pd.DataFrame

    @property
    def alone(self) -> bool:
        """Whether there is a single arm, so that nothing is compared."""
        return len(self.theme.arms) < 2

    @property
    def n_points(self) -> int:
        """How many points there are."""
        return int(self.record["points"])

    @property
    def is_grid(self) -> bool:
        """Whether the points are all combinations of some values."""
        return bool(self.record["design"] == "grid")

    def drawn(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Rows of the points that clouds show: all, or MOST_DOTS of them at random, the same each time."""
        if self.n_points <= MOST_DOTS:
            return rows
        return rows[rows["point"].isin(np.random.default_rng(0).permutation(self.n_points)[:MOST_DOTS])]

    def leads_on(self, contest: str, measure: str) -> pd.DataFrame:
        """Who leads on a measure, a row a point, with the settings of the point."""
        return self.leads[(self.leads["contest"] == contest) & (self.leads["measure"] == measure)]


def read_sweep(folder: Path) -> SweepFiles:
    """Everything the report of a sweep needs. Raises InputError where its record cannot be read."""
    record, points = read_json(folder / "study.json"), read_table(folder, "points")
    axes = []
    for key, text in record["axes"].items():
        unit, meaning = record.get("notes", {}).get(key, ("", ""))
        name = short_name(key, list(record["axes"]))
        axes.append(SweepAxis(key, name, str(text), unit, meaning, points[key].dtype.kind in "if"))
    settings = points[["point", *(axis.key for axis in axes)]].drop_duplicates("point")
    leads = read_table(folder, "leads").merge(settings, on="point")
    differences = read_table(folder, "differences")
    clear = (differences["low"] > 0) | (differences["high"] < 0)
    tables = (points, differences.assign(clear=clear), read_table(folder, "effects"), leads)
    return SweepFiles(record, theme_of(record), tuple(axes), *tables)


def short_name(key: str, among: Sequence[str]) -> str:
    """The shortest end of a key that no other key has."""
    parts = key.split(".")
    ends = (".".join(parts[-size:]) for size in range(1, len(parts) + 1))
    return next(end for end in ends if sum(f".{other}".endswith(f".{end}") for other in among) <= 1)
