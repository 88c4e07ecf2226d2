"""Measures of money, and of how long customers stay and what they are worth over that time."""

from salesim.metrics.ratios import per_year, ratio, yearly_measure
from salesim.metrics.sums import FALL_WEEKS, YEAR_WEEKS, of_deals, of_weeks
from salesim.model.records import Records

operating_profit_k = yearly_measure(of_weeks, "operating_profit_k", "Operating profit a year.")
revenue_k = yearly_measure(of_weeks, "revenue_k", "Revenue a year.")


def margin(net_k: float, cost_k: float) -> float:
    """(Net price - product cost) / net price."""
    return ratio(net_k - cost_k, net_k)


def gross_margin(records: Records, vendor: int) -> float:
    """Gross margin of the deals won; its definition does not depend on the licence."""
    deals = of_deals(records, vendor)
    return margin(deals["net_k"], deals["cost_k"])


def margin_fall(records: Records, vendor: int) -> float:
    """Gross margin of deals won in the first two years minus that of the last two; NaN in runs of under four years."""
    if records.n_weeks < FALL_WEEKS:
        return float("nan")
    deals = of_deals(records, vendor)
    return margin(deals["early_net_k"], deals["early_cost_k"]) - margin(deals["late_net_k"], deals["late_cost_k"])


def contract_value_k(records: Records, vendor: int) -> float:
    """Mean money received over a contract until it ended, or so far (not discounted)."""
    deals = of_deals(records, vendor)
    return ratio(deals["fees_k"] - deals["rebate_k"], deals["won"])


def lifetime_value(margin_k: float, retention: float, discount_rate: float) -> float:
    """Customer lifetime value m r / (1 + i - r): yearly margin, yearly retention, yearly discount rate.

    The first margin comes after a year. Source: Gupta & Lehmann 2003.
    """
    return margin_k * retention / (1.0 + discount_rate - retention)


def contract_years(records: Records, vendor: int) -> float:
    """Total years for which a vendor's contracts have run so far."""
    return of_deals(records, vendor)["contract_weeks"] / YEAR_WEEKS


def churn(records: Records, vendor: int) -> float:
    """Contracts lost per year and running contract: cancelled subscriptions, and customers who bought from a rival.

    A contract is lost if it ended without a new one of the same vendor and customer in that week.
    """
    return ratio(of_deals(records, vendor)["lost"], contract_years(records, vendor))


def lifetime_value_k(records: Records, vendor: int, discount_rate_per_year: float) -> float:
    """Gross margin to come from a customer who has just paid for a year, before support and selling, k$.

    `lifetime_value` of the yearly margin: the money that contracts brought so far, minus product cost and rebates, over the
    years that contracts have run; the retention is 1 - churn. The rate is `market.licences.discount_rate_per_year`.
    """
    yearly_k = ratio(of_deals(records, vendor)["lifetime_k"], contract_years(records, vendor))
    return lifetime_value(yearly_k, max(0.0, 1.0 - churn(records, vendor)), discount_rate_per_year)


# fmt: off
BRIDGE = (
    "list_price", "customer_discount", "partner_margin", "rebate", "net_price", "timing_and_service", "product_cost",
    "gross_margin", "selling", "support", "development", "training", "executive", "overhead", "operating_profit",
)
TOTALS = ("net_price", "gross_margin", "operating_profit")  # sums of the steps before them; the rest are steps
# fmt: on


def bridge(records: Records, vendor: int = 0) -> dict[str, float]:
    """From list price to operating profit in k$ per year; costs are negative, and the steps sum exactly to the totals.

    `timing_and_service` is revenue minus the net prices of deals won: maintenance, and subscription fees that
    come later. Totals are list_price, net_price, gross_margin (after rebates) and operating_profit.
    """
    deals, weeks = of_deals(records, vendor), of_weeks(records, vendor)
    deals = deals | {"discount_k": deals["price_k"] - deals["list_k"]}
    deals, weeks = ({name: per_year(total, records) for name, total in totals.items()} for totals in (deals, weeks))
    return {
        "list_price": deals["list_k"],
        "customer_discount": deals["discount_k"],
        "partner_margin": -deals["partner_margin_k"],
        "rebate": -deals["rebate_k"],
        "net_price": deals["net_k"],
        "timing_and_service": weeks["revenue_k"] - weeks["rebate_k"] - deals["net_k"],
        "product_cost": -weeks["product_cost_k"],
        "gross_margin": weeks["gross_margin_k"] - weeks["rebate_k"],
        **{cost: -weeks[f"{cost}_k"] for cost in ("selling", "support", "development", "training", "executive", "overhead")},
        "operating_profit": weeks["operating_profit_k"],
    }
