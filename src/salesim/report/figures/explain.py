"""Figures of an explanation: from one profit to the other, what levers bring, and the parts of the fall of margins."""

import numpy as np
import pandas as pd

from salesim.report.figures.figure import Figure
from salesim.report.figures.panels import error_bars
from salesim.report.study_files import StudyFiles
from salesim.report.text.amounts import scaled, spaced, words_of
from salesim.report.text.levers import WAYS, largest, ordered
from salesim.report.text.printed import points_words, printed_bridge, printed_parts, signed_words, step_words
from salesim.report.theme import BASELINE_COLOUR, FAINT, INK, drawn, typeset

GOOD, BAD = "#0b4f7d", "#b34a00"
MOST_GROUPS, BAR_PX = 6, 34  # of levers in a panel, and the height of each


def waterfall(files: StudyFiles) -> Figure:
    """Differences by step between the two profits, of the bridge as it is printed."""
    bridge = printed_bridge(files.tables["bridge"])
    steps = bridge[~bridge["total"] & (bridge["difference_k"] != 0)]
    start, end = bridge.loc[bridge["step"] == "operating_profit", ["against_k", "arm_k"]].iloc[0].tolist()
    amounts = steps["difference_k"].tolist()
    first, last = (f"profit of {drawn(files.record[name])}" for name in ("against", "arm"))
    names = [first, *(drawn(step_words(str(step))) for step in steps["step"]), last]
    tops = np.cumsum([start, *amounts])  # where each bar ends, and the next begins
    figure = Figure(1, 1, (), (0, 0))
    figure.add(
        "bar", (1, 1), x=names, y=[start, *amounts, end], base=[0.0, *tops[:-1], 0.0],
        marker={"color": [BASELINE_COLOUR, *(GOOD if amount > 0 else BAD for amount in amounts), BASELINE_COLOUR]},
        text=[f"{start:,.0f}", *(typeset(signed_words(value)) for value in amounts), f"{end:,.0f}"], textposition="outside",
        hovertemplate="%{x}: %{text} k$ a year<extra></extra>", cliponaxis=False,
    )  # fmt: skip
    for number, top in enumerate(tops):
        ends = {"x0": number + 0.4, "x1": number + 0.6, "y0": top, "y1": top}
        figure.layout["shapes"].append({"type": "line", **ends, "line": {"color": FAINT, "width": 1}})
    figure.style("y", title="k$ a year", tickformat=",.0f")
    figure.style("x", tickangle=-30)
    return figure.dressed(440, legend=False)


def lever_bars(files: StudyFiles) -> Figure:
    """What the largest groups bring, added to one arm and taken from the other, with a panel for each measure."""
    levers, record = files.tables["levers"], files.record
    groups, measures = largest(levers)[:MOST_GROUPS], ordered(levers)
    shown = levers.set_index(["measure", "way", "group"]).sort_index()
    titles = [str(levers.loc[levers["measure"] == measure, "title"].iloc[0]) for measure in measures]
    figure = Figure(2, 2, titles, (0.06, 0.24))
    for place, measure in zip(figure.places, measures, strict=True):
        unit = str(levers.loc[levers["measure"] == measure, "unit"].iloc[0])
        for way, colour in (("added", GOOD), ("taken", BASELINE_COLOUR)):
            rows = [shown.loc[(measure, way, group)] for group in groups]
            values, low, high = (np.array([scaled(row[name], unit) for row in rows]) for name in ("difference", "low", "high"))
            name = drawn(WAYS[way].format(**{side: record[side] for side in ("arm", "against")}))
            figure.add(
                "bar", place, y=groups, x=values, orientation="h", name=name, legendgroup=way, showlegend=figure.is_new(way),
                error_x=error_bars(values, low, high, color=INK), marker={"color": colour},
                customdata=np.column_stack([low, high]),
                hovertemplate="%{y}: %{x:+.4~g} [%{customdata[0]:+.4~g}, %{customdata[1]:+.4~g}]",
            )  # fmt: skip
        figure.style("x", *place, title=words_of(unit) or unit, zeroline=True, zerolinecolor=INK, nticks=6)
    figure.style("y", autorange="reversed", showgrid=False)
    return figure.dressed(230 + 2 * BAR_PX * max(len(groups), 2))


def bars(parts: pd.DataFrame) -> Figure:
    """Bars of the parts, the largest above, and the whole beneath."""
    shown = printed_parts(parts)
    rows = parts.set_index(parts["feedback"].map(spaced)).loc[[row.name for row in shown.rows]]
    values, low, high = (np.array([*(100 * rows[name]), 100 * rows["part"].sum()]) for name in ("part", "low", "high"))
    low[-1] = high[-1] = values[-1]  # the whole fall has no interval
    printed = [(row.name, row.points) for row in shown.rows] + [("the whole fall", shown.whole)]
    labels = [f"{drawn(name)}  {typeset(points_words(points))}" for name, points in printed]
    figure = Figure(1, 1, (), (0, 0))
    figure.add(
        "bar", (1, 1), y=labels, x=values, orientation="h", error_x=error_bars(values, low, high, color=INK),
        hovertemplate="%{y} points<extra></extra>", marker={"color": [FAINT, *[GOOD] * (len(rows) - 1), INK]},
    )  # fmt: skip
    figure.style("y", autorange="reversed", showgrid=False)
    figure.style("x", title="points of gross margin", zeroline=True, zerolinecolor=INK)
    return figure.dressed(120 + 28 * len(labels), legend=False)
