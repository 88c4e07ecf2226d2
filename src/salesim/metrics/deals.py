"""Measures of deals: how they end, how long they take, and whether the promise is kept."""

from salesim.ledger import Books
from salesim.metrics.select import a_year, closed_of, deals_of, mean, ratio, won_of
from salesim.words import Cause, Outcome


def cycle_weeks(books: Books, vendor: int) -> float:
    """Mean weeks from opening to signature of deals won."""
    won = won_of(books, vendor)
    return mean(won["closed_week"] - won["opened_week"])


def win_rate(books: Books, vendor: int) -> float:
    """Won, of all deals that have ended (won, lost, no decision)."""
    closed = closed_of(books, vendor)
    return ratio((closed["outcome"] == Outcome.WON).sum(), len(closed))


def no_decision(books: Books, vendor: int) -> float:
    """No decision, of all deals that have ended."""
    closed = closed_of(books, vendor)
    return ratio((closed["outcome"] == Outcome.NO_DECISION).sum(), len(closed))


def no_decision_ready(books: Books, vendor: int) -> float:
    """No decision, of the ended deals whose offer was on the table (the forecast denominator)."""
    closed = closed_of(books, vendor)
    ready = closed[closed["ready_week"] >= 0]
    return ratio((ready["outcome"] == Outcome.NO_DECISION).sum(), len(ready))


def confidence_share(books: Books, vendor: int) -> float:
    """Of the deals that ended in no decision, those that failed for want of confidence or stalled."""
    deals = deals_of(books, vendor)
    undecided = deals[deals["outcome"] == Outcome.NO_DECISION]
    confidence = (undecided["cause"] == Cause.CONFIDENCE_TOO_LOW) | (undecided["cause"] == Cause.STALLED)
    return ratio(confidence.sum(), len(undecided))


def declined(books: Books, vendor: int) -> float:
    """Declined by the vendor for a poor fit, of all deals that have ended."""
    closed = closed_of(books, vendor)
    return ratio((closed["cause"] == Cause.DECLINED).sum(), len(closed))


def promise_kept(books: Books, vendor: int) -> float:
    """Mean of outcome over promise of delivered deals."""
    won = won_of(books, vendor)
    done = won[won["delivered_week"] >= 0]
    return mean(done["delivered"] / done["promise"])


def delivered(books: Books, vendor: int) -> float:
    """Mean outcome of delivered deals."""
    won = won_of(books, vendor)
    return mean(won["delivered"][won["delivered_week"] >= 0])


def deals_won(books: Books, vendor: int) -> float:
    """Deals won a year."""
    return a_year(len(won_of(books, vendor)), books)
