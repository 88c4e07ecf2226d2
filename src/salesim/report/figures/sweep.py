"""Figures of a sweep: lines over one axis, a map of who is best over two, clouds of paired differences over many."""

from collections.abc import Sequence
from html import escape

import numpy as np
import pandas as pd
from plotly import graph_objects as go

from salesim.metrics import METRICS, Metric
from salesim.report.aggregates import of
from salesim.report.figures.panels import INK, dressed, is_new, panels
from salesim.report.sweep_files import NOBODY, Swept, SweptAxis
from salesim.report.text.amounts import words_of
from salesim.report.theme import Look, amount, digits_of, drawn, faded, is_share, spaced, unit_words

OPEN = "#c9ccd1"
LARGEST_WRITTEN = 10  # rows and columns of a map whose cells have their numbers inside
LEAST_INK, MOST_INK = 0.10, 0.62  # how strong the colour of a smallest and a largest lead is
FEW_LEVELS = 12  # of a number whose points are set side by side, arm by arm
MEAN_SCALE = ((0.0, "#f4f7fa"), (1.0, "#0b4f7d"))


def by_arm(swept: Swept, measure: str) -> go.Figure:
    """Without an axis: mean and interval of each arm."""
    metric, look = METRICS[measure], swept.look
    figure = panels(look, rows=1)
    for column, contest in enumerate(look.contests, start=1):
        for arm in reversed(look.arms):
            rows = of(swept.points, contest, arm)
            figure.add_scatter(
                row=1, col=column, x=rows[measure].tolist(), y=[drawn(arm)] * len(rows), mode="markers",
                marker={"color": look.colour(arm), "size": 10}, showlegend=False, error_x=whiskers(rows, measure),
                hovertemplate=f"%{{x:{tick_of(metric, finer=True)}}}", name=drawn(arm),
            )  # fmt: skip
    figure.update_xaxes(title_text=titled(metric), tickformat=tick_of(metric, finer=True))
    figure.update_yaxes(showgrid=False)
    return dressed(figure, 130 + 34 * len(look.arms))


def over_one(swept: Swept, measure: str) -> go.Figure:
    """Over one axis: a line an arm with the intervals of its means."""
    metric, look, axis = METRICS[measure], swept.look, swept.axes[0]
    figure = panels(look, rows=1, shared_y=True)
    for column, contest in enumerate(look.contests, start=1):
        for arm in look.arms:
            rows = of(swept.points, contest, arm)
            rows = rows.sort_values(axis.key, kind="stable") if axis.is_number else rows
            figure.add_scatter(
                row=1, col=column, x=where(rows[axis.key], axis), y=rows[measure].tolist(), mode="lines+markers",
                name=drawn(arm), legendgroup=arm, showlegend=len(look.arms) > 1 and is_new(figure, arm),
                line={"color": look.colour(arm), "width": 2.2, "dash": look.dash(arm)}, marker={"size": 7},
                error_y=whiskers(rows, measure), hovertemplate=f"%{{x}}: %{{y:{tick_of(metric, finer=True)}}}",
            )  # fmt: skip
    figure.update_yaxes(tickformat=tick_of(metric)).update_yaxes(title_text=titled(metric), col=1)
    figure.update_xaxes(**axis_style(axis))
    return dressed(figure, 330)


def over_two(swept: Swept, measure: str) -> go.Figure:
    """Over two axes: at each cell who is best and by how much; with one arm, its mean."""
    metric, look = METRICS[measure], swept.look
    across, down = by_length(swept.axes)
    columns, rows = levels(swept.points, across), levels(swept.points, down)
    figure = panels(look, rows=1, shared_y=True)
    _legend(figure, swept, measure)
    largest = float(swept.leads.loc[swept.leads["measure"] == measure, "lead"].max()) if len(look.arms) > 1 else 1.0
    for column, contest in enumerate(look.contests, start=1):
        if len(look.arms) > 1:
            led = swept.led(contest, measure)
            cells = led.set_index([down.key, across.key])
            _who(figure, cells, (rows, columns), look, metric, largest, column)
        else:
            cells = of(swept.points, contest, look.arms[0]).set_index([down.key, across.key])
            _means(figure, cells[measure], (rows, columns), metric, column)
    figure.update_xaxes(title_text=escape(across.title, quote=False), type="category", showgrid=False)
    figure.update_yaxes(type="category", showgrid=False).update_yaxes(title_text=escape(down.title, quote=False), col=1)
    return dressed(figure, 150 + min(max(44 * len(rows), 130), 460))


