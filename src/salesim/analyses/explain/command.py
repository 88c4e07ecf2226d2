"""`salesim explain` in the steps of every command that makes runs."""

from salesim.analyses.explain.cost import cost
from salesim.analyses.explain.run import run
from salesim.analyses.explain.save import record_of, save
from salesim.analyses.explain.spec import Explanation, explanation_of
from salesim.analyses.protocol import Analysis
from salesim.config.overrides.composer import Composer
from salesim.config.request import Request
from salesim.report.console.explain import print_answer, print_plan, print_question


def parse(request: Request) -> Explanation:
    """The explanation that words ask for. Raises InputError."""
    return explanation_of(request.words, Composer(request.folders, "explain"), request.line)


ANALYSIS = Analysis(
    parse=parse,
    cost=cost,
    run=run,
    save=save,
    print_question=lambda spec, console: print_question(record_of(spec), console),
    print_plan=lambda spec, estimate, console: print_plan(record_of(spec), estimate.counts, console),
    print_answer=print_answer,
)
