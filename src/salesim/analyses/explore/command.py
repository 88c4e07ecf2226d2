"""`salesim explore` from words to answer."""

from salesim.analyses.explore.spec import exploration_of
from salesim.config.check_axes import Parse
from salesim.config.compose_study import Compose
from salesim.config.request import Request


def explored(request: Request, compose: Compose, parse: Parse) -> int:
    """Check, say the plan, play, save tables, write the page, and print what came out; returns the exit code."""
    spec = exploration_of(request.overrides, request.folders, request.line, compose, parse)
    from salesim.analyses.explore.cost import cost
    from salesim.analyses.explore.run import run
    from salesim.analyses.explore.save import record_of, save
    from salesim.report.console.explore import print_answer, print_plan, print_question
    from salesim.report.console.progress import Stages, patience
    from salesim.report.console.study import screen
    from salesim.report.page.study_page import write_page

    console, record = screen(), record_of(spec)
    print_question(record, console)
    with patience("Every point is checked, and the rules of the market are compiled if they have to be …", console):
        counts, price = cost(spec)
    print_plan(record, counts, price, spec.folder, console)
    if request.dry_run:
        console.print("Every point is checked; nothing was played, as --dry-run asks.")
        return 0
    with Stages(console) as stages:
        result = run(spec, stages)
    save(spec, result)
    return print_answer(spec.folder, write_page(spec.study.own_folder), console, spec.tipping)
