"""Numbers, differences and names as a person would say them."""

import math
from collections.abc import Sequence


def amount(value: float, unit: str) -> str:
    """A number with its unit, as a person would say it: shares in percent, money in k$."""
    if not math.isfinite(value):
        return "nothing"
    if unit.startswith("share"):
        return f"{100 * value:.1f} %"
    if unit.startswith("k$"):
        return f"{value:,.0f} {unit}"
    if unit == "weeks":
        return f"{value:.1f} weeks"
    return f"{value:.2f}"


def gap(value: float, unit: str, *beside: float) -> str:
    """A difference with its unit; shares differ by percentage points. It has the digits that it and those beside it need."""
    if not math.isfinite(value):
        return amount(value, unit)
    digits = digits_for([value, *beside], unit)
    number = f"{round(scaled(value, unit), digits) + 0.0:,.{digits}f}"  # + 0.0 makes a plain zero of -0.0
    return f"{number} {words_of(unit)}".rstrip()


def digits_for(values: Sequence[float], unit: str) -> int:
    """Decimals of differences in a unit: one or two more where one that is not zero would look like it."""
    usual = usual_digits(unit)
    small = min((abs(scaled(value, unit)) for value in values if value and math.isfinite(value)), default=1.0)
    for digits in range(usual, usual + 3):
        if round(small, digits):
            return digits
    return usual + 1


def usual_digits(unit: str) -> int:
    """Decimals of a difference that is not small."""
    return 0 if unit.startswith("k$") else 1 if unit == "weeks" or unit.startswith("share") else 2


def scaled(value: float, unit: str) -> float:
    """A difference in the unit that is said: points for shares."""
    return 100.0 * value if unit.startswith("share") else value


def words_of(unit: str) -> str:
    """The unit of a difference in words."""
    return "points" if unit.startswith("share") else "" if unit == "0 to 1" else unit


def is_tiny(value: float, unit: str) -> bool:
    """Whether a difference would look like zero with the usual digits."""
    return round(scaled(value, unit), usual_digits(unit)) == 0.0


def at_most(value: float, unit: str) -> str:
    """A distance (>= 0) with its unit, rounded up so that it is a bound."""
    step = 10.0 ** -digits_for([value], unit) / scaled(1.0, unit)
    return gap(step * math.ceil(value / step - 1e-9), unit)


def declared(value: float, unit: str) -> str:
    """A difference that somebody chose, as it was written: 1 point, 0.5 weeks, 100 k$ a year."""
    number = f"{scaled(value, unit):,.10g}"
    first, _, rest = words_of(unit).partition(" ")
    return f"{number} {first.removesuffix('s') if number == '1' else first} {rest}".rstrip()


def between(low: float, high: float, unit: str) -> str:
    """An interval of differences: the same digits at both ends, the unit said once."""
    if math.isinf(low) or math.isinf(high):
        return "any size is possible"
    number, _, words = gap(high, unit, low).partition(" ")
    return f"{gap(low, unit, high).partition(' ')[0]} to {number} {words}".rstrip()


def way(better: str) -> str:
    """Which way of a measure is better, in words."""
    return "higher is better" if better == "up" else "lower is better"


def listed(names: Sequence[str]) -> str:
    """Names as one reads them: "a", "a and b", "a, b and c"."""
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def sentence_case(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]
