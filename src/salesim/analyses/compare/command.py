"""`salesim compare` in the steps of every command that plays runs."""

from pathlib import Path

from rich.console import Console

from salesim.analyses.compare.run import judge
from salesim.analyses.compare.spec import Plan, check_used, check_words, plan_of
from salesim.analyses.protocol import Analysis, Estimate
from salesim.config.check_axes import check_once
from salesim.config.compose_study import study_of
from salesim.config.overrides.composer import Composer
from salesim.config.overrides.grammar import made_long
from salesim.config.request import Request
from salesim.report.console.compare import Stages, print_comparison, print_question
from salesim.runs.cost import REPORT_BYTES, cost_of
from salesim.runs.store import RunIndex
from salesim.runs.summary import summary_text


class Compare(Analysis[Plan, Path]):
    """Declare what matters, play until it is settled, and say what may be acted on."""

    def parse(self, request: Request) -> Plan:
        """The plan that words declare."""
        check_once([made_long(word) for word in request.overrides])
        check_words(request.overrides)
        composer = Composer(request.folders)
        study = study_of(request.overrides, request.folders, request.line, composer)
        plan = plan_of(study, composer(request.overrides).mapping)
        check_used(request.overrides, plan.measures)
        return plan

    def cost(self, spec: Plan) -> Estimate:
        """The runs of the first look and the fresh seeds, or the smallest budget; and the most there may be."""
        first, most = (spec.looks[0] + spec.fresh) * spec.one_each, (spec.looks[-1] + spec.fresh) * spec.one_each
        if spec.budget:
            first, most = spec.least, max(spec.least, spec.budget.runs or 0)
        study, folder = spec.study, spec.study.own_folder
        known, fresh = RunIndex.read(folder / "runs"), range(spec.first_fresh_seed, spec.first_fresh_seed + spec.fresh)
        seeds = [*range(study.first_seed, study.first_seed + first // spec.one_each - spec.fresh), *fresh]
        finished = sum((key, seed) in known for key in set(spec.keys.values()) for seed in seeds)
        timed = [study.arms[0].scenario, study.arms[len(study.arms) // 2].scenario]
        cost = cost_of(first, min(finished, first), timed, study.first_seed, summary_text, study.worker_spec)
        if spec.budget and spec.budget.seconds:
            most = max(first, int(first * spec.budget.seconds / max(cost.seconds, 1e-9)))
        return Estimate(first, cost._replace(disk_bytes=cost.disk_bytes + REPORT_BYTES), folder, most / first)

    def run(self, spec: Plan, progress: Stages) -> Path:  # type: ignore[override]  # compare also says what a stage found
        """Look after look, or a budget; then fresh seeds."""
        return judge(spec, progress)

    def save(self, spec: Plan, result: Path) -> Path:  # noqa: ARG002
        """The folder; its tables are written as the stages end."""
        return result

    def progress(self, console: Console) -> Stages:
        """A bar, and a line for each stage that has ended."""
        return Stages(console)

    def print_question(self, spec: Plan, console: Console) -> None:
        """What is compared, judged and planned."""
        print_question(spec, console)

    def print_answer(self, spec: Plan, result: Path, folder: Path, console: Console) -> int:  # noqa: ARG002
        """The verdict."""
        return print_comparison(folder, console)
