"""Figures of a sweep: lines over one axis, a map of who is best over two, clouds of paired differences over many."""

from collections.abc import Sequence
from html import escape
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from salesim.metrics import METRICS, Metric
from salesim.report.aggregates import of
from salesim.report.figures.figure import Figure
from salesim.report.figures.panels import add_arm, add_line, error_bars, grouped_rows, height_of, panels
from salesim.report.figures.sweep_map import label, over_two
from salesim.report.sweep_files import SweepAxis, SweepFiles
from salesim.report.text.amounts import is_share, unit_words, words_of
from salesim.report.theme import drawn
from salesim.stats.variance_shares import all_levels, shares

MOST_AXES = 6  # of a cloud's panels; those that move a measure most


def figure_of(sweep: SweepFiles, measure: str) -> Figure:
    """The figure of a measure, of the kind that fits what was varied, one axis or more."""
    if sweep.is_grid and len(sweep.axes) == 1:
        return over_one(sweep, measure)
    if sweep.is_grid and len(sweep.axes) == 2:
        return over_two(sweep, measure)
    return over_many(sweep, measure, strongest_axes(sweep, measure))


def strongest_axes(sweep: SweepFiles, measure: str) -> list[SweepAxis]:
    """The axes, those first that move most the difference of some arm from the baseline, or the only arm's mean."""
    table = rows_of(sweep, measure)
    strength = dict.fromkeys((axis.key for axis in sweep.axes), 0.0)
    for _, rows in table.groupby(["contest", "arm"], sort=False):
        groups = all_levels({axis.key: rows[axis.key].tolist() for axis in sweep.axes})
        for key, (share,) in shares(groups, rows[["difference"]].to_numpy(float)).items():
            strength[key] = max(strength[key], float(np.nan_to_num(share)))
    return sorted(sweep.axes, key=lambda axis: strength[axis.key], reverse=True)[:MOST_AXES]


def rows_of(sweep: SweepFiles, measure: str) -> pd.DataFrame:
    """Paired differences, or the means of the only arm, none of which is unclear."""
    if not sweep.alone:
        return sweep.differences[sweep.differences["measure"] == measure]
    return sweep.points.rename(columns={measure: "difference"}).assign(clear=True)


def over_one(sweep: SweepFiles, measure: str) -> Figure:
    """Over one axis: a line an arm with the intervals of its means."""
    metric, theme, axis = METRICS[measure], sweep.theme, sweep.axes[0]
    figure = panels(theme, rows=len(theme.groups), shared_y=True)
    points = sweep.points.sort_values(axis.key, kind="stable") if axis.is_number else sweep.points
    for (row, _, arms), (column, contest) in product(grouped_rows([measure], theme), enumerate(theme.contests, start=1)):
        for arm in arms:
            rows = of(points, contest, arm)
            bars = error_bars(rows[measure], rows[f"{measure}_low"], rows[f"{measure}_high"])
            add_line(figure, theme, arm, (row, column), x=places(rows[axis.key], axis), y=rows[measure], marker={"size": 7},
                     error_y=bars, hovertemplate=f"%{{x}}: %{{y:{tick_of(metric, finer=True)}}}")  # fmt: skip
    figure.style("y", tickformat=tick_of(metric))
    figure.style("y", column=1, title=drawn(unit_words(metric.unit)))
    figure.style("x", **{key: value for key, value in axis_style(axis).items() if key != "title"})
    figure.style("x", len(theme.groups), title=axis_style(axis)["title"])
    return figure.dressed(130 + height_of(len(theme.groups), 200), legend=not sweep.alone)


def over_many(sweep: SweepFiles, measure: str, axes: Sequence[SweepAxis]) -> Figure:
    """Over many axes: a row of panels an axis; a dot a point and arm, the paired difference from the baseline.

    Hollow dots have intervals that contain zero. With one arm, its mean.
    """
    metric, theme, table = METRICS[measure], sweep.theme, sweep.drawn(rows_of(sweep, measure))
    figure, tick = panels(theme, rows=len(axes), shared_y=True, own_x=True), tick_of(metric, finer=True)
    for (row, axis), (column, contest) in product(enumerate(axes, start=1), enumerate(theme.contests, start=1)):
        for arm, clear in product(theme.others or theme.arms, (True, False)):
            mine = of(table, contest, arm)
            mine = mine[mine["clear"] == clear]
            if not mine.empty:
                symbol, opacity = ("circle", 0.8) if clear else ("circle-open", 0.55)
                add_arm(
                    figure, arm if clear else f"{arm}, not clear", (row, column), mode="markers",
                    x=places(mine[axis.key], axis), y=mine["difference"], text=[f"point {n}" for n in mine["point"]],
                    marker={"color": theme.colour(arm), "size": 6, "opacity": opacity, "symbol": symbol},
                    hovertemplate=f"%{{text}}: %{{y:{tick}}}",
                )  # fmt: skip
        figure.style("x", row, **axis_style(axis))
    if not sweep.alone:
        figure.across("y", 0)
    more = f"{words_of(metric.unit)} more than {theme.baseline}".strip()
    figure.style("y", column=1, title=drawn(unit_words(metric.unit) if sweep.alone else more))
    figure.style("y", tickformat=tick_of(metric, signed=not sweep.alone))
    return figure.dressed(130 + 250 * len(axes), legend=not sweep.alone)


def places(values: "pd.Series[Any]", axis: SweepAxis) -> list[Any]:
    """Places on an axis: numbers as they are, words as text."""
    return values.tolist() if axis.is_number else [label(value) for value in values]


def axis_style(axis: SweepAxis) -> dict[str, Any]:
    """How an axis is drawn."""
    kind = ("log" if axis.in_decades else "linear") if axis.is_number else "category"
    return {"title": escape(axis.title, quote=False), "type": kind, "exponentformat": "none", "nticks": 8}


def tick_of(metric: Metric, *, finer: bool = False, signed: bool = False) -> str:
    """How numbers of a measure are written on an axis."""
    sign, plain = "+" if signed else "", "" if finer else "~"
    if metric.unit.startswith("k$"):
        return f"{sign},.0f"
    return f"{sign}.1{plain}%" if is_share(metric.unit) else f"{sign}.2{plain}f"
