"""Figures of an exploration: where each arm wins, and differences along one axis."""

from html import escape
from itertools import product
from typing import Any

import pandas as pd

from salesim.report.aggregates import of
from salesim.report.figures.figure import Figure, Place
from salesim.report.figures.panels import add_arm, add_line, error_bars, grouped_rows, height_of, panels
from salesim.report.study_files import StudyFiles
from salesim.report.text.amounts import unit_words, with_unit
from salesim.report.theme import Theme, drawn, faded

UNDECIDED = "#9aa0a8"
MEAN = "mean"  # the column of differences


def regions(files: StudyFiles) -> Figure:
    """Points over the two axes that tell most, one panel an arm and contest; the box where it bounds them.

    Where one axis is all there is, the difference is the other.
    """
    theme, points, boxes, axes = files.theme, files.tables["points"], files.tables["rules"], files.tables["axes"]
    axes = axes[axes["kept"]]
    titles = {name: escape(with_unit(name, unit), quote=False) for name, unit in zip(axes["name"], axes["unit"], strict=True)}
    titles[MEAN] = f"difference, {unit_words(str(files.record['unit']))}"
    figure = panels(theme, rows=len(theme.others), own_x=True)
    for row, arm in enumerate(theme.others, start=1):
        names = _telling(files.tables["indices"], boxes, arm)
        for column, contest in enumerate(theme.contests, start=1):
            _dots(figure, of(points, contest, arm), names, theme, arm, (row, column))
            box = of(boxes, contest, arm).set_index("axis")
            edge = theme.colour(arm if box.empty or box["names"].iloc[0] > 0 else theme.baseline)
            _frame(figure, box, axes.set_index("name"), names, edge, (row, column))
        figure.style("x", row, title=titles[names[0]])
        figure.style("y", row, 1, title=f"<b>{drawn(arm)}</b><br>{titles[names[1]]}")
    return figure.dressed(120 + 340 * len(theme.others))


def _telling(indices: pd.DataFrame, boxes: pd.DataFrame, arm: str) -> list[str]:
    """The two axes that tell most of an arm: those that bound its boxes first, then by their total index."""
    bounds = boxes[boxes["arm"] == arm]["axis"].value_counts()
    order = indices[indices["arm"] == arm].groupby("axis")["total"].mean().fillna(0.0).sort_values(ascending=False).index
    names = sorted(order, key=lambda name: -int(bounds.get(name, 0)))[:2]
    return names if len(names) == 2 else [*names, MEAN]


def _dots(figure: Figure, rows: pd.DataFrame, names: list[str], theme: Theme, arm: str, place: Place) -> None:
    """A dot a point, by who wins there."""
    kinds = (
        (0, "undecided", UNDECIDED, "circle-open"),
        (-1, f"{theme.baseline} wins", theme.colour(theme.baseline), "x"),
        (1, f"{arm} wins", theme.colour(arm), "circle"),
    )
    for sign, words, colour, symbol in kinds:
        mine = rows[rows["sign"] == sign]
        if not mine.empty:
            add_arm(
                figure, words, place, x=mine[names[0]], y=mine[names[1]], mode="markers",
                marker={"color": colour, "size": 8, "symbol": symbol, "opacity": 0.8}, customdata=mine["mean"],
                hovertemplate="%{x:.3g}, %{y:.3g}: %{customdata:+,.3g}",
            )  # fmt: skip


def _frame(figure: Figure, box: pd.DataFrame, axes: pd.DataFrame, names: list[str], colour: str, place: Place) -> None:
    """The box' edges in the two axes, as far as it bounds them."""
    if not box.index.intersection(names).any():
        return
    ends = []
    for name in names:
        if name != MEAN:
            least, most = axes.at[name, "low"], axes.at[name, "high"]
            low, high = (box.at[name, "low"], box.at[name, "high"]) if name in box.index else (least, most)
            ends.append((max(low, least), min(high, most)))
    edges: dict[str, Any] = {"fillcolor": faded(colour, 0.08), "line": {"color": colour, "width": 2}, "layer": "below"}
    if len(ends) == 1:
        figure.span(place, "x", *ends[0], **edges)
        return
    (x0, x1), (y0, y1) = ends
    mark = figure.mark(place)
    corners = {"x0": x0, "x1": x1, "y0": y0, "y1": y1, "xref": f"x{mark}", "yref": f"y{mark}"}
    figure.layout["shapes"].append({"type": "rect", **corners, **edges})


def curves_of(curves: pd.DataFrame, crossings: pd.DataFrame, record: dict[str, Any], theme: Theme) -> Figure:
    """Mean differences along the axis with intervals, and a strip for each crossing."""
    figure, axis = panels(theme, rows=len(theme.groups), shared_y=True), record["axes"][0]
    row_of = {arm: row for row, _, arms in grouped_rows([MEAN], theme) for arm in arms}
    for (column, contest), arm in product(enumerate(theme.contests, start=1), theme.others):
        rows = of(curves, contest, arm)
        add_line(
            figure, theme, arm, (row_of[arm], column), x=rows["values"], y=rows["mean"],
            error_y=error_bars(rows["mean"], rows["low"], rows["high"]), hovertemplate="%{x:.3g}: %{y:+,.3g}",
        )  # fmt: skip
        for crossing in of(crossings, contest, arm).itertuples():
            strip = {"fillcolor": faded(theme.colour(arm), 0.15), "line": {"width": 0}}
            figure.span((row_of[arm], column), "x", crossing.low, crossing.high, **strip)
    figure.across("y", 0)
    figure.style("y", tickformat=",.5~g")
    figure.style("y", column=1, title=f"{unit_words(str(record['unit']))} more than {drawn(theme.baseline)}")
    figure.style("x", len(theme.groups), title=escape(with_unit(axis["name"], axis["unit"]), quote=False))
    return figure.dressed(130 + height_of(len(theme.groups), 270))
