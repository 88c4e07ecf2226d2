"""Measures: pure functions of the records and a vendor's row.

A new measure needs a line in `METRICS`, which adds it to runs.csv; tables and reports show those in `SHOWN`.
"""

from collections.abc import Callable
from typing import Literal, NamedTuple

from salesim.metrics import money, ratios, survival
from salesim.model.records import Records


class Metric(NamedTuple):
    """A measure: its function, its unit, the direction that is better for the vendor, and its title."""

    function: Callable[[Records, int], float]
    unit: str
    better: Literal["up", "down"]
    title: str


METRICS: dict[str, Metric] = {
    "gross_margin": Metric(money.gross_margin, "share", "up", "Gross margin of deals won"),
    "cycle_weeks": Metric(ratios.cycle_weeks, "weeks", "down", "Sales cycle of deals won"),
    "pass_through": Metric(ratios.pass_through, "share", "down", "Pass-through of partners' discounts"),
    "operating_profit_k": Metric(money.operating_profit_k, "k$ a year", "up", "Operating profit"),
    "win_rate": Metric(ratios.win_rate, "share", "up", "Win rate"),
    "no_decision": Metric(ratios.no_decision, "share", "down", "Deals that end in no decision"),
    "promise_kept": Metric(ratios.promise_kept, "share", "up", "Promise kept"),
    "trust": Metric(ratios.trust, "0 to 1", "up", "Customers' trust in the last year"),
    "margin_fall": Metric(money.margin_fall, "share", "down", "Fall of gross margin, first two years to last two"),
    "revenue_k": Metric(money.revenue_k, "k$ a year", "up", "Revenue"),
    "discount": Metric(ratios.discount, "share of list", "down", "Discount to the customer"),
    "partner_margin": Metric(ratios.partner_margin, "share of list", "up", "Partner's margin"),
    "partner_discount": Metric(ratios.partner_discount, "share of list", "down", "Partners' discount in the last year"),
    "deals_won": Metric(ratios.deals_won, "deals a year", "up", "Deals won"),
    "open_cycle_weeks": Metric(survival.weeks_to_decision, "weeks", "down", "Time to any decision, open deals counted right"),
    "no_decision_ready": Metric(ratios.no_decision_ready, "share", "down", "No decision among deals with an offer"),
    "confidence_share": Metric(ratios.confidence_share, "share", "down", "No decision for want of confidence"),
    "declined": Metric(ratios.declined, "share", "down", "Deals declined for poor fit"),
    "delivered": Metric(ratios.delivered, "0 to 1", "up", "Outcome delivered"),
    "contract_value_k": Metric(money.contract_value_k, "k$", "up", "Money a contract brought"),
    "turnover": Metric(ratios.turnover, "share a year", "down", "Salespeople who leave"),
    "cynicism": Metric(ratios.cynicism, "0 to 1", "down", "Cynicism of salespeople in the last year"),
    "adoption": Metric(ratios.adoption, "0 to 1", "up", "Adoption of the approach in the last year"),
    "perceived_sameness": Metric(ratios.perceived_sameness, "0 to 1", "down", "Sameness seen by customers in the last year"),
}
PRIMARY = ("gross_margin", "cycle_weeks", "pass_through")
JUDGED = ("operating_profit_k", *PRIMARY)  # measures on which the best arm is named
SHOWN = (*PRIMARY, "operating_profit_k", "win_rate", "no_decision", "promise_kept", "trust", "margin_fall", "partner_margin")


def measured(records: Records, vendor: int = 0) -> dict[str, float]:
    """All measures of one vendor; NaN where there is nothing to measure."""
    return {name: metric.function(records, vendor) for name, metric in METRICS.items()}
