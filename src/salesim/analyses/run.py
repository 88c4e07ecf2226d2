"""`salesim run`: the arms of an experiment with the same seeds, compared."""

from salesim.analyses.protocol import Analysis, Estimate, is_saved
from salesim.config.compose_study import study_of
from salesim.config.overrides.composer import Composer
from salesim.config.request import Request
from salesim.config.study import Study
from salesim.report.console.study import print_answer, print_question
from salesim.runs.cost import REPORT_BYTES, cost_of
from salesim.runs.run_study import run_study
from salesim.runs.store import RunIndex, scenario_key
from salesim.runs.summary import summary_text


def parse(request: Request) -> Study:
    """The study that words ask for. Raises InputError."""
    composer = Composer(request.folders, "run")
    return study_of(composer.words(request.words), composer, request.line)


def cost(study: Study) -> Estimate:
    """Every arm with every seed; what arms share is counted once."""
    wanted = {(scenario_key(arm.scenario), seed) for arm in study.arms for seed in study.all_seeds}
    known, folder = RunIndex(study.own_folder / "runs"), study.own_folder
    timed = [study.arms[0].scenario, study.arms[len(study.arms) // 2].scenario]
    needed = cost_of(len(wanted), sum(run in known for run in wanted), timed, study.first_seed, summary_text, study.worker_spec)
    return Estimate(len(wanted), needed._replace(disk_bytes=needed.disk_bytes + REPORT_BYTES), folder)


ANALYSIS = Analysis(
    parse=parse,
    cost=cost,
    run=lambda study, progress: run_study(study, progress),  # looked up when it is called, as tests replace it
    save=is_saved,
    print_question=print_question,
    print_answer=print_answer,
)
