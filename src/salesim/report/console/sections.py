"""What the terminal prints of an explanation, an exploration, the evidence and a fit: the question and the saved sections."""

from collections.abc import Callable, Iterable
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from salesim.report.console.tables import (
    COLOURS,
    GAP,
    REPORT,
    STYLES,
    print_findings,
    print_items,
    print_numbers,
    print_paths,
)
from salesim.report.study_files import TORNADO_TABLES, read_analysis
from salesim.report.text import evidence, explain, explore, fit, imported, tornado
from salesim.report.text.amounts import contest_title, counted, with_unit
from salesim.report.text.origin import Record, remark
from salesim.report.text.tables import Cell, Grid
from salesim.report.text.verdict import Section
from salesim.stats.intervals import FEW_SEEDS

MOST_AXES = 20  # of which each has its own line


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


def print_asked(record: Record, console: Console) -> None:
    """What is asked, and of which entries."""
    console.print(Text(record["question"], style="bold"))
    kinds = [counted(count, kind.removesuffix("s")) for kind, count in record["kinds"].items() if count]
    console.print(f"{', '.join(kinds)}; {counted(len(record['seeds']), 'seed')}")


def print_fitted(record: Record, console: Console) -> None:
    """What is asked: the numbers, and the settings with their priors."""
    console.print(Text(record["question"], style="bold"))
    console.print(fit.question(record), soft_wrap=True)
    if crm := record["crm"]:
        console.print(Text(imported.columns(crm)), soft_wrap=True)
        print_items(imported.findings(crm), console)
        console.print(Text(imported.given(crm)), soft_wrap=True)
    print_axes(record, console)


def print_axes(record: Record, console: Console) -> None:
    """What is varied, a line for each setting; of many, their names alone."""
    if len(record["axes"]) > MOST_AXES:
        console.print(", ".join(axis["name"] for axis in record["axes"]), style="dim")
        return
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
    """What was saved last in a study's folder: a design, tipping points or a tornado; returns the exit code."""
    records = (folder / "explore" / f"{kind}.json" for kind in ("explore", "tipping", "tornado"))
    last = max(filter(Path.is_file, records), key=lambda file: file.stat().st_mtime_ns)
    for name, tables, section in (
        ("tipping", explore.TIPPING_TABLES, explore.of_tipping),
        ("tornado", TORNADO_TABLES, tornado.of_tornado),
    ):
        if last.stem == name:
            files = read_analysis(last, tables)
            return print_sections([section(files)], files.record, folder, "explore", console)
    files = read_analysis(last, explore.DESIGN_TABLES)
    axes = files.tables["axes"]
    if dropped := axes.loc[~axes["kept"], "name"].tolist():
        console.print(f"Screened out, and left as they are set: {', '.join(dropped)}.", style="dim")
    return print_sections(explore.of_design(files), files.record, folder, "explore", console)


def print_evidence(folder: Path, console: Console) -> int:
    """Facts, claims and limits, as saved in a study's folder; returns the exit code."""
    files = read_analysis(folder / "evidence" / "evidence.json", tuple(evidence.TABLES))
    return print_sections(evidence.sections(files), files.record, folder, "evidence", console, print_words)


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


def print_fit(folder: Path, console: Console) -> int:
    """Numbers and settings, as saved in a study's folder; returns the exit code, 1 if there is no market with the numbers."""
    files = read_analysis(folder / "fit" / "fit.json", fit.TABLES)
    code = print_sections(fit.sections(files), files.record, folder, "fit", console)
    if files.record["kept"]:
        name, place = files.record["name"], folder / "fit"
        command = f"salesim run market={name} --config-dir {place} name={name}_worlds"
        console.print(Text(f"Verdicts over the worlds: {command}"), soft_wrap=True)
        return code
    return 1


def print_first(sentence: str, console: Console) -> None:
    """The sentence that answers what was asked."""
    console.print(Text("\nAnswer", style="bold"))
    console.print(Text(sentence))


def print_section(section: Section, console: Console, show: Callable[[Grid, Console], None] = print_numbers) -> None:
    """A section: its sentences, tables and note."""
    console.print(Text(f"\n{section.title}", style="bold"))
    print_findings(section.findings, console)
    for grid in section.tables:
        console.print()
        show(grid, console)
    console.print(section.note, style="dim")


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
        if section.answer:
            print_first(section.answer, console)
        print_section(section, console, show)
    console.print(f"\n{record['runs']:,} runs.\n", style="dim")
    print_paths(folder, {"report.html": REPORT, part: "tables of all that is above"}, console)
    console.print(Text(remark(record, folder), "yellow"))
    if record["failed"]:
        console.print(f"\n{counted(record['failed'], 'run')} failed, and the others were used without them", style="red")
    return 1 if record["failed"] else 0
