"""Where the time of a run goes, phase by phase."""

import time
from collections.abc import Callable, Iterator

from clocks import figure
from markets import at_start, market_of
from rows import Row, row
from salesim.model.parameters import Scenario
from salesim.model.schedule import PHASES, has_capacity
from salesim.model.state import Market, with_capacity

TITLE = "Share of the weeks by phase"
SIZES = {100_000: (52, 3), 1_000_000: (26, 1)}  # customers: weeks, repetitions; of smaller markets the clock itself is a part


def rows(quick: bool, _full: bool) -> Iterator[Row]:
    """Shares of processor time, by the clock of `timed_week`."""
    for customers, (weeks, times) in SIZES.items():
        if quick and customers > 100_000:
            continue
        scenario = market_of(customers, weeks)
        if times > 1:
            of_phases(scenario)  # compiled, and memory that was used before: the first touch of a page is the system's time
        runs = [of_phases(scenario) for _ in range(1 if quick else times)]
        for phase in runs[0]:
            shares = figure([100 * spent[phase] / sum(spent.values()) for spent in runs])
            yield row(f"{customers:,} customers: `{phase}`", shares, " %")


def of_phases(scenario: Scenario) -> dict[str, float]:
    """Seconds of each phase in a whole run."""
    market, spent = at_start(scenario), {}
    for week in range(scenario.weeks):
        market, seconds = timed_week(market, week, time.process_time)
        for phase, taken in seconds.items():
            spent[phase] = spent.get(phase, 0.0) + taken
    return spent


def timed_week(market: Market, week: int, clock: Callable[[], float]) -> tuple[Market, dict[str, float]]:
    """Run one week phase by phase, with the same bits as `advance`; return the seconds of each phase by its name.

    Each phase is compiled separately at its first call, and every call takes some 20 microseconds to pass the market.
    """
    if not has_capacity(market):
        market = with_capacity(market)
    seconds = {}
    for name, phase in PHASES.items():
        start = clock()
        phase(market, week)
        seconds[name] = clock() - start
    return market, seconds
