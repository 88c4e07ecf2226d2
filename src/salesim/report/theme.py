"""What all figures and tables share: arms and contests in a fixed order, one colour an arm, and how text is set."""

import math
import re
from dataclasses import dataclass
from html import escape
from typing import Any

from salesim.report.text.amounts import spaced

# Grey for the baseline, then hues that stay apart for colour-blind eyes (Okabe & Ito 2008; Tol 2021, "muted").
BASELINE_COLOUR = "#5b5f66"
ARM_COLOURS = (
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#882255", "#999933", "#332288", "#7f4f24",
)  # fmt: skip
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
INK, FAINT, LINE = "#23262b", "#6b7078", "#e3e5e8"
BANDED_ARMS = 4
LINES = 6  # at most in one panel
MINUS = "−"
HARD_SPACE = "\u00a0"  # keeps a number and its unit on one line


@dataclass(frozen=True)
class Theme:
    """Arms and contests in their fixed order; every figure takes it, so an arm looks the same on the whole page."""

    arms: tuple[str, ...]
    contests: tuple[str, ...]
    baseline: str

    @property
    def others(self) -> tuple[str, ...]:
        """All arms but the baseline."""
        return tuple(arm for arm in self.arms if arm != self.baseline)

    def colour(self, arm: str) -> str:
        """The arm's colour, grey for the baseline."""
        return BASELINE_COLOUR if arm == self.baseline else ARM_COLOURS[self.others.index(arm) % len(ARM_COLOURS)]

    @property
    def groups(self) -> list[tuple[str, ...]]:
        """Arms that share a panel of lines: at most six, the baseline in each."""
        if len(self.arms) <= LINES:
            return [self.arms]
        first = tuple(arm for arm in self.arms if arm == self.baseline)
        size = math.ceil(len(self.others) / math.ceil(len(self.others) / (LINES - len(first))))
        return [first + self.others[start : start + size] for start in range(0, len(self.others), size)]

    @property
    def has_many(self) -> bool:
        """Whether there are so many arms that their bands would hide each other, and colours are not enough."""
        return len(self.arms) > BANDED_ARMS


def theme_of(record: dict[str, Any]) -> Theme:
    """Arms and contests as a record orders them, the baseline first."""
    baseline, arms = str(record.get("baseline", "")), [str(arm) for arm in record.get("arms", ())]
    others = [arm for arm in arms if arm != baseline]
    return Theme((baseline, *others) if baseline else tuple(others), tuple(record.get("contests", ())), baseline)


def faded(colour: str, opacity: float) -> str:
    """A colour of the palette, `#rrggbb`, let through by `opacity` (0 to 1)."""
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"


def drawn(name: str) -> str:
    """A name for Plotly, which reads tags in its texts."""
    return escape(spaced(name), quote=False)


def typeset(text: str) -> str:
    """Text as a page or a figure sets it: a minus that is one, and percents that stay with their number."""
    return re.sub(r"(?<![\w.])-(?=[\d.])", MINUS, text).replace(" %", f"{HARD_SPACE}%")
