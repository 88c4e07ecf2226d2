"""`salesim compare` in the steps of every command that plays runs."""

from pathlib import Path

from rich.console import Console

from salesim.analyses.compare.cost import estimate
from salesim.analyses.compare.run import run
from salesim.analyses.compare.save import Outcome, save
from salesim.analyses.compare.spec import Comparison, parse
from salesim.analyses.protocol import Analysis, Estimate
from salesim.config.request import Request
from salesim.report.console.compare import Progress, print_comparison, print_plan, print_question
from salesim.report.text.compare import write_sentences


class Compare(Analysis[Comparison, Outcome]):
    """Declare what is judged, play until every verdict is settled, and say what may be acted on."""

    limit: int | None = None  # of runs, by the budget

    def parse(self, request: Request) -> Comparison:
        """The comparison that words declare."""
        return parse(request)

    def cost(self, spec: Comparison) -> Estimate:
        """The runs of the first interim analysis and the confirmation seeds at least; the most by analyses or budget."""
        found = estimate(spec)
        self.limit = found.counts.get("limit")
        return found

    def run(self, spec: Comparison, progress: Progress) -> Outcome:  # type: ignore[override]  # it is told of analyses too
        """Interim analyses, then confirmation seeds."""
        return run(spec, self.limit, progress)

    def save(self, spec: Comparison, result: Outcome) -> Path:
        """Tables, record and sentences."""
        folder = save(spec, result)
        write_sentences(folder)
        return folder

    def progress(self, console: Console) -> Progress:
        """A bar, and a line for each stage that has ended."""
        return Progress(console)

    def print_question(self, spec: Comparison, console: Console) -> None:
        """What is compared and judged."""
        print_question(spec.record(), console)

    def print_plan(self, spec: Comparison, estimate: Estimate, console: Console) -> None:
        """The interim analyses, the confirmation seeds, and the limit."""
        print_plan(spec.record() | dict(estimate.counts), console)

    def print_answer(self, spec: Comparison, result: Outcome, folder: Path, console: Console) -> int:  # noqa: ARG002
        """The verdict."""
        return print_comparison(folder, console)
