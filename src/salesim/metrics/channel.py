"""Measures of the channel."""

from salesim.ledger import Books
from salesim.metrics.select import deals_of, last_year, mean


def pass_through(books: Books, vendor: int) -> float:
    """Mean change of a partner's price for a small change of its cost, over all quotes made through partners."""
    deals = deals_of(books, vendor)
    return mean(deals["pass_through"][(deals["partner"] >= 0) & (deals["price_k"] > 0)])


def partner_margin(books: Books, vendor: int) -> float:
    """Mean of price and rebate less cost of partners' deals won, as a share of list."""
    deals = deals_of(books, vendor)
    sold = deals[(deals["partner"] >= 0) & (deals["outcome"] == 1)]
    return mean((sold["partner_margin_k"] + sold["rebate_k"]) / sold["list_price_k"])


def partner_discount(books: Books, vendor: int) -> float:
    """Mean discount of partners in the last year."""
    return mean(last_year(books, vendor)["partner_discount"])
