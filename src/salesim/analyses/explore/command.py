"""`salesim explore` in the steps of every command that plays runs."""

from pathlib import Path

from rich.console import Console

from salesim.analyses.explore.cost import plan_of
from salesim.analyses.explore.run import Explored, Tipped, explore, tip
from salesim.analyses.explore.save import leave_design, leave_tipping
from salesim.analyses.explore.spec import Exploration, exploration_of
from salesim.analyses.protocol import Analysis, Estimate
from salesim.config.overrides.composer import Composer
from salesim.config.overrides.grammar import axes_of
from salesim.config.request import Request
from salesim.report.console.explore import print_design, print_plan, print_question, print_tipping
from salesim.report.console.progress import Stages


class Explore(Analysis[Exploration, Explored | Tipped]):
    """A design over uncertain numbers, or the tipping points along one of them."""

    def parse(self, request: Request) -> Exploration:
        """The exploration that words ask for."""
        composer = Composer(request.folders)
        return exploration_of(
            request.overrides, request.folders, request.line, composer, lambda words: axes_of(words, request.folders)
        )

    def cost(self, spec: Exploration) -> Estimate:
        """The runs of screening and design, or of the curves; more follow where nothing is decided yet."""
        plan = plan_of(spec)
        counts = {"screening": plan.screening, "first": plan.first, "most": plan.most, "points": plan.n_points}
        return Estimate(plan.first, plan.cost, spec.folder, plan.most / plan.first, counts)

    def run(self, spec: Exploration, progress: Stages) -> Explored | Tipped:
        """Screening, design and new seeds; or the curves and crossings."""
        return tip(spec, progress) if spec.tipping else explore(spec, progress)

    def save(self, spec: Exploration, result: Explored | Tipped) -> Path:
        """Tables and the record; returns the folder of the study."""
        if isinstance(result, Tipped):
            leave_tipping(spec, result)
        else:
            leave_design(spec, result)
        return spec.study.own_folder

    def print_question(self, spec: Exploration, console: Console) -> None:
        """The measure, the arms and the axes."""
        print_question(spec, console)

    def print_plan(self, spec: Exploration, estimate: Estimate, console: Console) -> None:
        """How many runs, at how many points."""
        print_plan(spec, estimate.counts, console)

    def print_answer(self, spec: Exploration, result: Explored | Tipped, folder: Path, console: Console) -> int:
        """Rules, indices and regret; or the tipping points."""
        page = folder / "report.html"
        if isinstance(result, Tipped):
            return print_tipping(spec, result, page, console)
        return print_design(spec, result, page, console)
