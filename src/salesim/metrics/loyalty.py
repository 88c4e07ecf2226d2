"""Measures of how long customers stay, and what they are worth over that time."""

from salesim.metrics.money import lifetime_value
from salesim.metrics.ratios import ratio
from salesim.metrics.sums import YEAR_WEEKS, of_deals
from salesim.model.records import Records


def contract_years(records: Records, vendor: int) -> float:
    """Years for which a vendor's contracts have run so far, all together."""
    return of_deals(records, vendor)["contract_weeks"] / YEAR_WEEKS


def churn(records: Records, vendor: int) -> float:
    """Contracts lost a year, for each contract that runs: cancelled subscriptions, and customers who bought from a rival.

    Lost is a contract that ended without a new one of the same vendor and customer in that week.
    """
    return ratio(of_deals(records, vendor)["lost"], contract_years(records, vendor))


def lifetime_value_k(records: Records, vendor: int, discount_rate_per_year: float) -> float:
    """Value of a customer who has just paid for a year, k$: `money.lifetime_value` of what contracts brought so far.

    The yearly margin is the money received less product cost in the same proportion and less rebates, over the years that
    contracts have run; the retention is 1 - churn. The rate is `market.licences.discount_rate_per_year`.
    """
    yearly_k = ratio(of_deals(records, vendor)["lifetime_k"], contract_years(records, vendor))
    return lifetime_value(yearly_k, max(0.0, 1.0 - churn(records, vendor)), discount_rate_per_year)
