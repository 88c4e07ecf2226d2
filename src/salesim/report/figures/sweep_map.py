"""A map over two axes of a sweep: at each cell who is best and by how much; with one arm, its mean."""

import math
from collections.abc import Sequence
from html import escape
from typing import Any

import pandas as pd

from salesim.metrics import METRICS, Metric
from salesim.report.figures.cells import Tile, add_cells, cell_axes
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
    cell_axes(figure, *(labels(side) for side in reversed(sides)))
    figure.style("x", title=escape(across.title, quote=False))
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


def labels(side: list[Any]) -> list[str]:
    """The values of an axis as words."""
    return [label(place) for place in side]


def _best(
    figure: Figure, cells: Cells, sides: tuple[list[Any], ...], colour: str, metric: Metric, largest: float, column: int
) -> None:
    """The cells of one arm in its colour, the stronger the larger its lead; or those where none is clearly best, in grey."""
    clear = any(cell["clear"] for cell in cells.values())
    leads = {place: min(float(cell["lead"]), largest) if clear else 0.0 for place, cell in cells.items()}
    words = {place: (_lead(cell, metric), lead_words(cell, metric)) for place, cell in cells.items()}
    scale = {"colorscale": [[0, faded(colour, LEAST_INK if clear else MOST_INK)], [1, faded(colour, MOST_INK)]]}
    _tiles(figure, sides, column, leads, words, {**scale, "cmin": 0, "cmax": largest or 1.0, "showscale": False})


def _means(figure: Figure, cells: Cells, sides: tuple[list[Any], ...], metric: Metric, measure: str, column: int) -> None:
    """The mean in each cell."""
    means = {place: float(row[measure]) for place, row in cells.items()}
    words = {place: (typeset(number(mean, metric.unit)),) * 2 for place, mean in means.items()}
    known = [mean for mean in means.values() if math.isfinite(mean)] or [0.0, 1.0]
    scale = {"colorscale": MEAN_SCALE, "showscale": max(map(len, sides)) > LARGEST_WRITTEN}
    _tiles(figure, sides, column, means, words, {**scale, "cmin": min(known), "cmax": max(known)})


def _tiles(
    figure: Figure, sides: Sequence[list[Any]], column: int, values: dict[Any, float], words: dict[Any, tuple[str, str]],
    scale: dict[str, Any],
) -> None:  # fmt: skip
    """Cells over rows and columns; a map that is not too large has its numbers inside."""
    (down, across), tiles = sides, []
    written = max(map(len, sides)) <= LARGEST_WRITTEN
    for (row, column_at), value in values.items():
        text, more = words[row, column_at]
        place = f"{label(row)}, {label(column_at)}: {more}"
        tiles.append(Tile(across.index(column_at), down.index(row), value, text if written else "", place))
    if tiles:
        add_cells(figure, (1, column), tiles, labels(across), scale, textfont={"size": 11.5, "color": INK})


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
