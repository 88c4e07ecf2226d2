"""One week of a running market, recorded at the doors of the phases that frames play."""

from typing import Any, NamedTuple

from arrays.needs import drift
from clocked import parted_weeks, room, think
from markets import at_start, roomy
from salesim.model.parameters import Scenario
from salesim.model.phases.needs import commoditize, find_needs
from salesim.model.phases.selling import share_hours, work_on_deals
from salesim.model.state import Market


class Week(NamedTuple):
    """A market before the needs of a week, before its choices, and after them, with a verdict for each purchase."""

    number: int
    before_needs: Market
    before_choices: Market
    after: Market
    verdicts: Any


def copied(market: Market) -> Market:
    """A market of its own."""
    parts = {name: part.copy() for name, part in market._asdict().items() if hasattr(part, "copy")}
    return market._replace(**parts)


def recorded(scenario: Scenario, number: int) -> Week:
    """Plays up to a week; perceived sameness and access are brought up to date at each stop, as frames keep them."""
    market = roomy(at_start(scenario))
    verdicts, spent, spot = room(market)
    parted_weeks(market, 0, number, verdicts, spent, spot)
    drift(market, number - 1)
    before = copied(market)
    commoditize(market, number)
    find_needs(market, number)
    share_hours(market)
    work_on_deals(market, number)
    drift(market, number)
    choices = copied(market)
    think(market, number, verdicts)
    return Week(number, before, choices, market, verdicts[: int(market.totals["n_purchases"][0])])
