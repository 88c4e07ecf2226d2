"""Table in, Plotly figure out: one function a figure. Panels are contests, colours are arms (see `look`)."""

import math
from itertools import product

import pandas as pd
from plotly import graph_objects as go
from plotly.subplots import make_subplots

from salesim.report.look import Look, contest_words, drawn, percent, sentence_case

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
INK, FAINT, LINE = "#23262b", "#6b7078", "#e3e5e8"
SPREAD = (0.10, 0.90)  # the band: eight of ten runs (or partners) lie inside
PANELS_A_ROW = 5
SMALLEST_PART = 0.045  # of list price; smaller parts of a bar carry no number
LEGEND_WIDTH = 940  # pixels, of the page's 1100
COMPLEXITY = ("low", "middle", "high")
VALUE = ("small", "middle", "large")

# Where the list price goes, in order; warm: given away in the channel, grey: the product, cool: our own costs.
DESTINATIONS = {
    "customer_discount": ("discount to customers", "#d55e00"),
    "partner_margin": ("partners' margin", "#e69f00"),
    "rebate": ("rebates", "#f3cf7a"),
    "product_cost": ("product", "#b7bbc1"),
    "selling": ("selling", "#0b4f7d"),
    "support": ("support", "#2f7fb5"),
    "development": ("development", "#6aa9d4"),
    "training": ("training", "#a3cbe8"),
    "executive": ("executives", "#cfe3f3"),
    "timing_and_service": ("service and timing", "#8c6bb1"),
    "operating_profit": ("operating profit", "#009e73"),
}


def margins(years: pd.DataFrame, look: Look) -> go.Figure:
    """Gross margin by year: mean of the seeds and the band of eight in ten."""
    return _by_year(years, look, ("gross_margin",), ("gross margin",), ".0%")


def beliefs(years: pd.DataFrame, look: Look) -> go.Figure:
    """Trust (upper row) and sameness seen by customers (lower row) by year."""
    return _by_year(years, look, ("trust", "commodity_belief"), ("trust", "sameness"), ".1f")


def bridge(steps: pd.DataFrame, look: Look) -> go.Figure:
    """List price cut into what it is spent on, one bar an arm, in percent of list price."""
    shares = destination_shares(steps)
    figure = _panels(look, rows=1, shared_y=True)
    for name, (words, colour) in DESTINATIONS.items():
        for column, contest in enumerate(look.contests, start=1):
            rows = shares[(shares["step"] == name) & (shares["contest"] == contest)].set_index("arm")
            arms = [arm for arm in look.arms if arm in rows.index]
            if not arms or rows["share"].abs().max() < 0.0005:
                continue
            values = [float(rows.at[arm, "share"]) for arm in arms]
            figure.add_bar(
                row=1, col=column, orientation="h", x=values, y=[drawn(arm) for arm in arms], name=words,
                legendgroup=name, showlegend=_is_new(figure, name), marker_color=colour, marker_line_width=0,
                text=[_part(value, name) for value in values],
                textposition="inside", insidetextanchor="middle", textangle=0,
                customdata=[float(rows.at[arm, "amount_k"]) for arm in arms],
                hovertemplate="%{y}: " + words + " %{x:.1%} of list price, %{customdata:,.0f} k$ a year<extra></extra>",
            )  # fmt: skip
    figure.update_xaxes(tickformat=".0%", title_text="of list price", zeroline=True, zerolinecolor=INK)
    figure.update_yaxes(autorange="reversed", showgrid=False)
    figure.update_layout(barmode="relative", bargap=0.35)
    return _dressed(figure, 190 + 46 * len(look.arms))


def _part(share: float, step: str) -> str:
    """The number on a part of a bar: none where it would not fit, a plus where a cost brings money instead."""
    if math.isnan(share) or abs(share) < SMALLEST_PART:
        return ""
    income = share < 0 and step != "operating_profit"
    return f"{-100 * share:+.0f}" if income else f"{100 * share:.0f}"


