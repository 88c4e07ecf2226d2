"""What all figures are drawn on: a column of panels a contest, a legend above, a faint grid."""

import math
from itertools import product
from typing import Any

import pandas as pd
from plotly import graph_objects as go
from plotly.subplots import make_subplots

from salesim.report.aggregates import of
from salesim.report.text.amounts import contest_title
from salesim.report.theme import Theme, drawn, faded

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
INK, FAINT, LINE = "#23262b", "#6b7078", "#e3e5e8"
AXIS = {
    "gridcolor": LINE, "zeroline": False, "automargin": True, "ticks": "",
    "title": {"standoff": 8, "font": {"size": 13, "color": FAINT}},
}  # fmt: skip
CALM = go.layout.Template(
    layout={
        "paper_bgcolor": "white", "plot_bgcolor": "white", "xaxis": AXIS, "yaxis": AXIS,
        "font": {"family": FONT, "size": 13, "color": INK}, "hoverlabel": {"font": {"family": FONT}},
        "legend": {
            "orientation": "h", "x": 0, "xref": "container", "y": 1, "yref": "container", "yanchor": "top",
            "traceorder": "normal",
        },
    }
)  # fmt: skip
Place = tuple[int, int]  # row and column of a panel, from 1
DASHES = ("solid", "dash", "dot", "dashdot")
LEGEND_WIDTH = 640  # pixels: a figure is never narrower than 720, on a phone it is moved sideways


def panels(theme: Theme, rows: int, *, shared_y: bool = False, own_x: bool = False) -> go.Figure:
    """An empty figure with a panel for each row and contest; with `own_x` there is room for a title under each."""
    return make_subplots(
        rows=rows, cols=max(len(theme.contests), 1), shared_yaxes="all" if shared_y else "rows",
        column_titles=[contest_title(contest) for contest in theme.contests],
        shared_xaxes=rows > 1 and not own_x, horizontal_spacing=0.06, vertical_spacing=(0.36 if own_x else 0.18) / (rows + 1),
    )  # fmt: skip


def lines(spread: pd.DataFrame, theme: Theme, titles: dict[str, str], tick: str) -> go.Figure:
    """A line and a band an arm over years; `titles` gives each measure (a row of panels) the name of its axis."""
    figure = panels(theme, rows=len(titles))
    finer = {".0%": ".1%", ".1f": ".2f"}.get(tick, tick)  # one digit more where the reader points
    hover = f"%{{y:{finer}}} [%{{customdata[0]:{finer}}}, %{{customdata[1]:{finer}}}]"
    for row, (measure, title) in enumerate(titles.items(), start=1):
        mine = spread[spread["measure"] == measure].dropna(subset=["mean"]).sort_values("year")
        for (column, contest), arm in product(enumerate(theme.contests, start=1), theme.arms):
            if not (rows := of(mine, contest, arm)).empty:
                year, ends = (rows["year"] + 1).tolist(), rows[["low", "high"]].to_numpy().tolist()
                if len(year) > 1 and (arm == theme.baseline or not theme.has_many):
                    _add_band(figure, rows, theme, arm, (row, column))
                add_line(figure, theme, arm, (row, column), x=year, y=rows["mean"].tolist(), customdata=ends,
                         marker={"size": 5}, hovertemplate=hover)  # fmt: skip
        figure.update_yaxes(title_text=title, row=row, col=1)
    figure.update_yaxes(tickformat=tick, rangemode="tozero")
    figure.update_xaxes(dtick=1).update_xaxes(title_text="year", row=len(titles))
    return dressed(figure, 130 + 270 * len(titles))


def _add_band(figure: go.Figure, rows: pd.DataFrame, theme: Theme, arm: str, place: Place) -> None:
    """The area between `low` and `high`."""
    year, colour = (rows["year"] + 1).tolist(), theme.colour(arm)
    add_arm(
        figure, arm, place, x=year + year[::-1], y=[*rows["high"], *rows["low"][::-1]], mode="lines", showlegend=False,
        fill="toself", fillcolor=faded(colour, 0.09), line={"color": faded(colour, 0.5), "width": 1}, hoverinfo="skip",
    )  # fmt: skip


def add_line(figure: go.Figure, theme: Theme, arm: str, place: Place, shape: str = "linear", **trace: Any) -> None:
    """A line in the colour of its arm, with a second sign beside it where there are many."""
    dash = DASHES[theme.arms.index(arm) % len(DASHES)] if theme.has_many else "solid"
    line = {"color": theme.colour(arm), "width": 2.3, "dash": dash, "shape": shape}
    add_arm(figure, arm, place, **{"mode": "lines+markers", "line": line} | trace)


def add_arm(figure: go.Figure, arm: str, place: Place, **trace: Any) -> None:
    """Dots or lines of an arm in one panel; the legend names it once."""
    group = {"legendgroup": arm, "showlegend": is_new(figure, arm), "name": drawn(arm)}
    figure.add_scatter(row=place[0], col=place[1], **group | trace)


def error_bars(middle: Any, low: Any, high: Any, **style: Any) -> dict[str, Any]:
    """Bars from `low` to `high` around `middle` (series or arrays); none where there is no interval."""
    ends = {"array": (high - middle).tolist(), "arrayminus": (middle - low).tolist()}
    return {"type": "data", "symmetric": False, "thickness": 1.2, "width": 3, **ends, **style}


def arm_rows(figure: go.Figure, names: list[str]) -> None:
    """Heights 0, 1, 2 … downwards, each with the name of its arm."""
    figure.update_yaxes(tickvals=list(range(len(names))), ticktext=names, range=[len(names) - 0.5, -0.5], showgrid=False)


def is_new(figure: go.Figure, group: str) -> bool:
    """Whether the legend does not name this group yet."""
    return not any(trace.legendgroup == group and trace.showlegend for trace in figure.data)


def dressed(figure: go.Figure, height: int, *, legend: bool = True) -> go.Figure:
    """The page's calm style: no box, faint grid, legend on top with as many rows as it needs."""
    names = [str(trace.name) for trace in figure.data if trace.showlegend] if legend else []
    a_row = max(int(LEGEND_WIDTH // (46 + 6.3 * max(map(len, names), default=1))), 1)
    top = 40 + 20 * math.ceil(len(names) / a_row)
    figure.update_layout(
        template=CALM, height=height + top - 60, showlegend=legend, margin={"l": 64, "r": 16, "t": top, "b": 48}
    )
    figure.update_annotations(font={"size": 13, "color": FAINT})
    return figure
