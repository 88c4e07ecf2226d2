"""The product's weeks with a clock inside: one compiled call, the same rules, processor time of each part.

A `Market` takes some 20 us to hand from Python to a rule, more than most phases of 1,000 customers; therefore the clock is
read in compiled code. `think` and `conclude` are `decide` in two, as peers do the first whole and leave contracts out.
"""

import numpy as np
from numba import types

from salesim.model.agents import customer as customers_do
from salesim.model.agents import offer as offers_do
from salesim.model.agents import purchase as purchases_do
from salesim.model.enums import Cause, Outcome, Stage
from salesim.model.jit import rule
from salesim.model.phases import bookkeeping, choosing, contracts, needs, programmes, selling
from salesim.model.rng import Purpose, gumbel, uniform_for

OPEN, STALLED, EMPTY, DOUBTED, WORTHLESS, BOUGHT = 0, -1, -2, -3, -4, 1  # verdicts of a week; BOUGHT + row of the deal
PARTS = ("needs", "work", "think", "conclude", "deliver", "rest")
NEEDS, WORK, THINK, CONCLUDE, DELIVER, REST = range(6)
PHASES = 10
THREAD_TIME = 3  # the clock of Linux for processor time of this thread

clock_gettime = types.ExternalFunction("clock_gettime", types.int32(types.int32, types.voidptr))


@rule
def ticks(spot):
    """Processor time of this thread, ns; `spot` is room for the two numbers the system writes."""
    clock_gettime(THREAD_TIME, spot.ctypes)
    return spot[0] * 1_000_000_000 + spot[1]


@rule
def clock_cost(times, spot):
    """What one look at the clock takes, ns."""
    start = ticks(spot)
    for _ in range(times):
        ticks(spot)
    return (ticks(spot) - start) / times


@rule
def lap(spent, part, spot, start):
    """Adds the time since `start` to a part; returns the time."""
    now = ticks(spot)
    spent[part] += now - start
    return now


@rule
def phased_weeks(market, first, last, spent, spot):
    """`play_weeks` with the time of each phase in `spent`."""
    for week in range(first, last):
        start = ticks(spot)
        programmes.start_initiatives(market, week)
        start = lap(spent, 0, spot, start)
        needs.commoditize(market, week)
        start = lap(spent, 1, spot, start)
        needs.find_needs(market, week)
        start = lap(spent, 2, spot, start)
        selling.share_hours(market)
        start = lap(spent, 3, spot, start)
        selling.work_on_deals(market, week)
        start = lap(spent, 4, spot, start)
        choosing.decide(market, week)
        start = lap(spent, 5, spot, start)
        contracts.deliver(market, week)
        start = lap(spent, 6, spot, start)
        contracts.renew(market, week)
        start = lap(spent, 7, spot, start)
        programmes.manage_people(market, week)
        start = lap(spent, 8, spot, start)
        bookkeeping.write_week(market, week)
        lap(spent, 9, spot, start)


@rule
def parted_weeks(market, first, last, verdicts, spent, spot):
    """The same weeks in the parts that peers play, with the time of each in `spent`."""
    for week in range(first, last):
        programmes.start_initiatives(market, week)
        start = ticks(spot)
        needs.commoditize(market, week)
        needs.find_needs(market, week)
        start = lap(spent, NEEDS, spot, start)
        selling.share_hours(market)
        selling.work_on_deals(market, week)
        start = lap(spent, WORK, spot, start)
        think(market, week, verdicts)
        start = lap(spent, THINK, spot, start)
        conclude(market, week, verdicts)
        start = lap(spent, CONCLUDE, spot, start)
        contracts.deliver(market, week)
        start = lap(spent, DELIVER, spot, start)
        contracts.renew(market, week)
        programmes.manage_people(market, week)
        bookkeeping.write_week(market, week)
        lap(spent, REST, spot, start)


