"""Table in, one sentence a contest out: what a figure shows, computed from the same numbers."""

from collections.abc import Callable, Mapping

import pandas as pd

from salesim.report.aggregates import destination_shares, mean_pass_through, ours, segment_shares
from salesim.report.text.amounts import counted, interval, number, percent, sentence_case, spaced
from salesim.report.theme import Theme

Reading = dict[str, str]  # a sentence a contest


def margins(years: pd.DataFrame, theme: Theme) -> Reading:
    """With how many arms gross margin falls, and where it ends highest and lowest."""
    ends_in = _first_and_last(years, "gross_margin", theme)

    def read(contest: str) -> str:
        ends = ends_in[contest]
        falls = sum(last < first for first, last in ends.values())
        best = _best_and_worst({arm: last for arm, (_, last) in ends.items()})
        parts = [f"{spaced(arm)} (from {percent(ends[arm][0], 1)} to {percent(ends[arm][1], 1)})" for arm in best]
        start = f"gross margin falls with {_counted(falls, len(ends))}; it ends highest with "
        return _joined(parts, start, " and lowest with ", "gross margin with ")

    return _by_contest(theme, read)


def bridge(steps: pd.DataFrame, theme: Theme) -> Reading:
    """What is left of the list price, and the largest part that the channel and the customer take."""
    shares = destination_shares(steps)

    def read(contest: str) -> str:
        rows = shares[shares["contest"] == contest]
        profit = _values(rows[rows["step"] == "operating_profit"], "share", theme)
        given = _values(rows[rows["step"] == "customer_discount"], "share", theme)
        parts = [
            f"{spaced(arm)} keeps {_dollars(profit[arm])} as operating profit and gives {_dollars(given[arm])} away"
            for arm in _best_and_worst(profit)
            if arm in given
        ]
        return _joined(parts, "of 100 $ at list price, ", " in discounts; ", "of 100 $ at list price, ", " in discounts")

    return _by_contest(theme, read)


def closing(curves: pd.DataFrame, theme: Theme) -> Reading:
    """The week by which half of the deals are decided, soonest and latest arm, and how many end in no decision."""
    reached = curves[curves["undecided"] <= 0.5]
    halves = reached.groupby(["contest", "arm"], observed=True)["week"].min().reset_index()
    ends = curves.sort_values("week").groupby(["contest", "arm"], observed=True).last().reset_index()

    def read(contest: str) -> str:
        weeks = _range(_values(halves, "week", theme, contest), theme, _weeks)
        if not weeks:
            return ""
        dropped = _values(ends, "no_decision", theme, contest) if "no_decision" in ends else {}
        of_hundred = _range(dropped, theme, lambda share: f"{100 * share:.0f}")
        more = f"; of 100 deals, the number that end in no decision is {of_hundred}" if of_hundred else ""
        return f"half of the deals are decided within {weeks}{more}"

    return _by_contest(theme, read)


def pass_through(quotes: pd.DataFrame, theme: Theme) -> Reading:
    """How much of one more dollar of discount reaches the customer, least and most."""
    means = mean_pass_through(quotes, ["contest", "arm"]).rename("mean").reset_index()

    def read(contest: str) -> str:
        cents = _range(_values(means, "mean", theme, contest), theme, lambda share: f"{100 * share:.0f} cents")
        return f"of one more dollar of discount to a partner, customers get {cents}" if cents else ""

    return _by_contest(theme, read)


def segments(counts: pd.DataFrame, theme: Theme) -> Reading:
    """The segment in which an arm gains most over the baseline."""
    shares = segment_shares(counts).dropna(subset=["share"])
    keys = ["contest", "complexity", "value"]
    base = shares[shares["arm"] == theme.baseline].set_index(keys)["share"].rename("base")
    gains = shares[shares["arm"] != theme.baseline].join(base, on=keys, how="inner")
    gains = gains.assign(gain=gains["share"] - gains["base"])

    def read(contest: str) -> str:
        rows = gains[gains["contest"] == contest].sort_values("gain")
        if rows.empty:
            return ""
        if rows["gain"].abs().max() < 0.005:
            return f"compared with {spaced(theme.baseline)}, the share won moves by less than half a point in every segment"
        up, down = rows.iloc[-1], rows.iloc[0]
        rises = "rises most" if up["gain"] > 0 else "falls least"
        falls = "falls most" if down["gain"] < 0 else "rises least"
        start = f"compared with {spaced(theme.baseline)}, the share won {rises} for {_segment(up)}"
        return start if len(rows) == 1 else f"{start} and {falls} for {_segment(down)}"

    return _by_contest(theme, read)


def _segment(row: "pd.Series[float]") -> str:
    shares = f"{percent(float(row['share']))} against {percent(float(row['base']))}"
    return f"{spaced(str(row['arm']))} at {row['complexity']} complexity and {row['value']} value ({shares})"