def _legend(figure: go.Figure, swept: Swept, measure: str) -> None:
    """A square for every arm that is best somewhere, and one for nobody; maps of colours have none of their own."""
    leads, look = swept.leads[swept.leads["measure"] == measure], swept.look
    best = set(leads.loc[leads["told"], "first"])
    kinds = [(f"{spaced(arm)} is best", look.colour(arm)) for arm in look.arms if arm in best]
    for words, colour in kinds + [("cannot be told", OPEN)] * bool((~leads["told"]).any()):
        figure.add_scatter(
            row=1, col=1, x=[None], y=[None], mode="markers", name=drawn(words),
            marker={"symbol": "square", "size": 11, "color": faded(colour, MOST_INK)}, showlegend=True,
        )  # fmt: skip


def by_length(axes: Sequence[SweptAxis]) -> tuple[SweptAxis, SweptAxis]:
    """The axis that goes across (the last asked), and the one that goes down."""
    return axes[1], axes[0]


def levels(points: pd.DataFrame, axis: SweptAxis) -> list[object]:
    """The values of an axis in order: numbers from small to large, words as they were asked for."""
    values = list(dict.fromkeys(points[axis.key].tolist()))
    return sorted(values) if axis.is_number else values


def _who(
    figure: go.Figure,
    cells: pd.DataFrame,
    places: tuple[list[object], list[object]],
    look: Look,
    metric: Metric,
    largest: float,
    column: int,
) -> None:
    """Cells in the colour of the best arm, the stronger the larger its lead; grey where it is not told apart."""
    rows, columns = places
    written, digits = max(len(rows), len(columns)) <= LARGEST_WRITTEN, digits_of(largest, metric.unit)
    for arm, colour in [*((arm, look.colour(arm)) for arm in look.arms), (NOBODY, OPEN)]:
        mine = cells[cells["told"] & (cells["first"] == arm)] if arm else cells[~cells["told"]]
        if mine.empty:
            continue
        found = dict(zip(mine.index, mine.to_dict("records"), strict=True))
        grid = [[found.get((row, place)) for place in columns] for row in rows]
        figure.add_heatmap(
            row=1, col=column, x=[label(place) for place in columns], y=[label(place) for place in rows],
            z=[[None if cell is None else min(cell["lead"], largest) if arm else 0.0 for cell in line] for line in grid],
            colorscale=[[0, faded(colour, LEAST_INK if arm else MOST_INK)], [1, faded(colour, MOST_INK)]],
            zmin=0, zmax=largest or 1.0, showscale=False, xgap=2, ygap=2, hoverongaps=False,
            text=[["" if cell is None else _lead(cell, metric, digits, bool(arm)) for cell in line] for line in grid],
            texttemplate="%{text}" if written else None, textfont={"size": 11.5, "color": INK},
            customdata=[["" if cell is None else _told(cell, metric) for cell in line] for line in grid],
            hovertemplate="%{y}, %{x}: %{customdata}<extra></extra>",
        )  # fmt: skip


def _lead(cell: dict[str, object], metric: Metric, digits: int, told: bool) -> str:
    """What stands in a cell: the lead of the best arm, which is named where it is not told by its colour."""
    lead = amount(float(str(cell["lead"])), metric.unit, signed=True, digits=digits)
    return lead if told else f"{drawn(str(cell['first']))}?<br>{lead}" if cell["first"] else "–"


