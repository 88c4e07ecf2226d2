"""Table in, Plotly figure out: one function a figure. Panels are contests, colours are arms (see `Theme`)."""

import math
from itertools import product
from textwrap import wrap

import numpy as np
import pandas as pd

from salesim.report.aggregates import DESTINATIONS, destinations, keyed, paired, partner_spread, segment_shares, yearly_spread
from salesim.report.figures.cells import Tile, add_cells, cell_axes
from salesim.report.figures.figure import Figure, Place
from salesim.report.figures.panels import (
    add_arm,
    add_line,
    arm_rows,
    error_bars,
    grouped_rows,
    height_of,
    lines,
    panels,
    upright_title,
)
from salesim.report.study_files import Row
from salesim.report.text.amounts import contest_title, percent
from salesim.report.theme import FAINT, INK, Theme, drawn, faded, typeset

PANELS_A_ROW = 4
LEAST_GAP = 0.113  # between rows of maps, so that three lines fit in it on a sheet of paper too
CONTEST_WIDTH, TITLE_WIDTH = 26, 32  # letters in a line: of a contest above a map, and of the name of an axis
SMALLEST_PART = 0.045  # of list price; smaller parts of a bar carry no number
COMPLEXITY = ("low", "middle", "high")
VALUE = ("small", "middle", "large")
ENDS = {"undecided": "still undecided, % of deals", "won": "won, % of deals", "no_decision": "no decision, % of deals"}


def margins(years: pd.DataFrame, theme: Theme) -> Figure:
    """Gross margin by year: mean of the seeds and the band of eight in ten."""
    return lines(
        {"gross_margin": yearly_spread(years, "gross_margin")}, theme, {"gross_margin": "gross margin, % of revenue"}, ".0%"
    )


def trust_and_sameness(years: pd.DataFrame, theme: Theme) -> Figure:
    """Trust (upper row) and sameness seen by customers (lower row) by year."""
    titles = {"trust": "trust (0 to 1)", "perceived_sameness": "sameness (0 to 1)"}
    return lines({measure: yearly_spread(years, measure) for measure in titles}, theme, titles, ".1f")


def pass_through(quotes: pd.DataFrame, theme: Theme) -> Figure:
    """Pass-through by year: mean over quotes, and the band in which eight of ten partners lie."""
    figure = lines({"pass_through": partner_spread(quotes)}, theme, {"pass_through": "pass-through, % of a discount"}, ".0%")
    figure.style("y", rangemode="normal")
    return figure


def bridge(steps: pd.DataFrame, theme: Theme) -> Figure:
    """List price cut into what it is spent on, one bar an arm, in percent of list price."""
    shares, figure = destinations(steps), panels(theme, rows=1, shared_y=True)
    for step, (column, contest) in product(DESTINATIONS, enumerate(theme.contests, start=1)):
        parts = {arm: shares[contest, arm][step] for arm in theme.arms if step in shares.get((contest, arm), {})}
        if max((abs(share) for _, share in parts.values()), default=0.0) >= 0.0005:
            _add_parts(figure, parts, step, column)
    figure.style("x", tickformat=".0%", title="% of list price", zeroline=True, zerolinecolor=INK)
    figure.style("y", autorange="reversed", showgrid=False)
    figure.layout |= {"barmode": "relative", "bargap": 0.35, "uniformtext": {"mode": "hide", "minsize": 9}}
    return figure.dressed(190 + 46 * len(theme.arms), beside=max(map(len, theme.arms), default=0))


def _add_parts(figure: Figure, parts: dict[str, tuple[float, float]], step: str, column: int) -> None:
    """One part of the list price, in the bars of all arms; `parts` has its amount and its share."""
    words, colour = DESTINATIONS[step]
    amounts, shares = zip(*parts.values(), strict=True)
    figure.add(
        "bar", (1, column), orientation="h", x=shares, y=[drawn(arm) for arm in parts], name=words, customdata=amounts,
        legendgroup=step, showlegend=figure.is_new(step), marker={"color": colour, "line": {"width": 0}},
        text=[_part(share, step) for share in shares], textposition="inside", insidetextanchor="middle", textangle=0,
        hovertemplate="%{y}: " + words + " %{x:.1%} of list price, %{customdata:,.0f} k$ a year<extra></extra>",
    )  # fmt: skip


def _part(share: float, step: str) -> str:
    """The number on a part of a bar: none where it would not fit, a plus where a cost brings money instead."""
    if math.isnan(share) or abs(share) < SMALLEST_PART:
        return ""
    income = share < 0 and step != "operating_profit"
    return f"{-100 * share:+.0f}" if income else f"{100 * share:.0f}"


def closing(curves: pd.DataFrame, theme: Theme) -> Figure:
    """Deals still undecided by weeks since they opened (Kaplan & Meier 1958), and how many ended in which way."""
    shown = [end for end in ENDS if end in curves and (end == "undecided" or curves[end].notna().any())]
    rows_of_panels = grouped_rows(shown, theme)
    figure, by_arm = panels(theme, rows=len(rows_of_panels)), keyed(curves.sort_values("week"))
    tops = curves[[end for end in shown if end != "undecided"]].max().max()  # one scale for all ways to end
    for row, end, arms in rows_of_panels:
        for (column, contest), arm in product(enumerate(theme.contests, start=1), arms):
            if rows := by_arm.get((contest, arm)):
                weeks, shares = ([each[name] for each in rows] for name in ("week", end))
                add_line(figure, theme, arm, (row, column), "hv", x=weeks, y=shares, mode="lines",
                         hovertemplate="week %{x}: %{y:.0%}")  # fmt: skip
        figure.style("y", row, 1, title=upright_title(ENDS[end], len(rows_of_panels)))
        figure.style("y", row, tickformat=".0%", range=[0, 1.02 if end == "undecided" or tops <= 0 else 1.08 * tops])
        if end == "undecided":
            figure.across("y", 0.5, row, color=FAINT, dash="dot")
    figure.style("x", dtick=13)
    figure.style("x", len(rows_of_panels), title="weeks since the deal opened")
    return figure.dressed(150 + height_of(len(rows_of_panels), 220))