def destination_shares(steps: pd.DataFrame) -> pd.DataFrame:
    """Rows (contest, arm, step, amount_k, share): the mean amount and its share of list price, costs positive."""
    means = steps.groupby(["contest", "arm", "step"], observed=True)["amount_k"].mean().reset_index()
    lists = means[means["step"] == "list_price"][["contest", "arm", "amount_k"]].rename(columns={"amount_k": "list_k"})
    shares = means[means["step"].isin(DESTINATIONS)].merge(lists, on=["contest", "arm"])
    kept = shares["step"] == "operating_profit"
    shares["share"] = shares["amount_k"].where(kept, -shares["amount_k"]) / shares["list_k"]
    return shares


def closing(curves: pd.DataFrame, look: Look) -> go.Figure:
    """Share of deals still undecided by weeks since they opened (Kaplan & Meier 1958)."""
    figure = _panels(look, rows=1)
    for column, contest in enumerate(look.contests, start=1):
        for arm in look.arms:
            rows = _of(curves, contest, arm).sort_values("week")
            if rows.empty:
                continue
            figure.add_scatter(
                row=1, col=column, x=rows["week"].tolist(), y=rows["undecided"].tolist(), mode="lines",
                line={"color": look.colour(arm), "width": 2.2, "dash": look.dash(arm), "shape": "hv"},
                name=drawn(arm), legendgroup=arm, showlegend=_is_new(figure, arm),
                customdata=rows.reindex(columns=["won", "lost", "no_decision"]).to_numpy().tolist(),
                hovertemplate="week %{x}: %{y:.0%} undecided, won %{customdata[0]:.0%}, lost %{customdata[1]:.0%}, "
                "no decision %{customdata[2]:.0%}",
            )  # fmt: skip
        figure.add_hline(y=0.5, line={"color": FAINT, "width": 1, "dash": "dot"}, row=1, col=column)
    figure.update_yaxes(tickformat=".0%", range=[0, 1.02]).update_yaxes(title_text="still undecided", col=1)
    figure.update_xaxes(title_text="weeks since the deal opened", dtick=13)
    return _dressed(figure, 390)


def pass_through(quotes: pd.DataFrame, look: Look) -> go.Figure:
    """Pass-through by year: mean over quotes, and the band in which eight of ten partners lie."""
    figure = _lines(_partner_spread(quotes), look, ("pass_through",), ("pass-through",), ".0%")
    return figure.update_yaxes(rangemode="normal")


def _partner_spread(quotes: pd.DataFrame) -> pd.DataFrame:
    """Mean weighted by quotes, and quantiles over partners of all seeds; columns as `_spread`."""
    known = quotes.dropna(subset=["pass_through"]).assign(weighted=lambda q: q["pass_through"] * q["quotes"])
    groups = known.groupby(["contest", "arm", "year"], observed=True)
    mean = groups["weighted"].sum() / groups["quotes"].sum()
    low, high = (groups["pass_through"].quantile(share) for share in SPREAD)
    return pd.DataFrame({"mean": mean, "low": low, "high": high}).reset_index().assign(measure="pass_through")


def segments(counts: pd.DataFrame, look: Look) -> go.Figure:
    """Share of buying processes won, complexity by value; one map for each contest and arm."""
    shares = segment_shares(counts)
    columns = min(PANELS_A_ROW, max(len(look.arms), 1))
    rows_a_contest = math.ceil(len(look.arms) / columns)
    titles = [""] * (columns * rows_a_contest * len(look.contests))
    places = {}
    for contest, arm in product(look.contests, look.arms):
        row, column = divmod(look.arms.index(arm), columns)
        row += look.contests.index(contest) * rows_a_contest
        places[contest, arm] = (row + 1, column + 1)
        titles[row * columns + column] = (
            f"{drawn(arm)}<br><span style='font-size:{10 if columns > 3 else 11}px'>{_contest_title(contest)}</span>"
        )
    rows = rows_a_contest * len(look.contests)
    height = 120 + 235 * rows
    figure = make_subplots(
        rows=rows, cols=columns, subplot_titles=titles, horizontal_spacing=0.02 if columns > 3 else 0.03,
        vertical_spacing=90 / height if rows > 1 else 0, shared_yaxes=True,
    )  # fmt: skip
    for panel, (row, column) in places.items():
        _add_map(figure, shares, panel, row, column)
    figure.update_yaxes(title_text="complexity", col=1)
    figure.update_xaxes(showgrid=False, ticks="")
    figure.update_xaxes(title_text="value", row=rows)
    figure.update_layout(coloraxis=_segment_scale(shares))
    return _dressed(figure, height, legend=False)


