"""`salesim explain` from words to answer."""

from salesim.analyses.explain.spec import explanation_of
from salesim.config.check_axes import Parse
from salesim.config.compose_study import Compose
from salesim.config.request import Request


def explained(request: Request, compose: Compose, parse: Parse) -> int:
    """Check, say the plan, play, leave tables, write the page, and say what came out; returns the exit code."""
    asked = explanation_of(request.overrides, request.folders, request.line, compose, parse)
    from salesim.analyses.explain.bridge import bridge_of
    from salesim.analyses.explain.cost import PARTS, plan_of
    from salesim.analyses.explain.deals import side_by_side
    from salesim.analyses.explain.loop_gains import gains_of
    from salesim.analyses.explain.save import Explained, leave
    from salesim.analyses.explain.spiral import spiral_of
    from salesim.report.console.explain import print_answer, print_plan, print_question
    from salesim.report.console.progress import COMPILING, Stages, patience
    from salesim.report.console.tables import screen
    from salesim.report.page.study_page import write_page
    from salesim.runs.runner import Runner, whole_runs
    from salesim.runs.store import RunStore, opened

    console = screen()
    print_question(asked, console)
    with patience(COMPILING, console):
        plan = plan_of(asked)
    print_plan(asked, plan, console)
    if request.dry_run:
        console.print("All of it is checked; nothing was played, as --dry-run asks.")
        return 0
    with opened(asked.study.own_folder), Stages(console) as stages:
        whole = whole_runs(asked.study.own_folder)
        runner = Runner(RunStore(asked.folder / "runs"), PARTS, asked.study.worker_spec, stages, whole)
        bridge, deals = bridge_of(asked, runner), side_by_side(asked, runner)
        gains, spiral = gains_of(asked, runner), spiral_of(asked, runner)
        found = Explained(bridge, deals, spiral, gains, len(runner.asked), len(runner.failed))
        leave(asked, found)
    write_page(asked.study.own_folder)
    return print_answer(asked, found, console)
