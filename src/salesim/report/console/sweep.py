"""What the terminal says of a sweep: which parameter moves which measure, best and worst points, who wins where."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from rich.console import Console
from rich.table import Table
from rich.text import Text

from salesim.config.axes import shown
from salesim.config.study import Sweep
from salesim.metrics import METRICS, PRIMARY
from salesim.report.console.study import CONTESTS, counted, number, print_damaged, style_of
from salesim.report.text.verdict import FEW_SEEDS

ASKED = (*PRIMARY, "operating_profit_k")
RANKED = "operating_profit_k"
SHORT = {"gross_margin": "Gross margin", "cycle_weeks": "Sales cycle", "pass_through": "Pass-through", RANKED: "Profit"}
WIDEST = 30  # characters of a parameter's name
MOST_PARAMETERS = 12  # in the terminal; the table has all


def print_question(sweep: Sweep, console: Console) -> None:
    """The question and the size."""
    console.print(Text(sweep.question, style="bold"))
    console.print(f"{sweep.name}: {size_of(sweep)}", soft_wrap=True)


def size_of(sweep: Sweep) -> str:
    """How many runs, and of what."""
    parts = [f"{counted(len(sweep.points), 'point')} ({sweep.design})"]
    if len(sweep.arms) > 1:
        parts.append(f"{counted(len(sweep.arms), 'arm')} ({', '.join(sweep.arms)})")
    parts += [f"{counted(len(sweep.contests), 'contest')} ({', '.join(sweep.contests)})", counted(sweep.seeds, "seed")]
    different = len({placed.key for placed in sweep.placed}) * sweep.seeds
    once = f", {different:,} of them different" if different < sweep.n_runs else ""
    return f"{' x '.join(parts)} = {sweep.n_runs:,} runs{once}"


def print_sweep(folder: Path, console: Console) -> int:
    """Tables and paths of a finished sweep; returns the exit code, 1 if some runs failed."""
    record = json.loads((folder / "study.json").read_text(encoding="utf-8"))
    points, effects, differences = (
        pd.read_parquet(folder / f"{name}.parquet") for name in ("points", "effects", "differences")
    )
    parameters = list(dict.fromkeys(effects["parameter"])) if len(effects) else []
    for contest in record["contests"]:
        console.print(Text(f"\n{CONTESTS.get(contest, contest)}", style="bold"))
        if record["points"] * len(record["arms"]) > 1:
            console.print()
            console.print(moving(effects[effects["contest"] == contest]))
        mine = points[points["contest"] == contest]
        console.print()
        console.print(ends(mine, parameters, len(record["arms"]) > 1))
        if len(differences):
            console.print()
            console.print(counts(differences[differences["contest"] == contest], record["baseline"], record["points"]))
    console.print(Text(f"\n{footnote(record)}", style="dim"))
    print_paths(folder, record, console)
    return 1 if record["failed"] else 0


def heads() -> Iterator[str]:
    """Titles of the measures with their units."""
    for name in ASKED:
        yield f"{SHORT[name]}\n{style_of(METRICS[name].unit).unit}"


def table_of(first: str, columns: Sequence[str], least: int = 0) -> Table:
    """A table without lines, its first column at least so many characters wide."""
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column(first, header_style="bold", overflow="fold", min_width=min(least, WIDEST))
    for column in columns:
        table.add_column(column, header_style="bold")
    return table


def moving(effects: pd.DataFrame) -> Table:
    """Parameters by measures: from the lowest to the highest level, and the share of variance."""
    parameters = list(dict.fromkeys(effects["parameter"]))
    table = table_of("What moves it", list(heads()), max(len(called(name, parameters)) for name in parameters))
    order = {name: -np.nanmax([0.0, *effects.loc[effects["parameter"] == name, "share"]]) for name in parameters}
    for parameter in sorted(parameters, key=order.__getitem__)[:MOST_PARAMETERS]:
        rows = effects[effects["parameter"] == parameter].set_index("measure")
        span = levels_of(rows.iloc[0])
        same = all(levels_of(row) == span for _, row in rows.iterrows())
        what = Text(called(parameter, parameters)).append(f"\n{span}" if same else "", "dim")
        table.add_row(what, *(moved(rows.loc[name], METRICS[name].unit, not same) for name in ASKED))
    return table


def levels_of(row: "pd.Series[Any]") -> str:
    """From which level to which."""
    return f"{row['level_low']} → {row['level_high']}"


def called(parameter: str, among: Sequence[str]) -> str:
    """A parameter by the last part of its key, or the whole key where others end alike."""
    last = parameter.split(".")[-1]
    return last if sum(other.split(".")[-1] == last for other in among) == 1 else parameter


def moved(row: "pd.Series[Any]", unit: str, with_levels: bool) -> Text:
    """From where to where, and how much of the variance goes with it."""
    style = style_of(unit)
    low, high, share = float(row["at_low"]), float(row["at_high"]), float(row["share"])
    if not np.isfinite(low):
        return Text("–")
    text = Text(f"{number(low, style)} → {number(high, style)}")
    if np.isfinite(share):
        text.append(f" ({max(0.0, 100 * share):.0f} %)", "dim")
    if with_levels:
        text.append(f"\n{levels_of(row)}", "dim")
    return text


def ends(points: pd.DataFrame, parameters: Sequence[str], with_arm: bool) -> Table:
    """The points with the highest and lowest operating profit."""
    table = table_of("By operating profit", list(heads()))
    ranked = points[np.isfinite(points[RANKED])].sort_values(RANKED, kind="stable")
    for word, row in (("best", ranked.iloc[-1:]), ("worst", ranked.iloc[:1])):
        for _, point in row.iterrows():
            arm = f"{point['arm']}, " if with_arm and "arm" not in parameters else ""
            names = [name for name in parameters if name not in ("strategy", "channel", "licence")]
            settings = ", ".join(f"{called(name, parameters)}={shown(point[name])}" for name in names)
            what = f"{word}: point {point['point']}, {arm}{settings}".rstrip(", ")
            table.add_row(Text(what), *(number(point[name], style_of(METRICS[name].unit)) for name in ASKED))
    return table


def counts(differences: pd.DataFrame, baseline: str, n_points: int) -> Table:
    """At how many points an arm is better or worse than the baseline."""
    table = table_of(f"Against {baseline}, same seeds: of {counted(n_points, 'point')}", [SHORT[name] for name in ASKED])
    for arm, rows in differences.groupby("arm", sort=False):
        cells = []
        for name in ASKED:
            verdicts = rows.loc[rows["measure"] == name, "verdict"]
            better, worse = ("higher", "lower") if METRICS[name].better == "up" else ("lower", "higher")
            text = Text(f"{(verdicts == better).sum()} ▲", "green").append(f" {(verdicts == worse).sum()} ▼", "red")
            cells.append(text.append(f" {(~verdicts.isin((better, worse))).sum()} ?", "dim"))
        table.add_row(Text(str(arm)), *cells)
    return table


def footnote(record: dict[str, Any]) -> str:
    """How to read the tables."""
    words = [
        "Means from the lowest to the highest level of a parameter (or eighth of its points); in brackets the share of the "
        "variance between points that goes with it alone."
    ]
    if len(record["arms"]) > 1:
        sure = f"{100 * record['confidence']:g} %"
        words.append(f"▲ better   ▼ worse   ? cannot be told, with {sure} confidence for all measures of a point together.")
        if len(record["seeds"]) < FEW_SEEDS:
            words.append(
                f"{counted(len(record['seeds']), 'seed')} a point show only large differences; ask for more with seeds=…"
            )
    return "\n".join(words)


def print_paths(folder: Path, record: dict[str, Any], console: Console) -> None:
    """What the sweep left, for people."""
    console.print(Text("\nWritten (tables also as .parquet)", style="bold"))
    written = {
        "report.html": "the report; open it in a browser",
        "points.csv": "one row a point and arm: means with intervals",
        "runs.csv": "one row a run",
        "differences.csv": "one row a point, arm and measure: difference from the baseline",
        "effects.csv": "what moves what, all measures",
        "resolved.yaml": "everything that was set",
    }
    if len(record["arms"]) < 2:
        del written["differences.csv"]
    wide = max(len(str(folder / name)) for name in written)
    for name, what in written.items():
        console.print(Text(f"  {folder / name!s:<{wide}}  ").append(what, "dim"), soft_wrap=True)
    print_damaged(record, console)
    if record["failed"]:
        failed = counted(record["failed"], "run")
        console.print(f"\n{failed} failed; tracebacks are in {folder / 'failed.json'}", style="red", soft_wrap=True)
