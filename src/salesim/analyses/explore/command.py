"""`salesim explore` in the steps of every command that makes runs."""

from salesim.analyses.explore.cost import cost
from salesim.analyses.explore.run import run
from salesim.analyses.explore.save import record_of, save
from salesim.analyses.explore.spec import Exploration, exploration_of
from salesim.analyses.protocol import Analysis
from salesim.config.overrides.composer import Composer
from salesim.config.request import Request
from salesim.report.console.explore import print_design, print_plan, print_question, print_tipping


def parse(request: Request) -> Exploration:
    """The exploration that words ask for. Raises InputError."""
    return exploration_of(request.words, Composer(request.folders, "explore"), request.line)


ANALYSIS = Analysis(
    parse=parse,
    cost=cost,
    run=run,
    save=save,
    print_question=lambda spec, console: print_question(record_of(spec), console),
    print_plan=lambda spec, estimate, console: print_plan(record_of(spec), estimate.counts, console),
    print_answer=print_design,
    print_result=lambda spec, _, console: (print_tipping if spec.tipping else print_design)(spec.study.own_folder, console),
)
