"""`salesim explain` in the steps of every command that plays runs."""

from pathlib import Path

from rich.console import Console

from salesim.analyses.explain.bridge import bridge_of
from salesim.analyses.explain.cost import PARTS, plan_of
from salesim.analyses.explain.deals import side_by_side
from salesim.analyses.explain.loop_gains import gains_of
from salesim.analyses.explain.save import Explained, leave
from salesim.analyses.explain.spec import Explanation, explanation_of
from salesim.analyses.explain.spiral import spiral_of
from salesim.analyses.protocol import Analysis, Estimate
from salesim.config.overrides.composer import Composer
from salesim.config.overrides.grammar import axes_of
from salesim.config.request import Request
from salesim.report.console.explain import print_answer, print_plan, print_question
from salesim.report.console.progress import Stages
from salesim.runs.folder import open_folder
from salesim.runs.runner import Runner, runs_of_study
from salesim.runs.store import RunStore


class Explain(Analysis[Explanation, Explained]):
    """Why two arms differ, and what carries the fall of margins."""

    def parse(self, request: Request) -> Explanation:
        """The explanation that words ask for."""
        composer = Composer(request.folders)
        return explanation_of(
            request.overrides, request.folders, request.line, composer, lambda words: axes_of(words, request.folders)
        )

    def cost(self, spec: Explanation) -> Estimate:
        """The runs of both arms, of the loops, and of the subsets of feedbacks."""
        plan = plan_of(spec)
        counts = {name: int(getattr(plan, name)) for name in ("arms", "loops", "subsets", "n_subsets", "records")}
        return Estimate(plan.runs, plan.cost, spec.folder, counts=counts)

    def run(self, spec: Explanation, progress: Stages) -> Explained:
        """Bridge, deals side by side, the fall and the loops."""
        with open_folder(spec.study.own_folder):
            whole = runs_of_study(spec.study.own_folder)
            runner = Runner(RunStore(spec.folder / "runs"), PARTS, spec.study.worker_spec, progress, whole)
            bridge, deals = bridge_of(spec, runner), side_by_side(spec, runner)
            gains, spiral = gains_of(spec, runner), spiral_of(spec, runner)
            return Explained(bridge, deals, spiral, gains, len(runner.requested), len(runner.failed))

    def save(self, spec: Explanation, result: Explained) -> Path:
        """Tables and the record; returns the folder of the study."""
        with open_folder(spec.study.own_folder):
            leave(spec, result)
        return spec.study.own_folder

    def print_question(self, spec: Explanation, console: Console) -> None:
        """Which two arms, and with how many seeds."""
        print_question(spec, console)

    def print_plan(self, spec: Explanation, estimate: Estimate, console: Console) -> None:
        """How many runs, and what for."""
        print_plan(spec, estimate.counts, console)

    def print_answer(self, spec: Explanation, result: Explained, folder: Path, console: Console) -> int:  # noqa: ARG002
        """Bridge, deals, fall and loops."""
        return print_answer(spec, result, console)
