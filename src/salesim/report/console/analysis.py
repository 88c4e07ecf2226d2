"""What the terminal prints of explorations and explanations alike: sentences, tables in words, where the files are."""

from collections.abc import Iterable
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from salesim.report.console.tables import print_paths
from salesim.report.text.amounts import counted
from salesim.report.text.origin import Record, remark
from salesim.report.text.tables import Grid

WIDEST = 1000  # characters, to measure how wide a table would like to be
STYLES = {"total": "bold", "unsure": "dim"}


def print_sentences(lines: Iterable[str], lead: str, console: Console, width: int = 3) -> None:
    """Sentences under each other, the first of them behind `lead`."""
    grid = Table.grid(padding=(0, 1))
    grid.add_column(width=width, style="bold")
    grid.add_column()
    for place, line in enumerate(lines):
        grid.add_row("" if place else lead, Text(line))
    console.print(grid)


def print_table(grid: Grid, console: Console) -> None:
    """A table of numbers, with a column for the intervals of each column that has any; beside them where that is too wide."""
    apart = laid_out(grid, apart=True)
    wide = console.measure(apart, options=console.options.update(width=WIDEST)).maximum > console.width
    console.print(laid_out(grid, apart=False) if wide else apart)


def laid_out(grid: Grid, *, apart: bool) -> Table:
    """The table for the terminal, intervals in columns of their own if they stand `apart`."""
    shown = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold")
    bounded = [apart and any(row[place].more for row in grid.rows) for place in range(1, len(grid.head))]
    shown.add_column(" ".join([grid.head[0].text, *([f"({grid.head[0].more})"] if grid.head[0].more else [])]))
    for cell, with_interval in zip(grid.head[1:], bounded, strict=True):
        shown.add_column(cell.text, justify="right")
        if with_interval:
            shown.add_column("interval", justify="right", style="dim")
    for name, *cells in grid.rows:
        words = []
        for cell, with_interval in zip(cells, bounded, strict=True):
            words += [cell.text, cell.more] if with_interval else [f"{cell.text} {cell.more}".rstrip()]
        indented = name.text.replace(" ", "   ", 1) if name.text.startswith(" ") else name.text
        shown.add_row(Text(indented, STYLES.get(name.kind, "")), *words)
    return shown


def print_end(record: Record, folder: Path, tables: str, console: Console) -> int:
    """Where the files are, and whether runs failed; returns the exit code, 1 if some did."""
    console.print()
    print_paths([(folder.parent / "report.html", "the report; open it in a browser"), (folder, tables)], console)
    console.print(Text(remark(record, folder.parent), "yellow"))
    if record["failed"]:
        console.print(f"\n{counted(record['failed'], 'run')} failed, and the others were used without them", style="red")
    return 1 if record["failed"] else 0
