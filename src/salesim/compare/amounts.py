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


def gap(value: float, unit: str, least: float | None = None) -> str:
    """A difference with its unit; shares differ by percentage points. `least`, a smaller one beside it, asks for its digits."""
    if math.isfinite(value) and unit.startswith("share"):
        digits = 1 if min(abs(value), abs(value if least is None else least)) >= 0.0005 else 2
        return f"{round(100 * value, digits) + 0.0:.{digits}f} points"  # + 0.0 makes a plain zero of -0.0
    return amount(value, unit)


def at_most(value: float, unit: str) -> str:
    """A distance (>= 0) with its unit, rounded up so that it is a bound."""
    if unit.startswith("share"):
        step = 0.001 if value >= 0.0005 else 0.0001
    else:
        step = 1.0 if unit.startswith("k$") else 0.1 if unit == "weeks" else 0.01
    return gap(step * math.ceil(value / step - 1e-9), unit)


def declared(value: float, unit: str) -> str:
    """A difference that somebody chose, as it was written: 1 point, 0.5 weeks, 100 k$ a year."""
    number = f"{100 * value if unit.startswith('share') else value:,.10g}"
    words = "points" if unit.startswith("share") else "" if unit == "0 to 1" else unit
    first, _, rest = words.partition(" ")
    return f"{number} {first.removesuffix('s') if number == '1' else first} {rest}".rstrip()


def that_matter(value: float, unit: str) -> str:
    """The smallest difference that matters, after "less than": the 1 point that matters, the 2 points that matter."""
    words = declared(value, unit)
    return f"the {words} that {'matters' if words.split(' ')[0] == '1' else 'matter'}"


def between(low: float, high: float, unit: str) -> str:
    """An interval of differences: the same digits at both ends, the unit said once."""
    number, _, words = gap(high, unit, low).partition(" ")
    return f"{gap(low, unit, high).partition(' ')[0]} to {number} {words}".rstrip()


def listed(names: Sequence[str]) -> str:
    """Names as one reads them: "a", "a and b", "a, b and c"."""
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def sentence_case(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]
