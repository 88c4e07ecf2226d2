"""`salesim explain` in the steps of every command that makes runs."""

from pathlib import Path

from salesim.analyses.explain.bridge import bridge_of
from salesim.analyses.explain.cost import PARTS, plan_of
from salesim.analyses.explain.deals import side_by_side
from salesim.analyses.explain.loop_gains import gains_of
from salesim.analyses.explain.save import Explained, leave
from salesim.analyses.explain.spec import Explanation, explanation_of
from salesim.analyses.explain.spiral import spiral_of
from salesim.analyses.protocol import Analysis, Estimate
from salesim.config.overrides.composer import Composer
from salesim.config.request import Request
from salesim.report.console.explain import print_answer, print_plan, print_question
from salesim.runs.folder import open_folder
from salesim.runs.runner import Progress, Runner, runs_of_study
from salesim.runs.store import RunStore


def parse(request: Request) -> Explanation:
    """The explanation that words ask for. Raises InputError."""
    return explanation_of(request.words, Composer(request.folders, "explain"), request.line)


def cost(spec: Explanation) -> Estimate:
    """The runs of both arms, of the loops, and of the subsets of feedbacks."""
    plan = plan_of(spec)
    counts = {name: int(getattr(plan, name)) for name in ("arms", "loops", "subsets", "n_subsets", "records")}
    return Estimate(plan.runs, plan.cost, spec.folder, counts=counts)


def run(spec: Explanation, progress: Progress) -> Explained:
    """Bridge, deals side by side, the loops and the fall."""
    with open_folder(spec.study.own_folder):
        whole = runs_of_study(spec.study.own_folder)
        runner = Runner(RunStore(spec.folder / "runs"), PARTS, spec.study.worker_spec, progress, whole)
        bridge, deals = bridge_of(spec, runner), side_by_side(spec, runner)
        gains, spiral = gains_of(spec, runner), spiral_of(spec, runner)
        return Explained(bridge, deals, spiral, gains, len(runner.requested), len(runner.failed))


def save(spec: Explanation, result: Explained) -> Path:
    """Tables and the record."""
    with open_folder(spec.study.own_folder):
        leave(spec, result)
    return spec.study.own_folder


ANALYSIS = Analysis(
    parse=parse,
    cost=cost,
    run=run,
    save=save,
    print_question=print_question,
    print_plan=lambda spec, estimate, console: print_plan(spec, estimate.counts, console),
    print_answer=lambda *_: 0,
    print_result=print_answer,
)