def segments(counts: pd.DataFrame, theme: Theme) -> Figure:
    """The win rate, complexity by value; one map for each contest and arm."""
    shares, columns = segment_shares(counts), min(PANELS_A_ROW, max(len(theme.arms), 1))
    maps = list(product(theme.contests, [*theme.arms, *[""] * (-len(theme.arms) % columns)]))  # a contest begins a row
    titles = [_map_title(arm, contest if len(theme.contests) > 1 else "") for contest, arm in maps]
    rows = len(maps) // columns
    height = 130 + 235 * rows
    figure = Figure(rows, columns, titles, (0.02 if columns > 3 else 0.03, max(90 / height, LEAST_GAP) if rows > 1 else 0))
    for place, (contest, arm) in enumerate(maps):
        if arm:
            _add_map(figure, shares.get((contest, arm), {}), arm, figure.places[place])
    cell_axes(figure, VALUE, COMPLEXITY)
    figure.style("y", column=1, title="complexity")
    figure.style("x", rows, title="value at stake")
    top = max((share for mine in shares.values() for share in mine.values()), default=0.0)
    scale = [[0, "#f7fbff"], [1, "#6baed6"]]  # so light that all of it carries dark numbers
    figure.layout["coloraxis"] = {"colorscale": scale, "cmin": 0, "cmax": top if top > 0 else 1, "showscale": False}
    return figure.dressed(height, legend=False)


def _map_title(arm: str, contest: str) -> str:
    """An arm above its map, and the contest in small print where there are several."""
    where = "<br>".join(wrap(contest_title(contest), CONTEST_WIDTH)) if arm else ""
    return drawn(arm) + (f"<br><span style='font-size:10.5px'>{where}</span>" if where else "")


def _add_map(figure: Figure, shares: dict[tuple[str, str], float], arm: str, place: Place) -> None:
    tiles = []
    for (row, complexity), (column, value) in product(enumerate(COMPLEXITY), enumerate(VALUE)):
        if (share := shares.get((complexity, value), math.nan)) == share:
            text = typeset(percent(share))
            more = f"{drawn(arm)}: {text} of deals won<br>{complexity} complexity, {value} value"
            tiles.append(Tile(column, row, share, text, more))
    add_cells(figure, place, tiles, VALUE, {"coloraxis": "coloraxis"}, name=drawn(arm), textfont={"color": INK})


def earnings(differences: pd.DataFrame, runs: pd.DataFrame, theme: Theme) -> Figure:
    """Operating profit less the baseline's: a small dot a seed, under it the mean with its interval, one row an arm."""
    profit = keyed(differences[differences["measure"] == "operating_profit_k"])
    seeds, figure = paired(runs, theme.baseline, "operating_profit_k"), panels(theme, rows=1, shared_y=True)
    for (column, contest), (height, arm) in product(enumerate(theme.contests, start=1), enumerate(theme.arms)):
        if mine := seeds.get((contest, arm)):
            _add_seeds(figure, mine, theme, arm, (height, column))
        for row in profit.get((contest, arm), ()):
            _add_interval(figure, row, theme, arm, (height, column))
    figure.across("x", 0)
    title = "<br>".join(wrap(f"k$ a year more than {drawn(theme.baseline)}", TITLE_WIDTH))
    figure.style("x", title=title, tickformat=",.0f", nticks=6, matches="x")
    arm_rows(figure, [drawn(arm) + (" (baseline)" if arm == theme.baseline else "") for arm in theme.arms])
    return figure.dressed(130 + height_of(max(len(theme.arms), 2), 78), legend=False)


def _add_seeds(figure: Figure, pairs: list[tuple[float, int]], theme: Theme, arm: str, place: tuple[int, int]) -> None:
    """Dots of single seeds above the arm's line; neighbours step aside so that equal ones can be counted."""
    add_arm(
        figure, arm, (1, place[1]), x=[difference for difference, _ in pairs], mode="markers", showlegend=False,
        y=[place[0] - 0.14 - 0.1 * (n % 3) for n in range(len(pairs))],
        marker={"color": faded(theme.colour(arm), 0.5), "size": 8},
        customdata=[seed for _, seed in pairs], hovertemplate="seed %{customdata}: %{x:+,.0f} k$ a year",
    )  # fmt: skip


def _add_interval(figure: Figure, row: Row, theme: Theme, arm: str, place: tuple[int, int]) -> None:
    """The mean of all seeds and its interval below the arm's line; the baseline has none."""
    colour, base, (mean, *ends) = theme.colour(arm), arm == theme.baseline, (row[end] for end in ("difference", "low", "high"))
    bars = error_bars(*(np.array([end]) for end in (mean, *ends)), color=colour, thickness=2.4, width=6)
    add_arm(
        figure, arm, (1, place[1]), x=[mean], y=[place[0] + 0.12], mode="markers", showlegend=False,
        marker={"color": colour, "size": 11, "symbol": "diamond" if base else "circle"}, error_x={} if base else bars,
        customdata=[ends], hovertemplate="%{x:+,.0f} k$ a year [%{customdata[0]:+,.0f}, %{customdata[1]:+,.0f}]",
    )  # fmt: skip
