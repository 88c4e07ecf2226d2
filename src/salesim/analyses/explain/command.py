"""`salesim explain` from words to answer."""

from salesim.analyses.explain.spec import explanation_of
from salesim.config.check_axes import Parse
from salesim.config.compose_study import Compose
from salesim.config.request import Request


def explained(request: Request, compose: Compose, parse: Parse) -> int:
    """Check, say the plan, play, save tables, write the page, and print what came out; returns the exit code."""
    spec = explanation_of(request.overrides, request.folders, request.line, compose, parse)
    from salesim.analyses.explain.cost import cost
    from salesim.analyses.explain.run import run
    from salesim.analyses.explain.save import record_of, save
    from salesim.report.console.explain import print_answer, print_plan, print_question
    from salesim.report.console.progress import COMPILING, Stages, patience
    from salesim.report.console.study import screen
    from salesim.report.page.study_page import write_page

    console, record = screen(), record_of(spec)
    print_question(record, console)
    with patience(COMPILING, console):
        counts, price = cost(spec)
    print_plan(record, counts, price, spec.folder, console)
    if request.dry_run:
        console.print("All of it is checked; nothing was played, as --dry-run asks.")
        return 0
    with Stages(console) as stages:
        result = run(spec, stages)
    save(spec, result)
    return print_answer(spec.folder, write_page(spec.study.own_folder), console)
