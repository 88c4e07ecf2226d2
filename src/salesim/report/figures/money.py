"""Money over time: profit cumulated month by month beside the baseline, and what each year brings."""

from itertools import product

import pandas as pd

from salesim.report.aggregates import keyed, yearly_spread
from salesim.report.figures.figure import Figure
from salesim.report.figures.panels import add_band, add_line, lines, panels
from salesim.report.study_files import Row
from salesim.report.text.effects import YEAR_MONTHS
from salesim.report.theme import Theme, drawn

MOST_LINES = 6  # in a panel
BY_YEAR = {"operating_profit_k": "operating profit, k$", "revenue_k": "revenue, k$"}
COUNTED = {"deals_won": "deals won", "open_deals": "open deals, end of year"}


def cumulated(table: pd.DataFrame, payback: pd.DataFrame, theme: Theme) -> Figure:
    """Cumulated operating profit less that of the baseline, with the interval of each month."""
    figure, rows = panels(theme, rows=1), keyed(table)
    for (column, contest), arm in product(enumerate(theme.contests, start=1), drawn_arms(payback, theme)[1:]):
        if mine := rows.get((contest, arm)):
            _add_curve(figure, mine, theme, arm, (1, column))
    figure.across("y", 0.0)
    figure.style("y", tickformat=",.0f")
    figure.style("y", column=1, title=f"k$ more than {drawn(theme.baseline)}, cumulated")
    figure.style("x", dtick=1, title="year", tick0=0)
    return figure.dressed(430)


def _add_curve(figure: Figure, rows: list[Row], theme: Theme, arm: str, place: tuple[int, int]) -> None:
    """One arm: the line at the end of each month, and its band."""
    years = [(row["month"] + 1) / YEAR_MONTHS for row in rows]
    ends = [(row["low"], row["high"]) for row in rows]
    add_band(figure, years, ends, theme.colour(arm), arm, place)
    add_line(
        figure, theme, arm, place, x=years, y=[row["difference"] for row in rows], mode="lines", customdata=ends,
        hovertemplate="after %{x:.2f} years: %{y:+,.0f} k$ [%{customdata[0]:+,.0f}, %{customdata[1]:+,.0f}]",
    )  # fmt: skip


def by_year(table: pd.DataFrame, years: pd.DataFrame, payback: pd.DataFrame, theme: Theme) -> Figure:
    """Profit and revenue of each year with the band of eight in ten runs, deals won, and the pipeline."""
    arms = drawn_arms(payback, theme)
    table, years = table[table["arm"].isin(arms)], years[years["arm"].isin(arms)]
    spreads = {name: yearly_spread(years, name) for name in BY_YEAR}
    for name in COUNTED:
        spreads[name] = keyed(table.assign(mean=table[name], low=float("nan"), high=float("nan")))
    return lines(spreads, theme, BY_YEAR | COUNTED, ",.0f")


def drawn_arms(payback: pd.DataFrame, theme: Theme) -> list[str]:
    """The baseline, and of the others those that differ most from it by the end, as many as a panel can show."""
    if len(theme.arms) <= MOST_LINES or payback.empty:
        return list(theme.arms)
    sizes = payback.assign(size=payback["total_k"].abs()).groupby("arm")["size"].max()
    largest = set(sizes.nlargest(MOST_LINES - 1).index)
    return [arm for arm in theme.arms if arm == theme.baseline or arm in largest]
