"""The verdict in sentences: who is best, what differs, by how much, with what certainty, and what cannot be told apart."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from salesim.compare.amounts import amount, between, gap, listed
from salesim.compare.best import Best, best_of

CONTESTS = {"alone": "Alone against its rivals", "everyone": "If the whole market sells this way"}
JUDGED = ("operating_profit_k", "gross_margin", "cycle_weeks", "pass_through")
FEW_SEEDS = 20  # fewer show only large differences


def sentences(
    runs: pd.DataFrame, differences: pd.DataFrame, metrics: Mapping[str, Any], baseline: str, confidence: float
) -> list[str]:
    """The verdict of a study, contest by contest: the best on profit and the primary measures first, then each measure.

    `metrics` gives each measure's title, unit and better direction.
    """
    found = []
    judged = {name: metrics[name].better for name in JUDGED if name in metrics}
    for contest, part in differences.groupby("contest", sort=False):
        bests = best_of(runs[runs["contest"] == contest], judged, confidence)
        words = [on_best(best, metrics[best.measure]) for best in bests]
        words += [on_measure(rows, metrics[str(measure)], baseline) for measure, rows in part.groupby("measure", sort=False)]
        lead = CONTESTS.get(str(contest), str(contest))
        found += [f"{lead}: {sentence}" for sentence in words if sentence]
    n = int(differences["n"].max()) if len(differences) else 0
    return [*found, certainty(n, confidence)]


def certainty(n: int, confidence: float) -> str:
    """How sure all of it is."""
    if n < 2:
        return "One seed shows one possible course of events: no interval can be given; ask for more with study.seeds=…"
    few = "; so few show only large differences, ask for more with study.seeds=…" if n < FEW_SEEDS else ""
    return (
        f"All intervals come from {n} shared seeds{few}. For each contest those against the baseline hold together with "
        f"{100 * confidence:.0f} % confidence, and so do those between the best. They speak of this model and its settings, "
        "not of any real firm."
    )


def on_best(best: Best, metric: Any) -> str:
    """Who is best on a measure, or who may be, and who is not."""
    title, unit = metric.title, metric.unit
    lead, ends = gap(best.lead, unit), between(best.low, best.high, unit)
    if not np.isfinite(best.low):
        return ""
    if len(best.contenders) == 1:
        return f"best on {title.lower()} is {best.first}, {lead} ahead of {best.second}, the next ({ends})."
    if best.low == best.high == 0.0 and len(best.contenders) == 2:
        lead = f"{best.first} and {best.second} are exactly the same"
    else:
        lead = f"{best.first} is {lead} ahead of {best.second}, with an interval of {ends}"
    beaten = f"; {listed(best.beaten)} {'is' if len(best.beaten) == 1 else 'are'} surely not" if best.beaten else ""
    return f"best on {title.lower()} may be {' or '.join(best.contenders)}: {lead}{beaten}."


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
            nearer, farther = sorted((abs(float(row.low)), abs(float(row.high))))
            parts.append(f"{row.arm} is {size} {row.verdict} ({between(nearer, farther, metric.unit)})")
    parts += [
        f"{row.arm} cannot be told from {baseline} ({between(float(row.low), float(row.high), metric.unit)})"
        for row in others.itertuples()
        if row.verdict == "cannot tell"
    ]
    same = [str(row.arm) for row in others.itertuples() if row.verdict == "equal"]
    if same:
        parts.append(f"{listed(same)} {'is' if len(same) == 1 else 'are'} exactly the same")
    if not parts:
        parts.append("there is nothing to compare")
    return f"{metric.title} is {base} for {baseline}; " + "; ".join(parts) + "."
