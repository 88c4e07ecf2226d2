"""Sums over the records in one compiled pass, from which all measures are computed.

In numpy, column by column, the measures and tables of a run took more than half as long as the run itself.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple, TypeVar, cast

import numpy as np
import numpy.typing as npt

from salesim.model.enums import Cause, Outcome
from salesim.model.jit import compiled
from salesim.model.records import WEEK, Records

YEAR_WEEKS = 52
HORIZON_WEEKS = 104  # times to close beyond this are counted together
SEATS = 1_024  # most seats of a vendor
SPAN_WEEKS = 2 * YEAR_WEEKS  # at the start and at the end of a run, for `margin_fall`
FALL_WEEKS = 2 * SPAN_WEEKS  # of a run in which the two spans do not overlap

# Sums over a vendor's deals by the year in which they closed; deals still open, and what closed after the last whole year,
# are in the last row.
# fmt: off
DEAL_SUMS = (
    "closed", "won", "undecided", "unsure", "ready", "ready_undecided", "declined",  # unsure: confidence too low
    "net_k", "cost_k", "list_k", "price_k", "partner_margin_k", "rebate_k", "fees_k", "cycle_weeks", "discount",  # of deals won
    "early_net_k", "early_cost_k", "late_net_k", "late_cost_k",  # closed in the first two years, and in the last two
    "quoted", "pass_through", "elasticity", "sold", "partner_share",  # through a partner: with a price, and won
    "priced", "at_list",  # with a price, and that not below list
    "delivered_deals", "delivered", "kept_deals", "kept",  # kept: outcome over promise
    "contract_weeks", "lost", "lifetime_k",  # contracts lost; the money of all, less its product cost and rebates
)
WEEK_MEANS = (
    "trust", "perceived_sameness", "support_level", "lead", "reference_price", "partner_discount", "partner_capability",
    "adoption", "cynicism",
)
WEEK_SUMS = (
    "revenue_k", "product_cost_k", "gross_margin_k", "selling_k", "support_k", "development_k", "training_k", "executive_k",
    "overhead_k", "rebate_k", "operating_profit_k", "leavers", "vacancies",
)
# fmt: on
WEEK_COLUMNS = (*WEEK_MEANS, *WEEK_SUMS)  # summed as they are in the records
WEEKLY = (*WEEK_COLUMNS, "hours", "weeks")
PLACES = tuple(WEEK.fields[name][1] // 8 for name in WEEK_COLUMNS[:-2])  # of these reals in a week as 8-byte numbers
OF_DEALS = np.dtype([(name, np.float64) for name in DEAL_SUMS])
AT_LIST = 1.0 - 1e-9  # list prices; a quote from here on is not below list
Numbers = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]
Totals = dict[str, float]
Function = TypeVar("Function", bound=Callable[..., Any])


class Sums(NamedTuple):
    """Sums of one run.

    `deals` is vendors x (whole years + 1) x DEAL_SUMS, `weeks` vendors x (whole years + 1) x WEEKLY; `all_deals` and
    `all_weeks` are the same over all years, `last_year` over the last 52 weeks, vendor by vendor and by name; `durations`
    vendors x outcomes x (HORIZON_WEEKS + 1), `seats` the different seats that opened deals; `passed` and `quotes` vendors x
    years x partners. By vendor and in the order of opening, `won_prices` are those of deals won, in list prices, and
    `cut_prices` those of direct quotes below list.
    """

    deals: Numbers
    weeks: Numbers
    all_deals: list[Totals]
    all_weeks: list[Totals]
    last_year: list[Totals]
    durations: Counts
    seats: Counts
    passed: Numbers
    quotes: Counts
    won_prices: list[Numbers]
    cut_prices: list[Numbers]


def once(function: Function) -> Function:
    """Compute a function of records once for each of its other arguments; its results stay with the records.

    They must not refer to the records: until Python finds such a circle, every run gets fresh memory from the system.
    """

    @wraps(function)
    def kept(records: Records, *more: Any) -> Any:
        results = vars(records).setdefault(function.__name__, {})
        if more not in results:
            results[more] = function(records, *more)
        return results[more]

    return cast(Function, kept)


@once
def sums_of(records: Records) -> Sums:
    """The sums of a run."""
    deals = records.deals.view(np.ndarray)
    n_vendors, n_rows = max(1, records.n_vendors), records.n_weeks // YEAR_WEEKS + 1
    by_year = np.zeros((n_vendors, n_rows, len(DEAL_SUMS)))
    durations = np.zeros((n_vendors, len(Outcome), HORIZON_WEEKS + 1), np.int64)
    shape = (n_vendors, n_rows, int(deals["partner"].max(initial=-1)) + 1)
    passed, quotes = np.zeros(shape), np.zeros(shape, np.int64)
    seats_seen = np.zeros((n_vendors, SEATS), np.int64)
    contracts = np.empty((len(deals), 5), np.int32)
    prices, n_prices = np.empty((2, n_vendors, len(deals))), np.zeros((2, n_vendors), np.int64)
    totals = by_year.view(OF_DEALS)[..., 0]
    made = (durations, passed, quotes, seats_seen, contracts, prices, n_prices)
    contracts = contracts[: sum_deals(deals, records.n_weeks, totals, *made)]
    count_lost(contracts, np.full(int(contracts[:, 0].max(initial=-1)) + 1, -1, np.int32), totals)
    weeks, by_week = records.weeks.view(np.ndarray), np.zeros((n_vendors, n_rows, len(WEEKLY)))
    late_weeks = np.zeros((n_vendors, len(WEEKLY)))
    sum_weeks(weeks, weeks.view(np.float64).reshape(-1, WEEK.itemsize // 8), by_week, late_weeks)
    all_deals, all_weeks, last_year = (
        [dict(zip(names, row, strict=True)) for row in rows.tolist()]
        for names, rows in ((DEAL_SUMS, by_year.sum(axis=1)), (WEEKLY, by_week.sum(axis=1)), (WEEKLY, late_weeks))
    )
    won, cut = ([row[:n] for row, n in zip(rows, ns, strict=True)] for rows, ns in zip(prices, n_prices, strict=True))
    seats = seats_seen.sum(axis=1)
    return Sums(by_year, by_week, all_deals, all_weeks, last_year, durations, seats, passed, quotes, won, cut)


def of_deals(records: Records, vendor: int) -> Totals:
    """A vendor's sums over all its deals, by name."""
    return sums_of(records).all_deals[vendor]