def _add_map(figure: go.Figure, shares: pd.DataFrame, panel: tuple[str, str], row: int, column: int) -> None:
    cells = _of(shares, *panel).pivot_table(index="complexity", columns="value", values="share", dropna=False)
    cells = cells.reindex(index=COMPLEXITY, columns=VALUE)
    values = cells.to_numpy(dtype=float).tolist()
    figure.add_heatmap(
        row=row, col=column, x=list(VALUE), y=list(COMPLEXITY), z=values, coloraxis="coloraxis", xgap=2, ygap=2,
        text=[[percent(share, 0) for share in line] for line in values], texttemplate="%{text}",
        hovertemplate=drawn(panel[1]) + ": %{text} of processes won<br>%{y} complexity, %{x} value<extra></extra>",
    )  # fmt: skip


def _segment_scale(shares: pd.DataFrame) -> dict[str, object]:
    top = shares["share"].max()
    return {
        "colorscale": [[0, "#f7fbff"], [0.5, "#9ecae1"], [1, "#2f7fb5"]],
        "cmin": 0,
        "cmax": top if top > 0 else 1,
        "showscale": False,
    }


def segment_shares(counts: pd.DataFrame) -> pd.DataFrame:
    """Rows (contest, arm, complexity, value, won, processes, share); NaN where nobody bought."""
    sums = counts.groupby(["contest", "arm", "complexity", "value"], observed=True)[["won", "processes"]].sum()
    sums["share"] = sums["won"] / sums["processes"].where(sums["processes"] > 0)
    return sums.reset_index()


def earnings(differences: pd.DataFrame, look: Look) -> go.Figure:
    """Paired difference of operating profit to the baseline, with its interval, one row an arm."""
    profit = differences[(differences["measure"] == "operating_profit_k") & (differences["arm"] != look.baseline)]
    figure = _panels(look, rows=1, shared_y=True)
    for column, contest in enumerate(look.contests, start=1):
        for arm in look.arms:
            for row in _of(profit, contest, arm).itertuples():
                figure.add_scatter(
                    row=1, col=column, x=[row.difference], y=[drawn(arm)], mode="markers", showlegend=False,
                    marker={"color": look.colour(arm), "size": 12}, name=drawn(arm),
                    error_x={
                        "type": "data", "symmetric": False, "array": [row.high - row.difference],
                        "arrayminus": [row.difference - row.low], "color": look.colour(arm), "thickness": 2.4, "width": 6,
                    },
                    hovertemplate="%{x:+,.0f} k$ a year",
                )  # fmt: skip
        figure.add_vline(x=0, line={"color": INK, "width": 1}, row=1, col=column)
    figure.update_xaxes(title_text=f"k$ a year more than {drawn(look.baseline)}", tickformat="+,.0f", matches="x")
    figure.update_yaxes(
        categoryorder="array", categoryarray=[drawn(arm) for arm in reversed(look.arms) if arm != look.baseline]
    )
    return _dressed(figure, 150 + 44 * max(len(look.arms) - 1, 2), legend=False)


def _by_year(years: pd.DataFrame, look: Look, measures: tuple[str, ...], words: tuple[str, ...], tick: str) -> go.Figure:
    return _lines(pd.concat([_spread(years, measure) for measure in measures]), look, measures, words, tick)


def yearly(years: pd.DataFrame) -> pd.DataFrame:
    """The rows of our own vendor."""
    return years[years["vendor"] == 0] if "vendor" in years else years


