"""`salesim compare` from words to answer."""

from salesim.analyses.compare.cost import cost_of
from salesim.analyses.compare.spec import parse
from salesim.config.compose_study import Compose
from salesim.config.request import Request
from salesim.report.console.compare import Progress, print_comparison
from salesim.report.console.progress import COMPILING, patience
from salesim.report.console.study import screen


def compare(request: Request, composer: Compose) -> int:
    """Parse, show what is declared, play, print; returns the exit code. Raises InputError before any run."""
    comparison, console = parse(request, composer), screen()
    with patience(COMPILING, console):
        cost = cost_of(comparison)
    with Progress(comparison.record() | cost._asdict(), console) as progress:
        from salesim.analyses.compare.run import run
        from salesim.report.page.study_page import write_page
        from salesim.report.text.compare import write_sentences

        folder = run(comparison, cost, progress)
    write_sentences(folder)
    return print_comparison(folder, write_page(folder), console)
