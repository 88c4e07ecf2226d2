"""Measures of how long customers stay, and what they are worth over that time."""

import numpy as np
import numpy.typing as npt

from salesim.ledger import Books
from salesim.metrics.money import lifetime_value
from salesim.metrics.select import YEAR_WEEKS, Rows, ratio, won_of


def contract_years(books: Books, contracts: Rows) -> float:
    """Years for which contracts have run so far, all together."""
    end = np.where(contracts["ended_week"] < 0, books.n_weeks, contracts["ended_week"])
    return float((end - contracts["closed_week"]).sum()) / YEAR_WEEKS


def lost(contracts: Rows) -> npt.NDArray[np.bool_]:
    """Contracts that ended without a new one of the same vendor and customer in that week: cancelled, or a rival took over."""
    moment = contracts["customer"].astype(np.int64) * 2**32
    followed = np.isin(moment + contracts["ended_week"], moment + contracts["closed_week"])
    answer: npt.NDArray[np.bool_] = (contracts["ended_week"] >= 0) & ~followed
    return answer


def churn(books: Books, vendor: int) -> float:
    """Contracts lost a year, for each contract that runs: cancelled subscriptions, and customers who bought from a rival."""
    contracts = won_of(books, vendor)
    return ratio(float(lost(contracts).sum()), contract_years(books, contracts))


def lifetime_value_k(books: Books, vendor: int, discount_rate_per_year: float) -> float:
    """Value of a customer who has just paid for a year, k$: `money.lifetime_value` of what contracts brought so far.

    The yearly margin is the money received less product cost in the same proportion and less rebates, over the years that
    contracts have run; the retention is 1 - churn. The rate is `market.licences.discount_rate_per_year`.
    """
    contracts = won_of(books, vendor)
    price_k = contracts["net_price_k"] + contracts["rebate_k"]
    costs = np.divide(contracts["unit_cost_k"], price_k, out=np.zeros(len(contracts)), where=price_k > 0)
    margin_k = float((contracts["fees_k"] * (1.0 - costs) - contracts["rebate_k"]).sum())
    yearly_k = ratio(margin_k, contract_years(books, contracts))
    return lifetime_value(yearly_k, max(0.0, 1.0 - churn(books, vendor)), discount_rate_per_year)
