"""The answer of a study as data: what to do, what it brings, on what it hangs, and what speaks against believing it."""

from dataclasses import dataclass
from typing import NamedTuple


class Line(NamedTuple):
    """A line of the answer's table: a label, a value with the ends of its interval, and their unit.

    Ends are NaN where there is no interval; an end that lies beyond the run is infinite.
    """

    label: str
    value: float
    low: float
    high: float
    unit: str


@dataclass(frozen=True)
class Answer:
    """What a study answers, complete without its page.

    `sentence` says what to do, how much it brings, how sure that is and on what it hangs. `lines` are the three numbers that
    carry it. `hangs_on` are whole sentences on what would turn it round, `doubts` on what speaks against believing it.
    """

    sentence: str
    lines: tuple[Line, ...]
    hangs_on: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
