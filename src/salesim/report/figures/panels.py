"""What figures of arms share: a column of panels a contest, lines, bands, dots and intervals in the colours of arms."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import product
from typing import Any

from salesim.report.aggregates import Key
from salesim.report.figures.figure import Figure, Place
from salesim.report.study_files import Row
from salesim.report.text.amounts import contest_title
from salesim.report.theme import Theme, drawn, faded

SHEET, LEAST = 840, 110  # pixels: of all panels on a sheet of paper, and of one
HIGH_ROWS, LOW_ROWS = 3, 4  # of panels; more than these are low, and as low as can be
DASHES = ("solid", "dash", "dot", "dashdot")


def panels(theme: Theme, rows: int, *, shared_y: bool = False, own_x: bool = False) -> Figure:
    """An empty figure with a panel for each row and contest; with `own_x` there is room for a title under each."""
    gaps = (0.06, (0.36 if own_x else 0.24) / (rows + 1))
    titles = [contest_title(contest) for contest in theme.contests]
    return Figure(rows, max(len(titles), 1), titles, gaps, "all" if shared_y else "rows", rows > 1 and not own_x)


def grouped_rows(titles: Iterable[str], theme: Theme) -> list[tuple[int, str, tuple[str, ...]]]:
    """Rows of panels, from 1, with their title and arms: a row for each title, or more where arms are many."""
    return [(row, title, arms) for row, (title, arms) in enumerate(product(titles, theme.groups), start=1)]


def height_of(rows: int, wish: int) -> int:
    """Pixels of all rows of panels, `wish` each; less where they would not fit on a sheet of paper."""
    return rows * max(min(wish, SHEET // max(rows, 1)), LEAST)


def upright_title(title: str, rows: int) -> str:
    """The name of an upright axis, in two lines where its panel is low, and in three where it is as low as can be."""
    first, comma, unit = title.partition(", ")
    if rows > LOW_ROWS:
        first = first.replace(" ", "<br>")
    return (f"{first},<br>{unit}" if comma else title.replace(" (", "<br>(")) if rows > HIGH_ROWS else title


def lines(spreads: Mapping[str, Mapping[Key, list[Row]]], theme: Theme, titles: Mapping[str, str], tick: str) -> Figure:
    """A line and a band an arm over years; each measure has a row of panels, `titles` the names of their axes."""
    known = {arm for spread in spreads.values() for _, arm in spread}
    rows_of_panels = grouped_rows(titles, replace(theme, arms=tuple(arm for arm in theme.arms if arm in known)))
    n_groups = len(rows_of_panels) // len(titles)
    figure = panels(theme, rows=len(rows_of_panels))
    finer = {".0%": ".1%", ".1f": ".2f"}.get(tick, tick)  # one digit more where the reader points
    hover = f"%{{y:{finer}}} [%{{customdata[0]:{finer}}}, %{{customdata[1]:{finer}}}]"
    for row, measure, arms in rows_of_panels:
        for (column, contest), arm in product(enumerate(theme.contests, start=1), arms):
            if rows := spreads[measure].get((contest, arm)):
                year, mean, ends = [each["year"] + 1 for each in rows], [each["mean"] for each in rows], list(map(_ends, rows))
                if len(year) > 1 and (arm == theme.baseline or not theme.has_many):
                    add_band(figure, year, ends, theme.colour(arm), arm, (row, column))
                add_line(
                    figure, theme, arm, (row, column), x=year, y=mean, customdata=ends, marker={"size": 5}, hovertemplate=hover
                )
        figure.style("y", row, 1, title=upright_title(titles[measure], len(rows_of_panels)))
        figure.style("y", row, matches=figure.upright(row - (row - 1) % n_groups))
    figure.style("y", tickformat=tick, rangemode="tozero")
    figure.style("x", dtick=1)
    figure.style("x", len(rows_of_panels), title="year")
    return figure.dressed(130 + height_of(len(rows_of_panels), 270))


def _ends(row: Row) -> tuple[float, float]:
    return row["low"], row["high"]


def add_band(figure: Figure, year: list[float], ends: list[tuple[float, float]], colour: str, arm: str, place: Place) -> None:
    """The area between the lower and the upper ends; none where there are no ends."""
    if any(map(math.isnan, (ends[0][0], ends[-1][1]))):
        return
    low, high = zip(*ends, strict=True)
    add_arm(
        figure, arm, place, x=year + year[::-1], y=[*high, *low[::-1]], mode="lines", showlegend=False,
        fill="toself", fillcolor=faded(colour, 0.13), line={"width": 0}, hoverinfo="skip",
    )  # fmt: skip


def add_line(figure: Figure, theme: Theme, arm: str, place: Place, shape: str = "linear", **trace: Any) -> None:
    """A line in the colour of its arm, with a second sign beside it where there are many."""
    dash = DASHES[theme.arms.index(arm) % len(DASHES)] if theme.has_many else "solid"
    line = {"color": theme.colour(arm), "width": 2.3, "dash": dash, "shape": shape}
    add_arm(figure, arm, place, **{"mode": "lines+markers", "line": line} | trace)


def add_arm(figure: Figure, arm: str, place: Place, kind: str = "scatter", **trace: Any) -> None:
    """Dots, lines or bars of an arm in one panel; the legend names it once."""
    group = {"legendgroup": arm, "showlegend": figure.is_new(arm), "name": drawn(arm)}
    figure.add(kind, place, **group | trace)


def error_bars(middle: Any, low: Any, high: Any, **style: Any) -> dict[str, Any]:
    """Bars from `low` to `high` around `middle` (series or arrays); none where there is no interval."""
    ends = {"array": high - middle, "arrayminus": middle - low}
    return {"type": "data", "symmetric": False, "thickness": 1.2, "width": 3, **ends, **style}


def arm_rows(figure: Figure, names: list[str]) -> None:
    """Heights 0, 1, 2 … downwards, each with the name of its arm."""
    figure.style("y", tickvals=list(range(len(names))), ticktext=names, range=[len(names) - 0.5, -0.5], showgrid=False)
