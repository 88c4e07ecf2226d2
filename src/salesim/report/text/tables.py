"""The tables of a report before they are laid out: cells of text that the terminal and the page show alike."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from salesim.report.text.amounts import digits_for, interval, listed, number, unit_words
from salesim.report.theme import Theme

Row = Mapping[Any, Any]
NEEDED = ("contest", "arm", "measure", "title", "unit", "better", "mean_arm", "difference", "low", "high", "verdict")


class Cell(NamedTuple):
    """What stands in a cell, and the line below it: a mark or difference, of a kind, and something more.

    `kind` is "better", "worse", "unsure", "total" (of the name of a row of sums), or empty. `arm` is the arm that a heading
    names, whose colour it has on a page.
    """

    text: str
    below: str = ""
    more: str = ""
    kind: str = ""
    arm: str = ""


class Grid(NamedTuple):
    """A table: headings, and rows that begin with their name."""

    head: Sequence[Cell]
    rows: Sequence[Sequence[Cell]]

    def turned(self) -> "Grid":
        """Rows as columns."""
        head, *rows = zip(self.head, *self.rows, strict=True)
        return Grid(head, rows)


def results(differences: pd.DataFrame, contest: str, theme: Theme, measures: Sequence[str]) -> Grid:
    """Measures by arms: the mean, and below it the paired difference from the baseline with its interval."""
    rows = differences[differences["contest"] == contest]
    arms = [arm for arm in theme.arms if (rows["arm"] == arm).any()]
    cells = {(str(row["measure"]), str(row["arm"])): row for row in rows.to_dict("records")}
    body = []
    for measure in measures:
        known = next(cells[measure, arm] for arm in arms if (measure, arm) in cells)
        lower = "; lower is better" if known["better"] == "down" else ""
        more = f"{unit_words(str(known['unit']))}{lower}"
        if rows.loc[rows["measure"] == measure, "mean_arm"].isna().all():
            more = why_missing(measure) or more
        name = Cell(str(known["title"]), more=more)
        body.append([name, *(result(cells[measure, arm]) if (measure, arm) in cells else Cell("–") for arm in arms)])
    return Grid([Cell(""), *(arm_cell(arm) for arm in arms)], body)


def why_missing(measure: str) -> str:
    """Why a measure has no value in any run; empty if its runs may have been long enough."""
    from salesim.metrics import fewest_weeks  # with numba, which a page need not wait for

    weeks = fewest_weeks(measure)
    return f"missing in runs of fewer than {weeks} weeks" if weeks else ""


def arm_cell(arm: str) -> Cell:
    """The heading of an arm."""
    return Cell(arm, arm=arm)


def result(row: Row) -> Cell:
    """A mean, and for other arms than the baseline the difference, with as many digits as its interval needs."""
    unit, verdict = str(row["unit"]), str(row["verdict"])
    mean = number(float(row["mean_arm"]), unit)
    if verdict == "baseline":
        return Cell(mean)
    kind, mark = marked(verdict, str(row["better"]))
    if verdict == "equal":
        return Cell(mean, f"{mark} identical", kind=kind)
    difference, low, high = (float(row[name]) for name in ("difference", "low", "high"))
    if not math.isfinite(difference):
        return Cell(mean)
    digits = digits_for([low, high] if math.isfinite(low) else [difference], unit)
    text = number(difference, unit, signed=True, digits=digits)
    return Cell(mean, f"{mark} {text}".strip(), interval(low, high, unit, digits), kind)


def marked(verdict: str, better: str) -> tuple[str, str]:
    """Kind and mark of a difference; each mark has one meaning."""
    if verdict in ("higher", "lower"):
        return ("better", "▲") if (verdict == "higher") == (better == "up") else ("worse", "▼")
    return "unsure", {"equal": "=", "equivalent": "≈", "cannot tell": "?"}.get(verdict, "")


def key_to_results(
    differences: pd.DataFrame, baseline: str, confidence: float, unit: str = "seed", apart: Sequence[str] = ()
) -> str:
    """How the table of results is read; intervals of the measures `apart` are another family."""
    seeds = int(differences["n"].max()) if "n" in differences and differences["n"].notna().any() else 0
    if seeds == 1:
        return f"One seed has no interval. Below each result: its difference from the baseline, {baseline}, with that seed."
    family = f"; those of {listed([title[:1].lower() + title[1:] for title in apart])}, by themselves" if apart else ""
    small = ", ≈ too small to matter, even where the interval leaves out zero (within the equivalence margin)"
    equivalent = small if "equivalent" in set(differences["verdict"]) else ""
    return (
        f"Each cell has the mean over {seeds} {unit}s. Below it: the difference from the baseline, {baseline}, with the same "
        f"{unit}s, and its interval [low, high]. All intervals of a contest hold together with {100 * confidence:g} % "
        f"confidence{family}. ▲ better than the baseline, ▼ worse, ? no clear difference (the interval contains zero)"
        f"{equivalent}, = identical in every run."
    )
