"""`salesim explore` in the steps of every command that makes runs."""

from pathlib import Path

from rich.console import Console

from salesim.analyses.explore.cost import plan_of
from salesim.analyses.explore.run import Explored, Tipped, explore, tip
from salesim.analyses.explore.save import leave_design, leave_tipping
from salesim.analyses.explore.spec import Exploration, exploration_of
from salesim.analyses.protocol import Analysis, Estimate
from salesim.config.overrides.composer import Composer
from salesim.config.request import Request
from salesim.report.console.explore import print_design, print_plan, print_question, print_tipping


def parse(request: Request) -> Exploration:
    """The exploration that words ask for. Raises InputError."""
    return exploration_of(request.words, Composer(request.folders, "explore"), request.line)


def cost(spec: Exploration) -> Estimate:
    """The runs of screening and design, or of the curves; more follow where nothing is decided yet."""
    plan = plan_of(spec)
    counts = {"screening": plan.screening, "first": plan.first, "most": plan.most, "points": plan.n_points}
    return Estimate(plan.first, plan.cost, spec.folder, plan.most / plan.first, counts)


def save(spec: Exploration, result: Explored | Tipped) -> Path:
    """Tables and the record."""
    if isinstance(result, Tipped):
        leave_tipping(spec, result)
    else:
        leave_design(spec, result)
    return spec.study.own_folder


def print_result(spec: Exploration, result: Explored | Tipped, console: Console) -> int:
    """Rules, indices and regret; or the tipping points."""
    page = spec.study.own_folder / "report.html"
    if isinstance(result, Tipped):
        return print_tipping(spec, result, page, console)
    return print_design(spec, result, page, console)


ANALYSIS: Analysis[Exploration, Explored | Tipped] = Analysis(
    parse=parse,
    cost=cost,
    run=lambda spec, progress: tip(spec, progress) if spec.tipping else explore(spec, progress),
    save=save,
    print_question=print_question,
    print_plan=lambda spec, estimate, console: print_plan(spec, estimate.counts, console),
    print_answer=lambda *_: 0,
    print_result=print_result,
)
