"""What the terminal prints of explorations and explanations alike: sentences, tables in words, where the files are."""

from collections.abc import Iterable
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from salesim.report.analysis_files import Record
from salesim.report.console.study import counted, print_paths
from salesim.report.text.origin import remark
from salesim.report.text.table import TextTable

WIDEST = 1000  # characters, to measure how wide a table would like to be
STYLES = {"total": "bold", "part": "dim", "open": "dim"}


def print_sentences(lines: Iterable[str], lead: str, console: Console, width: int = 3) -> None:
    """Sentences under each other, the first of them behind `lead`."""
    grid = Table.grid(padding=(0, 1))
    grid.add_column(width=width, style="bold")
    grid.add_column()
    for place, line in enumerate(lines):
        grid.add_row("" if place else lead, Text(line))
    console.print(grid)


def print_table(table: TextTable, console: Console) -> None:
    """A table, with a column for the intervals of each column that has any; in brackets where that is too wide."""
    apart = laid_out(table, apart=True)
    console.print(
        apart
        if console.measure(apart, options=console.options.update(width=WIDEST)).maximum <= console.width
        else laid_out(table, apart=False)
    )


def laid_out(table: TextTable, *, apart: bool) -> Table:
    """The table for the terminal, intervals in columns of their own if they stand `apart`."""
    shown = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    shown.add_column(table.head[0], header_style="bold")
    bounded = [apart and any(row.cells[place].interval for row in table.rows) for place in range(len(table.head) - 1)]
    for title, with_interval in zip(table.head[1:], bounded, strict=True):
        shown.add_column(title, header_style="bold", justify="right")
        if with_interval:
            shown.add_column("interval", header_style="dim", justify="right", style="dim")
    for name, cells, kind in table.rows:
        words = []
        for (text, ends), with_interval in zip(cells, bounded, strict=True):
            words += [text, ends] if with_interval else [f"{text} ({ends})" if ends else text]
        shown.add_row(Text(f"  {name}" if kind == "part" else name, STYLES.get(kind, "")), *words)
    return shown


def print_end(record: Record, folder: Path, tables: str, console: Console) -> int:
    """Where the files are, and whether runs failed; returns the exit code, 1 if some did."""
    console.print()
    print_paths([(folder.parent / "report.html", "the report; open it in a browser"), (folder, tables)], console)
    console.print(Text(remark(record, folder.parent), "yellow"))
    if record["failed"]:
        console.print(f"\n{counted(record['failed'], 'run')} failed, and the others were used without them", style="red")
    return 1 if record["failed"] else 0
