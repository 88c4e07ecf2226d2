"""The verdict in sentences: who is best, what differs, by how much, with what certainty, and what cannot be told apart."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from salesim.report.text.amounts import amount, at_most, between, gap, is_tiny, listed, sentence_case, way
from salesim.stats.best import Best, best_of
from salesim.stats.intervals import FEW_SEEDS

CONTESTS = {"alone": "Alone against its rivals", "everyone": "If the whole market sells this way"}
JUDGED = ("operating_profit_k", "gross_margin", "cycle_weeks", "pass_through")


def sentences(
    runs: pd.DataFrame, differences: pd.DataFrame, metrics: Mapping[str, Any], baseline: str, confidence: float
) -> list[str]:
    """The verdict of a study, contest by contest: the best on profit and the primary measures first, then each measure.

    `metrics` gives each measure's title, unit and better direction.
    """
    found = []
    judged = {name: metrics[name].better for name in JUDGED if name in metrics}
    for contest, part in differences.groupby("contest", sort=False):
        bests = best_of(runs[runs["contest"] == contest], judged, confidence, part["measure"].unique().tolist())
        words = [on_best(best, metrics[best.measure]) for best in bests]
        words += [on_measure(rows, metrics[str(measure)], baseline) for measure, rows in part.groupby("measure", sort=False)]
        lead = CONTESTS.get(str(contest), str(contest))
        found += [f"{lead}: {sentence}" for sentence in words if sentence]
    n = int(differences["n"].max()) if len(differences) else 0
    return [*found, certainty(n, confidence)]


def too_few(n: int) -> str:
    """What so few seeds can tell, and how many to ask for; nothing if they are enough."""
    if n < 2:
        return "one seed shows one possible course of events, without any interval; ask for seeds=40"
    return f"{n} seeds show only large differences; ask for more with seeds=…" if n < FEW_SEEDS else ""


def certainty(n: int, confidence: float) -> str:
    """How sure all of it is."""
    few = f"{sentence_case(too_few(n))}. " if too_few(n) else ""
    if n < 2:
        return few.strip()
    return (
        f"{few}All intervals come from {n} shared seeds. For each contest those against the baseline hold together with "
        f"{100 * confidence:.0f} % confidence, and so do those between the best. They speak of this model and its settings, "
        "not of any real firm."
    )


def on_best(best: Best, metric: Any) -> str:
    """Who is best on a measure, or who may be, and who is not."""
    title, unit = metric.title.lower(), metric.unit
    if not np.isfinite(best.low):
        return ""
    if len(best.contenders) == 1:
        ends = between(best.low, best.high, unit)
        return f"best on {title} is {best.first}, {gap(best.lead, unit)} ahead of {best.second}, the next ({ends})."
    everybody = len(best.contenders) > 2 and not best.beaten
    names = f"any of the {len(best.contenders)} arms" if everybody else " or ".join(best.contenders)
    beaten = f"; {listed(best.beaten)} {'is' if len(best.beaten) == 1 else 'are'} surely not" if best.beaten else ""
    return f"best on {title} may be {names}: {on_lead(best, unit)}{beaten}."


def on_lead(best: Best, unit: str) -> str:
    """How the first two stand to each other, where it cannot be told who is ahead."""
    both = f"{best.first} and {best.second}"
    if best.low == best.high == 0.0:
        return f"{both} are exactly the same"
    if is_tiny(best.lead, unit):
        return f"{both} cannot be told apart, they are within {at_most(max(-best.low, best.high), unit)} of each other"
    ends = between(best.low, best.high, unit)
    return f"{best.first} is {gap(best.lead, unit)} ahead of {best.second}, with an interval of {ends}"


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
    return f"{metric.title} ({way(metric.better)}) is {base} for {baseline}; " + "; ".join(parts) + "."
