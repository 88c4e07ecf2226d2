"""`salesim explain` from words to answer."""

from salesim.arms import Compose
from salesim.explaining.ask import explanation_of
from salesim.request import Request
from salesim.varying import Parse


def explained(request: Request, compose: Compose, parse: Parse) -> int:
    """Check, say the plan, play, leave tables, write the page, and say what came out; returns the exit code."""
    asked = explanation_of(request.overrides, request.folders, request.line, compose, parse)
    from salesim.explaining.bridge import bridge_of
    from salesim.explaining.deals import side_by_side
    from salesim.explaining.gains import gains_of
    from salesim.explaining.leave import Explained, leave
    from salesim.explaining.plan import PARTS, plan_of
    from salesim.explaining.spiral import spiral_of
    from salesim.explaining.tell import print_answer, print_plan, print_question
    from salesim.playing import Player, whole_runs
    from salesim.progress import COMPILING, Stages, patience
    from salesim.report.page import write_page
    from salesim.studies.store import Shelf, opened
    from salesim.terminal import screen

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
        player = Player(Shelf(asked.folder / "runs"), PARTS, asked.study.players, stages, whole)
        bridge, deals = bridge_of(asked, player), side_by_side(asked, player)
        gains, spiral = gains_of(asked, player), spiral_of(asked, player)
        found = Explained(bridge, deals, spiral, gains, len(player.asked), len(player.failed))
        leave(asked, found)
    write_page(asked.study.own_folder)
    return print_answer(asked, found, console)
