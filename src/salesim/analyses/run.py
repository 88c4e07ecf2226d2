"""`salesim run`: the arms of an experiment with the same seeds, compared."""

from pathlib import Path

from rich.console import Console

from salesim.analyses.protocol import Analysis, Estimate
from salesim.config.check_axes import check_once
from salesim.config.compose_study import study_of
from salesim.config.errors import InputError
from salesim.config.overrides.composer import Composer
from salesim.config.overrides.grammar import made_long
from salesim.config.request import Request
from salesim.config.study import Study
from salesim.report.console.progress import Stages
from salesim.report.console.study import print_answer, print_question
from salesim.runs.cost import REPORT_BYTES, cost_of
from salesim.runs.run_study import run_study
from salesim.runs.store import RunIndex, scenario_key
from salesim.runs.summary import summary_text


class Run(Analysis[Study, Path]):
    """A study of arms over a fixed number of seeds."""

    def parse(self, request: Request) -> Study:
        """The study that words ask for."""
        check_once([made_long(word) for word in request.overrides])
        for word in request.overrides:
            if made_long(word).startswith(("compare.", "compare=")):
                raise InputError(f"{word} is for `salesim compare`; `salesim run` plays study.seeds seeds and looks once")
        return study_of(request.overrides, request.folders, request.line, Composer(request.folders))

    def cost(self, spec: Study) -> Estimate:
        """Every arm with every seed; what arms share is counted once."""
        wanted = {(scenario_key(arm.scenario), seed) for arm in spec.arms for seed in spec.all_seeds}
        known, folder = RunIndex.read(spec.own_folder / "runs"), spec.own_folder
        timed = [spec.arms[0].scenario, spec.arms[len(spec.arms) // 2].scenario]
        cost = cost_of(len(wanted), sum(run in known for run in wanted), timed, spec.first_seed, summary_text, spec.worker_spec)
        return Estimate(len(wanted), cost._replace(disk_bytes=cost.disk_bytes + REPORT_BYTES), folder)

    def run(self, spec: Study, progress: Stages) -> Path:
        """Play, and write all tables."""
        return run_study(spec, progress)

    def save(self, spec: Study, result: Path) -> Path:  # noqa: ARG002
        """The folder; its tables are written as the runs are read."""
        return result

    def print_question(self, spec: Study, console: Console) -> None:
        """The question, the arms and the seeds."""
        print_question(spec, console)

    def print_answer(self, spec: Study, result: Path, folder: Path, console: Console) -> int:  # noqa: ARG002
        """Tables and verdict."""
        return print_answer(folder, console)
