"""What the terminal prints of an explanation and of an exploration: the question and the saved sections."""

from collections.abc import Callable, Iterable
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from salesim.report.console.tables import REPORT, print_findings, print_numbers, print_paths
from salesim.report.study_files import read_analysis
from salesim.report.text import explain, explore
from salesim.report.text.amounts import contest_title, counted, with_unit
from salesim.report.text.origin import Record, remark
from salesim.report.text.tables import Grid
from salesim.report.text.verdict import Section
from salesim.stats.intervals import FEW_SEEDS


def print_explained(record: Record, console: Console) -> None:
    """What is asked of an explanation, and of which seeds."""
    console.print(Text(explain.question(record), style="bold"))
    seeds, few = len(record["seeds"]), len(record["spiral_seeds"])
    some = f" (the fall and the loops: the first {few})" if few < seeds else ""
    console.print(f"{contest_title(record['contest'])}; {counted(seeds, 'seed')}{some}")
    wide = f"{counted(seeds, 'seed')} are few: intervals will be wide; seeds={FEW_SEEDS} or more is sensible"
    unsure = f"{few} are few for the fall and the loops; {explain.more_seeds(record)} is sensible"
    for words, is_so in ((wide, seeds < FEW_SEEDS), (unsure, few < FEW_SEEDS <= seeds)):
        if is_so:
            console.print(words, style="yellow")


def print_explored(record: Record, console: Console) -> None:
    """What is asked of an exploration: the measure, the axes and the arms."""
    console.print(Text(record["question"], style="bold"))
    console.print(explore.question(record))
    print_axes(record, console)


def print_axes(record: Record, console: Console) -> None:
    """What is varied, a line for each setting."""
    grid = Table.grid(padding=(0, 2))
    for width, style in ((24, ""), (16, ""), (None, "dim")):
        grid.add_column(width=width, style=style)
    for axis in record["axes"]:
        reason = f"; prior: {axis['reason']}" if axis.get("reason") else ""
        grid.add_row(f"  {axis['name']}", axis["span"], with_unit(axis["meaning"], axis["unit"]) + reason)
    console.print(grid)


def print_explanation(folder: Path, console: Console) -> int:
    """Money, deals, the fall and the loops, as saved in a study's folder; returns the exit code."""
    files = read_analysis(folder / "explain" / "explain.json", explain.TABLES)
    return print_sections(explain.sections(files), files.record, folder, "explain", console)


def print_exploration(folder: Path, console: Console) -> int:
    """What was saved last in a study's folder, a design or tipping points; returns the exit code."""
    of_design, of_tipping = (folder / "explore" / name for name in ("explore.json", "tipping.json"))
    last = max(filter(Path.is_file, (of_design, of_tipping)), key=lambda file: file.stat().st_mtime_ns)
    if last == of_tipping:
        files = read_analysis(last, explore.TIPPING_TABLES)
        return print_sections([explore.of_tipping(files)], files.record, folder, "explore", console)
    files = read_analysis(last, explore.DESIGN_TABLES)
    axes = files.tables["axes"]
    if dropped := axes.loc[~axes["kept"], "name"].tolist():
        console.print(f"Screened out, and left as they are set: {', '.join(dropped)}.", style="dim")
    return print_sections(explore.of_design(files), files.record, folder, "explore", console)


def print_sections(
    sections: Iterable[Section],
    record: Record,
    folder: Path,
    part: str,
    console: Console,
    show: Callable[[Grid, Console], None] = print_numbers,
) -> int:
    """Sections, where they are, and whether runs failed; returns the exit code, 1 if some did."""
    for section in sections:
        console.print(Text(f"\n{section.title}", style="bold"))
        print_findings(section.findings, console)
        for grid in section.tables:
            console.print()
            show(grid, console)
        console.print(section.note, style="dim")
    console.print(f"\n{record['runs']:,} runs.\n", style="dim")
    print_paths(folder, {"report.html": REPORT, part: "tables of all that is above"}, console)
    console.print(Text(remark(record, folder), "yellow"))
    if record["failed"]:
        console.print(f"\n{counted(record['failed'], 'run')} failed, and the others were used without them", style="red")
    return 1 if record["failed"] else 0
