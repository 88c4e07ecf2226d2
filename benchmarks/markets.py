"""The markets that are played: the default scenario at other sizes, with a sales force that grows with them."""

from salesim.config.scenario import default_scenario
from salesim.model.parameters import Scenario
from salesim.model.schedule import advance, begin
from salesim.model.state import Market, initialize, with_capacity

SEATS, PARTNERS = 1000, 500  # at most; keys allow 1024 seats and 512 partners a vendor
SEAT_HOURS, PARTNER_HOURS, ALL_HOURS = 20.0, 24.0, 168.0  # a week: of the default scenario, and that there are
# Frames choose for all buyers at once, where a deal signed earlier in a week moves later offers through the quota, and they
# have no status quo, no end of a quarter, no worth of trust or experience, and no conduct or custom of partners.
AT_ONCE = {
    "market.bargaining.close_now": 0.0,
    "market.buying.quarter_wait": 0.0,
    "market.buying.status_quo_slope": 0.0,
    "market.worth.trust": 0.0,
    "market.worth.experience": 0.0,
    "market.partners.conduct": 0.0,
    "market.partners.sticky_share": 0.0,
}


def market_of(customers: int, weeks: int, **differences: object) -> Scenario:
    """The default scenario with so many customers; where keys allow no more sellers, each has more hours."""
    usual = default_scenario().market
    seats, partners = max(usual.selling.salespeople, customers // 50), max(usual.partners.count, customers // 120)
    sizes = {
        "weeks": weeks,
        "market.customers.count": customers,
        "market.selling.salespeople": min(SEATS, seats),
        "market.selling.hours_per_week": min(ALL_HOURS, SEAT_HOURS * max(1.0, seats / SEATS)),
        "market.partners.count": min(PARTNERS, partners),
        "market.partners.hours_per_week": min(ALL_HOURS, PARTNER_HOURS * max(1.0, partners / PARTNERS)),
        "market.executives.count": min(SEATS, max(usual.executives.count, customers // 150)),
    }
    return default_scenario(**{**sizes, **differences})


def at_start(scenario: Scenario, seed: int = 1) -> Market:
    """A market before its first week."""
    return begin(initialize(scenario, seed))


def roomy(market: Market) -> Market:
    """The same market with room for all deals there can be in its weeks, however many there are."""
    wanted = len(market.deals) + market.relations.size
    while len(market.deals) < wanted:
        market = with_capacity(market)
    return market


def bare(scenario: Scenario, seed: int = 1) -> Market:
    """A whole run without its records: initialization, and one compiled call for all weeks."""
    return advance(at_start(scenario, seed), 0, scenario.weeks)
