"""What all figures and tables share: the words for contests, one fixed colour an arm, and how numbers are written."""

import math
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd

from salesim.report.study_files import StudyFiles

CONTEST_WORDS = {"alone": "alone against its rivals", "everyone": "the whole market sells this way"}

# Grey for the baseline, then hues that stay apart for colour-blind eyes (Okabe & Ito 2008; Tol 2021, "muted").
BASELINE_COLOUR = "#5b5f66"
ARM_COLOURS = (
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#882255", "#999933", "#332288", "#7f4f24",
)  # fmt: skip
DASHES = ("solid", "dash", "dot", "dashdot")
BANDED_ARMS = 4  # more bands than this in one panel hide each other
MINUS = "−"
HARD_SPACE = "\u00a0"  # keeps a number and its unit on one line


@dataclass(frozen=True)
class Look:
    """Arms and contests in their fixed order; every figure takes it, so an arm looks the same on the whole page."""

    arms: tuple[str, ...]
    contests: tuple[str, ...]
    baseline: str

    def colour(self, arm: str) -> str:
        """The arm's colour, grey for the baseline."""
        others = [name for name in self.arms if name != self.baseline]
        return BASELINE_COLOUR if arm == self.baseline else ARM_COLOURS[others.index(arm) % len(ARM_COLOURS)]

    def dash(self, arm: str) -> str:
        """The arm's line: a second sign beside its colour once there are many arms."""
        return DASHES[self.arms.index(arm) % len(DASHES)] if len(self.arms) > BANDED_ARMS else "solid"

    def banded(self, arm: str) -> bool:
        """Whether the arm's spread is drawn: every arm's if they are few, else only the baseline's."""
        return len(self.arms) <= BANDED_ARMS or arm == self.baseline


def look_of(files: StudyFiles) -> Look:
    """Arms and contests as study.json orders them; those only in `runs` come after."""
    runs = files.table("runs")
    arms = _ordered(files.record.get("arms", ()), runs, "arm")
    baseline = str(files.record.get("baseline", ""))
    first = [arm for arm in arms if arm == baseline]
    return Look(
        arms=(*first, *(arm for arm in arms if arm != baseline)),
        contests=_ordered(files.record.get("contests", ()), runs, "contest"),
        baseline=baseline,
    )


def _ordered(named: Any, runs: pd.DataFrame, column: str) -> tuple[str, ...]:
    seen = [str(name) for name in runs[column].unique()] if column in runs else []
    return tuple(dict.fromkeys([*(str(name) for name in named), *seen]))


def contest_words(contest: str) -> str:
    """How a contest is called on the page."""
    return CONTEST_WORDS.get(contest, spaced(contest))


def faded(colour: str, opacity: float) -> str:
    """A colour of the palette, `#rrggbb`, let through by `opacity` (0 to 1)."""
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"


def spaced(name: str) -> str:
    """A name as people write it: `hold_and_teach` is hold and teach."""
    return name.replace("_", " ")


def drawn(name: str) -> str:
    """A name for Plotly, which reads tags in its texts."""
    return escape(spaced(name), quote=False)


def sentence_case(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]


def percent(share: float, digits: int = 1) -> str:
    """0.2314 as 23.1 %; a dash for NaN."""
    return "–" if math.isnan(share) else f"{100 * share:.{digits}f}{HARD_SPACE}%".replace("-", MINUS)


def is_share(unit: str) -> bool:
    """Whether numbers in this unit read better as percentages."""
    return unit.startswith("share")


def digits_of(value: float, unit: str) -> int:
    """Decimals for a number in this unit, as large as `value`: three digits that matter."""
    if is_share(unit):
        return 1
    if unit == "0 to 1":
        return 2
    return 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2


def amount(value: float, unit: str, *, signed: bool = False, digits: int | None = None) -> str:
    """A number in its unit, without the unit's name: shares as percentages. `digits` (decimals) keeps a row alike."""
    if math.isnan(value):
        return "–"
    places = digits_of(value, unit) if digits is None else digits
    text = f"{100 * value if is_share(unit) else value:{'+' if signed else ''},.{places}f}"
    is_zero = not any(digit in text for digit in "123456789")
    return text.lstrip("+-") if is_zero else text.replace("-", MINUS)


def showing(values: list[float], unit: str, digits: int) -> int:
    """`digits`, or as many more as keep values that are not zero from all looking like it."""
    largest = max((abs(value) for value in values if not math.isnan(value)), default=0.0) * (100 if is_share(unit) else 1)
    return digits if not largest or round(largest, digits) else -math.floor(math.log10(largest))


def telling(low: float, high: float, unit: str, digits: int) -> int:
    """`digits`, or up to three more, so that ends of an interval show their signs, and two ends look like two."""
    ends = [value * (100 if is_share(unit) else 1) for value in (low, high) if math.isfinite(value)]
    for places in range(digits, digits + 3):
        seen = [round(end, places) for end in ends]
        if all(seen[at] or not end for at, end in enumerate(ends)) and len(set(seen)) == len(set(ends)):
            return places
    return digits + 3 if any(ends) else digits


def unit_words(unit: str) -> str:
    """The unit's name beside `amount`: `share of list` is "% of list"."""
    return "%" + unit.removeprefix("share") if is_share(unit) else unit
