"""A saved explanation in words: sections, each with its sentences, its table and a note on how to read it."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from salesim.report.analysis_files import AnalysisFiles, Record
from salesim.report.text.amounts import between, listed, sentence_case
from salesim.report.text.printed import (
    Part,
    difference_of,
    points_words,
    printed_bridge,
    printed_classes,
    printed_parts,
    printed_shares,
    signed_words,
    step_words,
)
from salesim.report.text.table import Cell, Row, TextTable, cells, interval
from salesim.stats.matching import CLASSES

TABLES = ("bridge", "classes", "causes", "won_by_one", "spiral", "links", "loops")
YEARLY = "k$ a year"
PROFIT = "operating_profit"
SHOWN = 3  # causes or feedbacks in a sentence; steps are twice as many
CENT_K = 1e-5  # a cent in k$
CAUSES = {
    "rival": "lost to a rival",
    "too_late": "lost to a rival who was faster",
    "declined": "declined by the vendor",
    "value_too_low": "no decision, for want of value",
    "confidence_too_low": "no decision, for want of confidence",
    "stalled": "stalled in the buying group",
    "none": "still open",
}
LOOPS = {
    "support": "margin pays for support, support for outcomes, outcomes for trust and difference, and these for margin",
    "reference price": "prices paid become the price that customers expect, and that holds prices where they are",
    "price sensitivity": "discounts make customers mind prices more, and that makes discounts larger",
    "partners' requests": "thin margins make partners ask for discount, and discount is meant to widen their margins",
}


class Section(NamedTuple):
    """A part of an explanation."""

    title: str
    sentences: list[str]
    table: TextTable
    note: str


def question(record: Record) -> str:
    """What is asked."""
    return f"Why does {record['arm']} differ from {record['against']}?"


def plan(record: Record, counts: Mapping[str, int]) -> str:
    """How many runs there will be."""
    arms, loops, subsets = (counts[name] for name in ("arms", "loops", "subsets"))
    return (
        f"About {arms + loops + subsets:,} runs: {arms:,} of both arms, {loops:,} of loops and small shocks to their links, "
        f"{subsets:,} more of {counts['n_subsets']} subsets of {len(record['feedbacks'])} feedbacks; {counts['records']} again "
        "for their deals"
    )


def sections(files: AnalysisFiles) -> tuple[Section, Section, Section, Section]:
    """Money, deals, the fall of margins, loops."""
    return of_money(files), of_deals(files), of_fall(files), of_loops(files)


def of_money(files: AnalysisFiles) -> Section:
    """Which steps from list price to profit make the difference."""
    record, bridge = files.record, files.tables["bridge"]
    shown = printed_bridge(bridge)
    rows = []
    for row, each in zip(bridge.itertuples(), shown.itertuples(), strict=True):
        kind = "total" if row.total else "" if row.low > 0 or row.high < 0 else "open"
        both = cells(f"{each.arm_k:,.0f}", f"{each.against_k:,.0f}")
        rows.append(Row(step_words(str(row.step)), (*both, money(each.difference_k, row.low, row.high)), kind))
    table = TextTable((YEARLY, record["arm"], record["against"], "difference"), tuple(rows))
    note = (
        "Means over seeds, from list price to operating profit. The intervals of a table hold together with "
        f"{percent(record)} confidence."
    )
    return Section(question(record), [steps_sentence(bridge, shown, record)], table, note)


def money(value: float, low: float, high: float) -> Cell:
    """A difference in k$, with its interval where seeds do not agree."""
    return Cell(signed_words(value), interval(signed_words(low), signed_words(high)) if low != high else "")


def percent(record: Record) -> str:
    """The confidence of a record."""
    return f"{100 * record['confidence']:g} %"


def steps_sentence(bridge: pd.DataFrame, shown: pd.DataFrame, record: Record) -> str:
    """Which steps make the difference in profit."""
    total = bridge[bridge["step"] == PROFIT].iloc[0]
    order = bridge["difference_k"].abs().sort_values(ascending=False).index
    sure = ~bridge["total"] & ((bridge["low"] > 0) | (bridge["high"] < 0))
    known = shown.loc[order][sure.loc[order]]
    parts = [f"{step_words(str(row.step))} {signed_words(row.difference_k)}" for row in known.head(2 * SHOWN).itertuples()]
    steps = f"; the largest steps that differ for sure, in {YEARLY}: {', '.join(parts)}" if parts else ""
    words = more_or_less(difference_of(shown, PROFIT), total["low"], total["high"], record["against"])
    return f"{record['arm']} {words}{steps}."


def more_or_less(difference_k: float, low: float, high: float, against: str) -> str:
    """By how much an arm earns more or less than the other; or that it cannot be told."""
    if not (low > 0 or high < 0):
        return f"cannot be told from {against} in operating profit ({between(low, high, YEARLY)})"
    nearer, farther = sorted((abs(low), abs(high)))
    word = "more" if low > 0 else "less"
    return f"earns {abs(difference_k):,.0f} {YEARLY} {word} than {against} ({nearer:,.0f} to {farther:,.0f})"


def of_deals(files: AnalysisFiles) -> Section:
    """Where the difference in gross margin comes from, deal by deal, and why the other arm did not win."""
    record, classes = files.record, files.tables["classes"]
    arm, against = record["arm"], record["against"]
    whole = difference_of(printed_bridge(files.tables["bridge"]), "gross_margin")
    shown = printed_classes(classes, whole)
    counts, rows = ("deals", "won_first", "won_second"), []
    for row, each in zip(classes.itertuples(), shown.to_dict("records"), strict=True):
        name = CLASSES[str(row.kind)].format(first=arm, second=against)
        rows.append(Row(name, (*cells(*(f"{each[n]:,.0f}" for n in counts)), money(each["difference_k"], row.low, row.high))))
    sums = cells(*(f"{shown[name].sum():,.0f}" for name in counts), signed_words(whole))
    rows.append(Row("all, as in the records", sums, "total"))
    head = ("deals a run", "all", f"won by {arm}", f"won by {against}", "margin, k$")
    exact = "to the cent" if record["gap_k"] < CENT_K else f"but for {record['gap_k']:.2g} k$"
    note = (
        "Deals are matched by customer and week of opening: with common random numbers the same need arises in the same week "
        f"under both arms, until their histories part. The classes sum to the difference in the records of every seed, {exact}."
    )
    amounts = shown.set_index("kind")["difference_k"]
    lines = [shares_sentence(amounts, whole), *cause_sentences(files.tables["causes"], arm, against)]
    return Section("The same customers, deal by deal", lines, TextTable(head, tuple(rows)), note)


def shares_sentence(amounts: Mapping[str, float], whole: float) -> str:
    """How the difference in gross margin is shared among the classes of deals."""
    both, one, apart = (
        signed_words(each)
        for each in (amounts["both"], amounts["first"] + amounts["second"], amounts["first_only"] + amounts["second_only"])
    )
    return (
        f"Of {signed_words(whole)} {YEARLY} in gross margin, {both} come from deals that both win, {one} from the same needs "
        f"won by one alone, {apart} from needs that arose under one alone."
    )


def cause_sentences(causes: pd.DataFrame, arm: str, against: str) -> list[str]:
    """How the other arm's deals ended where one arm alone won."""
    lines = []
    for kind, winner, loser in (("first", arm, against), ("second", against, arm)):
        mine = causes[causes["kind"] == kind].sort_values("deals", ascending=False)
        if mine["deals"].sum():
            shares = zip(printed_shares(mine["deals"].tolist()), mine["cause"], strict=True)
            parts = [f"{share:.0f} % {CAUSES.get(str(cause), str(cause))}" for share, cause in shares if share][:SHOWN]
            lines.append(f"Deals that {winner} wins and {loser} does not end with {loser} as follows: {'; '.join(parts)}.")
    return lines