def _told(cell: dict[str, object], metric: Metric) -> str:
    """The same in words."""
    if not cell["second"]:
        return "nothing is known"
    words = f"{drawn(str(cell['first']))} by {amount(float(str(cell['lead'])), metric.unit)} over {drawn(str(cell['second']))}"
    return words if cell["told"] else f"{words}, which cannot be told apart"


def _means(
    figure: go.Figure, cells: "pd.Series[float]", places: tuple[list[object], list[object]], metric: Metric, column: int
) -> None:
    """The mean in each cell."""
    rows, columns = places
    grid = [[float(cells.get((row, place), np.nan)) for place in columns] for row in rows]
    written = max(len(rows), len(columns)) <= LARGEST_WRITTEN
    figure.add_heatmap(
        row=1, col=column, x=[label(place) for place in columns], y=[label(place) for place in rows], z=grid,
        colorscale=MEAN_SCALE, showscale=not written, xgap=2, ygap=2, hoverongaps=False,
        text=[[amount(value, metric.unit) for value in line] for line in grid],
        texttemplate="%{text}" if written else None, hovertemplate="%{y}, %{x}: %{text}<extra></extra>",
    )  # fmt: skip


def label(value: object) -> str:
    """A value on an axis of words."""
    return escape(f"{value:g}" if isinstance(value, float) else str(value), quote=False)


def over_many(swept: Swept, measure: str, axes: Sequence[SweptAxis]) -> go.Figure:
    """Over many axes: a row of panels an axis; a dot a point and arm, the paired difference from the baseline.

    Hollow dots have intervals that hold zero. With one arm, its mean.
    """
    metric, look = METRICS[measure], swept.look
    alone = len(look.arms) < 2
    figure = panels(look, rows=len(axes), shared_y=True, own_x=True)
    for row, axis in enumerate(axes, start=1):
        words = [] if axis.is_number else levels(swept.points, axis)
        for column, contest in enumerate(look.contests, start=1):
            if alone:
                mine = swept.drawn(of(swept.points, contest, look.arms[0])).rename(columns={measure: "difference"})
                _dots(figure, mine.assign(told=True), look, (look.arms[0], 0.0), axis, metric, (row, column), words)
                continue
            rows = swept.drawn(swept.gaps[swept.gaps["measure"] == measure])
            for arm, shift in shifts(look, axis, swept.points).items():
                _dots(figure, of(rows, contest, arm), look, (arm, shift), axis, metric, (row, column), words)
            figure.add_hline(y=0, line={"color": INK, "width": 1}, row=row, col=column)
        figure.update_xaxes(row=row, **axis_style(axis, few=levels(swept.points, axis)))
        told = titled(metric) if alone else f"{words_of(metric.unit)} more than {drawn(look.baseline)}".strip()
        figure.update_yaxes(title_text=told, row=row, col=1)
    figure.update_yaxes(tickformat=tick_of(metric, signed=not alone))
    return dressed(figure, 130 + 250 * len(axes))


def shifts(look: Look, axis: SweptAxis, points: pd.DataFrame) -> dict[str, float]:
    """How far the dots of each arm but the baseline are moved along an axis of few levels, so that they stand side by side."""
    others = [arm for arm in look.arms if arm != look.baseline]
    found = levels(points, axis)
    if len(found) > FEW_LEVELS or axis.in_decades:
        return dict.fromkeys(others, 0.0)
    step = min(np.diff(np.array(found, float)), default=1.0) if axis.is_number else 1.0
    return {arm: step * 0.12 * (place - (len(others) - 1) / 2) for place, arm in enumerate(others)}


