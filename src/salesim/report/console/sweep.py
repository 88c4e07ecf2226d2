"""What the terminal says of a sweep: how large it is, who is best where, and what moves what."""

from pathlib import Path

from rich.console import Console
from rich.text import Text

from salesim.config.study import Sweep
from salesim.metrics import JUDGED
from salesim.report.console.sections import print_first
from salesim.report.console.study import heading
from salesim.report.console.tables import REPORT, print_grid, print_items, print_paths, print_troubles
from salesim.report.sweep_files import read_sweep
from salesim.report.text import sweep as text
from salesim.report.text.sizes import size_of_sweep

WRITTEN = {
    "report.html": REPORT,
    "points.csv": "one row a point and arm: means with intervals",
    "runs.csv": "one row per run",
    "differences.csv": "one row a point, arm and measure: difference from the baseline",
    "leads.csv": "one row a point and measure: the best arm, the next, its lead",
    "effects.csv": "what moves what, all measures",
    "resolved.yaml": "everything that was set",
}
OF_SEVERAL_ARMS = ("differences.csv", "leads.csv")


def print_question(sweep: Sweep, console: Console) -> None:
    """The question and the size."""
    console.print(Text(sweep.question, style="bold"))
    console.print(f"{sweep.name}: {size_of_sweep(sweep)}", soft_wrap=True)


def print_sweep(folder: Path, console: Console) -> int:
    """Answer, tables and paths of a finished sweep; returns the exit code, 1 if some runs failed."""
    sweep = read_sweep(folder)
    tables = list(text.tables(sweep, JUDGED))
    print_first(text.answer(sweep), console)
    for contest in sweep.theme.contests:
        console.print(heading(contest))
        print_items(text.findings(sweep, contest), console)
        for _, grids, _ in tables:
            print_grid(grids[contest], console)
    for _, _, key in tables:
        console.print(f"\n{key}", style="dim")
    console.print(f"\n{' '.join(text.certainty(sweep))}\n")
    left_out = OF_SEVERAL_ARMS if sweep.alone else ()
    print_paths(folder, {name: what for name, what in WRITTEN.items() if name not in left_out}, console)
    return print_troubles(sweep.record, folder, console)
