"""Differences from the baseline as lines, one panel a measure and contest: where they lie, and whether they are none."""

import math
from typing import Any

import numpy as np
import pandas as pd

from salesim.report.figures.figure import Figure, Place
from salesim.report.figures.panels import add_arm, arm_rows, error_bars
from salesim.report.text.amounts import contest_title, is_share, words_of
from salesim.report.theme import FAINT, INK, LINE, Theme, drawn, faded

ROW_PX, PANEL_PX = 32, 98  # an arm, and what a panel needs besides
ROOM = 0.08  # of an axis is left free at either end
REACH = 1.0  # an interval is drawn so far beyond all else, in widths of all else; then an arrow says that it goes on
Row = dict[Any, Any]
Span = tuple[float, float]


def forest(statements: pd.DataFrame, theme: Theme) -> Figure:
    """Size and interval of every difference, with an arrow where one goes on, and the mean of its confirmation seeds."""
    measures = statements.drop_duplicates("measure").to_dict("records")
    titles = [contest_title(contest) for contest in theme.contests]
    figure = Figure(len(measures), max(len(titles), 1), titles, (0.06, 0.56 / (len(measures) + 1)))
    for line, measure in enumerate(measures, start=1):
        rows = statements[statements["measure"] == measure["measure"]].to_dict("records")
        more = f"{words_of(str(measure['unit']))} more than {drawn(theme.baseline)}".strip()
        title = f"{drawn(str(measure['title']))}:<br>{more}"
        for column, contest in enumerate(theme.contests, start=1):
            mine = [row for row in rows if row["contest"] == contest]
            _add_panel(figure, mine, theme, _span(rows), (line, column))
        low, high = _span(rows)
        room = ROOM * (high - low)  # at either end, so that nothing looks cut off
        font = {"size": 12, "color": FAINT}
        figure.style("x", line, title={"text": title, "font": font}, range=[low - room, high + room], nticks=6)
    arm_rows(figure, [drawn(arm) for arm in theme.others])
    for letter in "xy":
        figure.style(letter, showline=True, mirror=True, linecolor=LINE, zeroline=False)
    return figure.dressed(80 + len(measures) * (PANEL_PX + ROW_PX * max(len(theme.others), 2)), legend=False)


def _span(rows: list[Row]) -> Span:
    """From where to where lines are drawn: equivalence margins and means; of the intervals what is not far from them."""
    margin = _scaled(rows[0], "equivalence_margin")
    near = [-margin, margin, *_ends(rows, "size", "confirmation_difference")]
    low, high = min(near), max(near)
    ends, reach = _ends(rows, "low", "high"), REACH * (high - low)
    return max(min([low, *ends]), low - reach), min(max([high, *ends]), high + reach)


def _ends(rows: list[Row], *keys: str) -> list[float]:
    """All numbers under these keys that are known and finite."""
    return [_scaled(row, key) for row in rows for key in keys if math.isfinite(row[key])]


def _add_panel(figure: Figure, rows: list[Row], theme: Theme, span: Span, place: Place) -> None:
    for row in rows:
        height = theme.others.index(str(row["arm"]))
        _add_line(figure, row, (height - 0.05, theme.colour(str(row["arm"]))), span, place)
        if pd.notna(row["confirmation_difference"]):
            add_arm(
                figure, str(row["arm"]), place, x=[_scaled(row, "confirmation_difference")], y=[height + 0.2], mode="markers",
                marker={"color": theme.colour(str(row["arm"])), "size": 6, "symbol": "circle-open"}, showlegend=False,
                hovertemplate="%{x:+.4g}<br>mean of the confirmation seeds",
            )  # fmt: skip
    for row in rows[:1]:
        margin = _scaled(row, "equivalence_margin")
        figure.span(place, "x", -margin, margin, fillcolor=faded(FAINT, 0.16), line={"width": 0}, layer="below")
        figure.span(place, "x", 0, 0, line={"color": INK, "width": 1}, layer="below")


def _add_line(figure: Figure, row: Row, how: tuple[float, str], span: Span, place: Place) -> None:
    """The size of a difference and its interval; `how` is height and colour."""
    if any(pd.isna(row[key]) for key in ("size", "low", "high")):
        return
    (height, colour), (mean, low, high) = how, (np.array([_scaled(row, key)]) for key in ("size", "low", "high"))
    arm = str(row["arm"])
    style: dict[str, Any] = {"y": [height], "mode": "markers", "showlegend": False}
    add_arm(
        figure, arm, place, x=mean, marker={"color": colour, "size": 9}, **style,
        error_x=error_bars(mean, low.clip(span[0]), high.clip(max=span[1]), color=colour, thickness=2, width=0),
        customdata=[[low[0], high[0], str(row["verdict"]), int(row["pairs"])]],
        hovertemplate="%{x:+.4g} [%{customdata[0]:+.4g}, %{customdata[1]:+.4g}]<br>%{customdata[2]}, %{customdata[3]} pairs",
    )  # fmt: skip
    for goes_on, end, side in ((low[0] < span[0], span[0], "left"), (high[0] > span[1], span[1], "right")):
        if goes_on:
            arrow = {"color": colour, "size": 9, "symbol": f"triangle-{side}"}
            add_arm(figure, arm, place, x=[end], marker=arrow, hoverinfo="skip", **style)


def _scaled(row: Row, key: str) -> float:
    """A number in the unit that is drawn: points for shares."""
    return float(row[key]) * (100.0 if is_share(str(row["unit"])) else 1.0)
