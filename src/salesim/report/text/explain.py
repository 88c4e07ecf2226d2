"""A saved explanation in words: sections, each with its sentences, its table and a note on how to read it."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from salesim.report.study_files import StudyFiles
from salesim.report.text.amounts import contest_words, counted, listed, percent, seeds_words, sentence_case
from salesim.report.text.levers import answer, of_levers
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
from salesim.report.text.tables import Cell, Grid, arm_cell
from salesim.report.text.verdict import Findings, Section

Record = Mapping[str, Any]
TABLES = ("bridge", "levers", "lever_settings", "classes", "causes", "won_by_one", "spiral", "links", "loops")
YEARLY = "k$ a year"
SHOWN = 3  # causes or feedbacks in a sentence; steps are twice as many
ENOUGH_SEEDS = 40  # of the parts of the fall: ten tell no part of the shipped market from zero, twenty two, forty six
CENT_K = 1e-5  # a cent in k$
CLASSES = {  # of deals, by kind
    "both": "won in both, at other terms",
    "first": "won by {first} alone",
    "second": "won by {second} alone",
    "neither": "won in neither",
    "first_only": "needs only under {first}",
    "second_only": "needs only under {second}",
}
CAUSES = {
    "rival": "lost to a rival",
    "too_late": "lost to a rival who was faster",
    "declined": "declined by the vendor",
    "value_too_low": "no decision, for want of value",
    "confidence_too_low": "no decision, for want of confidence",
    "stalled": "dropped for other priorities",
    "none": "still open",
}
LOOPS = {
    "support": "margin pays for support, support for outcomes, outcomes for trust and difference, and these for margin",
    "reference price": "prices paid become the price that customers expect, and that holds prices where they are",
    "price sensitivity": "discounts make customers mind prices more, and that makes discounts larger",
    "partners' requests": "thin margins make partners ask for discount, and discount is meant to widen their margins",
}


def question(record: Record) -> str:
    """What is asked."""
    return f"Why does {record['arm']} differ from {record['against']}?"


def plan(record: Record, counts: Mapping[str, int]) -> str:
    """How many runs there will be."""
    arms, levers, loops, subsets = (counts[name] for name in ("arms", "levers", "loops", "subsets"))
    return (
        f"About {arms + levers + loops + subsets:,} runs: {arms:,} of both arms, {levers:,} with some of "
        f"{counted(counts['groups'], 'group')} of levers swapped, {loops:,} of loops and small shocks to their links, "
        f"{subsets:,} more of {counts['n_subsets']} subsets of {len(record['feedbacks'])} feedbacks; {counts['records']} again "
        "for their deals"
    )


def sections(files: StudyFiles) -> list[Section]:
    """Money, levers, deals, the fall of margins, loops."""
    record, contest = files.record, contest_words(files.record["contest"])
    both = f"From {seeds_words(record['seeds'])} of {record['arm']} and {record['against']}, {contest}."
    one = f"From {seeds_words(record['spiral_seeds'])} of {record['against']}, {contest}."
    parts = ((of_money, both), (of_levers, both), (of_deals, both), (of_fall, one), (of_loops, one))
    return [section(files, made_of) for section, made_of in parts]


def findings(sentences: list[str]) -> list[Findings]:
    """Sentences that are about one contest, which the section names."""
    return [Findings("", sentences)]


def of_money(files: StudyFiles, made_of: str) -> Section:
    """Which steps from list price to profit make the difference."""
    record, bridge = files.record, files.tables["bridge"]
    shown = printed_bridge(bridge)
    rows = []
    for row, each in zip(bridge.itertuples(), shown.itertuples(), strict=True):
        kind = "total" if row.total else "" if row.low > 0 or row.high < 0 else "unsure"
        both = (Cell(f"{amount:,.0f}") for amount in (each.arm_k, each.against_k))
        rows.append([Cell(step_words(str(row.step)), kind=kind), *both, money(each.difference_k, row.low, row.high)])
    head = [Cell("k$ a year"), arm_cell(record["arm"]), arm_cell(record["against"]), Cell("difference")]
    note = (
        "Means over seeds, from list price to operating profit. The intervals of a table hold together with "
        f"{percent(record['confidence'])} confidence."
    )
    steps = findings(steps_words(bridge, shown))
    return Section(question(record), steps, [Grid(head, rows)], note, made_of, answer=answer(files))


def money(value: float, low: float, high: float) -> Cell:
    """A difference in k$, with its interval where seeds do not agree."""
    return Cell(signed_words(value), more=f"[{signed_words(low)}, {signed_words(high)}]" if low != high else "")


def steps_words(bridge: pd.DataFrame, shown: pd.DataFrame) -> list[str]:
    """Which steps make the difference in profit; nothing where none is clear."""
    order = bridge["difference_k"].abs().sort_values(ascending=False).index
    sure = ~bridge["total"] & ((bridge["low"] > 0) | (bridge["high"] < 0))
    known = shown.loc[order][sure.loc[order]]
    parts = [f"{step_words(str(row.step))} {signed_words(row.difference_k)}" for row in known.head(2 * SHOWN).itertuples()]
    return [f"The largest clear differences from list price to profit, in {YEARLY}: {', '.join(parts)}."] if parts else []


def of_deals(files: StudyFiles, made_of: str) -> Section:
    """Where the difference in gross margin comes from, deal by deal, and why the other arm did not win."""
    record, classes = files.record, files.tables["classes"]
    arm, against = record["arm"], record["against"]
    whole = difference_of(printed_bridge(files.tables["bridge"]), "gross_margin")
    shown = printed_classes(classes, whole)
    counts, rows = ("deals", "won_first", "won_second"), []
    for row, each in zip(classes.itertuples(), shown.to_dict("records"), strict=True):
        name = Cell(CLASSES[str(row.kind)].format(first=arm, second=against))
        numbers = (Cell(f"{each[count]:,.0f}") for count in counts)
        rows.append([name, *numbers, money(each["difference_k"], row.low, row.high)])
    sums = (f"{shown[name].sum():,.0f}" for name in counts)
    rows.append([Cell("all, as in the records", kind="total"), *map(Cell, sums), Cell(signed_words(whole))])
    head = map(Cell, ("deals a run", "all", f"won by {arm}", f"won by {against}", "margin, k$"))
    exact = "to the cent" if record["gap_k"] < CENT_K else f"but for {record['gap_k']:.2g} k$"
    note = (
        "Deals are matched by customer and week of opening: with common random numbers the same need arises in the same week "
        f"under both arms, until their histories part. The classes sum to the difference in the records of every seed, {exact}."
    )
    amounts = shown.set_index("kind")["difference_k"]
    lines = [shares_sentence(amounts, whole), *cause_sentences(files.tables["causes"], arm, against)]
    return Section("The same customers, deal by deal", findings(lines), [Grid(list(head), rows)], note, made_of)


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


def of_fall(files: StudyFiles, made_of: str) -> Section:
    """Which feedbacks carry the fall of margins, and which hold margins up."""
    record = files.record
    shown = printed_parts(files.tables["spiral"])
    falls = math.isfinite(shown.rows[0].percent)
    rows = []
    for row in shown.rows:
        part = Cell(points_words(row.points), more=f"[{row.low}, {row.high}]")
        rows.append(
            [Cell(row.name, kind="" if row.sure else "unsure"), part, Cell(percent(row.percent / 100) if falls else "")]
        )
    rows.append([Cell("the whole fall", kind="total"), Cell(points_words(shown.whole)), Cell("100 %" if falls else "")])
    note = (
        "Shapley values: a part is what a feedback adds to the fall when it joins those that are on, averaged over all orders; "
        f"parts sum to the whole fall. Their intervals hold together with {percent(record['confidence'])} confidence."
    )
    table = Grid([Cell("points of gross margin"), Cell("part"), Cell("share of the fall")], rows)
    sentences = [fall_sentence(shown.rows, shown.whole, record), *on_seeds(shown.rows, record)]
    return Section("What carries the fall of margins?", findings(sentences), [table], note, made_of)


def fall_sentence(parts: Sequence[Part], whole: float, record: Record) -> str:
    """The fall, and which feedbacks push it down or hold it up."""
    alone, *rows = parts
    down, up = ([part_words(row) for row in rows if row.sure and (row.points > 0) == falls] for falls in (True, False))
    unsure = [row.name for row in rows if not row.sure]
    effects = {"pushed down by": down, "held up by": up, "without a clear effect are": unsure}
    words = [f"{effect} {listed(names)}" for effect, names in effects.items() if names]
    return (
        f"Under {record['against']}, gross margin {moves(whole, 's')} from the first two years to the last two; without any "
        f"feedback it would {moves(alone.points, '')}; {'; '.join(words)}."
    )


def on_seeds(parts: Sequence[Part], record: Record) -> list[str]:
    """What so few seeds cannot tell about the parts of the fall; nothing if they are enough."""
    n, clear = len(record["spiral_seeds"]), sum(part.sure for part in parts)
    if clear and n >= ENOUGH_SEEDS:
        return []
    known = f"tell {clear} of {len(parts)} parts from zero" if clear else "tell no part of the fall from zero"
    return [f"{n} seeds {known}; use more, for example {more_seeds(record)}."]


def more_seeds(record: Record) -> str:
    """The words that ask for more seeds for the fall; they are the first of all seeds, of which there may have to be more."""
    wanted = max(ENOUGH_SEEDS, 2 * len(record["spiral_seeds"]))
    return f"spiral_seeds={wanted}" if wanted <= len(record["seeds"]) else f"seeds={wanted} spiral_seeds={wanted}"


def moves(points: float, ending: str) -> str:
    """A fall or rise in points, as a verb."""
    return f"{'rise' if points < 0 else 'fall'}{ending} by {points_words(abs(points))} points"


def part_words(part: Part) -> str:
    """A feedback with the size of its part and its interval."""
    low, high = (part.low, part.high) if part.points > 0 else (part.high.lstrip("-"), part.low.lstrip("-"))
    return f"{part.name} {points_words(abs(part.points))} ({low} to {high})"


def of_loops(files: StudyFiles, made_of: str) -> Section:
    """Whether loops amplify shocks, as the gains of their links predict."""
    links, lines, rows = files.tables["links"], [], []
    for loop in files.tables["loops"].to_dict("records"):
        mine = links[links["loop"] == loop["loop"]]
        verdict, reasons = judged(loop, mine)
        lines.append(f"{sentence_case(loop['loop'])} ({LOOPS[loop['loop']]}): {verdict}{reasons}.")
        numbers = [ratio(loop, name) for name in ("gain", "predicted", "measured")] if len(mine) else [Cell("–")] * 3
        rows.append([Cell(str(loop["loop"]), kind="total"), *numbers])
        mine = mine.rename(columns={"low": "gain_low", "high": "gain_high"})
        rows += [[Cell(f" {row['link']}"), ratio(row, "gain"), Cell(""), Cell("")] for row in mine.to_dict("records")]
    head = [Cell("loop, and its links"), Cell("gain"), Cell("predicted"), Cell("measured")]
    confidence = percent(files.record["confidence"])
    note = (
        "Each loop alone, all other feedbacks off. The gain of a link is by how much its effect moves for a small lasting move "
        "of its cause; the gain G of a loop is their product. A linear loop answers a shock 1/(1 - G) times as much as without "
        f"the loop (predicted). Readings are of the last two years; each interval alone has {confidence} confidence."
    )
    return Section("Do the loops amplify?", findings(lines), [Grid(head, rows)], note, made_of)


def judged(loop: Mapping[str, Any], links: pd.DataFrame) -> tuple[str, str]:
    """The verdict on a loop in a few words, and what follows them in a sentence."""
    if loop["off"]:
        return "not measured", f": {loop['off'].replace(', ', ' and ')} is off in market.loops"
    if links.empty:
        return "not measured", ": too many runs sold nothing in their last two years"
    unmoved = links.loc[~links["moved"].astype(bool), "link"].tolist()
    if unmoved:
        return "no verdict", f": the shock did not clearly move the cause of {listed(unmoved)}"
    if not math.isfinite(loop["apart"]):
        return "no verdict", ": the outside shock moved nothing without the loop"
    predicted, seen, apart = (
        f"{cell.text} ({cell.more.strip('[]').replace(', ', ' to ')})"  # 1.05 (1.01 to 1.10)
        for cell in (ratio(loop, name) for name in ("predicted", "measured", "apart"))
    )
    numbers = f": by its links, a shock is multiplied by {predicted}; measured is {seen}, a difference of {apart}"
    if loop["agreement"] == "agrees":
        return f"as predicted, within {loop['margin']:.2f}", numbers
    if loop["agreement"] == "differs":
        return "clearly not as predicted", numbers
    if loop["gain_low"] <= 0 <= loop["gain_high"]:
        return "no clear gain", numbers
    return f"not clear whether it is as predicted, within {loop['margin']:.2f}", numbers


def ratio(row: Mapping[str, Any], name: str) -> Cell:
    """An estimate in two digits, without a minus zero, and its interval."""
    value, low, high = (f"{round(row[each], 2) + 0.0:.2f}" for each in (name, f"{name}_low", f"{name}_high"))
    return Cell(value, more=f"[{low}, {high}]")
