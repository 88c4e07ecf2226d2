"""Measures of the channel."""

from salesim.metrics.ratios import ratio
from salesim.metrics.sums import of_deals, of_last_year
from salesim.model.records import Records


def pass_through(records: Records, vendor: int) -> float:
    """Mean change of a partner's price for a small change of its cost, over all quotes made through partners."""
    deals = of_deals(records, vendor)
    return ratio(deals["pass_through"], deals["quoted"])


def partner_margin(records: Records, vendor: int) -> float:
    """Mean of price and rebate less cost of partners' deals won, as a share of list."""
    deals = of_deals(records, vendor)
    return ratio(deals["partner_share"], deals["sold"])


def partner_discount(records: Records, vendor: int) -> float:
    """Mean discount of partners in the last year."""
    year = of_last_year(records, vendor)
    return ratio(year["partner_discount"], year["weeks"])
