"""A comparison in sentences: one a measure, with size, interval, runs, and what could not be told apart."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from salesim.report.text.amounts import amount, between, contest_title, declared, gap, that_matter, way

Row = Mapping[str, Any]
SELECTION = "sequential selection"  # the rule that takes the best, or an arm within the zone of it


def sentences(statements: Sequence[Row], selection: Sequence[Row], metrics: Mapping[str, Any], record: Row) -> list[str]:
    """One sentence for each measure of each contest, then how sure all of it is and how to repeat it.

    `statements` are differences from the baseline, `selection` the best of each measure; `record` says what was declared.
    """
    found = []
    for race in selection:
        metric = metrics[race["measure"]]
        mine = [row for row in statements if (row["contest"], row["measure"]) == (race["contest"], race["measure"])]
        lead = contest_title(race["contest"])
        parts = [on_best(race, metric.unit), on_differences(mine, metric.unit, record["baseline"])]
        found.append(f"{lead}: {metric.title.lower()} ({way(metric.better)}): {' '.join(part for part in parts if part)}")
    return [*found, certainty(statements, record), f"To repeat it: {record['command']}"]


def on_best(race: Row, unit: str) -> str:
    """Who is the best, or may be."""
    zone = declared(race["zone"], unit)
    if not race["leads"]:
        return "there is nothing to compare."
    if race["all_within_zone"]:
        return f"no choice to make, all are within {zone} of each other."
    if not race["decided"]:
        chance = race["chance"] if math.isfinite(race["chance"]) else 0.0
        sure = f"{100 * chance:.0f} % or more" if chance < 0.99 else "over 99 %"
        likely = f"; {race['leads']} leads on fresh seeds, and is the best with a chance of {sure}" if chance > 0.5 else ""
        return f"best may be {' or '.join(race['alive'])}{likely}."
    if race["lead_low"] > 0:
        ends = between(race["lead_low"], race["lead_high"], unit)
        ahead = f"best is {race['best']}, {gap(race['lead'], unit)} ahead of {race['next']} ({ends})"
        if race["lead_high"] < race["zone"]:
            return f"{ahead}, by less than {that_matter(race['zone'], unit)}: no choice to make between them."
        return f"{ahead}."
    return on_chosen(race, unit)


def on_chosen(race: Row, unit: str) -> str:
    """The arm that was selected, where fresh seeds do not show it ahead of the next."""
    best, second, low, high = race["best"], race["next"], race["lead_low"], race["lead_high"]
    ends = between(low, high, unit)
    if low == high == 0.0:
        return f"best are {best} and {second}, which are exactly the same."
    if max(-low, high) < race["zone"]:
        closer = f"they are closer than {that_matter(race['zone'], unit)}"
        return f"chosen is {best}, which cannot be told from {second}: {closer} ({ends})."
    if race["rule"] != SELECTION:
        doubt = f"do not show it ahead of {second} again" if high >= 0 else f"have {second} ahead"
        return f"best is {best}; the fresh seeds alone {doubt} ({ends})."
    doubt = f"whether it is ahead of {second} is open on fresh seeds" if high >= 0 else f"on fresh seeds {second} is ahead"
    return f"chosen is {best}, as the best or within {declared(race['zone'], unit)} of it; {doubt} ({ends})."


def on_differences(rows: Sequence[Row], unit: str, baseline: str) -> str:
    """Every arm against the baseline: what is settled, by how much, after how many pairs."""
    known = [row for row in rows if row["verdict"] != "nothing to compare"]
    if not known:
        return ""
    base = amount(known[0]["mean_baseline"], unit)
    return f"Against {baseline} ({base}): " + "; ".join(on_difference(row, unit) for row in known) + "."


def on_difference(row: Row, unit: str) -> str:
    """One arm against the baseline; every interval with the runs it comes from."""
    arm, seen = row["arm"], judged_interval(row, unit)
    if row["verdict"] == "equal":
        return f"{arm} is exactly the same (in {row['pairs']} pairs)"
    if row["verdict"] == "equivalent":
        return f"{arm} is equivalent within {declared(row['matter'], unit)} ({seen})"
    if row["verdict"] == "cannot tell":
        more = f", some {rounded(row['needed'])} would tell" if math.isfinite(row["needed"]) else ""
        return f"{arm} cannot be told apart ({seen}{more})"
    small = that_matter(row["matter"], unit) if row["matters"] == "no" else ""
    if row["confirmed"] == "yes":
        size = gap(abs(row["fresh_difference"]), unit)
        nearer, farther = sorted((abs(row["fresh_low"]), abs(row["fresh_high"])))
        less = f", less than {small}" if small else ""
        fresh = f"{between(nearer, farther, unit)} from {row['fresh_pairs']} fresh seeds; told after {row['settled']} pairs"
        return f"{arm} is {size} {row['verdict']} ({fresh}){less}"
    less = f", though by less than {small}" if small else ""
    said = f"{arm} is {row['verdict']} ({seen}){less}"
    if not row["confirmed"]:
        return said
    doubt = "alone do not show it again" if row["confirmed"] == "open" else "say the opposite"
    return f"{said}; the fresh seeds {doubt} ({between(row['fresh_low'], row['fresh_high'], unit)})"


def judged_interval(row: Row, unit: str) -> str:
    """The interval that was judged, with its pairs; an arm may be played on after a verdict, for another measure's."""
    told = f"; told after {row['settled']}" if row["settled"] < row["pairs"] else ""
    return f"{between(row['low'], row['high'], unit)} after {row['pairs']} pairs{told}"


def rounded(pairs: float) -> str:
    """Two digits that matter: 1,234 is 1,200."""
    if pairs < 10:
        return f"{math.ceil(pairs)}"
    step = 10 ** (int(math.log10(pairs)) - 1)
    return f"{math.ceil(pairs / step) * step:,}"


def certainty(statements: Sequence[Row], record: Row) -> str:
    """How sure all of it is, and why looking more than once is allowed."""
    share = f"{100 * record['confidence']:g} %"
    pairs = [row["settled"] for row in statements]
    looked = f"{min(pairs)} to {max(pairs)} pairs" if min(pairs) < max(pairs) else f"{max(pairs)} pairs"
    spent = f" within a budget of {record['budget']}" if record["budget"] else ""
    how = "although the pilot decided where to play more" if record["budget"] else "however often was looked"
    return (
        f"{record['runs']:,} runs{spent} were played, {looked} for each verdict; sizes come from {record['fresh']} fresh "
        f"seeds ({record['fresh_runs']:,} of the runs) that no decision saw. With {share} confidence all verdicts are right, "
        f"{how}; so are, with {share}, all choices of a best, and all intervals of sizes. They speak of this model and its "
        "settings, not of any real firm."
    )
