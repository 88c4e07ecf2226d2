"""How the terminal lays out tables, lists of sentences and paths."""

import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from salesim.report.text.amounts import counted
from salesim.report.text.tables import Cell, Grid
from salesim.report.text.verdict import Findings

WIDTH = 100  # characters, where output is not a terminal
WIDEST_NAME, LEAST_COLUMN, GAP = 30, 12, 2  # characters
REPORT = "the report; open it in a browser"
STYLES = {"total": "bold", "unsure": "dim"}  # of names of rows
COLOURS = {"better": "green", "worse": "red", "unsure": "dim"}


class Screen(Console):
    """A terminal, file or pipe. One of a `lasting` command goes on when nobody reads any more, as after `| head`."""

    lasting = False

    def on_broken_pipe(self) -> None:
        """The reader has closed the pipe: say that runs go on, or end the command."""
        if not self.lasting:
            raise BrokenPipeError
        self.quiet = True
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        with suppress(OSError):
            print("salesim: nobody reads the output any more; the command goes on, and writes its results", file=sys.stderr)


def screen(lasting: bool = False) -> Console:
    """The terminal at its own width; files and pipes get 100 columns without colours."""
    console = Screen(highlight=False, markup=False)
    console = console if console.is_terminal else Screen(highlight=False, markup=False, width=WIDTH)
    console.lasting = lasting
    return console


def print_grid(grid: Grid, console: Console) -> None:
    """A table, turned and cut into several where its columns do not fit side by side."""
    for table in tables(grid, console.width):
        console.print()
        console.print(table)


def tables(grid: Grid, width: int) -> Iterator[Table]:
    """A table with all columns if they fit; else rows become columns, in as many tables of about equal size as it takes."""
    columns = widths(grid)
    if name_width(grid) + sum(columns) > width:
        grid = grid.turned()
        columns = widths(grid)
    for start, end in pairwise(packed(columns, width - name_width(grid))):
        wide = columns[start:end]
        table = Table(box=None, padding=(0, GAP, 0, 0), pad_edge=False)
        table.add_column(styled(grid.head[0], "bold"), width=name_width(grid, width - sum(wide)) - GAP)
        for place, characters in enumerate(wide, start=start + 1):
            table.add_column(styled(grid.head[place], "bold"), width=characters - GAP)
        for row in grid.rows:
            table.add_row(styled(row[0]), *(styled(cell) for cell in row[start + 1 : end + 1]))
        yield table


def packed(columns: Sequence[int], width: int) -> list[int]:
    """Where to cut columns into as few tables as fit a width, and of about equal size if they fit so too.

    >>> packed([20, 20, 20, 20, 20, 20], 85), packed([10, 10, 10, 10, 40], 40)
    ([0, 3, 6], [0, 4, 5])
    """
    edges = [0]
    for place in range(1, len(columns)):
        if sum(columns[edges[-1] : place + 1]) > width:
            edges.append(place)
    edges.append(len(columns))
    even = [round(n * len(columns) / (len(edges) - 1)) for n in range(len(edges))]
    return even if all(sum(columns[start:end]) <= width for start, end in pairwise(even)) else edges


def name_width(grid: Grid, room: int = 0) -> int:
    """Characters of the first column, with the gap behind it; long names need several lines unless there is room."""
    longest = max(len(line) for cell in (grid.head[0], *(row[0] for row in grid.rows)) for line in lines(cell))
    return min(longest + GAP, max(WIDEST_NAME + GAP, room))


def widths(grid: Grid) -> list[int]:
    """Characters of each further column, with the gap behind it; headings may need several lines."""
    columns = list(zip(*(row[1:] for row in grid.rows), strict=True))
    heads = [max(map(len, cell.text.split()), default=0) for cell in grid.head[1:]]
    inside = [max(len(line) for cell in column for line in lines(cell)) for column in columns]
    return [max(head, widest, LEAST_COLUMN) + GAP for head, widest in zip(heads, inside, strict=True)]


def lines(cell: Cell) -> list[str]:
    """A cell line by line."""
    return [cell.text, f"{cell.below} {cell.more}".strip()]


def styled(cell: Cell, style: str = "") -> Text:
    """A cell with the line below it."""
    parts = ((cell.below, COLOURS.get(cell.kind, "dim")), (cell.more, "dim"))
    below = Text(" ").join(Text(part, colour) for part, colour in parts if part)
    return Text("\n").join([Text(cell.text, style), below] if below else [Text(cell.text, style)])


def print_numbers(grid: Grid, console: Console) -> None:
    """A table of one line a row: numbers under each other, and their intervals under each other beside them."""
    table = Table(box=None, padding=(0, GAP, 0, 0), pad_edge=False, header_style="bold")
    first, *heads = grid.head
    table.add_column(first.text + (f" ({first.more})" if first.more else ""))
    for cell in heads:
        table.add_column(cell.text, justify="right")
    wide = [max((len(row[place].more) for row in grid.rows), default=0) for place in range(1, len(grid.head))]
    for name, *cells in grid.rows:
        numbers = (
            Text.assemble(cell.text, (f" {cell.more:>{characters}}" if characters else "", "dim"))
            for cell, characters in zip(cells, wide, strict=True)
        )
        indented = name.text.replace(" ", "   ", 1) if name.text.startswith(" ") else name.text
        table.add_row(Text(indented, STYLES.get(name.kind, "")), *numbers)
    console.print(table)


def print_items(sentences: Iterable[str], console: Console) -> None:
    """Sentences as a list."""
    for line in sentences:
        row = Table.grid(padding=(0, 1))  # each its own, so that lines do not end in spaces
        row.add_row("  -", Text(line))
        console.print(row)


def print_findings(findings: Iterable[Findings], console: Console) -> None:
    """Sentences contest by contest: those that come first, or else one for each measure."""
    for part in findings:
        if part.title:
            console.print(f"{part.title}:")
        print_items(part.first or part.rest, console)


def print_paths(folder: Path, written: Mapping[str, str], console: Console) -> None:
    """What was written in a folder, and what it is."""
    console.print(Text("Written", style="bold"))
    wide = max(len(str(folder / name)) for name in written)
    for name, what in written.items():
        console.print(Text(f"  {folder / name!s:<{wide}}  ").append(what, "dim"), soft_wrap=True)


def print_troubles(record: Mapping[str, Any], folder: Path, console: Console) -> int:
    """Name damaged shards and failed runs; returns the exit code, 1 if some runs failed."""
    if damaged := record.get("damaged"):
        words = f"{counted(len(damaged), 'shard')} of finished runs had been damaged; what was in it was run again"
        console.print(f"\n{words}: {', '.join(damaged)}", style="yellow", soft_wrap=True)
    if record["failed"]:
        failed = counted(record["failed"], "run")
        console.print(f"\n{failed} failed; tracebacks are in {folder / 'failed.json'}", style="red", soft_wrap=True)
    return 1 if record["failed"] else 0