def _spread(years: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Rows (contest, arm, year, mean, low, high, measure) over seeds."""
    groups = yearly(years).groupby(["contest", "arm", "year"], observed=True)[measure]
    low, high = (groups.quantile(share) for share in SPREAD)
    return pd.DataFrame({"mean": groups.mean(), "low": low, "high": high}).reset_index().assign(measure=measure)


def _lines(spread: pd.DataFrame, look: Look, measures: tuple[str, ...], words: tuple[str, ...], tick: str) -> go.Figure:
    """A line and a band an arm; a column of panels a contest, a row a measure."""
    figure = _panels(look, rows=len(measures))
    for line, (measure, title) in enumerate(zip(measures, words, strict=True), start=1):
        for column, contest in enumerate(look.contests, start=1):
            for arm in look.arms:
                rows = _of(spread[spread["measure"] == measure], contest, arm).dropna(subset=["mean"])
                if not rows.empty:
                    _add_line(figure, rows.sort_values("year"), look, arm, (line, column), tick)
        figure.update_yaxes(title_text=title, row=line, col=1)
    figure.update_yaxes(tickformat=tick, rangemode="tozero")
    figure.update_xaxes(dtick=1).update_xaxes(title_text="year", row=len(measures))
    return _dressed(figure, 130 + 270 * len(measures))


def _add_line(figure: go.Figure, rows: pd.DataFrame, look: Look, arm: str, place: tuple[int, int], tick: str) -> None:
    year = (rows["year"] + 1).tolist()
    colour = look.colour(arm)
    if look.banded(arm) and len(year) > 1:
        figure.add_scatter(
            row=place[0], col=place[1], x=year + year[::-1], y=rows["high"].tolist() + rows["low"].tolist()[::-1],
            fill="toself", fillcolor=colour, opacity=0.15, line_width=0, mode="lines", hoverinfo="skip",
            name=drawn(arm), legendgroup=arm, showlegend=False,
        )  # fmt: skip
    figure.add_scatter(
        row=place[0], col=place[1], x=year, y=rows["mean"].tolist(), mode="lines+markers", name=drawn(arm),
        line={"color": colour, "width": 2.4, "dash": look.dash(arm)}, marker={"color": colour, "size": 5},
        legendgroup=arm, showlegend=_is_new(figure, arm),
        customdata=rows[["low", "high"]].to_numpy().tolist(),
        hovertemplate=f"%{{y:{_finer(tick)}}} [%{{customdata[0]:{_finer(tick)}}}, %{{customdata[1]:{_finer(tick)}}}]",
    )  # fmt: skip


def _finer(tick: str) -> str:
    """The tick's format with one more digit, for what is read by pointing."""
    return {".0%": ".1%", ".1f": ".2f"}.get(tick, tick)


def _panels(look: Look, rows: int, *, shared_y: bool = False) -> go.Figure:
    contests = max(len(look.contests), 1)
    return make_subplots(
        rows=rows, cols=contests, column_titles=[_contest_title(contest) for contest in look.contests],
        shared_yaxes="all" if shared_y else "rows", shared_xaxes=rows > 1, horizontal_spacing=0.06, vertical_spacing=0.09,
    )  # fmt: skip


def _contest_title(contest: str) -> str:
    return drawn(sentence_case(contest_words(contest)))


def _of(table: pd.DataFrame, contest: str, arm: str) -> pd.DataFrame:
    return table[(table["contest"] == contest) & (table["arm"] == arm)]


def _is_new(figure: go.Figure, group: str) -> bool:
    """Whether the legend does not name this group yet."""
    return not any(trace.legendgroup == group and trace.showlegend for trace in figure.data)


def _dressed(figure: go.Figure, height: int, *, legend: bool = True) -> go.Figure:
    """The page's calm look: no box, faint grid, legend on top with as many rows as it needs."""
    names = [str(trace.name) for trace in figure.data if trace.showlegend] if legend else []
    a_row = max(int(LEGEND_WIDTH // (50 + 7.5 * max(map(len, names), default=1))), 1)
    top = 40 + 20 * math.ceil(len(names) / a_row)
    figure.update_layout(
        template="none", height=height + top - 60, showlegend=legend, paper_bgcolor="white", plot_bgcolor="white",
        font={"family": FONT, "size": 13, "color": INK}, hoverlabel={"font_family": FONT},
        margin={"l": 64, "r": 16, "t": top, "b": 48},
        legend={
            "orientation": "h", "x": 0, "xref": "container", "y": 1, "yref": "container", "yanchor": "top",
            "traceorder": "normal",
        },
    )  # fmt: skip
    figure.update_annotations(font={"size": 13, "color": FAINT})
    for axes in (figure.update_xaxes, figure.update_yaxes):
        axes(gridcolor=LINE, zeroline=False, automargin=True, title_font={"size": 13, "color": FAINT}, title_standoff=8)
    return figure
