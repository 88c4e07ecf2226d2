"""One difference in words, always with its interval, and months of a run as people call them."""

import math
from collections.abc import Mapping
from typing import Any

from salesim.metrics.months import YEAR_MONTHS
from salesim.report.text.amounts import amount, digits_for, number, words_of

Row = Mapping[str, Any]
PROFIT = "operating_profit_k"


def size(value: float, low: float, high: float, unit: str, *, signed: bool = False) -> str:
    """A difference with its interval, in the digits that a table gives it: 412 (300 to 520) k$ a year.

    >>> size(412.3, 300.1, 520.9, "k$ a year"), size(-0.02, -0.03, -0.01, "share", signed=True)
    ('412 (300 to 521) k$ a year', '-2.0 (-3.0 to -1.0) points')
    """
    known = math.isfinite(low) and math.isfinite(high)
    digits = digits_for([low, high] if known else [value], unit)
    ends = [number(end, unit, signed=signed, digits=digits) for end in (low, high)]
    interval = f" ({ends[0]} to {ends[1]})" if known and low != high else ""
    return f"{number(value, unit, signed=signed, digits=digits)}{interval} {words_of(unit)}".rstrip()


def is_clear(row: Row) -> bool:
    """Whether the interval of a difference lies on one side of zero."""
    return bool(row["low"] > 0.0 or row["high"] < 0.0)


def gain(row: Row) -> float:
    """A difference, positive where the arm is better."""
    return float(row["difference"]) * (1.0 if row["better"] == "up" else -1.0)


def effect(row: Row, against: str) -> str:
    """How an arm differs from another: "412 (300 to 521) k$ a year more than pitch", or that it is not clear."""
    low, high, unit, value = (row[name] for name in ("low", "high", "unit", "difference"))
    if value == low == high == 0.0:
        return f"identical with {against}"
    if math.isnan(low):
        return f"{size(abs(value), low, high, unit)} {more(row)} {against}"
    if not is_clear(row):
        return f"not clearly different from {against}: {size(value, low, high, unit, signed=True)}"
    nearer, farther = sorted((abs(low), abs(high)))
    return f"{size(abs(value), nearer, farther, unit)} {more(row)} {against}"


def more(row: Row) -> str:
    """Whether a difference is more or less, of money and of counts, or higher or lower, of all else."""
    counted = str(row["unit"]).startswith(("k$", "deals"))
    return ("more than" if row["difference"] > 0 else "less than") if counted else (
        "higher than with" if row["difference"] > 0 else "lower than with"
    )


def titled(row: Row) -> str:
    """The title of a measure inside a sentence."""
    title = str(row["title"])
    return title[:1].lower() + title[1:]


def level(value: float, unit: str) -> str:
    """A level with its unit."""
    return amount(value, unit)


def month_words(month: float) -> str:
    """A month, counted from 0, as people call it.

    >>> month_words(31)
    'month 8 of year 3'
    """
    year, within = divmod(int(month), YEAR_MONTHS)
    return f"month {within + 1} of year {year + 1}"


def months_between(low: float, high: float, months: int) -> str:
    """An interval of months, as `month 3 to month 16 of year 4`; what lies beyond the run is later than it."""
    if math.isinf(low):
        return "later than the run"
    if math.isinf(high):
        return f"{month_words(low)} to later than the run"
    return month_words(low) if low == high else f"{month_words(low)} to {month_words(high)}"
