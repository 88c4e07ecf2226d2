"""What all figures are drawn on: a column of panels a contest, a legend above, a faint grid."""

import math

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
    for row, (measure, title) in enumerate(titles.items(), start=1):
        for column, contest in enumerate(theme.contests, start=1):
            for arm in theme.arms:
                years = of(spread[spread["measure"] == measure], contest, arm).dropna(subset=["mean"])
                if not years.empty:
                    _add_line(figure, years.sort_values("year"), theme, arm, (row, column), tick)
        figure.update_yaxes(title_text=title, row=row, col=1)
    figure.update_yaxes(tickformat=tick, rangemode="tozero")
    figure.update_xaxes(dtick=1).update_xaxes(title_text="year", row=len(titles))
    return dressed(figure, 130 + 270 * len(titles))


def _add_line(figure: go.Figure, rows: pd.DataFrame, theme: Theme, arm: str, place: tuple[int, int], tick: str) -> None:
    year = (rows["year"] + 1).tolist()
    colour = theme.colour(arm)
    if theme.banded(arm) and len(year) > 1:
        figure.add_scatter(
            row=place[0], col=place[1], x=year + year[::-1], y=rows["high"].tolist() + rows["low"].tolist()[::-1],
            fill="toself", fillcolor=faded(colour, 0.09), line={"color": faded(colour, 0.5), "width": 1},
            mode="lines", hoverinfo="skip", name=drawn(arm), legendgroup=arm, showlegend=False,
        )  # fmt: skip
    finer = {".0%": ".1%", ".1f": ".2f"}.get(tick, tick)  # one digit more where the reader points
    figure.add_scatter(
        row=place[0], col=place[1], x=year, y=rows["mean"].tolist(), mode="lines+markers", name=drawn(arm),
        line={"color": colour, "width": 2.4, "dash": theme.dash(arm)}, marker={"color": colour, "size": 5},
        legendgroup=arm, showlegend=is_new(figure, arm), customdata=rows[["low", "high"]].to_numpy().tolist(),
        hovertemplate=f"%{{y:{finer}}} [%{{customdata[0]:{finer}}}, %{{customdata[1]:{finer}}}]",
    )  # fmt: skip


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
