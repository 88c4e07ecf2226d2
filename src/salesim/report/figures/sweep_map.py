"""A map over two axes of a sweep: at each cell who is best and by how much; with one arm, its mean."""

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np
import pandas as pd

from salesim.metrics import METRICS, Metric
from salesim.report.aggregates import of
from salesim.report.figures.figure import Figure
from salesim.report.figures.panels import panels
from salesim.report.sweep_files import NOBODY, SweepAxis, SweepFiles
from salesim.report.text.amounts import gap, number, spaced
from salesim.report.theme import INK, drawn, faded, typeset

OPEN = "#c9ccd1"
LARGEST_WRITTEN = 10  # rows and columns of a map whose cells have their numbers inside
LEAST_INK, MOST_INK = 0.10, 0.62  # how strong the colour of a smallest and a largest lead is
MEAN_SCALE = ((0.0, "#f4f7fa"), (1.0, "#0b4f7d"))
Row = dict[Any, Any]
Sides = tuple[Sequence[object], Sequence[object]]  # levels downwards, and across


def over_two(sweep: SweepFiles, measure: str) -> Figure:
    """The map of a measure: the last axis that was asked for goes across, the other one down."""
    metric, theme = METRICS[measure], sweep.theme
    down, across = sweep.axes
    columns, rows = levels(sweep.points, across), levels(sweep.points, down)
    figure = panels(theme, rows=1, shared_y=True)
    if not sweep.alone:
        _legend(figure, sweep, measure)
    largest = float(sweep.leads.loc[sweep.leads["measure"] == measure, "lead"].max()) if not sweep.alone else 1.0
    for column, contest in enumerate(theme.contests, start=1):
        if sweep.alone:
            cells = of(sweep.points, contest, theme.arms[0]).set_index([down.key, across.key])
            _means(figure, cells[measure], (rows, columns), metric, column)
            continue
        leads = sweep.leads_on(contest, measure).set_index([down.key, across.key])
        for arm, colour in [*((arm, theme.colour(arm)) for arm in theme.arms), (NOBODY, OPEN)]:
            mine = leads[leads["clear"] & (leads["first"] == arm)] if arm else leads[~leads["clear"]]
            if not mine.empty:
                _best(figure, mine, (rows, columns), colour, metric, largest, column)
    figure.style("x", title=escape(across.title, quote=False), type="category", showgrid=False)
    figure.style("y", type="category", showgrid=False)
    figure.style("y", column=1, title=escape(down.title, quote=False))
    return figure.dressed(150 + min(max(44 * len(rows), 130), 460))


def _legend(figure: Figure, sweep: SweepFiles, measure: str) -> None:
    """A square for every arm that is best somewhere, and one for nobody; maps of colours have none of their own."""
    leads, theme = sweep.leads[sweep.leads["measure"] == measure], sweep.theme
    best = set(leads.loc[leads["clear"], "first"])
    kinds = [(f"{spaced(arm)} is best", theme.colour(arm)) for arm in theme.arms if arm in best]
    for words, colour in kinds + [("none is clearly best", OPEN)] * bool((~leads["clear"]).any()):
        figure.add(
            "scatter", (1, 1), x=[None], y=[None], mode="markers", name=drawn(words),
            marker={"symbol": "square", "size": 11, "color": faded(colour, MOST_INK)}, showlegend=True,
        )  # fmt: skip


def levels(points: pd.DataFrame, axis: SweepAxis) -> list[object]:
    """The values of an axis in order: numbers from small to large, words as they were asked for."""
    values = list(dict.fromkeys(points[axis.key].tolist()))
    return sorted(values) if axis.is_number else values


def label(value: object) -> str:
    """A value on an axis of words."""
    return escape(f"{value:g}" if isinstance(value, float) else str(value), quote=False)


def _best(figure: Figure, cells: pd.DataFrame, sides: Sides, colour: str, metric: Metric, largest: float, column: int) -> None:
    """The cells of one arm in its colour, the stronger the larger its lead; or those where none is clearly best, in grey."""
    by_place, clear = dict(zip(cells.index, cells.to_dict("records"), strict=True)), bool(cells["clear"].all())
    grid: list[list[Row | None]] = [[by_place.get((row, place)) for place in sides[1]] for row in sides[0]]
    _heatmap(
        figure, sides, column,
        z=[[None if cell is None else min(cell["lead"], largest) if clear else 0.0 for cell in line] for line in grid],
        text=[["" if cell is None else _lead(cell, metric) for cell in line] for line in grid],
        colorscale=[[0, faded(colour, LEAST_INK if clear else MOST_INK)], [1, faded(colour, MOST_INK)]],
        zmin=0, zmax=largest or 1.0, showscale=False, textfont={"size": 11.5, "color": INK},
        customdata=[["" if cell is None else lead_words(cell, metric) for cell in line] for line in grid],
        hovertemplate="%{y}, %{x}: %{customdata}<extra></extra>",
    )  # fmt: skip


def _means(figure: Figure, cells: "pd.Series[float]", sides: Sides, metric: Metric, column: int) -> None:
    """The mean in each cell."""
    grid = [[float(cells.get((row, place), np.nan)) for place in sides[1]] for row in sides[0]]
    _heatmap(
        figure, sides, column, z=grid, text=[[typeset(number(value, metric.unit)) for value in line] for line in grid],
        colorscale=MEAN_SCALE, showscale=max(map(len, sides)) > LARGEST_WRITTEN,
        hovertemplate="%{y}, %{x}: %{text}<extra></extra>",
    )  # fmt: skip


def _heatmap(figure: Figure, sides: Sides, column: int, **cells: object) -> None:
    """Cells over rows and columns; a map that is not too large has its numbers inside."""
    written = "%{text}" if max(map(len, sides)) <= LARGEST_WRITTEN else None
    figure.add(
        "heatmap", (1, column), x=[label(place) for place in sides[1]], y=[label(place) for place in sides[0]],
        xgap=2, ygap=2, hoverongaps=False, texttemplate=written, **cells,
    )  # fmt: skip


def _lead(cell: Row, metric: Metric) -> str:
    """What stands in a cell: the lead of the best arm, which is named where its colour does not."""
    lead = typeset(number(float(cell["lead"]), metric.unit, signed=True))
    return lead if cell["clear"] else f"{drawn(str(cell['first']))}?<br>{lead}" if cell["first"] else "–"


def lead_words(cell: Row, metric: Metric) -> str:
    """The same in words."""
    if not cell["second"]:
        return "nothing is known"
    lead = typeset(gap(float(cell["lead"]), metric.unit))
    words = f"{drawn(str(cell['first']))} by {lead} over {drawn(str(cell['second']))}"
    return words if cell["clear"] else f"{words}, which is not clear"
