"""What a sweep left in its folder, read once: axes, points, and who leads where."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from salesim.report.analysis_files import record_in, table_in
from salesim.report.page.html import look_at
from salesim.report.theme import Look

TOLD = ("higher", "lower")  # verdicts of a difference
NOBODY = ""
MOST_DOTS = 500  # points of a cloud; with all of 50,000 no browser would open the page


@dataclass(frozen=True)
class SweptAxis:
    """A setting that was varied: its key, a short name as it is typed, what was asked, unit and meaning."""

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
        return f"{self.name} ({self.unit})" if self.unit not in ("", "none", self.name) else self.name


@dataclass(frozen=True)
class Swept:
    """A finished sweep.

    `leads` has a row a contest, measure and point: first, second, lead, told; `gaps` one for each arm beside the baseline too:
    difference, told. Both have what is set at the point.
    """

    record: dict[str, Any]
    look: Look
    axes: tuple[SweptAxis, ...]
    points: pd.DataFrame
    differences: pd.DataFrame
    effects: pd.DataFrame
    leads: pd.DataFrame
    gaps: pd.DataFrame

    @property
    def is_grid(self) -> bool:
        """Whether the points are all combinations of some values."""
        return bool(self.record["design"] == "grid")

    def drawn(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Rows of the points that clouds show: all, or MOST_DOTS of them by lot, the same each time."""
        n_points = int(self.record["points"])
        if n_points <= MOST_DOTS:
            return rows
        return rows[rows["point"].isin(np.random.default_rng(0).permutation(n_points)[:MOST_DOTS])]

    def led(self, contest: str, measure: str) -> pd.DataFrame:
        """Who leads on a measure, a row a point, with the settings of the point."""
        table = self.leads
        return table[(table["contest"] == contest) & (table["measure"] == measure)]


def read_swept(folder: Path) -> Swept:
    """Everything the page of a sweep needs. Raises InputError where its record cannot be read."""
    record = record_in(folder / "study.json")
    look, points = look_at(record), table_in(folder, "points")
    axes = axes_in(record, points)
    settings = points[["point", *(axis.key for axis in axes)]].drop_duplicates("point")
    leading = table_in(folder, "leads").rename(columns={"decided": "told"}).merge(settings, on="point")
    differences = table_in(folder, "differences")
    return Swept(record, look, axes, points, differences, table_in(folder, "effects"), leading, gaps_of(differences))


def gaps_of(differences: pd.DataFrame) -> pd.DataFrame:
    """The paired differences, and whether they are told from zero: as differences.csv has them, for all measures of a point."""
    if differences.empty:
        return pd.DataFrame(columns=["contest", "measure", "point", "arm", "difference", "told"])
    return differences.assign(told=differences["verdict"].isin(TOLD))


def axes_in(record: dict[str, Any], points: pd.DataFrame) -> tuple[SweptAxis, ...]:
    """The axes with short names: the last part of the key, or all of it where others end alike."""
    keys, notes = list(record["axes"]), record.get("notes", {})
    ends = [key.rpartition(".")[2] for key in keys]
    found = []
    for key, end in zip(keys, ends, strict=True):
        unit, meaning = notes.get(key, ("", ""))
        name = end if ends.count(end) == 1 else key
        found.append(SweptAxis(key, name, str(record["axes"][key]), unit, meaning, points[key].dtype.kind in "if"))
    return tuple(found)
