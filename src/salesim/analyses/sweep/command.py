"""`salesim sweep` in the steps of every command that plays runs."""

from pathlib import Path

from rich.console import Console

from salesim.analyses.protocol import Analysis, Estimate
from salesim.analyses.sweep.run import identity, run_sweep
from salesim.analyses.sweep.spec import sweep_of
from salesim.config.overrides.composer import Composer
from salesim.config.overrides.grammar import axes_of
from salesim.config.request import Request
from salesim.config.study import Sweep
from salesim.report.console.progress import Stages
from salesim.report.console.sweep import print_question, print_sweep
from salesim.runs.cost import cost_of_sweep
from salesim.runs.folder import check_same


class SweepPoints(Analysis[Sweep, Path]):
    """The arms at many points of the settings."""

    def parse(self, request: Request) -> Sweep:
        """The sweep that words ask for."""
        composer = Composer(request.folders)
        sweep = sweep_of(
            request.overrides, request.folders, request.line, composer, lambda words: axes_of(words, request.folders)
        )
        check_same(sweep.own_folder, identity(sweep))
        return sweep

    def cost(self, spec: Sweep) -> Estimate:
        """Every arm with every seed at every point."""
        return Estimate(spec.n_runs, cost_of_sweep(spec), spec.own_folder)

    def run(self, spec: Sweep, progress: Stages) -> Path:
        """Play, and write all tables."""
        return run_sweep(spec, progress)

    def save(self, spec: Sweep, result: Path) -> Path:  # noqa: ARG002
        """The folder; its tables are written as the runs are read."""
        return result

    def print_question(self, spec: Sweep, console: Console) -> None:
        """The question and the size."""
        print_question(spec, console)

    def print_answer(self, spec: Sweep, result: Path, folder: Path, console: Console) -> int:  # noqa: ARG002
        """What moves what, and who is best where."""
        return print_sweep(folder, console)
