"""`salesim compare` in the steps of every command that plays runs."""

from salesim.analyses.compare.run import judge
from salesim.analyses.compare.spec import Plan, check_used, check_words, plan_of
from salesim.analyses.protocol import Analysis, Estimate, is_saved
from salesim.config.compose_study import study_of
from salesim.config.overrides.composer import Composer
from salesim.config.request import Request
from salesim.report.console.compare import Stages, print_comparison, print_question
from salesim.runs.cost import REPORT_BYTES, cost_of
from salesim.runs.store import RunIndex
from salesim.runs.summary import summary_text


def parse(request: Request) -> Plan:
    """The plan that words declare. Raises InputError."""
    composer = Composer(request.folders, "compare")
    words = composer.words(request.words)
    check_words(words)
    plan = plan_of(study_of(words, composer, request.line), composer(words).mapping)
    check_used(request.words, plan.measures)
    return plan


def cost(plan: Plan) -> Estimate:
    """The runs of the first look and the fresh seeds, or the smallest budget; and the most there may be."""
    first, most = (plan.looks[0] + plan.fresh) * plan.one_each, (plan.looks[-1] + plan.fresh) * plan.one_each
    if plan.budget:
        first, most = plan.least, max(plan.least, plan.budget.runs or 0)
    study, folder = plan.study, plan.study.own_folder
    known, fresh = RunIndex.read(folder / "runs"), range(plan.first_fresh_seed, plan.first_fresh_seed + plan.fresh)
    seeds = [*range(study.first_seed, study.first_seed + first // plan.one_each - plan.fresh), *fresh]
    finished = sum((key, seed) in known for key in set(plan.keys.values()) for seed in seeds)
    timed = [study.arms[0].scenario, study.arms[len(study.arms) // 2].scenario]
    needed = cost_of(first, min(finished, first), timed, study.first_seed, summary_text, study.worker_spec)
    if plan.budget and plan.budget.seconds:
        most = max(first, int(first * plan.budget.seconds / max(needed.seconds, 1e-9)))
    return Estimate(first, needed._replace(disk_bytes=needed.disk_bytes + REPORT_BYTES), folder, most / first)


ANALYSIS = Analysis(
    parse=parse,
    cost=cost,
    run=judge,
    save=is_saved,
    print_question=print_question,
    print_answer=print_comparison,
    progress=Stages,
)
