"""`salesim explore` from words to answer."""

from salesim.analyses.explore.spec import exploration_of
from salesim.config.check_axes import Parse
from salesim.config.compose_study import Compose
from salesim.config.request import Request


def explored(request: Request, compose: Compose, parse: Parse) -> int:
    """Check, say the plan, play, leave tables, write the page, and say what came out; returns the exit code."""
    asked = exploration_of(request.overrides, request.folders, request.line, compose, parse)
    from salesim.analyses.explore.cost import plan_of
    from salesim.analyses.explore.run import explore, tip
    from salesim.analyses.explore.save import leave_design, leave_tipping
    from salesim.report.console.explore import print_design, print_plan, print_question, print_tipping
    from salesim.report.console.progress import Stages, patience
    from salesim.report.console.tables import screen
    from salesim.report.page.study_page import write_page

    console = screen()
    print_question(asked, console)
    with patience("Every point is checked, and the rules of the market are compiled if they have to be …", console):
        plan = plan_of(asked)
    print_plan(asked, plan, console)
    if request.dry_run:
        console.print("Every point is checked; nothing was played, as --dry-run asks.")
        return 0
    with Stages(console) as stages:
        if asked.tipping:
            tipped = tip(asked, stages)
        else:
            design = explore(asked, stages)
    if asked.tipping:
        leave_tipping(asked, tipped)
        return print_tipping(asked, tipped, write_page(asked.study.own_folder), console)
    leave_design(asked, design)
    return print_design(asked, design, write_page(asked.study.own_folder), console)
