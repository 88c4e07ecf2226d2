"""What the terminal prints of an exploration."""

from collections.abc import Mapping
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from salesim.report.console.study import heading
from salesim.report.console.tables import print_end, print_items, print_numbers
from salesim.report.study_files import read_analysis
from salesim.report.text import explore as text
from salesim.report.text.amounts import counted, with_unit
from salesim.report.text.origin import Record

LEAST_NAME = 14  # characters
FEW_SEEDS = 10  # of a point that is not decided yet


def print_question(record: Record, console: Console) -> None:
    """What is asked: the measure, the axes and the arms."""
    console.print(Text(record["question"], style="bold"))
    console.print(text.question(record))
    grid = Table.grid(padding=(0, 2))
    for width, style in ((24, ""), (16, ""), (None, "dim")):
        grid.add_column(width=width, style=style)
    for axis in record["axes"]:
        grid.add_row(f"  {axis['name']}", axis["span"], with_unit(axis["meaning"], axis["unit"]))
    console.print(grid)


def print_plan(record: Record, counts: Mapping[str, int], console: Console) -> None:
    """What will be run."""
    console.print(text.plan(record, counts))
    if not record["tipping"] and record["most_seeds"] < FEW_SEEDS:
        seeds = counted(record["most_seeds"], "seed")
        words = f"{seeds} for a point are few: many points will stay undecided; most_seeds=20 is sensible"
        console.print(words, style="yellow")


def print_answer(folder: Path, console: Console) -> int:
    """What was saved last in a study's folder, a design or tipping points; returns the exit code."""
    files = {folder / "explore" / "explore.json": print_design, folder / "explore" / "tipping.json": print_tipping}
    last = max(filter(Path.is_file, files), key=lambda file: file.stat().st_mtime_ns)
    return files[last](folder, console)


def print_design(folder: Path, console: Console) -> int:
    """What the design saved in a study's folder says; returns the exit code."""
    files = read_analysis(folder / "explore" / "explore.json", text.DESIGN_TABLES)
    record, axes = files.record, files.tables["axes"]
    dropped = axes.loc[~axes["kept"], "name"].tolist()
    if dropped:
        console.print(f"Screened out, and left as they are set: {', '.join(dropped)}.", style="dim")
    for contest, sentences in text.sentences_of_design(files).items():
        print_arms(contest, sentences, record, console)
        console.print()
        print_numbers(text.regret_table(files, contest), console)
        print_items(sentences[record["baseline"]], console)
    notes = f"\n{text.made_of(record)} {text.decided_note(record)} {text.REGRET_NOTE}"
    console.print(notes, style="dim")
    return print_end(record, folder, "explore", "tables of points, rules, indices and regret", console)


def print_tipping(folder: Path, console: Console) -> int:
    """The tipping points saved in a study's folder; returns the exit code."""
    files = read_analysis(folder / "explore" / "tipping.json", text.TIPPING_TABLES)
    for contest, sentences in text.sentences_of_tipping(files).items():
        print_arms(contest, sentences, files.record, console)
    console.print(f"\n{files.record['runs']:,} runs. {text.tipping_note(files.record)}", style="dim")
    return print_end(files.record, folder, "explore", "tables of crossings and of the curve", console)


def print_arms(contest: str, sentences: Mapping[str, list[str]], record: Record, console: Console) -> None:
    """The sentences of each arm but the baseline."""
    console.print(heading(contest))
    width = max(LEAST_NAME, *map(len, record["arms"]))
    for arm, lines in sentences.items():
        if arm != record["baseline"]:
            print_items(lines, console, f"{arm:<{width}}")
