"""What the terminal says of an explanation."""

import math
from collections.abc import Mapping

import pandas as pd
from rich.console import Console
from rich.table import Table
from rich.text import Text

from salesim.analyses.explain.save import Explained, record_of, sentences
from salesim.analyses.explain.spec import Explanation
from salesim.analyses.explain.spiral import Spiral
from salesim.report.console.tables import print_paths
from salesim.report.page.origin import remark
from salesim.report.text.amounts import contest_title, counted, sentence_case
from salesim.report.text.explain import ends
from salesim.report.text.printed import (
    difference_of,
    points_words,
    printed_bridge,
    printed_classes,
    printed_parts,
    signed_words,
    step_words,
)
from salesim.report.text.verdict import FEW_SEEDS
from salesim.stats.matching import CLASSES

CENT_K = 1e-5  # a cent in k$
FEW_SPIRAL = 10  # seeds of the fall and the loops; with fewer, ten parts are hardly told from nothing


def print_question(asked: Explanation, console: Console) -> None:
    """What is asked, and of which seeds."""
    console.print(Text(f"Why does {asked.arm.name} differ from {asked.against.name}?", style="bold"))
    seeds, few = asked.study.seeds, len(asked.spiral_seeds)
    some = f" (the fall and the loops: the first {few})" if few < seeds else ""
    console.print(f"{contest_title(asked.contest)}; {counted(seeds, 'seed')}{some}")
    if seeds < FEW_SEEDS:
        console.print(
            f"{counted(seeds, 'seed')} are few: intervals will be wide, and little will be beyond doubt; seeds={FEW_SEEDS} or "
            "more is sensible",
            style="yellow",
        )
    if few < FEW_SPIRAL <= seeds:
        console.print(
            f"{few} are few for the fall and the loops; spiral_seeds={FEW_SPIRAL} or more is sensible",
            style="yellow",
        )


def print_plan(asked: Explanation, counts: Mapping[str, int], console: Console) -> None:
    """What will be played."""
    parts = [f"{counts['arms']:,} of both arms", f"{counts['loops']:,} of loops and small shocks to their links"]
    feedbacks = counted(len(asked.loops), "feedback")
    parts.append(f"{counts['subsets']:,} more of {counts['n_subsets']} subsets of {feedbacks}")
    runs = counts["arms"] + counts["loops"] + counts["subsets"]
    console.print(f"About {runs:,} runs: {', '.join(parts)}; {counts['records']} again for their deals")


def print_answer(asked: Explanation, found: Explained, console: Console) -> int:
    """Bridge, deals, spiral and gains with a sentence each; returns the exit code."""
    words = sentences(asked, found)
    section("Where the money goes, from list price to operating profit, k$ a year", words["bridge"], asked, console)
    console.print(bridge_table(found.bridge, asked))
    section("The same customers, deal by deal: gross margin, k$ a year", words["deals"], asked, console)
    console.print(classes_table(found, asked))
    off = "to the cent" if found.deals.gap_k < CENT_K else f"but for {found.deals.gap_k:.2g} k$"
    console.print(f"The classes sum to the difference in the records of every seed, {off}.", style="dim")
    section("What carries the fall of gross margin", words["spiral"], asked, console)
    console.print(spiral_table(found.spiral))
    section("Loop gains: each loop alone, its links shocked one by one", words["gain"], asked, console)
    console.print(gains_table(found))
    confidence = f"{100 * asked.study.confidence:g} %"
    console.print(
        f"\n{found.runs:,} runs. Intervals of a table of money or parts hold together with {confidence} confidence, over "
        "shared seeds; those of gains one by one. A part is Shapley's: what a feedback adds when it joins, averaged over all "
        "orders. G is the product of a loop's links; a linear loop answers a shock 1/(1-G) times as much as without it.",
        style="dim",
    )
    console.print()
    page = asked.study.own_folder / "report.html"
    tables = "tables of bridge, deals, spiral and gains"
    print_paths([(page, "the report; open it in a browser"), (asked.folder, tables)], console)
    console.print(Text(remark(record_of(asked), asked.study.own_folder), "yellow"))
    if found.failed:
        console.print(f"\n{found.failed} runs failed and were left out", style="red")
    return 1 if found.failed else 0


