"""The schedule: the order of the phases in a week, and a whole run as one compiled call.

Each phase calls rules that read and write the market's records. `run_week` calls the phases in order; `play` runs all weeks
and needs neither Mesa nor pandas.
"""

from collections.abc import Callable
from typing import Any

from salesim.model.agents.vendor import CURRENT, PREVIOUS
from salesim.model.jit import plain, rule
from salesim.model.parameters import Scenario
from salesim.model.phases.bookkeeping import count_deals, write_week
from salesim.model.phases.choosing import decide
from salesim.model.phases.contracts import deliver, renew, sum_fees
from salesim.model.phases.needs import await_first_needs, commoditize, find_needs
from salesim.model.phases.programmes import manage_people, start_initiatives, start_plan
from salesim.model.phases.selling import share_hours, work_on_deals
from salesim.model.records import Records
from salesim.model.rng import seed_of
from salesim.model.state import Market, initialize, with_capacity


def play(scenario: Scenario, seed: int) -> Records:
    """Run all weeks of a scenario in compiled code and return its records. The same arguments give identical bits."""
    market = advance(begin(initialize(scenario, seed_of(seed))), 0, scenario.weeks)
    return records_of(market, scenario.weeks)


def begin(market: Market) -> Market:
    """Prepare week 0 (`prepare`)."""
    run_weeks(market, -1, 0)
    return market


def advance(market: Market, first: int, last: int) -> Market:
    """Run weeks `first` to `last - 1`; return the market, with a longer table of deals if it was needed."""
    week = run_weeks(market, first, last)
    while week < last:
        market = with_capacity(market)
        week = run_weeks(market, week, last)
    return market


def records_of(market: Market, n_weeks: int) -> Records:
    """The records after `n_weeks` weeks, with fees received until then.

    At the end of a run they are the market's own tables; earlier they are copies, because a running market writes its tables.
    """
    finished = n_weeks == len(market.weeks)
    deals, weeks = market.deals[: market.totals["n_deals"][0]], market.weeks[:n_weeks]
    if not finished:
        deals, weeks = deals.copy(), weeks.copy()
    sum_fees(deals, market.settings, n_weeks)
    count_deals(deals, weeks)
    return Records(deals=deals, weeks=weeks.reshape(-1), n_weeks=n_weeks, n_vendors=len(market.vendors))


@rule
def run_weeks(market, first, last):
    """Run weeks in order, stopping before a week for which the table of deals may be too short. Returns the next week.

    Week -1 is what comes before the first (`prepare`).
    """
    for week in range(first, last):
        if not has_capacity(market):
            return week
        if week < 0:  # here, as another rule that Python calls would take half a second to compile
            prepare(market)
        else:
            run_week(market, week)
    return last


@rule
def prepare(market):
    """Before week 0, every vendor follows its first plan, partners get their initial discount, and customers await needs."""
    for vendor in range(len(market.vendors)):
        for lever in range(market.lever_numbers.shape[2]):
            market.lever_numbers[vendor, PREVIOUS, lever] = market.plan_levers[vendor, lever]
        start_plan(market, vendor, vendor, True)
    await_first_needs(market)
    for partner in market.partners:
        partner.discount = market.levers[partner.vendor, CURRENT].start_discount


@rule
def has_capacity(market) -> bool:
    """Whether the table of deals is long enough for a week in which every customer opens a deal with every vendor."""
    most_a_week = market.relations.shape[0] * market.relations.shape[1]
    return market.totals[0].n_deals + most_a_week <= len(market.deals)


@rule
def run_week(market, week):
    """Run one week: the phases in order. `PHASES` is read from this function, so it must call nothing else."""
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
PHASES: dict[str, Callable[..., Any]] = {name: globals()[name] for name in plain(run_week).__code__.co_names}
