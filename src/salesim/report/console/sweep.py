"""What the terminal says of a sweep: how large it is, who is best where, and what moves what."""

from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.text import Text

from salesim.config.study import Sweep
from salesim.report.console.study import heading
from salesim.report.console.tables import print_grid, print_items, print_paths, print_troubles
from salesim.report.sweep_files import SweepFiles, read_sweep
from salesim.report.text import sweep as text
from salesim.report.text.sizes import size_of_sweep
from salesim.report.text.tables import key_to_results, results


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
        print_tables(sweep, contest, console)
    for key in keys(sweep):
        console.print(f"\n{key}", style="dim")
    console.print(f"\n{' '.join(text.certainty(sweep))}\n")
    print_paths(list(written(folder, sweep)), console)
    return print_troubles(sweep.record, folder, console)


def print_tables(sweep: SweepFiles, contest: str, console: Console) -> None:
    """How often each arm is best, and what moves what; of a single point its results."""
    if sweep.n_points == 1 and not sweep.alone:
        differences = text.one_point(sweep)
        print_grid(results(differences, contest, sweep.theme, list(dict.fromkeys(differences["measure"]))), console)
        return
    if not sweep.alone:
        print_grid(text.often(sweep, contest), console)
    if sweep.n_points > 1:
        print_grid(text.moving(sweep, contest), console)


def keys(sweep: SweepFiles) -> Iterator[str]:
    """How the tables are read."""
    if sweep.n_points == 1 and not sweep.alone:
        yield key_to_results(sweep.differences, sweep.theme.baseline, float(sweep.record["confidence"]))
        return
    if not sweep.alone:
        yield text.KEY_TO_OFTEN
    if sweep.n_points > 1:
        yield text.KEY_TO_MOVING


def written(folder: Path, sweep: SweepFiles) -> Iterator[tuple[Path, str]]:
    """What a sweep leaves, for people."""
    yield folder / "report.html", "the report; open it in a browser"
    yield folder / "points.csv", "one row a point and arm: means with intervals"
    yield folder / "runs.csv", "one row a run"
    if not sweep.alone:
        yield folder / "differences.csv", "one row a point, arm and measure: difference from the baseline"
        yield folder / "leads.csv", "one row a point and measure: the best arm, the next, its lead"
    yield folder / "effects.csv", "what moves what, all measures"
    yield folder / "resolved.yaml", "everything that was set"
