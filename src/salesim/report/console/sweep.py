"""What the terminal says of a sweep: how large it is, who is best where, and what moves what."""

from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.text import Text

from salesim.config.study import Sweep
from salesim.report.console.study import heading
from salesim.report.console.tables import REPORT, print_grid, print_items, print_paths, print_troubles
from salesim.report.sweep_files import SweepFiles, read_sweep
from salesim.report.text import sweep as text
from salesim.report.text.sizes import size_of_sweep
from salesim.report.text.tables import Grid, key_to_results, results

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
    for contest in sweep.theme.contests:
        console.print(heading(contest))
        print_items(text.answer(sweep, contest), console)
        for grid, _ in tables(sweep, contest):
            print_grid(grid, console)
    for _, key in tables(sweep, sweep.theme.contests[0]):
        console.print(f"\n{key}", style="dim")
    console.print(f"\n{' '.join(text.certainty(sweep))}\n")
    print_paths(
        folder, {name: what for name, what in WRITTEN.items() if not (sweep.alone and name in OF_SEVERAL_ARMS)}, console
    )
    return print_troubles(sweep.record, folder, console)


def tables(sweep: SweepFiles, contest: str) -> Iterator[tuple[Grid, str]]:
    """How often each arm is best, and what moves what; of a single point its results. Each with how it is read."""
    if sweep.n_points == 1 and not sweep.alone:
        differences = text.one_point(sweep)
        key = key_to_results(sweep.differences, sweep.theme.baseline, float(sweep.record["confidence"]))
        yield results(differences, contest, sweep.theme, list(dict.fromkeys(differences["measure"]))), key
        return
    if not sweep.alone:
        yield text.often(sweep, contest), text.KEY_TO_OFTEN
    if sweep.n_points > 1:
        yield text.moving(sweep, contest), text.KEY_TO_MOVING