@rule
def think(market, week, verdicts):
    """`decide` up to the verdict: groups deliberate; those who agree bargain, choose and learn."""
    s = market.settings[0]
    fading = market.trends[1].access_left
    growing = s.commoditization_complexity_growth_per_year != 0.0
    for i in range(market.totals[0].n_purchases):
        purchase, verdicts[i] = market.purchases[i], OPEN
        if purchase.won >= 0:
            continue
        if purchase.changed == 1 or growing:
            choosing.look_at_offers(market, purchase, week)
        else:
            purchase.access *= fading
        if purchase.n_working + purchase.n_ready == 0:
            verdicts[i] = EMPTY
            continue
        waited = purchase.offers_week >= 0 and week >= purchase.offers_week + int(s.buying_late_after_weeks)
        if purchase.n_ready > 0 and (purchase.n_working == 0 or waited):
            purchases_do.deliberate(purchase, s.buying_access_consensus)
            if purchase.conviction >= purchase.threshold:
                verdicts[i] = verdict_of(market, purchase, week)
                continue
        old = week - purchase.opened_week >= int(s.buying_stall_after_weeks)
        if old and uniform_for(market.seed, Purpose.STALL, purchase.customer, week) < s.buying_stall_chance:
            verdicts[i] = STALLED


@rule
def verdict_of(market, purchase, week):
    """`choose` up to its verdict."""
    s, table, customer = market.settings[0], market.table, market.customers[purchase.customer]
    customers_do.catch_up(customer, market.trends, week)
    scale, slope = offers_do.taste_scale(customer.perceived_sameness, s), offers_do.price_slope(customer, s)
    n = choosing.lay_table(market, purchase, customer, week)
    choosing.offer_prices(market, n, customer, slope, scale, week)
    key = purchase.customer * customers_do.VENDORS_PER_MARKET
    none = key + customers_do.VENDORS_PER_MARKET - 1
    nothing = s.worth_nothing + scale * gumbel(uniform_for(market.seed, Purpose.TASTE, none, purchase.opened_week))
    best, winner = nothing, -1
    for i in range(n):
        offer = table[i]
        offer.taste = gumbel(
            uniform_for(market.seed, Purpose.TASTE, key + market.deals[offer.deal].vendor, purchase.opened_week)
        )
        score = offer.appeal - slope * offer.price + scale * offer.taste
        if score > best:
            best, winner = score, offer.deal
    sameness = customer.perceived_sameness
    choosing.remember_offers(market, n, customer)
    if winner >= 0:
        return BOUGHT + winner
    if offers_do.doubted_away(table, n, market.deals, slope, scale, nothing, sameness, s.worth_uncertainty):
        return DOUBTED
    return WORTHLESS


@rule
def conclude(market, week, verdicts):
    """What follows from the verdicts, in the order of purchases: contracts, or idle customers."""
    for i in range(market.totals[0].n_purchases):
        purchase, verdict = market.purchases[i], verdicts[i]
        if verdict >= BOUGHT:
            choosing.end_deals_but(market, purchase, verdict - BOUGHT, week)
            contracts.sign(market, purchase, verdict - BOUGHT, week)
        elif verdict != OPEN:
            if verdict == STALLED:
                choosing.end_deals(market, purchase, Outcome.NO_DECISION, Cause.STALLED, week)
            elif verdict == DOUBTED:
                choosing.end_deals(market, purchase, Outcome.NO_DECISION, Cause.CONFIDENCE_TOO_LOW, week)
            elif verdict == WORTHLESS:
                choosing.end_deals(market, purchase, Outcome.NO_DECISION, Cause.VALUE_TOO_LOW, week)
            choosing.give_up(market, purchase, week)


@rule
def remember_margins(market, verdicts):
    """Trailing margins of partners after a peer's quotes, one after another: `offer_prices` does it as it quotes."""
    s = market.settings[0]
    for i in range(market.totals[0].n_purchases):
        purchase = market.purchases[i]
        if verdicts[i] >= BOUGHT or verdicts[i] == DOUBTED or verdicts[i] == WORTHLESS:
            for d in range(purchase.first_deal, purchase.first_deal + purchase.n_deals):
                deal = market.deals[d]
                if deal.stage == Stage.READY and deal.partner >= 0:
                    partner = market.partners[deal.partner]
                    partner.margin += s.partners_margin_memory * (deal.price - deal.partner_cost - partner.margin)


@rule
def rest_of_week(market, week, verdicts):
    """All that a peer leaves out. It looks at everybody every week, so the calendar of needs is cleared."""
    remember_margins(market, verdicts)
    conclude(market, week, verdicts)
    contracts.deliver(market, week)
    for c in range(len(market.due)):
        market.due[c] = -1
    programmes.manage_people(market, week)
    bookkeeping.write_week(market, week)


def room(market):
    """Room for verdicts, times of parts, and the clock."""
    return np.zeros(len(market.customers), np.int32), np.zeros(PHASES), np.zeros(2, np.int64)
