"""Table in, Plotly figure out: one function a figure. Panels are contests, colours are arms (see `Theme`)."""

import math
from itertools import product

import pandas as pd
from plotly import graph_objects as go
from plotly.subplots import make_subplots

from salesim.report.aggregates import (
    DESTINATIONS,
    destination_shares,
    of,
    paired,
    partner_spread,
    segment_shares,
    yearly_spread,
)
from salesim.report.figures.panels import FAINT, INK, dressed, is_new, lines, panels
from salesim.report.text.amounts import contest_title, percent
from salesim.report.theme import Theme, drawn, faded, typeset

PANELS_A_ROW = 5
SMALLEST_PART = 0.045  # of list price; smaller parts of a bar carry no number
COMPLEXITY = ("low", "middle", "high")
VALUE = ("small", "middle", "large")
ENDS = {"undecided": "still undecided, % of deals", "won": "won, % of deals", "no_decision": "no decision, % of deals"}


def margins(years: pd.DataFrame, theme: Theme) -> go.Figure:
    """Gross margin by year: mean of the seeds and the band of eight in ten."""
    return lines(yearly_spread(years, "gross_margin"), theme, {"gross_margin": "gross margin, % of revenue"}, ".0%")


def trust_and_sameness(years: pd.DataFrame, theme: Theme) -> go.Figure:
    """Trust (upper row) and sameness seen by customers (lower row) by year."""
    titles = {"trust": "trust (0 to 1)", "perceived_sameness": "sameness (0 to 1)"}
    return lines(pd.concat([yearly_spread(years, measure) for measure in titles]), theme, titles, ".1f")


def pass_through(quotes: pd.DataFrame, theme: Theme) -> go.Figure:
    """Pass-through by year: mean over quotes, and the band in which eight of ten partners lie."""
    figure = lines(partner_spread(quotes), theme, {"pass_through": "pass-through, % of a discount"}, ".0%")
    return figure.update_yaxes(rangemode="normal")


def bridge(steps: pd.DataFrame, theme: Theme) -> go.Figure:
    """List price cut into what it is spent on, one bar an arm, in percent of list price."""
    shares = destination_shares(steps)
    figure = panels(theme, rows=1, shared_y=True)
    for name, column in product(DESTINATIONS, range(1, len(theme.contests) + 1)):
        rows = shares[(shares["step"] == name) & (shares["contest"] == theme.contests[column - 1])]
        if not rows.empty and rows["share"].abs().max() >= 0.0005:
            _add_parts(figure, rows.set_index("arm"), theme, name, column)
    figure.update_xaxes(tickformat=".0%", title_text="% of list price", zeroline=True, zerolinecolor=INK)
    figure.update_yaxes(autorange="reversed", showgrid=False)
    figure.update_layout(barmode="relative", bargap=0.35)
    return dressed(figure, 190 + 46 * len(theme.arms))


def _add_parts(figure: go.Figure, rows: pd.DataFrame, theme: Theme, step: str, column: int) -> None:
    """One part of the list price, in the bars of all arms."""
    words, colour = DESTINATIONS[step]
    arms = [arm for arm in theme.arms if arm in rows.index]
    values = [float(rows.at[arm, "share"]) for arm in arms]
    figure.add_bar(
        row=1, col=column, orientation="h", x=values, y=[drawn(arm) for arm in arms], name=words,
        legendgroup=step, showlegend=is_new(figure, step), marker_color=colour, marker_line_width=0,
        text=[_part(value, step) for value in values],
        textposition="inside", insidetextanchor="middle", textangle=0,
        customdata=[float(rows.at[arm, "amount_k"]) for arm in arms],
        hovertemplate="%{y}: " + words + " %{x:.1%} of list price, %{customdata:,.0f} k$ a year<extra></extra>",
    )  # fmt: skip


