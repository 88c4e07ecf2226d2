"""What a sweep left in its folder, read once: axes, points, and who leads where."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow.parquet as pq

from salesim.metrics import METRICS, SHOWN
from salesim.report.analysis_files import record_in, table_in
from salesim.report.page.html import look_at
from salesim.report.theme import Look
from salesim.stats.leads import leads

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
    leading = led_by(folder, record, look).merge(settings, on="point")
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


def led_by(folder: Path, record: dict[str, Any], look: Look) -> pd.DataFrame:
    """Leads at all points; without rows if there is one arm. Reads one measure of all runs at a time.

    Leads of a point hold for all measures SHOWN together (Bonferroni), as its differences do.
    """
    leading = [pd.DataFrame(columns=["contest", "measure", "point", "first", "second", "lead", "told"])]
    sure = 1.0 - (1.0 - float(record["confidence"])) / len(SHOWN)
    names, numbers = np.array([*look.arms, NOBODY], object), range(record["points"])
    for measure in SHOWN if len(look.arms) > 1 else ():
        runs = pq.read_table(folder / "runs.parquet", columns=["point", "contest", "arm", "seed", measure]).to_pandas()
        for contest, rows in runs.groupby("contest", sort=False):
            values = as_block(rows, measure, record, look)
            first, second, lead, told = leads(values, METRICS[measure].better, sure)
            place = {"contest": str(contest), "measure": measure, "point": numbers}
            leading.append(pd.DataFrame({**place, "first": names[first], "second": names[second], "lead": lead, "told": told}))
    return joined(leading)


def as_block(rows: pd.DataFrame, measure: str, record: dict[str, Any], look: Look) -> npt.NDArray[np.float64]:
    """Runs of a contest as points x arms x seeds; NaN for those that failed."""
    values = np.full((record["points"], len(look.arms), len(record["seeds"])), np.nan)
    arms = pd.Categorical(rows["arm"], categories=list(look.arms)).codes
    values[rows["point"], arms, rows["seed"] - record["seeds"][0]] = rows[measure]
    return values


def joined(tables: list[pd.DataFrame]) -> pd.DataFrame:
    """Tables with the columns of the first, which has no rows, under each other."""
    return pd.concat(tables[1:], ignore_index=True) if len(tables) > 1 else tables[0]
