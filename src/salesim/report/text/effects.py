"""One difference in words, always with its interval, and months of a run as people call them."""

import math
from collections.abc import Mapping
from typing import Any

from salesim.report.text.amounts import MORE_DIGITS, digits_for, is_share, number, scaled, words_of

Row = Mapping[str, Any]
PROFIT = "operating_profit_k"
YEAR_MONTHS = 12


def size(value: float, low: float, high: float, unit: str, *, signed: bool = False, digits: int | None = None) -> str:
    """A difference with its interval, by default in the digits that a table gives it.

    >>> size(412.3, 300.1, 520.9, "k$ a year"), size(-0.02, -0.03, -0.01, "share", signed=True)
    ('412 (300 to 521) k$ a year', '-2.0 (-3.0 to -1.0) points')
    """
    known = math.isfinite(low) and math.isfinite(high)
    digits = digits_for([low, high] if known else [value], unit) if digits is None else digits
    ends = [number(end, unit, signed=signed, digits=digits) for end in (low, high)]
    interval = f" ({ends[0]} to {ends[1]})" if known and ends[0] != ends[1] else ""
    return f"{number(value, unit, signed=signed, digits=digits)}{interval} {words_of(unit)}".rstrip()


def is_clear(row: Row) -> bool:
    """Whether the interval of a difference lies on one side of zero."""
    return bool(row["low"] > 0.0 or row["high"] < 0.0)


def gain(row: Row) -> float:
    """A difference, positive where the arm is better."""
    return float(row["difference"]) * (1.0 if row["better"] == "up" else -1.0)


def effect(row: Row, against: str) -> str:
    """What an arm does beside another: "earns 412 (300 to 521) k$ a year more than pitch", or that this is not clear."""
    low, high, unit, value = (row[name] for name in ("low", "high", "unit", "difference"))
    if value == low == high == 0.0:
        return f"is identical with {against}"
    more, less = ("more than", "less than") if row["measure"] == PROFIT else ("higher than with", "lower than with")
    verb = "earns" if row["measure"] == PROFIT else "is"
    if math.isnan(low) or is_clear(row):
        nearer, farther = sorted((abs(low), abs(high)))
        return f"{verb} {size(abs(value), nearer, farther, unit)} {more if value > 0.0 else less} {against}"
    return f"does not clearly differ from {against}: {size(value, low, high, unit, signed=True)}"


def side_by_side(one: float, other: float, difference: float, low: float, high: float, unit: str) -> tuple[str, str, str]:
    """Two levels and their difference with its interval, in as many digits as it takes for them to add up as printed."""
    first = digits_for([low, high] if math.isfinite(low) else [difference], unit)
    for digits in range(first, first + MORE_DIGITS + 1):
        levels = [round(scaled(value, unit), digits) for value in (one, other)]
        if math.isclose(levels[0] - levels[1], round(scaled(difference, unit), digits), abs_tol=10.0**-digits / 2):
            break
    words = [
        f"{number(value, unit, digits=digits)} {'%' if is_share(unit) else words_of(unit)}".rstrip() for value in (one, other)
    ]
    return words[0], words[1], size(difference, low, high, unit, signed=True, digits=digits)


def titled(row: Row) -> str:
    """The title of a measure inside a sentence."""
    title = str(row["title"])
    return title[:1].lower() + title[1:]


def month_words(month: float) -> str:
    """A month, counted from 0, as people call it.

    >>> month_words(31)
    'month 8 of year 3'
    """
    year, within = divmod(int(month), YEAR_MONTHS)
    return f"month {within + 1} of year {year + 1}"


def months_between(low: float, high: float) -> str:
    """An interval of months, each of which may lie beyond the run.

    >>> months_between(2.0, 2.0), months_between(2.0, math.inf)
    ('month 3 of year 1', 'month 3 of year 1 to later than the run')
    """
    words = [month_or_later(end) for end in (low, high)]
    return words[0] if low == high else " to ".join(words)


def month_or_later(month: float) -> str:
    """A month in words; one beyond the run has no number."""
    return "later than the run" if math.isinf(month) else month_words(month)
