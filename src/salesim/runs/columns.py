"""What every column of every table of a study means: its unit and a phrase."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow.parquet as parquet
import yaml

from salesim.metrics import METRICS
from salesim.model.records import DEALS, WEEKS
from salesim.runs.files import read_table, reading

EVERYWHERE = "every table"
PARTS = ("", "explain/", "explore/", "evidence/")  # folders of tables in the folder of a study
SUFFIXES = {
    "_low": "lower end of the interval of {}",
    "_high": "upper end of the interval of {}",
    "_first": "{}, under the arm that is explained",
    "_second": "{}, under the arm it is compared with",
}
Meaning = tuple[str, str]  # unit and meaning


def described(folder: Path, notes: Mapping[str, Sequence[str]]) -> list[dict[str, str]]:
    """A row for each column of each table in a study's folder; `notes` has unit and meaning of settings by their keys."""
    axes, rows = folder / "explore" / "axes.parquet", []
    if axes.is_file():
        varied = read_table(axes, "key", "unit", "meaning").to_dict("records")
        notes = {**notes, **{axis["key"]: (axis["unit"], axis["meaning"]) for axis in varied}}
    for part in PARTS:
        for file in sorted((folder / part).glob("*.parquet")):
            table = f"{part.replace('/', '_')}{file.stem}"
            with reading(file, "a whole Parquet table"):
                columns = parquet.read_schema(file).names
            for column in columns:
                unit, meaning = meaning_of(table, column, notes) or ("", "")
                rows.append({"table": table, "column": column, "unit": unit, "meaning": meaning})
    return rows


def meaning_of(table: str, column: str, notes: Mapping[str, Sequence[str]]) -> Meaning | None:
    """Unit and meaning of a column, or none if nobody has described it.

    >>> meaning_of("points", "win_rate_low", {})
    ('share', 'lower end of the interval of win rate')
    """
    own, measures = described_columns(), {name: (metric.unit, metric.title) for name, metric in METRICS.items()}
    for known in (own.get(table, {}), notes, measures, own[EVERYWHERE], records(), settings(notes)):
        if column in known:
            unit, meaning = known[column]
            return str(unit), str(meaning)
    for suffix, words in SUFFIXES.items():
        if column.endswith(suffix) and (whole := meaning_of(table, column.removesuffix(suffix), notes)):
            return whole[0], words.format(whole[1][:1].lower() + whole[1][1:])
    return ("of the setting", "the setting; `salesim show` says more") if "." in column else None


@cache
def described_columns() -> dict[str, dict[str, Meaning]]:
    """Columns by table, out of columns.yaml."""
    content: Any = yaml.safe_load(Path(__file__).with_name("columns.yaml").read_text(encoding="utf-8"))
    return {table: {column: tuple(words) for column, words in columns.items()} for table, columns in content.items()}


@cache
def records() -> dict[str, Meaning]:
    """The columns of deals and weeks."""
    return {column.name: (column.unit, column.meaning) for column in (*DEALS, *WEEKS)}


def settings(notes: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
    """Settings by the last part of their keys, as an exploration names them, and those that choose a file."""
    chosen = dict.fromkeys(("strategy", "channel", "licence", "market", "weeks"), ("text", "the setting at this point"))
    return chosen | {key.rpartition(".")[2]: note for key, note in notes.items()}
