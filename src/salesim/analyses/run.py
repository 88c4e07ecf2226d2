"""`salesim run`: the arms of an experiment with the same seeds, compared."""

from collections.abc import Sequence

from salesim.analyses.protocol import Analysis, Estimate
from salesim.analyses.records import check_series, cost_of_arms
from salesim.config.compose_study import study_of
from salesim.config.overrides.composer import Composer
from salesim.config.study import Study
from salesim.report.console.study import print_answer, print_question
from salesim.runs.run_study import run_study
from salesim.runs.store import runs_of


def parse(typed: Sequence[str], composer: Composer, line: str) -> Study:
    """The study that words ask for. Raises InputError for what cannot be run."""
    study = study_of(composer.words(typed), composer, line)
    check_series(study)
    return study


def cost(study: Study) -> Estimate:
    """Every arm with every seed; what arms share is counted once."""
    wanted = {run for _, _, run, _ in runs_of(study, study.all_seeds)}
    return Estimate(len(wanted), cost_of_arms(study, wanted), study.own_folder)


ANALYSIS = Analysis(
    parse=parse,
    cost=cost,
    run=lambda study, progress: run_study(study, progress),  # looked up when it is called, as tests replace it
    print_question=print_question,
    print_answer=print_answer,
    save=lambda _, folder: folder,
    record=lambda study: study,
)
