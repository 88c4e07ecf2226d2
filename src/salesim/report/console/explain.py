"""What the terminal prints of an explanation."""

from collections.abc import Mapping
from pathlib import Path

from rich.console import Console
from rich.text import Text

from salesim.report.console.tables import print_end, print_items, print_numbers
from salesim.report.study_files import read_analysis
from salesim.report.text import explain as text
from salesim.report.text.amounts import contest_title, counted
from salesim.report.text.origin import Record
from salesim.stats.intervals import FEW_SEEDS


def print_question(record: Record, console: Console) -> None:
    """What is asked, and of which seeds."""
    console.print(Text(text.question(record), style="bold"))
    seeds, few = len(record["seeds"]), len(record["spiral_seeds"])
    some = f" (the fall and the loops: the first {few})" if few < seeds else ""
    console.print(f"{contest_title(record['contest'])}; {counted(seeds, 'seed')}{some}")
    wide = f"{counted(seeds, 'seed')} are few: intervals will be wide; seeds={FEW_SEEDS} or more is sensible"
    unsure = f"{few} are few for the fall and the loops; {text.more_seeds(record)} is sensible"
    for words, is_so in ((wide, seeds < FEW_SEEDS), (unsure, few < FEW_SEEDS <= seeds)):
        if is_so:
            console.print(words, style="yellow")


def print_plan(record: Record, counts: Mapping[str, int], console: Console) -> None:
    """What will be run."""
    console.print(text.plan(record, counts))


def print_answer(folder: Path, console: Console) -> int:
    """Money, deals, the fall and the loops, as saved in a study's folder; returns the exit code."""
    files = read_analysis(folder / "explain" / "explain.json", text.TABLES)
    for section in text.sections(files):
        console.print(Text(f"\n{section.title}", style="bold"))
        print_items(section.sentences, console)
        console.print()
        print_numbers(section.table, console)
        console.print(section.note, style="dim")
    console.print(f"\n{files.record['runs']:,} runs.", style="dim")
    return print_end(files.record, folder, "explain", "tables of money, deals, the fall and loops", console)
