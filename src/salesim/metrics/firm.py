"""Measures of a vendor's people and of what customers think of it."""

from salesim.metrics.ratios import ratio
from salesim.metrics.sums import YEAR_WEEKS, of_last_year, of_weeks, sums_of
from salesim.model.records import Records


def last_year_mean(records: Records, vendor: int, name: str) -> float:
    """Mean of a column of the weeks over the last 52, or all there are."""
    year = of_last_year(records, vendor)
    return ratio(year[name], year["weeks"])


def trust(records: Records, vendor: int) -> float:
    """Mean trust of all customers in the last year."""
    return last_year_mean(records, vendor, "trust")


def perceived_sameness(records: Records, vendor: int) -> float:
    """How far customers think all offers are the same, mean over the last year."""
    return last_year_mean(records, vendor, "perceived_sameness")


def turnover(records: Records, vendor: int) -> float:
    """Salespeople who leave in a year, as a share of the seats that were filled."""
    weeks = of_weeks(records, vendor)
    if not weeks["hours"]:
        return float("nan")
    return ratio(weeks["leavers"] * YEAR_WEEKS, seats(records, vendor) * weeks["weeks"] - weeks["vacancies"])


def seats(records: Records, vendor: int) -> int:
    """Seats that took part, from the records: the most different seats that opened deals."""
    return int(sums_of(records).seats[vendor])


def cynicism(records: Records, vendor: int) -> float:
    """Mean cynicism of salespeople in the last year."""
    return last_year_mean(records, vendor, "cynicism")


def adoption(records: Records, vendor: int) -> float:
    """Mean adoption of the present approach in the last year."""
    return last_year_mean(records, vendor, "adoption")
