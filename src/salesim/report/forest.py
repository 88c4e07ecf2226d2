"""Differences from the baseline as lines, one panel a measure and contest: where they lie, and whether they matter."""

from typing import Any

import pandas as pd
from plotly import graph_objects as go
from plotly.subplots import make_subplots

from salesim.report.look import Look, drawn, faded, is_share
from salesim.report.panels import FAINT, INK, contest_title, dressed

ROW_PX, PANEL_PX = 32, 82  # an arm, and what a panel needs besides
Row = dict[Any, Any]


def forest(statements: pd.DataFrame, look: Look) -> go.Figure:
    """Intervals of every difference: that of its last look thin, that of fresh seeds thick."""
    measures = statements.drop_duplicates("measure").to_dict("records")
    arms = [arm for arm in look.arms if arm != look.baseline]
    figure = make_subplots(
        rows=len(measures), cols=max(len(look.contests), 1), shared_yaxes=True, horizontal_spacing=0.06,
        vertical_spacing=0.5 / (len(measures) + 1), column_titles=[contest_title(contest) for contest in look.contests],
    )  # fmt: skip
    for line, measure in enumerate(measures, start=1):
        rows = statements[statements["measure"] == measure["measure"]].to_dict("records")
        title = " ".join([f"{drawn(str(measure['title']))}:", *_unit(str(measure["unit"])), "more than", drawn(look.baseline)])
        for column, contest in enumerate(look.contests, start=1):
            mine = [row for row in rows if row["contest"] == contest]
            _add_panel(figure, mine, look, arms, (line, column))
            figure.update_xaxes(title_text=title, range=_span(rows), row=line, col=column)
    figure.update_yaxes(tickvals=list(range(len(arms))), ticktext=[drawn(arm) for arm in arms], showgrid=False)
    figure.update_yaxes(range=[len(arms) - 0.5, -0.5])
    figure.update_xaxes(tickformat="+", nticks=6)
    dressed(figure, 80 + len(measures) * (PANEL_PX + ROW_PX * max(len(arms), 2)), legend=False)
    return figure.update_xaxes(title_font={"size": 12, "color": FAINT})


def _unit(unit: str) -> list[str]:
    """The unit in words, none for numbers from 0 to 1."""
    return ["points"] if is_share(unit) else [] if unit == "0 to 1" else [unit]


def _span(rows: list[Row]) -> list[float]:
    """From where to where an axis goes: zero, what does not matter, and all intervals."""
    keys = ["matter", "fresh_low", "fresh_high", "low", "high"]
    ends = [_scaled(row, key) for row in rows for key in keys if not pd.isna(row[key])]
    low, high = min([-_scaled(rows[0], "matter"), *ends]), max(ends)
    return [low - 0.05 * (high - low), high + 0.05 * (high - low)]


def _add_panel(figure: go.Figure, rows: list[Row], look: Look, arms: list[str], place: tuple[int, int]) -> None:
    at = {"row": place[0], "col": place[1]}
    for row in rows:
        height = arms.index(str(row["arm"]))
        colour = look.colour(str(row["arm"]))
        _add_line(figure, row, ("difference", "low", "high"), (height + 0.17, colour, 1.2, 5), at)
        _add_line(figure, row, ("fresh_difference", "fresh_low", "fresh_high"), (height - 0.05, colour, 3.2, 9), at)
    for row in rows[:1]:  # after the lines, as Plotly leaves empty panels without shapes
        matter = _scaled(row, "matter")
        figure.add_vrect(x0=-matter, x1=matter, fillcolor=faded(FAINT, 0.16), line_width=0, layer="below", **at)
        figure.add_vline(x=0, line={"color": INK, "width": 1}, layer="below", **at)


def _add_line(figure: go.Figure, row: Row, keys: tuple[str, str, str], how: tuple[float, str, float, int], at: Row) -> None:
    """A mean and its interval; `how` is height, colour, width of the line and size of the dot."""
    if any(pd.isna(row[key]) for key in keys):
        return
    mean, low, high = (_scaled(row, key) for key in keys)
    height, colour, width, size = how
    whiskers = {
        "type": "data", "symmetric": False, "array": [high - mean], "arrayminus": [mean - low],
        "color": colour, "thickness": width, "width": 3 if width < 2 else 0,
    }  # fmt: skip
    figure.add_scatter(
        x=[mean], y=[height], mode="markers", marker={"color": colour, "size": size}, error_x=whiskers, showlegend=False,
        name=drawn(str(row["arm"])), customdata=[[low, high, str(row["verdict"]), int(row["pairs"])]],
        hovertemplate="%{x:+.4g} [%{customdata[0]:+.4g}, %{customdata[1]:+.4g}]<br>%{customdata[2]}, %{customdata[3]} pairs",
        **at,
    )  # fmt: skip


def _scaled(row: Row, key: str) -> float:
    """A number in the unit that is drawn: points for shares."""
    return float(row[key]) * (100.0 if is_share(str(row["unit"])) else 1.0)