def of_fall(files: AnalysisFiles) -> Section:
    """Which feedbacks carry the fall of margins, and which hold margins up."""
    record = files.record
    shown = printed_parts(files.tables["spiral"])
    falls = math.isfinite(shown.rows[0].percent)
    rows = [
        Row(
            row.name,
            (Cell(points_words(row.points), interval(row.low, row.high)), Cell(f"{row.percent:.0f} %" if falls else "")),
            "" if row.sure else "open",
        )
        for row in shown.rows
    ]
    rows.append(Row("the whole fall", cells(points_words(shown.whole), "100 %" if falls else ""), "total"))
    sampled = f"from {record['orders']} orders in which feedbacks join" if record["orders"] else "averaged over all orders"
    note = (
        f"Shapley values: a part is what a feedback adds to the fall when it joins those that are on, {sampled}; parts sum to "
        f"the whole fall. Their intervals hold together with {percent(record)} confidence."
    )
    table = TextTable(("points of gross margin", "part", "share of the fall"), tuple(rows))
    return Section("What carries the fall of margins?", [fall_sentence(shown.rows, shown.whole, record)], table, note)


def fall_sentence(parts: Sequence[Part], whole: float, record: Record) -> str:
    """The fall, and which feedbacks push it down or hold it up."""
    alone, *rows = parts
    down, up = ([part_words(row) for row in rows if row.sure and (row.points > 0) == falls] for falls in (True, False))
    unsure = [row.name for row in rows if not row.sure]
    words = [f"pushed down by {listed(down)}"] if down else []
    words += [f"held up by {listed(up)}"] if up else []
    words += [f"no effect beyond chance of {listed(unsure)}"] if unsure else []
    return (
        f"Under {record['against']}, gross margin {moves(whole, 's')} from the first two years to the last two; without any "
        f"feedback it would {moves(alone.points, '')}; {'; '.join(words)}."
    )