def _part(share: float, step: str) -> str:
    """The number on a part of a bar: none where it would not fit, a plus where a cost brings money instead."""
    if math.isnan(share) or abs(share) < SMALLEST_PART:
        return ""
    income = share < 0 and step != "operating_profit"
    return f"{-100 * share:+.0f}" if income else f"{100 * share:.0f}"


def closing(curves: pd.DataFrame, theme: Theme) -> go.Figure:
    """Deals still undecided by weeks since they opened (Kaplan & Meier 1958), and how many ended in which way."""
    shown = [end for end in ENDS if end in curves and (end == "undecided" or curves[end].notna().any())]
    figure = panels(theme, rows=len(shown))
    for (row, end), (column, contest) in product(enumerate(shown, start=1), enumerate(theme.contests, start=1)):
        for arm in theme.arms:
            rows = of(curves, contest, arm).sort_values("week")
            if rows.empty:
                continue
            figure.add_scatter(
                row=row, col=column, x=rows["week"].tolist(), y=rows[end].tolist(), mode="lines",
                line={"color": theme.colour(arm), "width": 2.2, "dash": theme.dash(arm), "shape": "hv"},
                name=drawn(arm), legendgroup=arm, showlegend=is_new(figure, arm),
                hovertemplate="week %{x}: %{y:.0%}",
            )  # fmt: skip
        figure.update_yaxes(title_text=ENDS[end], row=row, col=1)
    tops = curves[[end for end in shown if end != "undecided"]].max().max()  # one scale for all ways to end
    figure.update_yaxes(tickformat=".0%", range=[0, 1.08 * tops if tops > 0 else 1.02])
    figure.update_yaxes(range=[0, 1.02], row=1)
    figure.update_xaxes(dtick=13).update_xaxes(title_text="weeks since the deal opened", row=len(shown))
    for column in range(1, len(theme.contests) + 1):
        figure.add_hline(y=0.5, line={"color": FAINT, "width": 1, "dash": "dot"}, row=1, col=column)
    return dressed(figure, 150 + 220 * len(shown))


def segments(counts: pd.DataFrame, theme: Theme) -> go.Figure:
    """Share of buying processes won, complexity by value; one map for each contest and arm."""
    shares = segment_shares(counts)
    columns = min(PANELS_A_ROW, max(len(theme.arms), 1))
    rows_a_contest = math.ceil(len(theme.arms) / columns)
    rows = rows_a_contest * len(theme.contests)
    places = {}
    for contest, arm in product(theme.contests, theme.arms):
        row, column = divmod(theme.arms.index(arm), columns)
        places[contest, arm] = (row + theme.contests.index(contest) * rows_a_contest + 1, column + 1)
    titles = [""] * (columns * rows)
    for (contest, arm), (row, column) in places.items():
        small = f"<span style='font-size:{10 if columns > 3 else 11}px'>{contest_title(contest)}</span>"
        titles[(row - 1) * columns + column - 1] = f"{drawn(arm)}<br>{small}"
    height = 120 + 235 * rows
    figure = make_subplots(
        rows=rows, cols=columns, subplot_titles=titles, horizontal_spacing=0.02 if columns > 3 else 0.03,
        vertical_spacing=90 / height if rows > 1 else 0, shared_yaxes=True,
    )  # fmt: skip
    for panel, (row, column) in places.items():
        _add_map(figure, shares, panel, row, column)
    figure.update_yaxes(title_text="complexity, in thirds", col=1).update_yaxes(showgrid=False)
    figure.update_xaxes(showgrid=False).update_xaxes(title_text="value at stake, in thirds", row=rows)
    figure.update_layout(coloraxis=_segment_scale(shares))
    return dressed(figure, height, legend=False)


