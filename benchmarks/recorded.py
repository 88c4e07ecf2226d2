"""One week of a running market, recorded before its needs, before its choices and after them, and the tables in it."""

from typing import Any, NamedTuple

import numpy as np

from markets import at_start, roomy
from salesim.model.agents.customer import update_all, update_sameness
from salesim.model.jit import rule
from salesim.model.parameters import Scenario
from salesim.model.phases.choosing import collect_ready_offers, set_offer_prices
from salesim.model.pricing import OFFER, price_slope, taste_scale
from salesim.model.schedule import PHASES, advance
from salesim.model.state import Market


class Week(NamedTuple):
    """A market before the needs of a week, before its choices, and after them."""

    number: int
    before_needs: Market
    before_choices: Market
    after: Market


class Tables(NamedTuple):
    """What each purchase would bargain over this week: offers (purchases x vendors), and how many of them there are."""

    offers: Any
    references: Any  # prices the customer compares them with
    slopes: Any
    scales: Any
    sizes: Any


def copied(market: Market) -> Market:
    """A market of its own."""
    parts = {name: part.copy() for name, part in market._asdict().items() if hasattr(part, "copy")}
    return market._replace(**parts)


def recorded(scenario: Scenario, number: int) -> Week:
    """Plays up to a week; perceived sameness and access are brought up to date at each stop, as frames keep them."""
    market = advance(roomy(at_start(scenario)), 0, number)
    update_all(market.customers, market.relations, market.trends, number - 1)
    before = copied(market)
    for phase in ("commoditize", "find_needs", "share_hours", "work_on_deals"):
        PHASES[phase](market, number)
    update_all(market.customers, market.relations, market.trends, number)
    choices = copied(market)
    PHASES["decide"](market, number)
    return Week(number, before, choices, market)


def tables_of(market: Market, week: int) -> Tables:
    """The tables of all running purchases; the market is a copy and stays as it is."""
    n = int(market.totals["n_purchases"][0])
    offers = np.zeros((n, len(market.vendors)), OFFER).view(np.recarray)
    found = Tables(offers, np.zeros(offers.shape), np.zeros(n), np.zeros(n), np.zeros(n, np.int64))
    lay_tables(copied(market), week, *found)
    return found


@rule
def lay_tables(market, week, offers, references, slopes, scales, sizes):
    """`choose` of every purchase with an offer up to its prices. Writes tables, and worths and prices of deals."""
    s = market.settings[0]
    for i in range(market.totals[0].n_purchases):
        purchase = market.purchases[i]
        if purchase.won >= 0 or purchase.n_ready == 0:
            continue
        customer = market.customers[purchase.customer]
        update_sameness(customer, market.trends, week)
        slopes[i], scales[i] = price_slope(customer, s), taste_scale(customer.perceived_sameness, s)
        sizes[i] = collect_ready_offers(market, purchase, customer, week)
        set_offer_prices(market, sizes[i], customer, slopes[i], scales[i], week)
        for k in range(sizes[i]):
            offers[i, k] = market.offers[k]
            references[i, k] = market.deals[market.offers[k].deal].reference_price
