"""Rows of the table: what was compared, the figure, its range, its target; and the table in the README."""

import platform
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from clocks import Figure

START, END = "<!-- the table: written by `make bench` -->", "<!-- end of the table -->"
HEAD = "| {} | figure | range | target | reached |\n|---|---|---|---|---|"


class Row(NamedTuple):
    """One line; `reached` is None where there is no target."""

    what: str
    figure: str
    spread: str = ""
    target: str = ""
    reached: bool | None = None

    def line(self) -> str:
        """As Markdown."""
        reached = {True: "yes", False: "no", None: ""}[self.reached]
        return f"| {self.what} | {self.figure} | {self.spread} | {self.target} | {reached} |"


def short(number: float, unit: str = "") -> str:
    """Three digits and a unit."""
    digits = f"{number:.0f}" if abs(number) >= 100 else f"{number:.3g}"
    return f"{digits}{unit}"


def row(what: str, found: Figure, unit: str = "x", at_least: float | None = None, at_most: float | None = None) -> Row:
    """A figure with the range of its repetitions, and the target it has, if any."""
    target, reached = "", None
    if at_least is not None:
        target, reached = f"at least {short(at_least, unit)}", found.middle >= at_least
    elif at_most is not None:
        target, reached = f"at most {short(at_most, unit)}", found.middle <= at_most
    spread = "" if found.low == found.high else f"{short(found.low, unit)} to {short(found.high, unit)}"
    return Row(what, short(found.middle, unit), spread, target, reached)


def one(value: float) -> Figure:
    """A figure that was taken once."""
    return Figure(value, value, value)


def table(title: str, found: Iterable[Row]) -> str:
    """A subject's part of the table."""
    return "\n".join([HEAD.format(title), *[row.line() for row in found]])


def written(page: Path, parts: Sequence[str]) -> None:
    """Puts the table between the markers of a page, with where and when it was measured."""
    before, rest = page.read_text(encoding="utf-8").split(START)
    after = rest.split(END)[1]
    where = f"Measured on {date.today()}, {platform.system()} {platform.machine()}, Python {platform.python_version()}."
    text = "\n\n".join([where, *parts])
    page.write_text(f"{before}{START}\n\n{text}\n\n{END}{after}", encoding="utf-8")