def of_weeks(records: Records, vendor: int) -> Totals:
    """A vendor's sums over all weeks, by name."""
    return sums_of(records).all_weeks[vendor]


def of_last_year(records: Records, vendor: int) -> Totals:
    """A vendor's sums over the last 52 weeks, or all there are, by name."""
    return sums_of(records).last_year[vendor]


@compiled
def sum_deals(deals, n_weeks, sums, durations, passed, quotes, seats_seen, contracts, prices, n_prices) -> int:
    """Add every deal to `sums` (vendors x years x DEAL_SUMS), `durations` (by outcome and weeks open), `passed` and `quotes`.

    Marks seats in `seats_seen`, writes `prices` (won and cut) and customer, vendor, first and last week of contracts, and
    returns the number of these.
    """
    last_row, n_contracts = sums.shape[1] - 1, 0
    for row in range(len(deals)):
        deal = deals[row]
        vendor, outcome = deal["vendor"], deal["outcome"]
        is_open = outcome == Outcome.OPEN
        end = n_weeks if deal["closed_week"] < 0 else deal["closed_week"]
        durations[vendor, outcome, min(end - deal["opened_week"], HORIZON_WEEKS)] += 1
        year = last_row if is_open else min(deal["closed_week"] // YEAR_WEEKS, last_row)
        total = sums[vendor, year]
        if not is_open:
            add_end(deal, total)
        if outcome == Outcome.WON:
            add_won(deal, n_weeks, total)
            note = contracts[n_contracts]
            note[0], note[1], note[2], note[3] = deal["customer"], vendor, deal["closed_week"], deal["ended_week"]
            n_contracts += 1
        seats_seen[vendor, deal["salesperson"] % SEATS] = 1
        price, through = deal["price"], deal["pass_through"]
        total["priced"] += price == price
        total["at_list"] += price >= AT_LIST
        for kind, counts in enumerate((outcome == Outcome.WON, deal["partner"] < 0 and price < AT_LIST)):
            prices[kind, vendor, n_prices[kind, vendor]] = price  # the next one takes its place unless it counts
            n_prices[kind, vendor] += counts
        if deal["partner"] >= 0 and through == through:
            total["quoted"] += 1.0
            total["pass_through"] += through
            total["elasticity"] += through * deal["partner_cost"] / deal["price"]
            if not is_open:
                passed[vendor, deal["closed_week"] // YEAR_WEEKS, deal["partner"]] += through
                quotes[vendor, deal["closed_week"] // YEAR_WEEKS, deal["partner"]] += 1
    return n_contracts


@compiled
def add_end(deal: Any, total: Any) -> None:
    """Count how a deal ended."""
    undecided, ready, cause = deal["outcome"] == Outcome.NO_DECISION, deal["ready_week"] >= 0, deal["cause"]
    total["closed"] += 1.0
    total["undecided"] += undecided
    total["unsure"] += undecided and cause == Cause.CONFIDENCE_TOO_LOW
    total["ready"] += ready
    total["ready_undecided"] += ready and undecided
    total["declined"] += cause == Cause.DECLINED


@compiled
def add_won(deal: Any, n_weeks: int, total: Any) -> None:
    """Add the money, time and outcome of a deal that was won."""
    net_k, cost_k, rebate_k, closed = deal["net_price_k"], deal["unit_cost_k"], deal["rebate_k"], deal["closed_week"]
    total["won"] += 1.0
    total["net_k"] += net_k
    total["cost_k"] += cost_k
    total["list_k"] += deal["list_price_k"]
    total["price_k"] += deal["price_k"]
    total["partner_margin_k"] += deal["partner_margin_k"]
    total["rebate_k"] += rebate_k
    total["cycle_weeks"] += closed - deal["opened_week"]
    total["discount"] += 1.0 - deal["price"]
    total["fees_k"] += deal["fees_k"]
    if closed < SPAN_WEEKS:
        total["early_net_k"] += net_k
        total["early_cost_k"] += cost_k
    if closed >= n_weeks - SPAN_WEEKS:
        total["late_net_k"] += net_k
        total["late_cost_k"] += cost_k
    if deal["partner"] >= 0:
        total["sold"] += 1.0
        total["partner_share"] += (deal["partner_margin_k"] + rebate_k) / deal["list_price_k"]
    if deal["delivered_week"] >= 0:
        kept = deal["delivered"] / deal["promise"]
        if deal["delivered"] == deal["delivered"]:
            total["delivered_deals"] += 1.0
            total["delivered"] += deal["delivered"]
        if kept == kept:
            total["kept_deals"] += 1.0
            total["kept"] += kept
    total["contract_weeks"] += (n_weeks if deal["ended_week"] < 0 else deal["ended_week"]) - closed
    total["lifetime_k"] += deal["fees_k"] - deal["fees_cost_k"] - rebate_k


@compiled
def count_lost(contracts: Any, latest: Any, sums: Any) -> None:
    """Count contracts that ended without a new one of the same vendor and customer in that week, in the last row of `sums`.

    `contracts` has the customer, vendor, first and last week (-1 is none) of each, in the order in which deals were opened; the
    row of the customer's next contract is written to it. `latest` has one entry per customer, all -1.
    """
    for row in range(len(contracts) - 1, -1, -1):
        contract = contracts[row]
        customer, vendor, ended = contract[0], contract[1], contract[3]
        other = latest[customer]
        contract[4], latest[customer] = other, row
        followed = ended < 0
        while other >= 0 and not followed:
            later = contracts[other]
            followed = later[1] == vendor and later[2] == ended
            other = later[4]
        if not followed:
            sums[vendor, -1]["lost"] += 1.0


@compiled
def sum_weeks(weeks: Any, reals: Numbers, sums: Numbers, last_year: Numbers) -> None:
    """Add every week to `sums` (vendors x years x WEEKLY), and those of the last year to `last_year`; `reals` are the weeks."""
    n_vendors, last_row = sums.shape[0], sums.shape[1] - 1
    for row in range(len(weeks)):
        week, vendor, year = weeks[row], row % n_vendors, min(row // n_vendors // YEAR_WEEKS, last_row)
        others = (float(week["leavers"]), float(week["vacancies"]), week["hours_used"] + week["hours_free"], 1.0)
        for column in range(len(WEEKLY)):
            value = reals[row, PLACES[column]] if column < len(PLACES) else others[column - len(PLACES)]
            sums[vendor, year, column] += value
            if row >= len(weeks) - YEAR_WEEKS * n_vendors:
                last_year[vendor, column] += value
