"""The schedule: the phases of a week in playing order, and the whole run as one compiled call.

Each phase calls rules on the market's records and writes the records. `play_week` calls them in order; `play` is the fast way,
which needs neither Mesa nor pandas.
"""

import time
from collections.abc import Callable
from typing import Any

from salesim.model.agents.vendor import BEFORE, NOW
from salesim.model.jit import plain, rule
from salesim.model.parameters import Scenario
from salesim.model.phases.bookkeeping import count_deals, write_week
from salesim.model.phases.choosing import decide
from salesim.model.phases.contracts import deliver, renew, sum_fees
from salesim.model.phases.needs import await_first_needs, commoditize, find_needs
from salesim.model.phases.programmes import manage_people, start_initiatives, start_plan
from salesim.model.phases.selling import share_hours, work_on_deals
from salesim.model.records import Records
from salesim.model.state import Market, initialize, with_capacity


def play(scenario: Scenario, seed: int) -> Records:
    """Play all weeks of a scenario in compiled code and return its records. Equal arguments give equal bits."""
    market = begin(initialize(scenario, seed))
    market = advance(market, 0, scenario.weeks)
    return records_of(market, scenario.weeks)


def begin(market: Market) -> Market:
    """Week 0 is about to start: every vendor follows its first plan, and partners have their first discount."""
    for vendor in range(len(market.vendors)):
        market.lever_numbers[vendor, BEFORE] = market.plan_levers[vendor]
        start_plan(market, vendor, vendor)
    await_first_needs(market)
    market.partners.discount = market.levers["start_discount"][market.partners.vendor, NOW]
    return market


def advance(market: Market, first: int, last: int) -> Market:
    """Play weeks `first` to `last - 1`; returns the market, with a longer table of deals if it was needed."""
    week = play_weeks(market, first, last)
    while week < last:
        market = with_capacity(market)
        week = play_weeks(market, week, last)
    return market


def records_of(market: Market, n_weeks: int) -> Records:
    """The records after `n_weeks` weeks; fees are summed up to the last of them.

    At the end of a run the records are the market's own tables; before, they are copies, as the tables are still written to.
    """
    over = n_weeks == len(market.weeks)
    deals, weeks = market.deals[: market.totals["n_deals"][0]], market.weeks[:n_weeks]
    if not over:
        deals, weeks = deals.copy(), weeks.copy()
    sum_fees(deals, market.settings, n_weeks)
    count_deals(deals, weeks)
    return Records(deals=deals, weeks=weeks.reshape(-1), n_weeks=n_weeks, n_vendors=len(market.vendors))


@rule
def play_weeks(market, first, last):
    """Play weeks in order; stops before a week in which the table of deals might not suffice. Returns the next week."""
    for week in range(first, last):
        if not has_room(market):
            return week
        play_week(market, week)
    return last


@rule
def has_room(market) -> bool:
    """Whether the table of deals suffices for a week in which every customer asks every vendor."""
    most_a_week = market.relations.shape[0] * market.relations.shape[1]
    return market.totals[0].n_deals + most_a_week <= len(market.deals)


@rule
def play_week(market, week):
    """One week: the phases in order, and nothing else, as `PHASES` is read from here."""
    start_initiatives(market, week)
    commoditize(market, week)
    find_needs(market, week)
    share_hours(market, week)
    work_on_deals(market, week)
    decide(market, week)
    deliver(market, week)
    renew(market, week)
    manage_people(market, week)
    write_week(market, week)


# The phases by name, in the order in which a week calls them.
PHASES: dict[str, Callable[..., Any]] = {name: globals()[name] for name in plain(play_week).__code__.co_names}


def timed_week(market: Market, week: int, clock: Callable[[], float] = time.perf_counter) -> tuple[Market, dict[str, float]]:
    """Play one week phase by phase, the same bits as `advance`; returns the seconds each phase took, by its name.

    Each phase is then compiled by itself at its first call, and handing the market over takes some 20 microseconds.
    """
    if not has_room(market):
        market = with_capacity(market)
    seconds = {}
    for name, phase in PHASES.items():
        start = clock()
        phase(market, week)
        seconds[name] = clock() - start
    return market, seconds
