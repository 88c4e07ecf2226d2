"""`salesim explain` from words to answer."""

from salesim.arms import Compose
from salesim.explaining.ask import explanation_of
from salesim.request import Request


def explained(request: Request, compose: Compose) -> int:
    """Check, say the plan, play, leave tables, write the page, and say what came out; returns the exit code."""
    asked = explanation_of(request.overrides, request.folders, request.line, compose)
    from salesim.explaining.bridge import bridge_of
    from salesim.explaining.deals import side_by_side
    from salesim.explaining.gains import gains_of
    from salesim.explaining.leave import Explained, leave
    from salesim.explaining.spiral import spiral_of
    from salesim.explaining.tell import print_answer, print_plan
    from salesim.playing import Player
    from salesim.progress import Stages
    from salesim.report.page import write_page
    from salesim.studies.store import Shelf, opened
    from salesim.terminal import screen

    console = screen()
    print_plan(asked, console)
    with opened(asked.study.own_folder), Stages(console) as stages:
        player = Player(Shelf(asked.folder / "runs"), ("measures", "bridge", "years"), asked.study.players, stages)
        bridge, deals = bridge_of(asked, player), side_by_side(asked)
        gains, spiral = gains_of(asked, player), spiral_of(asked, player)
        found = Explained(bridge, deals, spiral, gains, len(player.asked), len(player.failed))
        leave(asked, found)
    write_page(asked.study.own_folder)
    return print_answer(asked, found, console)
