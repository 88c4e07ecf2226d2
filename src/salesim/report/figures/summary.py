"""The two figures of a page for a meeting: over time, and differences from the baseline."""

import math
from textwrap import wrap

from salesim.report.figures.figure import Figure
from salesim.report.figures.panels import add_arm, add_line, arm_rows
from salesim.report.summary.contents import Bar, Contrast, OverTime
from salesim.report.text.amounts import contest_title
from salesim.report.theme import Theme, drawn

HEIGHT, ROW_PX, LINE_PX = 300, 10, 16  # of a figure, of a row besides its name, and of a line of a name
NAME_WIDTH = 24  # letters of a name in a line
SYMBOLS = ("circle", "diamond-open", "square", "cross")  # of contests


def over_time(chart: OverTime, theme: Theme) -> Figure:
    """A line for each arm over the years."""
    figure = Figure(1, 1, (), (0, 0))
    tick = ".0f" if chart.unit == "%" else ",.0f"
    for curve in chart.curves:
        add_line(figure, theme, curve.arm, (1, 1), x=curve.years, y=curve.values, mode="lines",
                 hovertemplate=f"year %{{x:.1f}}: %{{y:{tick}}} {chart.unit}")  # fmt: skip
    figure.style("x", title="years from the start", dtick=1)
    figure.style("y", title=chart.unit, tickformat=tick)
    if chart.unit != "%":
        figure.across("y", 0)
    return figure.dressed(HEIGHT, half=True)


def contrast(chart: Contrast, theme: Theme) -> Figure:
    """A dot with its interval for each arm and contest."""
    figure, rows = Figure(1, 1, (), (0, 0)), list(dict.fromkeys(bar.label for bar in chart.bars))
    contests = list(dict.fromkeys(bar.contest for bar in chart.bars))
    for bar in chart.bars:
        side = contests.index(bar.contest) - (len(contests) - 1) / 2
        _add_bar(figure, bar, theme, rows.index(bar.label) + 0.24 * side, SYMBOLS[contests.index(bar.contest) % len(SYMBOLS)])
    if len(contests) > 1:
        for contest, symbol in zip(contests, SYMBOLS, strict=False):
            figure.add("scatter", (1, 1), x=[None], y=[None], mode="markers", name=contest_title(contest), showlegend=True,
                       marker={"symbol": symbol, "color": "#5b5f66", "size": 9})  # fmt: skip
    figure.across("x", 0)
    figure.style("x", title=chart.unit, nticks=4, tickformat=",~r")
    names = [wrap(drawn(label), NAME_WIDTH) for label in rows]
    arm_rows(figure, list(map("<br>".join, names)))
    row = ROW_PX + LINE_PX * max(map(len, names))
    return figure.dressed(max(HEIGHT, 110 + row * len(rows)), legend=len(contests) > 1, half=True)


def _add_bar(figure: Figure, bar: Bar, theme: Theme, height: float, symbol: str) -> None:
    """The difference and its interval as one trace."""
    colour = theme.colour(bar.arm)
    known = math.isfinite(bar.low)
    ends = {"type": "data", "symmetric": False, "array": [bar.high - bar.value], "arrayminus": [bar.value - bar.low]}
    add_arm(
        figure, bar.arm, (1, 1), x=[bar.value], y=[height], mode="markers", showlegend=False,
        marker={"color": colour, "size": 10, "symbol": symbol},
        error_x={**ends, "color": colour, "thickness": 2, "width": 5} if known else {},
        customdata=[bar.text], hovertemplate="%{customdata}",
    )  # fmt: skip