def section(title: str, lines: list[str], asked: Explanation, console: Console) -> None:
    """A heading and its sentences; an arm's name keeps its small letter."""
    console.print(Text(f"\n{title}", style="bold"))
    for line in lines:
        grid = Table.grid(padding=(0, 1))
        begins_with_name = line.startswith((f"{asked.arm.name} ", f"{asked.against.name} "))
        grid.add_row("  -", Text(line if begins_with_name else sentence_case(line)))
        console.print(grid)
    console.print()


def plain_table(*columns: str) -> Table:
    """A table of numbers."""
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    for place, name in enumerate(columns):
        table.add_column(name, header_style="bold", justify="right" if place else "left")
    return table


def bridge_table(bridge: pd.DataFrame, asked: Explanation) -> Table:
    """Steps and totals, rounded so that they add up."""
    table = plain_table("", asked.arm.name, asked.against.name, "difference", "interval")
    for row, shown in zip(bridge.itertuples(), printed_bridge(bridge).itertuples(), strict=True):
        cells = [f"{shown.arm_k:,.0f}", f"{shown.against_k:,.0f}", signed_words(shown.difference_k)]
        sure = row.low > 0 or row.high < 0
        style = "bold" if row.total else "" if sure else "dim"
        table.add_row(Text(("" if row.total else "  ") + step_words(str(row.step)), style), *cells, interval(row.low, row.high))
    return table


def interval(low: float, high: float) -> Text:
    """[low, high] in grey; nothing where all seeds agree."""
    return Text(f"[{signed_words(low)}, {signed_words(high)}]" if low != high else "", "dim")


def classes_table(found: Explained, asked: Explanation) -> Table:
    """What matched, what flipped, what exists in one arm alone."""
    first, second = asked.arm.name, asked.against.name
    table = plain_table("deals a run", "all", f"won by {first}", f"won by {second}", "difference", "interval")
    whole = difference_of(printed_bridge(found.bridge), "gross_margin")
    shown = printed_classes(found.deals.classes, whole)
    for row, each in zip(found.deals.classes.itertuples(), shown.itertuples(), strict=True):
        words = CLASSES[str(row.kind)].format(first=first, second=second)
        counts = [f"{count:,.0f}" for count in (each.deals, each.won_first, each.won_second)]
        table.add_row(words, *counts, signed_words(each.difference_k), interval(row.low, row.high))
    sums = [f"{shown[column].sum():,.0f}" for column in ("deals", "won_first", "won_second")]
    table.add_row(Text("all, as in the records", "bold"), *sums, signed_words(whole), "")
    return table


def spiral_table(spiral: Spiral) -> Table:
    """Parts in points, rounded so that they add up."""
    table = plain_table("points of gross margin", "part", "interval", "of the fall")
    shown = printed_parts(spiral.parts)
    for row in shown.rows:
        share = f"{row.percent:.0f} %" if math.isfinite(row.percent) else ""
        table.add_row(
            Text(row.name, "" if row.sure else "dim"), points_words(row.points), Text(f"[{row.low}, {row.high}]", "dim"), share
        )
    share = "100 %" if math.isfinite(shown.rows[0].percent) else ""
    table.add_row(Text("the whole fall", "bold"), points_words(shown.whole), "", share)
    return table


def gains_table(found: Explained) -> Table:
    """A row a link, and the loop's own after them."""
    table = plain_table("", "gain", "1/(1-G)", "measured")
    for each in found.gains:
        table.add_row(Text(each.loop.name, "bold"), "", "", "")
        if each.gain is None:
            table.add_row(f"  {each.why_not}", "", "", "")
            continue
        for link, slope in zip(each.loop.links, each.gain.links, strict=True):
            table.add_row(Text(f"  {link.name}", "dim"), Text(ends(slope), "dim"), "", "")
        gain = each.gain
        table.add_row("  G, around the loop", ends(gain.gain), ends(gain.foretold), ends(gain.measured))
    return table
