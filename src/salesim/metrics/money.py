"""Measures of money."""

import numpy as np

from salesim.ledger import Books
from salesim.metrics.select import YEAR_WEEKS, Rows, a_year, mean, ratio, weeks_of, won_of


def margin_of(won: Rows) -> float:
    """Net price less product cost, over net price, of all deals together."""
    net_k = won["net_price_k"].sum()
    return ratio(net_k - won["unit_cost_k"].sum(), net_k)


def gross_margin(books: Books, vendor: int) -> float:
    """Gross margin of the deals won; the same under any licence."""
    return margin_of(won_of(books, vendor))


def margin_fall(books: Books, vendor: int) -> float:
    """Gross margin of deals won in the first two years less that of the last two."""
    won = won_of(books, vendor)
    span = 2 * YEAR_WEEKS
    early = won[won["closed_week"] < span]
    late = won[won["closed_week"] >= books.n_weeks - span]
    return margin_of(early) - margin_of(late)


def operating_profit_k(books: Books, vendor: int) -> float:
    """Operating profit a year."""
    return a_year(weeks_of(books, vendor)["operating_profit_k"].sum(), books)


def revenue_k(books: Books, vendor: int) -> float:
    """Revenue a year."""
    return a_year(weeks_of(books, vendor)["revenue_k"].sum(), books)


def discount(books: Books, vendor: int) -> float:
    """Mean discount to the customer of deals won."""
    return mean(1.0 - won_of(books, vendor)["price"])


def contract_value_k(books: Books, vendor: int) -> float:
    """Mean of the money a contract brought before it ended, or so far (not discounted)."""
    won = won_of(books, vendor)
    return mean(won["fees_k"] - won["rebate_k"])


def lifetime_value(margin_k: float, retention: float, discount_rate: float) -> float:
    """Customer lifetime value m r / (1 + i - r): yearly margin, yearly retention, yearly discount rate.

    The first margin comes after a year. Source: Gupta & Lehmann 2003.
    """
    return margin_k * retention / (1.0 + discount_rate - retention)


def equal_price(fee_k: float, retention: float, discount_rate: float) -> float:
    """Perpetual price worth the same as a yearly fee paid at once and kept with `retention`: fee (1 + i) / (1 + i - r)."""
    return fee_k * (1.0 + discount_rate) / (1.0 + discount_rate - retention)


BRIDGE = (
    "list_price",
    "customer_discount",
    "partner_margin",
    "rebate",
    "net_price",
    "timing_and_service",
    "product_cost",
    "gross_margin",
    "selling",
    "support",
    "development",
    "training",
    "executive",
    "operating_profit",
)


def bridge(books: Books, vendor: int = 0) -> dict[str, float]:
    """From list price to operating profit in k$ a year; costs are negative, and the steps sum exactly to the totals.

    `timing_and_service` is what makes revenue of the net prices of deals won: maintenance, and subscription fees that
    come later. Totals are list_price, net_price, gross_margin (after rebates) and operating_profit.
    """
    won, weeks = won_of(books, vendor), weeks_of(books, vendor)

    def year(values: np.ndarray) -> float:
        return a_year(values.sum(), books)

    steps = {
        "list_price": year(won["list_price_k"]),
        "customer_discount": year(won["price_k"] - won["list_price_k"]),
        "partner_margin": -year(won["partner_margin_k"]),
        "rebate": -year(won["rebate_k"]),
        "net_price": year(won["net_price_k"]),
        "timing_and_service": year(weeks["revenue_k"]) - year(weeks["rebate_k"]) - year(won["net_price_k"]),
        "product_cost": -year(weeks["product_cost_k"]),
        "gross_margin": year(weeks["gross_margin_k"]) - year(weeks["rebate_k"]),
    }
    for cost in ("selling", "support", "development", "training", "executive"):
        steps[cost] = -year(weeks[f"{cost}_k"])
    steps["operating_profit"] = year(weeks["operating_profit_k"])
    return steps
