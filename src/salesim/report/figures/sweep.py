"""Figures of a sweep: lines over one axis, a map of who is best over two, clouds of paired differences over many."""

from collections.abc import Iterator, Sequence
from html import escape
from itertools import product

import numpy as np
import pandas as pd

from salesim.metrics import METRICS, Metric
from salesim.report.aggregates import of
from salesim.report.figures.figure import Figure, Place
from salesim.report.figures.panels import add_arm, add_line, error_bars, panels
from salesim.report.figures.sweep_map import label, lead_words, levels, over_two
from salesim.report.sweep_files import SweepAxis, SweepFiles
from salesim.report.text.amounts import is_share, unit_words, words_of
from salesim.report.theme import Theme, drawn
from salesim.stats.variance_shares import all_levels, shares

FEW_LEVELS = 12  # of a number whose points are set side by side, arm by arm
MOST_AXES = 6  # of a cloud's panels; those that move a measure most


def figures_of(sweep: SweepFiles, measure: str) -> Iterator[Figure]:
    """The figures of a measure, of the kind that fits what was varied."""
    if not sweep.axes:
        yield by_arm(sweep, measure)
    elif sweep.is_grid and len(sweep.axes) == 1:
        yield over_one(sweep, measure)
    elif sweep.is_grid and len(sweep.axes) == 2:
        yield over_two(sweep, measure)
    else:
        axes = strongest_axes(sweep, measure)
        if len(axes) > 1 and not sweep.alone and all(axis.is_number for axis in axes[:2]):
            yield plane(sweep, measure, axes[:2])
        yield over_many(sweep, measure, axes)


def strongest_axes(sweep: SweepFiles, measure: str) -> list[SweepAxis]:
    """The axes, those first that move most the difference of some arm from the baseline, or the only arm's mean."""
    table = sweep.differences_in(measure) if not sweep.alone else sweep.points.assign(difference=sweep.points[measure])
    strength = dict.fromkeys((axis.key for axis in sweep.axes), 0.0)
    for _, rows in table.groupby(["contest", "arm"], sort=False):
        groups = all_levels({axis.key: rows[axis.key].tolist() for axis in sweep.axes})
        for key, (share,) in shares(groups, rows[["difference"]].to_numpy(float)).items():
            strength[key] = max(strength[key], float(np.nan_to_num(share)))
    return sorted(sweep.axes, key=lambda axis: strength[axis.key], reverse=True)[:MOST_AXES]


def by_arm(sweep: SweepFiles, measure: str) -> Figure:
    """Without an axis: mean and interval of each arm."""
    metric, theme = METRICS[measure], sweep.theme
    figure, tick = panels(theme, rows=1), tick_of(metric, finer=True)
    for (column, contest), arm in product(enumerate(theme.contests, start=1), reversed(theme.arms)):
        rows = of(sweep.points, contest, arm)
        add_arm(
            figure, arm, (1, column), x=rows[measure].tolist(), y=[drawn(arm)] * len(rows), mode="markers", showlegend=False,
            marker={"color": theme.colour(arm), "size": 10}, error_x=bars(rows, measure), hovertemplate=f"%{{x:{tick}}}",
        )  # fmt: skip
    figure.style("x", title=drawn(unit_words(metric.unit)), tickformat=tick)
    figure.style("y", showgrid=False)
    return figure.dressed(130 + 34 * len(theme.arms))


def over_one(sweep: SweepFiles, measure: str) -> Figure:
    """Over one axis: a line an arm with the intervals of its means."""
    metric, theme, axis = METRICS[measure], sweep.theme, sweep.axes[0]
    figure = panels(theme, rows=1, shared_y=True)
    points = sweep.points.sort_values(axis.key, kind="stable") if axis.is_number else sweep.points
    for (column, contest), arm in product(enumerate(theme.contests, start=1), theme.arms):
        rows = of(points, contest, arm)
        add_line(figure, theme, arm, (1, column), x=places(rows[axis.key], axis), y=rows[measure].tolist(), marker={"size": 7},
                 error_y=bars(rows, measure), hovertemplate=f"%{{x}}: %{{y:{tick_of(metric, finer=True)}}}")  # fmt: skip
    figure.style("y", tickformat=tick_of(metric))
    figure.style("y", column=1, title=drawn(unit_words(metric.unit)))
    figure.style("x", **axis_style(axis))
    return figure.dressed(330, legend=not sweep.alone)


def over_many(sweep: SweepFiles, measure: str, axes: Sequence[SweepAxis]) -> Figure:
    """Over many axes: a row of panels an axis; a dot a point and arm, the paired difference from the baseline.

    Hollow dots have intervals that contain zero. With one arm, its mean.
    """
    metric, theme = METRICS[measure], sweep.theme
    figure = panels(theme, rows=len(axes), shared_y=True, own_x=True)
    for (row, axis), (column, contest) in product(enumerate(axes, start=1), enumerate(theme.contests, start=1)):
        for arm, shift in shifts(theme, axis, sweep.points).items():
            rows = rows_of(sweep, measure, contest, arm)
            _dots(figure, rows, sweep, (arm, shift), axis, (row, column), tick_of(metric, finer=True))
        figure.style("x", row, **axis_style(axis, few=levels(sweep.points, axis)))
    if not sweep.alone:
        figure.across("y", 0)
    more = f"{words_of(metric.unit)} more than {theme.baseline}".strip()
    figure.style("y", column=1, title=drawn(unit_words(metric.unit) if sweep.alone else more))
    figure.style("y", tickformat=tick_of(metric, signed=not sweep.alone))
    return figure.dressed(130 + 250 * len(axes), legend=not sweep.alone)


