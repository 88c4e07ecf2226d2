"""The axes of a sweep: the values that a setting takes, and which other axis it moves with or depends on."""

import json
import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from salesim.config.errors import InputError

MOST_POINTS = 50_000
ARM = "arm"  # in a condition: the arm, whatever it is a value of
HOW_RELATED = "write 'KEY=a,b with OTHER' or 'KEY=a,b if OTHER=VALUE', in quotes, where OTHER is another axis"
_RELATED = re.compile(r"(?P<plain>.*?)( with (?P<tied>[\w.]+))?( if (?P<key>[\w.]+)=(?P<wanted>[^\s=]+))?", re.DOTALL)


@dataclass(frozen=True)
class Axis:
    """One setting that a sweep varies: the values it takes, or the ends of an interval (values empty).

    `whole` means whole numbers only, `log` points spread evenly over orders of magnitude; `text` is how it was written.
    An axis that is `tied` to another one moves with it. One with a condition varies only where another one, `only_key`, has
    one of the values `only`.
    """

    key: str
    text: str
    values: tuple[Any, ...] = ()
    low: float = math.nan
    high: float = math.nan
    whole: bool = False
    log: bool = False
    tied: str = field(default="", kw_only=True)
    only_key: str = field(default="", kw_only=True)
    only: tuple[str, ...] = field(default=(), kw_only=True)

    def __post_init__(self) -> None:
        said, ends = f"{self.key}={self.text}", (self.low, self.high)
        if self.values:
            twice, seen = [], set[Any]()
            for value in self.values:
                same = shown(value) if isinstance(value, list | dict) else value
                twice += [value] * (same in seen)
                seen.add(same)
            if twice:
                raise InputError(f"{said} has {shown(twice[0])} twice; name each value once")
        elif not all(map(math.isfinite, ends)):
            raise InputError(f"{said} has an end that is no finite number; write interval(low,high) with two numbers")
        elif self.low >= self.high:
            raise InputError(f"{said} is an empty interval: its low end is not below its high end; write interval(low,high)")
        elif self.log and self.low <= 0:
            raise InputError(f"{said} is spread over orders of magnitude; its low end has to be above 0")
        elif self.whole and not all(end.is_integer() for end in ends):
            raise InputError(f"{said} needs whole numbers as ends, as {self.key} is a whole number")

    @property
    def is_interval(self) -> bool:
        """Whether it is an interval, which has no list of values."""
        return not self.values

    def at(self, share: float) -> Any:
        """The value at a share (0 to 1) of the axis; whole numbers and values get equal parts."""
        if self.values:
            return self.values[min(int(share * len(self.values)), len(self.values) - 1)]
        if self.whole:
            return int(min(self.low + int(share * (self.high - self.low + 1)), self.high))
        if self.log:
            return math.exp(math.log(self.low) + share * (math.log(self.high) - math.log(self.low)))
        return self.low + share * (self.high - self.low)

    def applies(self, settings: Mapping[str, Any]) -> bool:
        """Whether it varies where these are the values of the other axes; a condition on an arm that is not there is met."""
        if self.only_key == ARM and ARM not in settings:
            return True
        met = not self.only_key or (self.only_key in settings and shown(settings[self.only_key]) in self.only)
        return met and (not self.tied or self.tied in settings)


def related(word: str) -> tuple[str, dict[str, Any]]:
    """A word without `with OTHER` and `if OTHER=a,b` at its end, and what these say as fields of an Axis.

    >>> related("weeks=52,104 if market.customers.count=1e2,200")
    ('weeks=52,104', {'only_key': 'market.customers.count', 'only': ('100', '200')})

    Raises InputError for a word that says it in another way.
    """
    parts = _RELATED.fullmatch(word)
    if parts is None or word in ("with", "if") or re.search(r" (with|if)\b", parts["plain"]):
        raise InputError(f"{word!r} cannot be read; {HOW_RELATED}")
    fields: dict[str, Any] = {"tied": parts["tied"]} if parts["tied"] else {}
    if parts["key"]:
        fields |= {"only_key": parts["key"], "only": tuple(shown(as_number(part)) for part in parts["wanted"].split(","))}
    return parts["plain"], fields


def as_number(text: str) -> Any:
    """A number if a text is one, else the text."""
    try:
        return float(text)
    except ValueError:
        return text


def shown(value: Any) -> str:
    """A value as a person writes it on the command line; lists as [a, b]."""
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(shown, value))}]"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key}: {shown(part)}' for key, part in value.items())}}}"
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def values_in(numbers: Callable[[], Iterable[Any]], key: str, text: str) -> list[Any]:
    """The numbers of a range. Raises InputError for an empty one, or one with more than a sweep can have."""
    said, how = f"{key}={text}", "write range(first,end,step), without the end"
    try:
        values = list(islice(numbers(), MOST_POINTS + 1))
    except (ValueError, ArithmeticError) as error:  # a step of 0; an end that is no number
        raise InputError(f"{said} is not a range: it needs finite numbers and a step that is not 0; {how}") from error
    if len(values) > MOST_POINTS:
        raise InputError(f"{said} has more values than a sweep can have points: there can be at most {MOST_POINTS:,}; {how}")
    if not values:
        raise InputError(f"{said} is an empty range; {how}")
    if len(values) == 1:
        only = shown(values[0])
        raise InputError(f"{said} is one value, {only}; {how}; the step is 1 if you leave it out; or write {key}={only}")
    return values
