"""A map over two axes of a sweep: at each cell who is best and by how much; with one arm, its mean."""

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np
import pandas as pd

from salesim.metrics import METRICS, Metric
from salesim.report.figures.figure import Figure
from salesim.report.figures.panels import panels
from salesim.report.study_files import Row
from salesim.report.sweep_files import NOBODY, SweepAxis, SweepFiles
from salesim.report.text.amounts import gap, number, spaced
from salesim.report.theme import INK, drawn, faded, typeset

OPEN = "#c9ccd1"
LARGEST_WRITTEN = 10  # rows and columns of a map whose cells have their numbers inside
LEAST_INK, MOST_INK = 0.10, 0.62  # how strong the colour of a smallest and a largest lead is
MEAN_SCALE = ((0.0, "#f4f7fa"), (1.0, "#0b4f7d"))
Cells = dict[Any, Row]  # by their places on both axes


def over_two(sweep: SweepFiles, measure: str) -> Figure:
    """The map of a measure: the last axis that was asked for goes across, the other one down."""
    metric, theme, (down, across) = METRICS[measure], sweep.theme, sweep.axes
    sides = levels(sweep.points, down), levels(sweep.points, across)
    figure, leads = panels(theme, rows=1, shared_y=True), sweep.leads[sweep.leads["measure"] == measure]
    if not sweep.alone:
        _legend(figure, sweep, leads)
    for column, contest in enumerate(theme.contests, start=1):
        table = sweep.points if sweep.alone else leads
        mine = table[table["contest"] == contest].to_dict("records")
        cells: Cells = {(row[down.key], row[across.key]): row for row in mine}
        if sweep.alone:
            _means(figure, cells, sides, metric, measure, column)
            continue
        for arm, colour in [*((arm, theme.colour(arm)) for arm in theme.arms), (NOBODY, OPEN)]:
            best = {place: row for place, row in cells.items() if arm == (row["first"] if row["clear"] else NOBODY)}
            _best(figure, best, sides, colour, metric, float(leads["lead"].max()), column)
    figure.style("x", title=escape(across.title, quote=False), type="category", showgrid=False)
    figure.style("y", type="category", showgrid=False)
    figure.style("y", column=1, title=escape(down.title, quote=False))
    return figure.dressed(150 + min(max(44 * len(sides[0]), 130), 460))


def _legend(figure: Figure, sweep: SweepFiles, leads: pd.DataFrame) -> None:
    """A square for every arm that is best somewhere, and one for nobody; maps of colours have none of their own."""
    best = set(leads.loc[leads["clear"], "first"])
    kinds = [(f"{spaced(arm)} is best", sweep.theme.colour(arm)) for arm in sweep.theme.arms if arm in best]
    for words, colour in kinds + [("none is clearly best", OPEN)] * bool((~leads["clear"]).any()):
        figure.add(
            "scatter", (1, 1), x=[None], y=[None], mode="markers", name=drawn(words),
            marker={"symbol": "square", "size": 11, "color": faded(colour, MOST_INK)}, showlegend=True,
        )  # fmt: skip


def levels(points: pd.DataFrame, axis: SweepAxis) -> list[Any]:
    """The values of an axis in order: numbers from small to large, words as they were asked for."""
    values = list(dict.fromkeys(points[axis.key].tolist()))
    return sorted(values) if axis.is_number else values


def label(value: object) -> str:
    """A value on an axis of words."""
    return escape(f"{value:g}" if isinstance(value, float) else str(value), quote=False)


def _best(
    figure: Figure, cells: Cells, sides: tuple[list[Any], ...], colour: str, metric: Metric, largest: float, column: int
) -> None:
    """The cells of one arm in its colour, the stronger the larger its lead; or those where none is clearly best, in grey."""
    if not cells:
        return
    clear = any(cell["clear"] for cell in cells.values())
    grid = [[cells.get((row, place)) for place in sides[1]] for row in sides[0]]
    _heatmap(
        figure, sides, column,
        z=[[None if cell is None else min(cell["lead"], largest) if clear else 0.0 for cell in line] for line in grid],
        text=[["" if cell is None else _lead(cell, metric) for cell in line] for line in grid],
        colorscale=[[0, faded(colour, LEAST_INK if clear else MOST_INK)], [1, faded(colour, MOST_INK)]],
        zmin=0, zmax=largest or 1.0, showscale=False, textfont={"size": 11.5, "color": INK},
        customdata=[["" if cell is None else lead_words(cell, metric) for cell in line] for line in grid],
        hovertemplate="%{y}, %{x}: %{customdata}<extra></extra>",
    )  # fmt: skip


def _means(figure: Figure, cells: Cells, sides: tuple[list[Any], ...], metric: Metric, measure: str, column: int) -> None:
    """The mean in each cell."""
    grid = [[float(cells.get((row, place), {}).get(measure, np.nan)) for place in sides[1]] for row in sides[0]]
    _heatmap(
        figure, sides, column, z=grid, text=[[typeset(number(value, metric.unit)) for value in line] for line in grid],
        colorscale=MEAN_SCALE, showscale=max(map(len, sides)) > LARGEST_WRITTEN,
        hovertemplate="%{y}, %{x}: %{text}<extra></extra>",
    )  # fmt: skip


def _heatmap(figure: Figure, sides: Sequence[list[Any]], column: int, **cells: object) -> None:
    """Cells over rows and columns; a map that is not too large has its numbers inside."""
    down, across = ([label(place) for place in side] for side in sides)
    written = {"texttemplate": "%{text}"} if max(map(len, sides)) <= LARGEST_WRITTEN else {}
    figure.add("heatmap", (1, column), x=across, y=down, xgap=2, ygap=2, hoverongaps=False, **written, **cells)


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