def trust_and_sameness(years: pd.DataFrame, theme: Theme) -> Reading:
    """Where trust ends highest and lowest, and how sameness moves there."""
    trust_in, sameness_in = (_first_and_last(years, name, theme) for name in ("trust", "perceived_sameness"))

    def read(contest: str) -> str:
        trust, sameness = trust_in[contest], sameness_in[contest]
        parts = []
        for arm in _best_and_worst({arm: last for arm, (_, last) in trust.items() if arm in sameness}):
            ends = [number(value, "0 to 1") for value in (*trust[arm], *sameness[arm])]
            parts.append("{} (trust from {} to {}, sameness from {} to {})".format(spaced(arm), *ends))
        return _joined(parts, "trust ends highest with ", " and lowest with ", "trust and sameness with ")

    return _by_contest(theme, read)


def earnings(differences: pd.DataFrame, theme: Theme) -> Reading:
    """How many arms clearly earn more than the baseline, and the one that earns most."""
    rows = differences[(differences["measure"] == "operating_profit_k") & (differences["arm"] != theme.baseline)]

    def read(contest: str) -> str:
        profit = rows[rows["contest"] == contest].dropna(subset=["difference"]).sort_values("difference")
        if profit.empty:
            return ""
        best = profit.iloc[-1]
        unit = "k$ a year"
        ends = interval(float(best["low"]), float(best["high"]), unit) or "no interval"
        more, less = (int((profit["verdict"] == verdict).sum()) for verdict in ("higher", "lower"))
        verb = "earn" if 1 < more < len(profit) else "earns"
        clear = f"{_counted(more, len(profit))} clearly {verb} more than {spaced(theme.baseline)}"
        size = f"{number(float(best['difference']), unit, signed=True)} {unit} {ends}"
        return f"{clear}, {_counted(less, len(profit))} clearly less; {spaced(str(best['arm']))} earns most: {size}"

    return _by_contest(theme, read)


def _by_contest(theme: Theme, read: Callable[[str], str]) -> Reading:
    """A sentence a contest; contests without an answer are left out."""
    return {contest: sentence_case(text) + "." for contest in theme.contests if (text := read(contest))}


def _joined(parts: list[str], first: str, second: str, single: str, last: str = "") -> str:
    """Two parts, one part or none."""
    if len(parts) == 2:
        return first + parts[0] + second + parts[1] + last
    return single + parts[0] + last if parts else ""


def _range(values: Mapping[str, float], theme: Theme, write: Callable[[float], str]) -> str:
    """`19 weeks with a and 25 weeks with b`, lowest first; written once where both are written alike."""
    ranked = list(reversed(_best_and_worst(values)))
    texts = [write(values[arm]) for arm in ranked]
    if len(texts) == 2 and texts[0] == texts[1]:
        known = sum(pd.notna(value) for value in values.values())
        return f"{texts[0]} with {_counted(known, len(theme.arms))}"
    return " and ".join(f"{text} with {spaced(arm)}" for text, arm in zip(texts, ranked, strict=True))


def _counted(some: int, every: int) -> str:
    return "every arm" if some == every else f"{some} of {every} arms" if some else "no arm"


def _best_and_worst(values: Mapping[str, float]) -> list[str]:
    """The arms with the highest and the lowest value: two, one, or none."""
    known = {arm: value for arm, value in values.items() if pd.notna(value)}
    ranked = sorted(known, key=lambda arm: -known[arm])
    return ranked if len(ranked) < 2 else [ranked[0], ranked[-1]]


def _first_and_last(years: pd.DataFrame, measure: str, theme: Theme) -> dict[str, dict[str, tuple[float, float]]]:
    """By contest and arm: the seeds' mean of a measure in the first and in the last year."""
    means = ours(years).groupby(["contest", "arm", "year"], observed=True)[measure].mean().dropna().sort_index()
    ends = means.groupby(level=["contest", "arm"]).agg(["first", "last"]).to_dict("index")
    return {
        contest: {arm: (row["first"], row["last"]) for arm in theme.arms if (row := ends.get((contest, arm)))}
        for contest in theme.contests
    }


def _values(table: pd.DataFrame, column: str, theme: Theme, contest: str | None = None) -> dict[str, float]:
    """The column by arm, in the theme's order."""
    rows = table if contest is None else table[table["contest"] == contest]
    by_arm = dict(zip(map(str, rows["arm"]), rows[column].astype(float), strict=True))
    return {arm: by_arm[arm] for arm in theme.arms if arm in by_arm}


def _weeks(value: float) -> str:
    return counted(round(value), "week")


def _dollars(share: float) -> str:
    return f"{number(share, 'share', digits=0 if abs(share) >= 0.095 else 1)} $"
