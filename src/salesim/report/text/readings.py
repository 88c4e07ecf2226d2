"""Table in, one sentence a contest out: what a figure shows, computed from the same numbers."""

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

from salesim.report.aggregates import destination_shares, mean_pass_through, ours, segment_shares
from salesim.report.text.amounts import counted, interval, number, percent, sentence_case, spaced
from salesim.report.theme import Theme

Reading = dict[str, str]  # a sentence a contest
KEYS = ["contest", "arm"]


def margins(years: pd.DataFrame, theme: Theme) -> Reading:
    """With how many arms gross margin falls, and where it ends highest and lowest."""

    def read(ends: pd.DataFrame) -> str:
        first, last = ends["first"], ends["last"]
        falls = _counted(int((last < first).sum()), int(last.notna().sum()))
        parts = [f"{spaced(arm)} (from {percent(first[arm], 1)} to {percent(last[arm], 1)})" for arm in _best_and_worst(last)]
        start = f"gross margin falls with {falls}; it ends highest with "
        return _joined(parts, start, " and lowest with ", "gross margin with ")

    return _by_arm(_first_and_last(years, "gross_margin"), theme, read)


def bridge(steps: pd.DataFrame, theme: Theme) -> Reading:
    """What is left of the list price, and the largest part that the channel and the customer take."""
    shares = destination_shares(steps).pivot(index=KEYS, columns="step", values="share")
    shares = shares.reindex(columns=["operating_profit", "customer_discount"]).reset_index()

    def read(rows: pd.DataFrame) -> str:
        profit, given = rows["operating_profit"], rows["customer_discount"]
        parts = [
            f"{spaced(arm)} keeps {_dollars(profit[arm])} as operating profit and gives {_dollars(given[arm])} away"
            for arm in _best_and_worst(profit)
            if pd.notna(given[arm])
        ]
        return _joined(parts, "of 100 $ at list price, ", " in discounts; ", "of 100 $ at list price, ", " in discounts")

    return _by_arm(shares, theme, read)


def closing(curves: pd.DataFrame, theme: Theme) -> Reading:
    """The week by which half of the deals are decided, soonest and latest arm, and how many end in no decision."""
    ends = curves.sort_values("week").groupby(KEYS, observed=True).last().reindex(columns=["no_decision"])
    ends["half"] = curves[curves["undecided"] <= 0.5].groupby(KEYS, observed=True)["week"].min()

    def read(rows: pd.DataFrame) -> str:
        weeks = _range(rows["half"], lambda week: counted(round(week), "week"))
        dropped = _range(rows["no_decision"], lambda share: f"{100 * share:.0f}")
        more = f"; of 100 deals, the number that end in no decision is {dropped}" if dropped else ""
        return f"half of the deals are decided within {weeks}{more}" if weeks else ""

    return _by_arm(ends.reset_index(), theme, read)


def pass_through(quotes: pd.DataFrame, theme: Theme) -> Reading:
    """How much of one more dollar of discount reaches the customer, least and most."""

    def read(rows: pd.DataFrame) -> str:
        cents = _range(rows["mean"], lambda share: f"{100 * share:.0f} cents")
        return f"of one more dollar of discount to a partner, customers get {cents}" if cents else ""

    return _by_arm(mean_pass_through(quotes, KEYS).rename("mean").reset_index(), theme, read)


def segments(counts: pd.DataFrame, theme: Theme) -> Reading:
    """The segment in which an arm gains most over the baseline."""
    shares = segment_shares(counts).dropna(subset=["share"])
    keys, compared = ["contest", "complexity", "value"], f"compared with {spaced(theme.baseline)}, the share won"
    base = shares[shares["arm"] == theme.baseline].set_index(keys)["share"].rename("base")
    gains = shares[shares["arm"] != theme.baseline].join(base, on=keys, how="inner")
    gains = gains.assign(gain=gains["share"] - gains["base"]).sort_values("gain")

    def read(rows: pd.DataFrame) -> str:
        if rows.empty:
            return ""
        if rows["gain"].abs().max() < 0.005:
            return f"{compared} moves by less than half a point in every segment"
        up, down = rows.iloc[-1], rows.iloc[0]
        rises = "rises most" if up["gain"] > 0 else "falls least"
        falls = "falls most" if down["gain"] < 0 else "rises least"
        start = f"{compared} {rises} for {_segment(up)}"
        return start if len(rows) == 1 else f"{start} and {falls} for {_segment(down)}"

    return _by_contest(gains, theme, read)


