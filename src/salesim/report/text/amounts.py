"""How numbers and names are written, on the terminal, in tables, figures and sentences alike.

Text has a plain minus and plain spaces; `theme.typeset` gives a page better ones.
"""

import math
from collections.abc import Iterable, Sequence

CONTESTS = {"alone": "alone against its rivals", "everyone": "the whole market sells this way"}
DIGITS = {"weeks": 1, "deals a year": 1}  # decimals; shares have one, money none, all else two
MORE_DIGITS = 3  # at most, where numbers are small


def is_share(unit: str) -> bool:
    """Whether numbers in this unit are written as percentages."""
    return unit.startswith("share")


def scaled(value: float, unit: str) -> float:
    """A value in the unit that is written: percent, or points, for shares."""
    return 100.0 * value if is_share(unit) else value


def usual_digits(unit: str) -> int:
    """Decimals of a number that is not small."""
    return 0 if unit.startswith("k$") else 1 if is_share(unit) else DIGITS.get(unit, 2)


def digits_for(values: Iterable[float], unit: str) -> int:
    """Decimals of numbers that stand side by side.

    There are as many as it takes for nothing but zero to look like zero, and for different numbers to look different.

    >>> digits_for([5.0, -0.02], "weeks"), digits_for([0.1151, 0.1211], "weeks"), digits_for([0.0, 0.02], "share")
    (2, 3, 1)
    """
    known, usual = [scaled(value, unit) for value in values if math.isfinite(value)], usual_digits(unit)
    for digits in range(usual, usual + MORE_DIGITS + 1):
        seen = [round(value, digits) for value in known]
        if all(short or not whole for short, whole in zip(seen, known, strict=True)) and len(set(seen)) == len(set(known)):
            return digits
    return usual + 1


def number(value: float, unit: str, *, signed: bool = False, digits: int | None = None) -> str:
    """A number without its unit; zero has no sign, and what is not known is a dash.

    >>> number(-0.0513, "share"), number(1234.5, "k$ a year", signed=True), number(0.0, "weeks", signed=True)
    ('-5.1', '+1,234', '0.0')
    """
    if not math.isfinite(value):
        return "–"
    places = usual_digits(unit) if digits is None else digits
    rounded = round(scaled(value, unit), places) + 0.0  # + 0.0 makes a plain zero of -0.0
    return f"{rounded:{'+' if signed and rounded else ''},.{places}f}"


def unit_words(unit: str) -> str:
    """The name of a unit beside a number: `share of list` is "% of list"."""
    return "%" + unit.removeprefix("share") if is_share(unit) else unit


def words_of(unit: str) -> str:
    """The name of a unit beside a difference: shares differ by percentage points."""
    return "points" if is_share(unit) else "" if unit == "0 to 1" else unit


def percent(share: float, digits: int = 0) -> str:
    """A share in percent: 0.231 is 23 %."""
    return f"{number(share, 'share', digits=digits)} %" if math.isfinite(share) else "–"


def amount(value: float, unit: str) -> str:
    """A number with its unit: 25.6 %, 1,234 k$ a year."""
    if not math.isfinite(value):
        return "nothing"
    words = "%" if is_share(unit) else words_of(unit)
    return f"{number(value, unit)} {words}".rstrip()


def gap(value: float, unit: str, *beside: float) -> str:
    """A difference with its unit, in the digits that it and those beside it need."""
    if not math.isfinite(value):
        return amount(value, unit)
    return f"{number(value, unit, digits=digits_for([value, *beside], unit))} {words_of(unit)}".rstrip()


def between(low: float, high: float, unit: str) -> str:
    """An interval of differences: the same digits at both ends, the unit said once."""
    if math.isinf(low) or math.isinf(high):
        return "any size is possible"
    digits = digits_for([low, high], unit)
    return f"{number(low, unit, digits=digits)} to {number(high, unit, digits=digits)} {words_of(unit)}".rstrip()


def interval(low: float, high: float, unit: str, digits: int | None = None) -> str:
    """An interval of differences in a table: [+0.2, +1.0]; nothing where there is none."""
    if math.isnan(low):
        return ""
    places = digits_for([low, high], unit) if digits is None else digits
    return f"[{', '.join(number(end, unit, signed=True, digits=places) for end in (low, high))}]"


def declared(value: float, unit: str) -> str:
    """A difference that somebody chose, as it was written: 1 point, 0.5 weeks, 100 k$ a year."""
    text = f"{scaled(value, unit):,.10g}"
    first, _, rest = words_of(unit).partition(" ")
    return f"{text} {first.removesuffix('s') if text == '1' else first} {rest}".rstrip()


def with_unit(name: str, unit: str) -> str:
    """A name with its unit behind it, where it has any."""
    return f"{name} ({unit})" if unit not in ("", "none") else name


def way(better: str) -> str:
    """Which way of a measure is better, in words."""
    return "higher is better" if better == "up" else "lower is better"


def which(seeds: Sequence[int]) -> str:
    """Seeds by number.

    >>> which([1, 2, 3]), which([1, 5, 9])
    ('1 to 3', '1, 5, 9')
    """
    follow = 1 < len(seeds) == seeds[-1] - seeds[0] + 1
    return f"{seeds[0]} to {seeds[-1]}" if follow else ", ".join(map(str, seeds))


def listed(names: Sequence[str], last: str = "and") -> str:
    """Names as one reads them: "a", "a and b", "a, b and c"."""
    return f" {last} ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def counted(count: int, thing: str) -> str:
    """A number of things: 1 seed, 40 seeds."""
    return f"{count:,} {thing}{'s' * (count != 1)}"


def seeds_words(seeds: Sequence[int]) -> str:
    """How many seeds, and which.

    >>> seeds_words([1, 2, 3]), seeds_words([7])
    ('3 seeds (1 to 3)', '1 seed (7)')
    """
    return f"{len(seeds)} seed{'s' * (len(seeds) > 1)} ({which(seeds)})"


def spaced(name: str) -> str:
    """A name as people write it: `hold_and_teach` is hold and teach."""
    return name.replace("_", " ")


def sentence_case(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]


def contest_words(contest: str) -> str:
    """What a contest is called."""
    return CONTESTS.get(contest, spaced(contest))


def contest_title(contest: str) -> str:
    """A contest above its part of a report, of a terminal's answer, or of a figure."""
    return sentence_case(contest_words(contest))
