"""`salesim sweep` in the steps of every command that makes runs."""

from salesim.analyses.protocol import Analysis, Estimate, is_saved
from salesim.analyses.sweep.run import identity, run_sweep
from salesim.analyses.sweep.spec import sweep_of
from salesim.config.overrides.composer import Composer
from salesim.config.request import Request
from salesim.config.study import Sweep
from salesim.report.console.sweep import print_question, print_sweep
from salesim.runs.cost import cost_of_sweep
from salesim.runs.folder import check_same


def parse(request: Request) -> Sweep:
    """The sweep that words ask for. Raises InputError, also where its folder holds another study."""
    sweep = sweep_of(request.words, Composer(request.folders, "sweep"), request.line)
    check_same(sweep.own_folder, identity(sweep))
    return sweep


ANALYSIS = Analysis(
    parse=parse,
    cost=lambda sweep: Estimate(sweep.n_runs, cost_of_sweep(sweep), sweep.own_folder),
    run=run_sweep,
    save=is_saved,
    print_question=print_question,
    print_answer=print_sweep,
)
