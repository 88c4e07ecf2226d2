"""What the terminal says of an exploration."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
from rich.console import Console
from rich.table import Table
from rich.text import Text

from salesim.analyses.explore.axes import Named
from salesim.analyses.explore.run import Explored, Tipped
from salesim.analyses.explore.save import record_of
from salesim.analyses.explore.spec import Exploration
from salesim.metrics import METRICS
from salesim.report.console.study import heading
from salesim.report.console.tables import print_paths
from salesim.report.page.origin import remark
from salesim.report.text.amounts import counted, number, unit_words
from salesim.report.text.explore import Sentences, sentences_of_design, sentences_of_tipping

LEAST_NAME = 14  # characters
FEW_SEEDS = 10  # of a point that is not decided yet


def print_question(asked: Exploration, console: Console) -> None:
    """What is asked: the measure, the axes and the arms."""
    arms = ", ".join(dict.fromkeys(arm for _, arm in asked.others))
    console.print(Text(asked.study.question, style="bold"))
    title = METRICS[asked.measure].title.lower()
    console.print(f"{arms} against {asked.study.baseline}, by {title}; varied evenly and independently:")
    for axis in asked.axes:
        console.print(of_axis(axis))


def print_plan(asked: Exploration, counts: Mapping[str, int], console: Console) -> None:
    """What will be played."""
    screening, first, most, points = (counts[name] for name in ("screening", "first", "most", "points"))
    if asked.tipping:
        words = f"{first:,} runs for {points} values; with a crossing of each arm about {most:,}"
    else:
        seeds = counted(asked.seeds, "seed")
        before = f": {screening:,} for the screening, {first - screening:,}" if screening else ""
        sobol = f" ({asked.points} base points x {points // asked.points})" if points > asked.points else ""
        words = f"{first:,} runs{before} for {points} points{sobol} with {seeds}"
        if asked.most_seeds > asked.seeds:
            words += f"; up to {most:,}, as undecided points get up to {asked.most_seeds} seeds"
        if screening:
            words += "; fewer if an axis is screened out"
    console.print(words)
    if not asked.tipping and asked.most_seeds < FEW_SEEDS:
        console.print(
            f"{counted(asked.most_seeds, 'seed')} a point are few: many points will stay undecided; most_seeds=20 is sensible",
            style="yellow",
        )


def of_axis(axis: Named) -> Table:
    """An axis with its ends and meaning."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(width=24)
    grid.add_column(width=16)
    grid.add_column(style="dim")
    unit = f" ({axis.unit})" if axis.unit and axis.unit != "none" else ""
    grid.add_row(f"  {axis.name}", axis.span, f"{axis.meaning}{unit}")
    return grid


def print_design(asked: Exploration, explored: Explored, page: Path, console: Console) -> int:
    """Rules, indices and regret; returns the exit code."""
    left_out = [axis.name for axis in asked.axes if axis not in explored.kept]
    if left_out:
        console.print(f"Screened out, and left as they are set: {', '.join(left_out)}.", style="dim")
    words = sentences_of_design(asked, explored)
    for contest in asked.study.contests:
        console.print(heading(contest))
        print_arms(words, contest, asked, console)
        console.print(regret_table(asked, explored, contest))
        print_item("", words[contest][asked.study.baseline][0], name_width(asked), console)
    seeds = f"{asked.seeds} to {asked.most_seeds}" if asked.most_seeds > asked.seeds else str(asked.seeds)
    console.print(
        f"\n{len(explored.points)} points, {seeds} seeds each, {explored.runs:,} runs. A point is decided if the "
        f"{100 * asked.study.confidence:g} % interval of its difference excludes zero; each point has its own error. "
        "Regret is how far an arm stays behind the best arm of the same point; at the worst point it is measured on new seeds.",
        style="dim",
    )
    return print_end(asked, page, explored.failed, console)


def print_arms(words: Sentences, contest: str, asked: Exploration, console: Console) -> None:
    """The sentences of each arm but the baseline."""
    wide = name_width(asked)
    for arm, sentences in words[contest].items():
        if arm != asked.study.baseline:
            for place, sentence in enumerate(sentences):
                print_item("" if place else arm, sentence, wide, console)


def name_width(asked: Exploration) -> int:
    """Characters of the longest arm's name."""
    return max(LEAST_NAME, *(len(name) for _, name in asked.others))


def print_item(name: str, sentence: str, wide: int, console: Console) -> None:
    """A sentence behind its arm."""
    grid = Table.grid(padding=(0, 1))
    grid.add_column(width=wide, style="bold")
    grid.add_column()
    grid.add_row(name, sentence)
    console.print(grid)


def regret_table(asked: Exploration, explored: Explored, contest: str) -> Table:
    """A row an arm: best where, behind by how much."""
    metric = METRICS[asked.measure]
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, title_justify="left")
    mean = f"mean\n{unit_words(metric.unit)}"
    for name in ("regret", "best at", mean, "nine points in ten\nbelow", "at its worst point, new seeds\n"):
        table.add_column(name, header_style="bold", justify="left" if name == "regret" else "right")
    for _, row in explored.regret[explored.regret["contest"] == contest].iterrows():
        table.add_row(
            Text(str(row["arm"])), f"{100 * row['best_share']:.0f} %", number(row["mean_regret"], metric.unit),
            number(row["regret_9_in_10"], metric.unit), worst_words(row, metric.unit),
        )  # fmt: skip
    return table


def worst_words(row: "pd.Series[float]", unit: str) -> str:
    """The regret at the worst point with its interval and who is best there."""
    if row["worst_point"] < 0 or row["arm"] == row["behind"]:
        return "–"
    ends = f"[{number(row['low'], unit)}, {number(row['high'], unit)}]"
    return f"{number(row['worst'], unit)} {ends} behind {row['behind']}"


def print_tipping(asked: Exploration, tipped: Tipped, page: Path, console: Console) -> int:
    """The tipping points; returns the exit code."""
    words = sentences_of_tipping(asked, tipped)
    for contest in asked.study.contests:
        console.print(heading(contest))
        print_arms(words, contest, asked, console)
    console.print(
        f"\n{tipped.runs:,} runs. The interval has all values at which the {100 * asked.study.confidence:g} % interval of the "
        "difference holds zero.",
        style="dim",
    )
    return print_end(asked, page, tipped.failed, console)


def print_end(asked: Exploration, page: Path, failed: int, console: Console) -> int:
    """Paths, and whether runs failed."""
    tables = "tables of crossings and of the curve" if asked.tipping else "tables of points, rules, indices and regret"
    console.print()
    print_paths([(page, "the report; open it in a browser"), (asked.folder, tables)], console)
    console.print(Text(remark(record_of(asked), asked.study.own_folder), "yellow"))
    if failed:
        console.print(f"\n{failed} runs failed and were left out", style="red")
    return 1 if failed else 0