def _add_map(figure: go.Figure, shares: pd.DataFrame, panel: tuple[str, str], row: int, column: int) -> None:
    cells = of(shares, *panel).pivot_table(index="complexity", columns="value", values="share", dropna=False)
    cells = cells.reindex(index=COMPLEXITY, columns=VALUE)
    values = cells.to_numpy(dtype=float).tolist()
    figure.add_heatmap(
        row=row, col=column, x=list(VALUE), y=list(COMPLEXITY), z=values, coloraxis="coloraxis", xgap=2, ygap=2,
        text=[[typeset(percent(share)) for share in line] for line in values], texttemplate="%{text}", name=drawn(panel[1]),
        hovertemplate=drawn(panel[1]) + ": %{text} of processes won<br>%{y} complexity, %{x} value<extra></extra>",
    )  # fmt: skip


def _segment_scale(shares: pd.DataFrame) -> dict[str, object]:
    top = shares["share"].max()
    scale = [[0, "#f7fbff"], [0.5, "#9ecae1"], [1, "#2f7fb5"]]
    return {"colorscale": scale, "cmin": 0, "cmax": top if top > 0 else 1, "showscale": False}


def earnings(differences: pd.DataFrame, runs: pd.DataFrame, theme: Theme) -> go.Figure:
    """Operating profit less the baseline's: a small dot a seed, under it the mean with its interval, one row an arm."""
    profit = differences[differences["measure"] == "operating_profit_k"]
    seeds = paired(runs, theme.baseline, "operating_profit_k")
    figure = panels(theme, rows=1, shared_y=True)
    for column, contest in enumerate(theme.contests, start=1):
        for height, arm in enumerate(theme.arms):
            if not (mine := of(seeds, contest, arm)).empty:
                _add_seeds(figure, mine, theme, arm, (height, column))
            for row in of(profit, contest, arm).to_dict("records"):
                _add_interval(figure, row, theme, arm, (height, column))
        figure.add_vline(x=0, line={"color": INK, "width": 1}, row=1, col=column)
    figure.update_xaxes(title_text=f"k$ a year more than {drawn(theme.baseline)}", tickformat=",.0f")
    figure.update_xaxes(matches="x", nticks=6)
    names = [drawn(arm) + (" (baseline)" if arm == theme.baseline else "") for arm in theme.arms]
    figure.update_yaxes(tickvals=list(range(len(names))), ticktext=names, showgrid=False)
    figure.update_yaxes(range=[len(names) - 0.5, -0.5])
    return dressed(figure, 130 + 78 * max(len(theme.arms), 2), legend=False)


def _add_seeds(figure: go.Figure, rows: pd.DataFrame, theme: Theme, arm: str, place: tuple[int, int]) -> None:
    """Dots of single seeds above the arm's line; neighbours step aside so that equal ones can be counted."""
    ranked = rows.sort_values("difference")
    figure.add_scatter(
        row=1, col=place[1], x=ranked["difference"].tolist(),
        y=[place[0] - 0.14 - 0.1 * (rank % 3) for rank in range(len(ranked))],
        mode="markers", marker={"color": faded(theme.colour(arm), 0.5), "size": 8}, showlegend=False, name=drawn(arm),
        customdata=ranked["seed"].tolist(), hovertemplate="seed %{customdata}: %{x:+,.0f} k$ a year",
    )  # fmt: skip


def _add_interval(figure: go.Figure, row: dict[str, float], theme: Theme, arm: str, place: tuple[int, int]) -> None:
    colour = theme.colour(arm)
    whiskers = {
        "type": "data", "symmetric": False, "array": [row["high"] - row["difference"]],
        "arrayminus": [row["difference"] - row["low"]], "color": colour, "thickness": 2.4, "width": 6,
    }  # fmt: skip
    figure.add_scatter(
        row=1, col=place[1], x=[row["difference"]], y=[place[0] + 0.12], mode="markers", showlegend=False,
        marker={"color": colour, "size": 11, "symbol": "diamond" if arm == theme.baseline else "circle"},
        name=drawn(arm), error_x=None if arm == theme.baseline else whiskers,
        customdata=[[row["low"], row["high"]]],
        hovertemplate="%{x:+,.0f} k$ a year [%{customdata[0]:+,.0f}, %{customdata[1]:+,.0f}]",
    )  # fmt: skip