def rows_of(sweep: SweepFiles, measure: str, contest: str, arm: str) -> pd.DataFrame:
    """The dots of an arm: its paired differences, or the means of the only arm, which are all drawn full."""
    if not sweep.alone:
        return of(sweep.drawn(sweep.differences_in(measure)), contest, arm)
    return sweep.drawn(of(sweep.points, contest, arm)).rename(columns={measure: "difference"}).assign(clear=True)


def shifts(theme: Theme, axis: SweepAxis, points: pd.DataFrame) -> dict[str, float]:
    """How far the dots of each arm but the baseline are moved along an axis of few levels, so that they stand side by side."""
    arms, values = theme.others or theme.arms, levels(points, axis)
    if len(values) > FEW_LEVELS or axis.in_decades:
        return dict.fromkeys(arms, 0.0)
    step = min(np.diff(np.array(values, float)), default=1.0) if axis.is_number else 1.0
    return {arm: step * 0.12 * (place - (len(arms) - 1) / 2) for place, arm in enumerate(arms)}


def _dots(
    figure: Figure,
    rows: pd.DataFrame,
    sweep: SweepFiles,
    of_arm: tuple[str, float],
    axis: SweepAxis,
    place: Place,
    tick: str,
) -> None:
    """The dots of an arm, moved along the axis; on an axis of words places are counted."""
    arm, shift = of_arm
    words = [] if axis.is_number else levels(sweep.points, axis)
    for clear, mine in ((True, rows[rows["clear"]]), (False, rows[~rows["clear"]])):
        if not mine.empty:
            at = np.array([words.index(value) for value in mine[axis.key]] if words else mine[axis.key], float)
            add_arm(
                figure, arm if clear else f"{arm}, not clear", place, x=(at + shift).tolist(), y=mine["difference"].tolist(),
                mode="markers", marker=dot(sweep.theme.colour(arm), clear), text=[f"point {n}" for n in mine["point"]],
                hovertemplate=f"%{{text}}: %{{y:{tick}}}",
            )  # fmt: skip


def dot(colour: str, clear: bool, size: int = 6) -> dict[str, object]:
    """A full dot where a difference is clear, a hollow one where it is not."""
    symbol, opacity = ("circle", 0.8) if clear else ("circle-open", 0.55)
    return {"color": colour, "size": size, "opacity": opacity, "symbol": symbol}


def plane(sweep: SweepFiles, measure: str, axes: Sequence[SweepAxis]) -> Figure:
    """Points over two axes in the colour of the arm that is best there; hollow where none is clearly best."""
    theme, (across, up) = sweep.theme, axes
    figure = panels(theme, rows=1, shared_y=True)
    for (column, contest), arm, clear in product(enumerate(theme.contests, start=1), theme.arms, (True, False)):
        leads = sweep.drawn(sweep.leads_on(contest, measure))
        mine = leads[(leads["first"] == arm) & (leads["clear"] == clear)]
        if not mine.empty:
            add_arm(
                figure, f"{arm} is best" if clear else f"{arm}, not clear", (1, column), mode="markers",
                x=places(mine[across.key], across), y=places(mine[up.key], up), marker=dot(theme.colour(arm), clear, size=8),
                text=[lead_words(row, METRICS[measure]) for row in mine.to_dict("records")],
                hovertemplate="%{x:.4g}, %{y:.4g}: %{text}<extra></extra>",
            )  # fmt: skip
    figure.style("x", **axis_style(across))
    style = axis_style(up)
    title = style.pop("title")
    figure.style("y", **style)
    figure.style("y", column=1, title=title)
    return figure.dressed(420)


def places(values: "pd.Series[object]", axis: SweepAxis) -> list[object]:
    """Places on an axis: numbers as they are, words as text."""
    return values.tolist() if axis.is_number else [label(value) for value in values]


def axis_style(axis: SweepAxis, few: Sequence[object] = ()) -> dict[str, object]:
    """How an axis is drawn; `few` levels of words are given where places were counted instead of named."""
    style: dict[str, object] = {"title": escape(axis.title, quote=False)}
    if not axis.is_number:
        named = {"tickvals": list(range(len(few))), "ticktext": [label(value) for value in few]}
        return style | (named if few else {"type": "category"})
    if axis.in_decades:
        return style | {"type": "log"}
    return style | ({"tickvals": list(few)} if 0 < len(few) <= FEW_LEVELS else {})


def bars(rows: pd.DataFrame, measure: str) -> dict[str, object]:
    """The intervals of means as error bars."""
    return error_bars(rows[measure], rows[f"{measure}_low"], rows[f"{measure}_high"])


def tick_of(metric: Metric, *, finer: bool = False, signed: bool = False) -> str:
    """How numbers of a measure are written on an axis."""
    sign = "+" if signed else ""
    if is_share(metric.unit):
        return f"{sign}.1%" if finer else f"{sign}.1~%"
    return f"{sign},.0f" if metric.unit.startswith("k$") else f"{sign}.2f" if finer else f"{sign}.2~f"
