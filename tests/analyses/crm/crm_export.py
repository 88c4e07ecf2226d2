"""An export of opportunities as a CRM has it, written out of the records of a run, with the usual dirt on request."""

import numpy as np
import pandas as pd

from salesim.model.enums import Outcome
from salesim.model.records import Records

FIRST = pd.Timestamp("2018-01-01")  # a Monday
STAGES = {Outcome.OPEN: "Negotiation", Outcome.WON: "Closed Won", Outcome.LOST: "Closed Lost"}
STAGES[Outcome.NO_DECISION] = "No Decision"
MAPPING = """
layout: salesforce
partner: Partner
list_price: List Price
open: Negotiation
"""


def export_of(records: Records, vendor: int = 0) -> pd.DataFrame:
    """A row for each deal of a vendor, with the names of a Salesforce report."""
    deals = records.deals[records.deals.vendor == vendor]
    weekday = np.arange(len(deals)) % 5
    day = {
        name: FIRST + pd.to_timedelta(7 * deals[f"{name}_week"].astype(int) + weekday, unit="D")
        for name in ("opened", "closed")
    }
    won, closed = deals.outcome == Outcome.WON, deals.closed_week >= 0
    return pd.DataFrame(
        {
            "Opportunity ID": [f"006{row:06d}" for row in range(len(deals))],
            "Created Date": day["opened"].strftime("%Y-%m-%d"),
            "Close Date": np.where(closed, day["closed"].strftime("%Y-%m-%d"), ""),
            "Stage": [STAGES[Outcome(outcome)] for outcome in deals.outcome],
            "Amount": [f"{1000 * price:.6f}" if is_won else "0" for price, is_won in zip(deals.price_k, won, strict=True)],
            "List Price": [f"{1000 * price:.6f}" for price in deals.list_price_k],
            "Opportunity Owner": [
                f"Seller {seat}-{number}" for seat, number in zip(deals.salesperson, deals.generation, strict=True)
            ],
            "Partner": [f"Partner {partner}" if partner >= 0 else "" for partner in deals.partner],
        }
    )


def last_day(n_weeks: int) -> str:
    """The Sunday that ends the last week of a run."""
    return str((FIRST + pd.Timedelta(days=7 * n_weeks - 1)).date())
