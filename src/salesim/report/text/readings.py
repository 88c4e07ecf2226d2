"""Table in, one sentence a contest out: what a figure shows, computed from the same numbers."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from salesim.report.aggregates import KEYS, Key, destinations, keyed, mean_pass_through, segment_shares, yearly_spread
from salesim.report.text.amounts import counted, number, percent, sentence_case, spaced
from salesim.report.text.verdict import on_measure
from salesim.report.theme import Theme

UNKNOWN = (math.nan, math.nan)
Reading = dict[str, str]  # a sentence a contest


def margins(years: pd.DataFrame, theme: Theme) -> Reading:
    """With how many arms gross margin falls, and where it ends highest and lowest."""

    def read(ends: Mapping[str, tuple[float, float]]) -> str:
        falls = _some(sum(last < first for first, last in ends.values()), len(ends))
        top = _highest_and_lowest(ends, lambda first, last: f"from {percent(first, 1)} to {percent(last, 1)}")
        return f"gross margin falls with {falls}; it ends {top}"

    return _by_contest(_ends(years, "gross_margin"), theme, read)


def bridge(steps: pd.DataFrame, theme: Theme) -> Reading:
    """What is left of the list price, and the part that customers get."""

    def read(arms: Mapping[str, Mapping[str, tuple[float, float]]]) -> str:
        shares = {
            arm: [parts.get(step, UNKNOWN)[1] for step in ("operating_profit", "customer_discount")]
            for arm, parts in arms.items()
        }
        parts = [
            "{} keeps {} as operating profit and gives {} away in discounts".format(spaced(arm), *map(_dollars, shares[arm]))
            for arm in _extremes({arm: kept for arm, (kept, given) in shares.items() if not math.isnan(kept + given)})
        ]
        return f"of 100 $ at list price, {'; '.join(parts)}" if parts else ""

    return _by_contest(destinations(steps), theme, read)


def closing(curves: pd.DataFrame, theme: Theme) -> Reading:
    """The week by which half of the deals are decided, soonest and latest arm, and how many end in no decision."""

    def read(arms: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
        half = {arm: min((row["week"] for row in rows if row["undecided"] <= 0.5), default=None) for arm, rows in arms.items()}
        weeks = _range({arm: week for arm, week in half.items() if week is not None}, lambda week: counted(round(week), "week"))
        last = {arm: rows[-1].get("no_decision", float("nan")) for arm, rows in arms.items()}
        dropped = _range(
            {arm: share for arm, share in last.items() if not math.isnan(share)}, lambda share: f"{100 * share:.0f}"
        )
        more = f"; of 100 deals, the number that end in no decision is {dropped}" if dropped else ""
        return f"half of the deals are decided within {weeks}{more}" if weeks else ""

    return _by_contest(keyed(curves.sort_values("week")), theme, read)


def pass_through(quotes: pd.DataFrame, theme: Theme) -> Reading:
    """How much of one more dollar of discount reaches the customer, least and most."""

    def read(means: Mapping[str, float]) -> str:
        cents = _range(means, lambda share: f"{100 * share:.0f} cents")
        return f"of one more dollar of discount to a partner, customers get {cents}" if cents else ""

    return _by_contest(mean_pass_through(quotes, KEYS).dropna().to_dict(), theme, read)


def segments(counts: pd.DataFrame, theme: Theme) -> Reading:
    """The segments in which an arm gains most and loses most against the baseline."""
    compared = f"compared with {spaced(theme.baseline)}, the share won"

    def read(arms: Mapping[str, Mapping[tuple[str, str], float]]) -> str:
        base = arms.get(theme.baseline, {})
        gains = sorted(
            (share - base[cell], f"{spaced(arm)} at {cell[0]} complexity and {cell[1]} value", share, base[cell])
            for arm, shares in arms.items()
            for cell, share in shares.items()
            if arm != theme.baseline and cell in base
        )
        if not gains:
            return ""
        if max(abs(gain[0]) for gain in gains) < 0.005:
            return f"{compared} moves by less than half a point in every segment"
        up, down = (f"{where} ({percent(share)} against {percent(was)})" for _, where, share, was in (gains[-1], gains[0]))
        rises, falls = "rises most" if gains[-1][0] > 0 else "falls least", "falls most" if gains[0][0] < 0 else "rises least"
        return f"{compared} {rises} for {up}" + (f" and {falls} for {down}" if len(gains) > 1 else "")

    return _by_contest(segment_shares(counts), theme, read)


def trust_and_sameness(years: pd.DataFrame, theme: Theme) -> Reading:
    """Where trust ends highest and lowest, and how sameness moves there."""
    sameness = _ends(years, "perceived_sameness")
    both = {key: (*ends, *sameness[key]) for key, ends in _ends(years, "trust").items() if key in sameness}

    def read(ends: Mapping[str, tuple[float, ...]]) -> str:
        words = "trust from {} to {}, sameness from {} to {}"
        return f"trust ends {_highest_and_lowest(ends, lambda *mine: words.format(*(number(end, '0 to 1') for end in mine)))}"

    return _by_contest(both, theme, read)


def earnings(differences: pd.DataFrame, theme: Theme) -> Reading:
    """How much every arm earns beside the baseline."""
    rows = keyed(differences[differences["measure"] == "operating_profit_k"])
    return _by_contest(rows, theme, lambda arms: on_measure([row for mine in arms.values() for row in mine], theme.baseline))


def _by_contest(values: Mapping[Key, Any], theme: Theme, read: Callable[[Mapping[str, Any]], str]) -> Reading:
    """A sentence a contest; `read` gets the values by arm, in the order of the theme. Contests without answer are left out."""
    reading = {}
    for contest in theme.contests:
        mine = {arm: values[contest, arm] for arm in theme.arms if (contest, arm) in values}
        if mine and (text := read(mine)):
            reading[contest] = f"{sentence_case(text.rstrip('.'))}."
    return reading


def _highest_and_lowest(ends: Mapping[str, tuple[float, ...]], write: Callable[..., str]) -> str:
    """`highest with a (from 2 to 3) and lowest with b (from 4 to 1)`, by the second numbers; of one arm, the first part."""
    parts = [f"{spaced(arm)} ({write(*ends[arm])})" for arm in _extremes({arm: mine[1] for arm, mine in ends.items()})]
    return " and lowest with ".join([f"highest with {parts[0]}", *parts[1:]])


def _range(values: Mapping[str, float], write: Callable[[float], str]) -> str:
    """`19 weeks with a and 25 weeks with b`, lowest first; written once where both are written alike."""
    ranked = _extremes(values)[::-1]
    texts = [write(values[arm]) for arm in ranked]
    if len(texts) == 2 and texts[0] == texts[1]:
        return f"{texts[0]} with every arm"
    return " and ".join(f"{text} with {spaced(arm)}" for text, arm in zip(texts, ranked, strict=True))


def _extremes(values: Mapping[str, float]) -> list[str]:
    """The arms with the highest and the lowest value: two, one, or none."""
    ranked = sorted(values, key=lambda arm: -values[arm])
    return ranked if len(ranked) < 2 else [ranked[0], ranked[-1]]


def _some(some: int, every: int) -> str:
    return "every arm" if some == every else f"{some} of {every} arms" if some else "no arm"


def _ends(years: pd.DataFrame, measure: str) -> dict[Key, tuple[float, float]]:
    """The seeds' mean of a measure in the first and in the last year."""
    return {key: (rows[0]["mean"], rows[-1]["mean"]) for key, rows in yearly_spread(years, measure).items()}


def _dollars(share: float) -> str:
    return f"{number(share, 'share', digits=0 if abs(share) >= 0.095 else 1)} $"
