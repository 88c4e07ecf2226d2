"""Measures of deals: how they end, how long they take, and whether the promise is kept."""

from salesim.metrics.ratios import a_year, ratio
from salesim.metrics.sums import of_deals
from salesim.model.records import Records


def share(records: Records, vendor: int, part: str, whole: str) -> float:
    """One sum over a vendor's deals over another; NaN if there is no whole."""
    deals = of_deals(records, vendor)
    return ratio(deals[part], deals[whole])


def cycle_weeks(records: Records, vendor: int) -> float:
    """Mean weeks from opening to signature of deals won."""
    return share(records, vendor, "cycle_weeks", "won")


def win_rate(records: Records, vendor: int) -> float:
    """Won, of all deals that have ended (won, lost, no decision)."""
    return share(records, vendor, "won", "closed")


def no_decision(records: Records, vendor: int) -> float:
    """No decision, of all deals that have ended."""
    return share(records, vendor, "undecided", "closed")


def no_decision_ready(records: Records, vendor: int) -> float:
    """No decision, of the ended deals whose offer was on the table (the forecast denominator)."""
    return share(records, vendor, "ready_undecided", "ready")


def confidence_share(records: Records, vendor: int) -> float:
    """Of the deals that ended in no decision, those that failed for want of confidence or stalled."""
    return share(records, vendor, "unsure", "undecided")


def declined(records: Records, vendor: int) -> float:
    """Declined by the vendor for a poor fit, of all deals that have ended."""
    return share(records, vendor, "declined", "closed")


def promise_kept(records: Records, vendor: int) -> float:
    """Mean of outcome over promise of delivered deals."""
    return share(records, vendor, "kept", "kept_deals")


def delivered(records: Records, vendor: int) -> float:
    """Mean outcome of delivered deals."""
    return share(records, vendor, "delivered", "delivered_deals")


def deals_won(records: Records, vendor: int) -> float:
    """Deals won a year."""
    return a_year(of_deals(records, vendor)["won"], records)
