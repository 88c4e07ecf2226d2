"""The verdict in sentences: what differs, by how much, with what certainty, and what cannot be told apart."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from salesim.compare.paired import lead_of_best

CONTESTS = {"alone": "Alone against its rivals", "everyone": "If the whole market sells this way"}


def amount(value: float, unit: str) -> str:
    """A number with its unit, as a person would say it: shares in percent, money in k$."""
    if not np.isfinite(value):
        return "nothing"
    if unit.startswith("share"):
        return f"{100 * value:.1f} %"
    if unit.startswith("k$"):
        return f"{value:,.0f} {unit}"
    if unit == "weeks":
        return f"{value:.1f} weeks"
    return f"{value:.2f}"


def gap(value: float, unit: str) -> str:
    """A difference with its unit; shares differ by percentage points."""
    if np.isfinite(value) and unit.startswith("share"):
        return f"{100 * value:.1f} points"
    return amount(value, unit)


def between(low: float, high: float, unit: str) -> str:
    """An interval of differences, the unit said once."""
    number, _, words = gap(high, unit).partition(" ")
    return f"{gap(low, unit).partition(' ')[0]} to {number} {words}".rstrip()


def sentences(
    runs: pd.DataFrame, differences: pd.DataFrame, metrics: Mapping[str, Any], baseline: str, confidence: float
) -> list[str]:
    """The verdict of a study, contest by contest: the best on profit first, then each measure, then what is open.

    `metrics` gives each measure's title, unit and better direction.
    """
    found = []
    for contest, part in differences.groupby("contest", sort=False):
        words = [best_on_profit(runs[runs["contest"] == contest], metrics, confidence)]
        words += [on_measure(rows, metrics[str(measure)], baseline) for measure, rows in part.groupby("measure", sort=False)]
        lead = CONTESTS.get(str(contest), str(contest))
        found += [f"{lead}: {sentence}" for sentence in words if sentence]
    n = int(differences["n"].max()) if len(differences) else 0
    found.append(
        f"All intervals come from {n} shared seeds and hold together with {100 * confidence:.0f} % confidence "
        "for each contest. They speak of this model and its settings, not of any real firm."
    )
    return found


def best_on_profit(runs: pd.DataFrame, metrics: Mapping[str, Any], confidence: float) -> str:
    """Who earns most, and whether its lead over the second is beyond chance."""
    if runs["arm"].nunique() < 2:
        return ""
    first, second, lead, low, high = lead_of_best(runs, "operating_profit_k", True, confidence)
    unit = metrics["operating_profit_k"].unit
    if not np.isfinite(lead):
        return "the operating profits cannot be compared."
    if low > 0:
        return f"{first} earns the most, {gap(lead, unit)} more than {second} ({between(low, high, unit)})."
    return (
        f"{first} and {second} cannot be told apart on operating profit: "
        f"{gap(lead, unit)} between them, with an interval of {between(low, high, unit)}."
    )


def on_measure(rows: pd.DataFrame, metric: Any, baseline: str) -> str:
    """One sentence for a measure: which arms are above or below the baseline, and which cannot be told from it."""
    others = rows[rows["arm"] != baseline]
    if others.empty:
        return ""
    base = amount(float(rows["mean_baseline"].iloc[0]), metric.unit)
    parts = []
    for row in others.itertuples():
        if row.verdict in ("higher", "lower"):
            size = gap(abs(float(row.difference)), metric.unit)
            ends = between(*sorted((abs(float(row.low)), abs(float(row.high)))), metric.unit)
            parts.append(f"{row.arm} is {size} {row.verdict} ({ends})")
    unclear = [str(row.arm) for row in others.itertuples() if row.verdict == "cannot tell"]
    same = [str(row.arm) for row in others.itertuples() if row.verdict == "equal"]
    if unclear:
        parts.append(f"{' and '.join(unclear)} cannot be told from {baseline}")
    if same:
        parts.append(f"{' and '.join(same)} {'is' if len(same) == 1 else 'are'} exactly the same")
    if not parts:
        parts.append("there is nothing to compare")
    return f"{metric.title} is {base} for {baseline}; " + "; ".join(parts) + "."