def _dots(
    figure: go.Figure,
    rows: pd.DataFrame,
    look: Look,
    arm_and_shift: tuple[str, float],
    axis: SweptAxis,
    metric: Metric,
    place: tuple[int, int],
    words: Sequence[object],
) -> None:
    """One arm's dots; places on an axis of `words` are counted."""
    arm, shift = arm_and_shift
    for sure, mine in ((True, rows[rows["told"]]), (False, rows[~rows["told"]])):
        if mine.empty:
            continue
        at = np.array([words.index(value) for value in mine[axis.key]] if words else mine[axis.key], float)
        figure.add_scatter(
            row=place[0], col=place[1], x=(at + shift).tolist(), y=mine["difference"].tolist(), mode="markers",
            name=drawn(arm if sure else f"{arm}, cannot be told"), legendgroup=f"{arm} {sure}",
            showlegend=len(look.arms) > 1 and is_new(figure, f"{arm} {sure}"), text=[f"point {n}" for n in mine["point"]],
            marker={
                "color": look.colour(arm), "size": 6, "opacity": 0.8 if sure else 0.55,
                "symbol": "circle" if sure else "circle-open",
            },
            hovertemplate=f"%{{text}}: %{{y:{tick_of(metric, finer=True)}}}",
        )  # fmt: skip


def plane(swept: Swept, measure: str, axes: Sequence[SweptAxis]) -> go.Figure:
    """Points over two axes in the colour of who is best there; hollow where that cannot be told."""
    look, (across, up) = swept.look, axes
    figure = panels(look, rows=1, shared_y=True)
    for column, contest in enumerate(look.contests, start=1):
        led = swept.drawn(swept.led(contest, measure))
        for arm in look.arms:
            for sure in (True, False):
                mine = led[(led["first"] == arm) & (led["told"] == sure)]
                words = f"{spaced(arm)} is best" if sure else f"{spaced(arm)}, cannot be told"
                if mine.empty:
                    continue
                figure.add_scatter(
                    row=1, col=column, x=where(mine[across.key], across), y=where(mine[up.key], up), mode="markers",
                    name=drawn(words), legendgroup=words, showlegend=is_new(figure, words),
                    marker={
                        "color": look.colour(arm), "size": 8 if sure else 7, "opacity": 0.85 if sure else 0.6,
                        "symbol": "circle" if sure else "circle-open",
                    },
                    text=[_told(row, METRICS[measure]) for row in mine.to_dict("records")],
                    hovertemplate="%{x:.4g}, %{y:.4g}: %{text}<extra></extra>",
                )  # fmt: skip
    figure.update_xaxes(**axis_style(across))
    style = axis_style(up)
    title = style.pop("title_text")
    figure.update_yaxes(**style).update_yaxes(title_text=title, col=1)
    return dressed(figure, 420)


def where(values: "pd.Series[object]", axis: SweptAxis) -> list[object]:
    """Places on an axis: numbers as they are, words as text."""
    return values.tolist() if axis.is_number else [label(value) for value in values]


def axis_style(axis: SweptAxis, few: Sequence[object] = ()) -> dict[str, object]:
    """How an axis is drawn; `few` levels of words are given where places were counted instead of named."""
    style: dict[str, object] = {"title_text": escape(axis.title, quote=False)}
    if not axis.is_number:
        named = {"tickvals": list(range(len(few))), "ticktext": [label(value) for value in few]}
        return style | (named if few else {"type": "category"})
    if axis.in_decades:
        return style | {"type": "log"}
    return style | ({"tickvals": list(few)} if 0 < len(few) <= FEW_LEVELS else {})


def whiskers(rows: pd.DataFrame, measure: str) -> dict[str, object]:
    """The intervals of means as error bars; none where there is no interval."""
    above, below = rows[f"{measure}_high"] - rows[measure], rows[measure] - rows[f"{measure}_low"]
    return {
        "type": "data", "symmetric": False, "array": above.fillna(0.0).tolist(), "arrayminus": below.fillna(0.0).tolist(),
        "thickness": 1.2, "width": 3,
    }  # fmt: skip


def titled(metric: Metric) -> str:
    """A measure's unit, as the title of an axis."""
    return drawn(unit_words(metric.unit))


def tick_of(metric: Metric, *, finer: bool = False, signed: bool = False) -> str:
    """How numbers of a measure are written on an axis."""
    sign = "+" if signed else ""
    if is_share(metric.unit):
        return f"{sign}.{1 if finer else 0}%"
    if metric.unit.startswith("k$"):
        return f"{sign},.0f"
    return f"{sign}.{2 if finer else 1}f"
