"""What the terminal shows of `salesim compare`: what is declared, how far it is, and the saved verdict."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from salesim.report.console.progress import Stages
from salesim.report.console.study import print_answer_of, print_verdict, print_worlds
from salesim.report.console.tables import REPORT, print_paths, print_troubles
from salesim.report.study_files import read_study
from salesim.report.text.compare import declaration, verdict_of_comparison
from salesim.report.text.compare_answer import answer_of_comparison

WRITTEN = {
    "report.html": REPORT,
    "statements.csv": "every difference: verdict, size, interval, pairs, confirmation",
    "selection.csv": "the best of each measure, and its lead",
    "interim_analyses.csv": "every interim analysis",
    "compare.json": "what was declared and played",
}


class Progress(Stages):
    """The bar and lines of a stage, and a line for each stage that has ended."""

    def analysed(self, pairs: int, settled: tuple[int, int], chosen: tuple[int, int]) -> None:
        """How much is settled after an interim analysis."""
        best = f", the best chosen for {chosen[0]} of {chosen[1]}" if chosen[1] else ""
        self.say(f"{self.name}, {pairs:,} pairs: {settled[0]} of {settled[1]} verdicts settled{best}")

    def confirmed(self, seeds: int, runs: int) -> None:
        """The confirmation seeds are run."""
        self.say(f"{self.name}: {seeds} seeds, {runs:,} runs check the signs again")


def print_question(record: Mapping[str, Any], console: Console) -> None:
    """What is compared and judged."""
    console.print(Text(str(record["question"]), style="bold"))
    for line in declaration(record):
        console.print(line)


def print_comparison(folder: Path, console: Console) -> int:
    """The verdict and the paths of a finished comparison; returns the exit code, 1 if some runs failed."""
    files = read_study(folder)
    if answer := answer_of_comparison(files):
        print_answer_of(answer, console)
    print_verdict(verdict_of_comparison(files), console)
    print_worlds(files, console)
    print_paths(folder, WRITTEN, console)
    return print_troubles(files.comparison, folder, console)
