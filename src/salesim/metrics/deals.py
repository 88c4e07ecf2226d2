"""Measures of deals: how they end, how long they take, and whether the promise is kept."""

from salesim.metrics.ratios import a_year, ratio
from salesim.metrics.sums import of_deals
from salesim.model.records import Books


def share(books: Books, vendor: int, part: str, whole: str) -> float:
    """One sum over a vendor's deals over another; NaN if there is no whole."""
    deals = of_deals(books, vendor)
    return ratio(deals[part], deals[whole])


def cycle_weeks(books: Books, vendor: int) -> float:
    """Mean weeks from opening to signature of deals won."""
    return share(books, vendor, "cycle_weeks", "won")


def win_rate(books: Books, vendor: int) -> float:
    """Won, of all deals that have ended (won, lost, no decision)."""
    return share(books, vendor, "won", "closed")


def no_decision(books: Books, vendor: int) -> float:
    """No decision, of all deals that have ended."""
    return share(books, vendor, "undecided", "closed")


def no_decision_ready(books: Books, vendor: int) -> float:
    """No decision, of the ended deals whose offer was on the table (the forecast denominator)."""
    return share(books, vendor, "ready_undecided", "ready")


def confidence_share(books: Books, vendor: int) -> float:
    """Of the deals that ended in no decision, those that failed for want of confidence or stalled."""
    return share(books, vendor, "unsure", "undecided")


def declined(books: Books, vendor: int) -> float:
    """Declined by the vendor for a poor fit, of all deals that have ended."""
    return share(books, vendor, "declined", "closed")


def promise_kept(books: Books, vendor: int) -> float:
    """Mean of outcome over promise of delivered deals."""
    return share(books, vendor, "kept", "kept_deals")


def delivered(books: Books, vendor: int) -> float:
    """Mean outcome of delivered deals."""
    return share(books, vendor, "delivered", "delivered_deals")


def deals_won(books: Books, vendor: int) -> float:
    """Deals won a year."""
    return a_year(of_deals(books, vendor)["won"], books)
