"""Measures of a vendor's people and of what customers think of it."""

from salesim.metrics.ratios import ratio
from salesim.metrics.sums import YEAR_WEEKS, of_last_year, of_weeks, tallied
from salesim.model.records import Books


def last_year_mean(books: Books, vendor: int, name: str) -> float:
    """Mean of a column of the weeks over the last 52, or all there are."""
    year = of_last_year(books, vendor)
    return ratio(year[name], year["weeks"])


def trust(books: Books, vendor: int) -> float:
    """Mean trust of all customers in the last year."""
    return last_year_mean(books, vendor, "trust")


def commodity_belief(books: Books, vendor: int) -> float:
    """How far customers think all offers are the same, mean over the last year."""
    return last_year_mean(books, vendor, "commodity_belief")


def turnover(books: Books, vendor: int) -> float:
    """Salespeople who leave in a year, as a share of the seats that were filled."""
    weeks = of_weeks(books, vendor)
    if not weeks["hours"]:
        return float("nan")
    return ratio(weeks["leavers"] * YEAR_WEEKS, seats(books, vendor) * weeks["weeks"] - weeks["vacancies"])


def seats(books: Books, vendor: int) -> int:
    """Seats that took part, from the books: the most different seats that opened deals."""
    return int(tallied(books).seats[vendor])


def cynicism(books: Books, vendor: int) -> float:
    """Mean cynicism of salespeople in the last year."""
    return last_year_mean(books, vendor, "cynicism")


def adoption(books: Books, vendor: int) -> float:
    """Mean adoption of the present approach in the last year."""
    return last_year_mean(books, vendor, "adoption")
