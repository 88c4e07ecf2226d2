"""The one way from a command line to an answer, for every command that plays runs."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

from rich.console import Console

from salesim.config.request import Request
from salesim.report.console.progress import COMPILING, Stages, patience, print_cost
from salesim.report.console.study import screen
from salesim.runs.cost import Cost

Spec = TypeVar("Spec")
Result = TypeVar("Result")
CHECKING = "Everything is checked before the first run …"
CHECKED = "All of it is checked; nothing was played, as --dry-run asks."


@dataclass(frozen=True)
class Estimate:
    """What a command will take: `n_runs` runs at first and up to `more` times as many, and their cost.

    Results go to `folder`. `counts` has the parts of the plan by name, for the sentence that describes it.
    """

    n_runs: int
    cost: Cost
    folder: Path
    more: float = 1.0
    counts: Mapping[str, int] = field(default_factory=dict)


class Analysis(ABC, Generic[Spec, Result]):
    """A command that plays runs: four steps, and what the terminal shows of them.

    The functions that print are those of the report; they get plain records and saved folders.
    """

    @abstractmethod
    def parse(self, request: Request) -> Spec:
        """What is asked, complete and checked. Raises InputError, before any run, for what cannot be played."""

    @abstractmethod
    def cost(self, spec: Spec) -> Estimate:
        """How many runs it takes, how long, and how much disk. Raises InputError for a point that cannot be played."""

    @abstractmethod
    def run(self, spec: Spec, progress: Stages) -> Result:
        """Play what is not yet finished; the same spec gives the same result, however often it was interrupted."""

    @abstractmethod
    def save(self, spec: Spec, result: Result) -> Path:
        """Write tables and records; returns the study's folder, from which page and answer are made."""

    @abstractmethod
    def print_question(self, spec: Spec, console: Console) -> None:
        """Print what is asked, before anything is counted or played."""

    @abstractmethod
    def print_answer(self, spec: Spec, result: Result, folder: Path, console: Console) -> int:
        """Print what came out; returns the exit code, 1 if some runs failed."""

    def print_plan(self, spec: Spec, estimate: Estimate, console: Console) -> None:
        """Print how many runs there will be, and what for, where the question does not; time and disk follow."""

    def progress(self, console: Console) -> Stages:
        """What shows how far the runs are."""
        return Stages(console)


def carry_out(analysis: Analysis[Spec, Result], request: Request) -> int:
    """From a request to an exit code: parse, count the cost, stop there if only that is asked, run, save, answer."""
    console = screen()
    with patience(CHECKING, console):
        spec = analysis.parse(request)
    analysis.print_question(spec, console)
    console.file.flush()
    with patience(COMPILING, console):
        estimate = analysis.cost(spec)
    analysis.print_plan(spec, estimate, console)
    print_cost(estimate.n_runs, estimate.cost, estimate.folder, console, estimate.more)
    if request.dry_run:
        console.print(CHECKED)
        return 0
    with analysis.progress(console) as progress:
        result = analysis.run(spec, progress)
        folder = analysis.save(spec, result)
    from salesim.report.page.study_page import write_page  # Plotly, which only a finished study needs

    write_page(folder)
    return analysis.print_answer(spec, result, folder, console)
