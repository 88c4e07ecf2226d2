"""Table in, one sentence a contest out: with which arm a figure is highest and with which lowest, from the same numbers."""

import math
from collections.abc import Mapping

import pandas as pd

from salesim.report.aggregates import KEYS, Key, destinations, keyed, mean_pass_through, segment_shares, yearly_spread
from salesim.report.text.amounts import counted, number, percent, spaced
from salesim.report.text.effects import size
from salesim.report.text.verdict import on_measure
from salesim.report.theme import Theme

Reading = dict[str, str]  # a sentence a contest
Values = dict[Key, tuple[float, str]]  # by contest and arm: what ranks the arms, and what is said of each
UNKNOWN = (math.nan, math.nan)


def ahead(cumulated: pd.DataFrame, theme: Theme) -> Reading:
    """Which arm is farthest ahead of the baseline at the end, and which least or farthest behind."""
    last = cumulated[(cumulated["month"] == cumulated["month"].max()) & (cumulated["arm"] != theme.baseline)]
    values: Values = {}
    for key, (row, *_) in keyed(last).items():
        words = size(row["difference"], row["low"], row["high"], "k$", signed=True)
        values[key] = row["difference"], words.replace(" (", ", interval ").replace(")", ",").replace(", k$", " k$")
    return _read(f"The sum beside {spaced(theme.baseline)} is", ("highest", "lowest"), values, theme)


def years(table: pd.DataFrame, theme: Theme) -> Reading:
    """Profit of the first and of the last year, and how it stands beside the baseline in the last."""
    values: Values = {}
    for key, rows in keyed(table.dropna(subset=["operating_profit_k"])).items():
        first, last = (number(row["operating_profit_k"], "k$") for row in (rows[0], rows[-1]))
        values[key] = rows[-1]["operating_profit_k"], f"from {first} k$ in year 1 to {last} k$ in year {rows[-1]['year'] + 1}"
    return _read("Operating profit ends", ("highest", "lowest"), values, theme)


def margins(years: pd.DataFrame, theme: Theme) -> Reading:
    """Where gross margin ends highest and lowest, and from where it came."""
    ends = _ends(years, "gross_margin").items()
    values: Values = {key: (last, f"from {percent(first, 1)} to {percent(last, 1)}") for key, (first, last) in ends}
    return _read("Gross margin ends", ("highest", "lowest"), values, theme)


def bridge(steps: pd.DataFrame, theme: Theme) -> Reading:
    """What is left of the list price, and the part that customers get."""
    values: Values = {}
    for key, parts in destinations(steps).items():
        kept, given = (parts.get(step, UNKNOWN)[1] for step in ("operating_profit", "customer_discount"))
        values[key] = kept, f"{_dollars(kept)}, and {_dollars(given)} of discounts to customers"
    return _read("Of 100 $ at list price, operating profit is", ("highest", "lowest"), values, theme)


def closing(curves: pd.DataFrame, theme: Theme) -> Reading:
    """The week by which half of the deals are decided, soonest and latest."""
    values: Values = {}
    for key, rows in keyed(curves.sort_values("week")).items():
        week = min((row["week"] for row in rows if row["undecided"] <= 0.5), default=math.nan)
        if not math.isnan(week):
            values[key] = -week, counted(round(week), "week")
    return _read("The time until half of the deals are decided is", ("shortest", "longest"), values, theme)


def pass_through(quotes: pd.DataFrame, theme: Theme) -> Reading:
    """How much of one more dollar of discount reaches the customer, most and least."""
    means = mean_pass_through(quotes, KEYS).dropna().to_dict()
    values: Values = {key: (share, f"{100 * share:.0f} cents") for key, share in means.items()}
    return _read("The customers' part of one more dollar of discount is", ("largest", "smallest"), values, theme)


def segments(counts: pd.DataFrame, theme: Theme) -> Reading:
    """The segment in which each arm gains most over the baseline, or loses least."""
    shares, values = segment_shares(counts), dict[Key, tuple[float, str]]()
    for (contest, arm), mine in shares.items():
        base = shares.get((contest, theme.baseline), {})
        gains = [(share - base[cell], share, cell) for cell, share in mine.items() if cell in base]
        if gains and arm != theme.baseline:
            gain, share, (complexity, value) = max(gains)
            where = f"at {complexity} complexity and {value} value"
            values[contest, arm] = gain, f"{percent(share)} against {percent(share - gain)} {where}"
    return _read(
        f"Compared with {spaced(theme.baseline)}, the win rate in the best segment fares", ("best", "worst"), values, theme
    )


def trust_and_sameness(years: pd.DataFrame, theme: Theme) -> Reading:
    """Where trust ends highest and lowest, and how sameness moves there."""
    values, sameness = dict[Key, tuple[float, str]](), _ends(years, "perceived_sameness")
    for key, ends in _ends(years, "trust").items():
        numbers = [number(end, "0 to 1") for end in (*ends, *sameness.get(key, UNKNOWN))]
        values[key] = ends[1], "from {} to {}; sameness from {} to {}".format(*numbers)
    return _read("Trust ends", ("highest", "lowest"), values, theme)


def earnings(differences: pd.DataFrame, theme: Theme) -> Reading:
    """How much every arm earns beside the baseline."""
    reading, profit = {}, differences[differences["measure"] == "operating_profit_k"]
    for contest in theme.contests:
        if words := on_measure(profit[profit["contest"] == contest].to_dict("records"), theme.baseline):
            reading[contest] = words
    return reading


def _read(start: str, ends: tuple[str, str], values: Values, theme: Theme) -> Reading:
    """A sentence a contest: `Trust ends highest with a (from 0.1 to 0.3) and lowest with b (from 0.2 to 0.1)`.

    Where all arms have the same: `Trust with every arm: from 0.1 to 0.3`. Contests without values are left out.
    """
    reading = {}
    for contest in theme.contests:
        known = {arm: values[contest, arm] for arm in theme.arms if not math.isnan(values.get((contest, arm), UNKNOWN)[0])}
        ranked = sorted(known, key=lambda arm: -known[arm][0])
        if len({words for _, words in known.values()}) == 1:
            who = "every arm" if len(ranked) > 1 else spaced(ranked[0])
            reading[contest] = f"{start.rpartition(' ')[0]} with {who}: {known[ranked[0]][1]}."
        elif ranked:
            parts = (
                f"{end} with {spaced(arm)} ({known[arm][1]})" for end, arm in zip(ends, (ranked[0], ranked[-1]), strict=True)
            )
            reading[contest] = f"{start} {' and '.join(parts)}."
    return reading


def _ends(years: pd.DataFrame, measure: str) -> Mapping[Key, tuple[float, float]]:
    """The seeds' mean of a measure in the first and in the last year."""
    return {key: (rows[0]["mean"], rows[-1]["mean"]) for key, rows in yearly_spread(years, measure).items()}


def _dollars(share: float) -> str:
    return f"{number(share, 'share', digits=0 if abs(share) >= 0.095 else 1)} $"
