"""The figure of a tornado: bars from the difference at the low end of a number's range to that at its high end."""

import numpy as np

from salesim.report.aggregates import of
from salesim.report.figures.figure import Figure
from salesim.report.figures.panels import error_bars
from salesim.report.study_files import StudyFiles
from salesim.report.text.amounts import contest_title, scaled, words_of
from salesim.report.text.tornado import SHOWN
from salesim.report.theme import INK, drawn

LOW, HIGH, BAR_PX = "#b9c2cc", "#0b4f7d", 26


def tornado(files: StudyFiles) -> Figure:
    """A panel an arm and contest with the numbers that move it most, the largest above; a line where all is as it is set."""
    theme, unit = files.theme, str(files.record["unit"])
    titles = [f"{drawn(arm)}, {contest_title(contest).lower()}" for arm in theme.others for contest in theme.contests]
    figure = Figure(len(titles), 1, titles, (0, 0.12 / max(len(titles) - 1, 1)), "", shared_x=False)
    pairs = [(contest, arm) for arm in theme.others for contest in theme.contests]
    for place, (contest, arm) in zip(figure.places, pairs, strict=True):
        rows = of(files.tables["tornado"], contest, arm).head(SHOWN)
        start = scaled(float(rows["as_set"].iloc[0]), unit)
        for end, name, colour in (("low_end", "at the low end of its range", LOW), ("high_end", "at the high end", HIGH)):
            middle, low, high = (np.array([scaled(x, unit) for x in rows[f"{end}{part}"]]) for part in ("", "_low", "_high"))
            figure.add(
                "bar", place, y=rows["axis"].tolist(), x=middle - start, base=start, orientation="h", offsetgroup=end,
                name=name, legendgroup=end, showlegend=figure.is_new(end), marker={"color": colour},
                error_x=error_bars(middle, low, high, color=INK), customdata=np.column_stack([middle, low, high]),
                hovertemplate="%{y}: %{customdata[0]:+,.4~g} [%{customdata[1]:+,.4~g}, %{customdata[2]:+,.4~g}]",
            )  # fmt: skip
        figure.span(place, "x", start, start, line={"color": INK, "width": 1, "dash": "dot"})
        figure.span(place, "x", 0, 0, line={"color": INK, "width": 1})
    figure.style("y", autorange="reversed", showgrid=False)
    figure.style("x", tickformat=",.5~g", nticks=7)
    figure.style("x", len(titles), title=f"{words_of(unit) or unit} more than {drawn(theme.baseline)}")
    return figure.dressed(90 + len(titles) * (40 + BAR_PX * SHOWN))