def moves(points: float, ending: str) -> str:
    """A fall or rise in points, as a verb."""
    return f"{'rise' if points < 0 else 'fall'}{ending} by {points_words(abs(points))} points"


def part_words(part: Part) -> str:
    """A feedback with the size of its part and its interval."""
    low, high = (part.low, part.high) if part.points > 0 else (part.high.lstrip("-"), part.low.lstrip("-"))
    return f"{part.name} {points_words(abs(part.points))} ({low} to {high})"


def of_loops(files: AnalysisFiles) -> Section:
    """Whether loops amplify shocks, as the gains of their links predict."""
    links, lines, rows = files.tables["links"], [], []
    for loop in files.tables["loops"].to_dict("records"):
        mine = links[links["loop"] == loop["loop"]]
        verdict, reasons = judged(loop, mine)
        lines.append(f"{sentence_case(loop['loop'])} ({LOOPS[loop['loop']]}): {verdict}{reasons}.")
        numbers = (ratio(loop, name) for name in ("gain", "predicted", "measured")) if len(mine) else cells("–", "–", "–")
        rows.append(Row(str(loop["loop"]), tuple(numbers), "total"))
        mine = mine.rename(columns={"low": "gain_low", "high": "gain_high"})
        rows += [Row(str(row["link"]), (ratio(row, "gain"), *cells("", "")), "part") for row in mine.to_dict("records")]
    head = ("loop, and its links", "gain", "predicted", "measured")
    note = (
        "Each loop alone, all other feedbacks off. The gain of a link is by how much its effect moves for a small lasting move "
        "of its cause; the gain G of a loop is their product. A linear loop answers a shock 1/(1 - G) times as much as without "
        f"the loop (predicted). Readings are of the last two years; each interval alone has {percent(files.record)} confidence."
    )
    return Section("Do the loops amplify?", lines, TextTable(head, tuple(rows)), note)


def judged(loop: Mapping[str, Any], links: pd.DataFrame) -> tuple[str, str]:
    """The verdict on a loop in a few words, and what follows them in a sentence."""
    if loop["off"]:
        return "not measured", f": {loop['off'].replace(', ', ' and ')} is off in market.loops"
    if links.empty:
        return "not measured", ": too many runs sold nothing in their last two years"
    unmoved = links.loc[~links["moved"].astype(bool), "link"].tolist()
    if unmoved:
        return "no verdict", f": the shock did not surely move the cause of {listed(unmoved)}"
    if not math.isfinite(loop["apart"]):
        return "no verdict", ": the outside shock moved nothing without the loop"
    predicted, seen, apart = ("{} ({})".format(*ratio(loop, name)) for name in ("predicted", "measured", "apart"))
    numbers = f": by its links, a shock is multiplied by {predicted}; measured is {seen}, a difference of {apart}"
    if loop["agreement"] == "agrees":
        return f"as predicted, within {loop['margin']:.2f}", numbers
    if loop["agreement"] == "differs":
        return "differs from the prediction", numbers
    if loop["gain_low"] <= 0 <= loop["gain_high"]:
        return "no gain can be told", numbers
    return f"not certain whether it is as predicted, within {loop['margin']:.2f}", numbers


def ratio(row: Mapping[str, Any], name: str) -> Cell:
    """An estimate in two digits, without a minus zero, and its interval."""
    value, low, high = (f"{round(row[each], 2) + 0.0:.2f}" for each in (name, f"{name}_low", f"{name}_high"))
    return Cell(value, f"{low} to {high}")
