"""Measures of a vendor's people and of what customers think of it."""

from salesim.ledger import Books
from salesim.metrics.select import YEAR_WEEKS, deals_of, last_year, mean, ratio, weeks_of


def trust(books: Books, vendor: int) -> float:
    """Mean trust of all customers in the last year."""
    return mean(last_year(books, vendor)["trust"])


def commodity_belief(books: Books, vendor: int) -> float:
    """How far customers think all offers are the same, mean over the last year."""
    return mean(last_year(books, vendor)["commodity_belief"])


def turnover(books: Books, vendor: int) -> float:
    """Salespeople who leave in a year, as a share of the seats that were filled."""
    weeks = weeks_of(books, vendor)
    hours = weeks["hours_used"] + weeks["hours_free"]
    if not len(weeks) or hours.max() == 0:
        return float("nan")
    filled = seats(books, vendor) * len(weeks) - weeks["vacancies"].sum()
    return ratio(float(weeks["leavers"].sum()) * YEAR_WEEKS, float(filled))


def seats(books: Books, vendor: int) -> int:
    """Seats that took part, from the books: the most different seats that opened deals."""
    return len(set(deals_of(books, vendor)["salesperson"].tolist()))


def cynicism(books: Books, vendor: int) -> float:
    """Mean cynicism of salespeople in the last year."""
    return mean(last_year(books, vendor)["cynicism"])


def adoption(books: Books, vendor: int) -> float:
    """Mean adoption of the present approach in the last year."""
    return mean(last_year(books, vendor)["adoption"])
