"""What the terminal prints of the evidence: what is asked, then facts, claims and limits as saved."""

from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from salesim.report.console.sections import print_sections
from salesim.report.console.tables import COLOURS, GAP, STYLES
from salesim.report.study_files import read_analysis
from salesim.report.text.amounts import counted
from salesim.report.text.evidence import TABLES, sections
from salesim.report.text.origin import Record
from salesim.report.text.tables import Cell, Grid


def print_asked(record: Record, console: Console) -> None:
    """What is asked, and of which entries."""
    console.print(Text(record["question"], style="bold"))
    kinds = [counted(count, kind.removesuffix("s")) for kind, count in record["kinds"].items() if count]
    console.print(f"{', '.join(kinds)}; {counted(len(record['seeds']), 'seed')}")


def print_evidence(folder: Path, console: Console) -> int:
    """Facts, claims and limits, as saved in a study's folder; returns the exit code."""
    files = read_analysis(folder / "evidence" / "evidence.json", tuple(TABLES))
    return print_sections(sections(files), files.record, folder, "evidence", console, print_words)


def print_words(grid: Grid, console: Console) -> None:
    """A table whose second column has sentences, and its third too if it is the last; the others are as wide as they need."""
    table = Table(box=None, padding=(0, GAP, 0, 0), pad_edge=False, header_style="bold", expand=True)
    last = len(grid.head) - 1
    for place, head in enumerate(grid.head):
        sentences = place == 1 or place == last == 2
        table.add_column(head.text, ratio=1 if sentences else None, no_wrap=not sentences, overflow="fold")
    wide = max((len(row[3].text) for row in grid.rows), default=0) if last >= 3 else 0
    for row in grid.rows:
        table.add_row(*(styled(cell, wide if place == 3 else 0) for place, cell in enumerate(row)))
    console.print(table)


def styled(cell: Cell, wide: int) -> Text:
    """A cell in its colour, a number under the others, its interval beside it."""
    text = Text(f"{cell.text:>{wide}}" if wide else cell.text, COLOURS.get(cell.kind, STYLES.get(cell.kind, "")))
    return text.append(f" {cell.more}", "dim") if cell.more else text
