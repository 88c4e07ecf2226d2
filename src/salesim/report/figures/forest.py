"""Differences from the baseline as lines, one panel a measure and contest: where they lie, and whether they are none."""

import math
from typing import Any

import pandas as pd
from plotly import graph_objects as go
from plotly.subplots import make_subplots

from salesim.report.figures.panels import FAINT, INK, LINE, dressed
from salesim.report.text.amounts import contest_title, is_share, words_of
from salesim.report.theme import Theme, drawn, faded

ROW_PX, PANEL_PX = 32, 82  # an arm, and what a panel needs besides
ROOM = 0.08  # of an axis is left free at either end
REACH = 1.0  # an interval is drawn so far beyond all else, in widths of all else; then an arrow says that it goes on
Row = dict[Any, Any]
Span = tuple[float, float]


def forest(statements: pd.DataFrame, theme: Theme) -> go.Figure:
    """Size and interval of every difference, with an arrow where one goes on, and the mean of its confirmation seeds."""
    measures = statements.drop_duplicates("measure").to_dict("records")
    arms = [arm for arm in theme.arms if arm != theme.baseline]
    figure = make_subplots(
        rows=len(measures), cols=max(len(theme.contests), 1), shared_yaxes=True, horizontal_spacing=0.06,
        vertical_spacing=0.5 / (len(measures) + 1), column_titles=[contest_title(contest) for contest in theme.contests],
    )  # fmt: skip
    for line, measure in enumerate(measures, start=1):
        rows = statements[statements["measure"] == measure["measure"]].to_dict("records")
        more = f"{words_of(str(measure['unit']))} more than {drawn(theme.baseline)}".strip()
        title = f"{drawn(str(measure['title']))}: {more}"
        for column, contest in enumerate(theme.contests, start=1):
            mine = [row for row in rows if row["contest"] == contest]
            _add_panel(figure, mine, theme, _span(rows), (line, column))
            figure.update_xaxes(title_text=title, range=_with_room(_span(rows)), row=line, col=column)
    figure.update_yaxes(tickvals=list(range(len(arms))), ticktext=[drawn(arm) for arm in arms], showgrid=False)
    figure.update_yaxes(range=[len(arms) - 0.5, -0.5])
    figure.update_xaxes(tickformat="+", nticks=6)
    dressed(figure, 80 + len(measures) * (PANEL_PX + ROW_PX * max(len(arms), 2)), legend=False)
    for axes in (figure.update_xaxes, figure.update_yaxes):
        axes(showline=True, mirror=True, linecolor=LINE, zeroline=False)
    return figure.update_xaxes(title_font={"size": 12, "color": FAINT})


def _span(rows: list[Row]) -> Span:
    """From where to where lines are drawn: equivalence margins and means; of the intervals what is not far from them."""
    margin = _scaled(rows[0], "equivalence_margin")
    near = [-margin, margin, *_ends(rows, "size", "confirmation_difference")]
    low, high = min(near), max(near)
    reach = REACH * (high - low)
    ends = _ends(rows, "low", "high")
    return max(min([low, *ends]), low - reach), min(max([high, *ends]), high + reach)


def _ends(rows: list[Row], *keys: str) -> list[float]:
    """All numbers under these keys that are known and finite."""
    return [_scaled(row, key) for row in rows for key in keys if math.isfinite(row[key])]


def _with_room(span: Span) -> list[float]:
    """A span with room at either end, so that nothing themes cut off."""
    room = ROOM * (span[1] - span[0])
    return [span[0] - room, span[1] + room]


def _add_panel(figure: go.Figure, rows: list[Row], theme: Theme, span: Span, place: tuple[int, int]) -> None:
    at = {"row": place[0], "col": place[1]}
    arms = [arm for arm in theme.arms if arm != theme.baseline]
    for row in rows:
        height = arms.index(str(row["arm"]))
        colour = theme.colour(str(row["arm"]))
        _add_line(figure, row, (height - 0.05, colour), span, at)
        _add_confirmation(figure, row, (height + 0.2, colour), at)
    for row in rows[:1]:  # after the lines, as Plotly leaves empty panels without shapes
        margin = _scaled(row, "equivalence_margin")
        figure.add_vrect(x0=-margin, x1=margin, fillcolor=faded(FAINT, 0.16), line_width=0, layer="below", **at)
        figure.add_vline(x=0, line={"color": INK, "width": 1}, layer="below", **at)


def _add_line(figure: go.Figure, row: Row, how: tuple[float, str], span: Span, at: Row) -> None:
    """The size of a difference and its interval; `how` is height and colour."""
    if any(pd.isna(row[key]) for key in ("size", "low", "high")):
        return
    (height, colour), (mean, low, high) = how, (_scaled(row, key) for key in ("size", "low", "high"))
    whiskers = {
        "type": "data", "symmetric": False, "array": [min(high, span[1]) - mean], "arrayminus": [mean - max(low, span[0])],
        "color": colour, "thickness": 2, "width": 0,
    }  # fmt: skip
    figure.add_scatter(
        x=[mean], y=[height], mode="markers", marker={"color": colour, "size": 9}, error_x=whiskers, showlegend=False,
        name=drawn(str(row["arm"])), customdata=[[low, high, str(row["verdict"]), int(row["pairs"])]],
        hovertemplate="%{x:+.4g} [%{customdata[0]:+.4g}, %{customdata[1]:+.4g}]<br>%{customdata[2]}, %{customdata[3]} pairs",
        **at,
    )  # fmt: skip
    for end, symbol in ((span[0], "triangle-left"), (span[1], "triangle-right")):
        if low < end if symbol == "triangle-left" else high > end:
            arrow = {"color": colour, "size": 9, "symbol": symbol}
            figure.add_scatter(x=[end], y=[height], mode="markers", marker=arrow, showlegend=False, hoverinfo="skip", **at)


def _add_confirmation(figure: go.Figure, row: Row, how: tuple[float, str], at: Row) -> None:
    """The mean of the confirmation seeds as a small ring."""
    if pd.notna(row["confirmation_difference"]):
        figure.add_scatter(
            x=[_scaled(row, "confirmation_difference")], y=[how[0]], mode="markers", showlegend=False,
            marker={"color": how[1], "size": 6, "symbol": "circle-open"}, name=drawn(str(row["arm"])),
            hovertemplate="%{x:+.4g}<br>mean of the confirmation seeds", **at,
        )  # fmt: skip


def _scaled(row: Row, key: str) -> float:
    """A number in the unit that is drawn: points for shares."""
    return float(row[key]) * (100.0 if is_share(str(row["unit"])) else 1.0)