def _segment(row: "pd.Series[float]") -> str:
    shares = f"{percent(float(row['share']))} against {percent(float(row['base']))}"
    return f"{spaced(str(row['arm']))} at {row['complexity']} complexity and {row['value']} value ({shares})"


def trust_and_sameness(years: pd.DataFrame, theme: Theme) -> Reading:
    """Where trust ends highest and lowest, and how sameness moves there."""
    trust, sameness = (_first_and_last(years, name) for name in ("trust", "perceived_sameness"))

    def read(rows: pd.DataFrame) -> str:
        parts = []
        for arm in _best_and_worst(rows["last"]):
            ends = [number(rows.at[arm, name], "0 to 1") for name in ("first", "last", "first_sameness", "last_sameness")]
            parts.append("{} (trust from {} to {}, sameness from {} to {})".format(spaced(arm), *ends))
        return _joined(parts, "trust ends highest with ", " and lowest with ", "trust and sameness with ")

    return _by_arm(trust.merge(sameness, on=KEYS, suffixes=("", "_sameness")), theme, read)


def earnings(differences: pd.DataFrame, theme: Theme) -> Reading:
    """How many arms clearly earn more than the baseline, and the one that earns most."""
    rows = differences[(differences["measure"] == "operating_profit_k") & (differences["arm"] != theme.baseline)]

    def read(profit: pd.DataFrame) -> str:
        if profit.empty:
            return ""
        best, unit = profit.iloc[-1], "k$ a year"
        ends = interval(float(best["low"]), float(best["high"]), unit) or "no interval"
        more, less = (int((profit["verdict"] == verdict).sum()) for verdict in ("higher", "lower"))
        verb = "earn" if 1 < more < len(profit) else "earns"
        clear = f"{_counted(more, len(profit))} clearly {verb} more than {spaced(theme.baseline)}"
        size = f"{number(float(best['difference']), unit, signed=True)} {unit} {ends}"
        return f"{clear}, {_counted(less, len(profit))} clearly less; {spaced(str(best['arm']))} earns most: {size}"

    return _by_contest(rows.dropna(subset=["difference"]).sort_values("difference"), theme, read)


def _by_arm(table: pd.DataFrame, theme: Theme, read: Callable[[pd.DataFrame], str]) -> Reading:
    """A sentence a contest; `read` gets a row for each arm of the theme."""
    return _by_contest(table, theme, lambda rows: read(rows.set_index("arm").reindex(list(theme.arms))))


def _by_contest(table: pd.DataFrame, theme: Theme, read: Callable[[pd.DataFrame], str]) -> Reading:
    """A sentence a contest from its rows; contests without an answer are left out."""
    texts = {contest: read(table[table["contest"] == contest]) for contest in theme.contests}
    return {contest: f"{sentence_case(text)}." for contest, text in texts.items() if text}


def _joined(parts: Sequence[str], first: str, second: str, single: str, last: str = "") -> str:
    """Two parts, one part or none."""
    if len(parts) == 2:
        return first + parts[0] + second + parts[1] + last
    return single + parts[0] + last if parts else ""


def _range(values: "pd.Series[Any]", write: Callable[[float], str]) -> str:
    """`19 weeks with a and 25 weeks with b`, lowest first; written once where both are written alike."""
    ranked = _best_and_worst(values)[::-1]
    texts = [write(values[arm]) for arm in ranked]
    if len(texts) == 2 and texts[0] == texts[1]:
        return f"{texts[0]} with {_counted(int(values.notna().sum()), len(values))}"
    return " and ".join(f"{text} with {spaced(arm)}" for text, arm in zip(texts, ranked, strict=True))


def _counted(some: int, every: int) -> str:
    return "every arm" if some == every else f"{some} of {every} arms" if some else "no arm"


def _best_and_worst(values: "pd.Series[Any]") -> list[str]:
    """The arms with the highest and the lowest value: two, one, or none."""
    ranked = [str(arm) for arm in values.dropna().sort_values(ascending=False, kind="stable").index]
    return ranked if len(ranked) < 2 else [ranked[0], ranked[-1]]


def _first_and_last(years: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Rows (contest, arm, first, last): the seeds' mean of a measure in the first and in the last year."""
    means = ours(years).groupby([*KEYS, "year"], observed=True)[measure].mean().dropna().sort_index()
    return means.groupby(level=KEYS, observed=True).agg(["first", "last"]).reset_index()


def _dollars(share: float) -> str:
    return f"{number(share, 'share', digits=0 if abs(share) >= 0.095 else 1)} $"
