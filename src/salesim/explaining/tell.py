"""What the terminal says of an explanation."""

import pandas as pd
from rich.console import Console
from rich.table import Table
from rich.text import Text

from salesim.compare.flips import CLASSES
from salesim.compare.rounding import added_up, rounded_to_sum
from salesim.explaining.ask import Explanation
from salesim.explaining.leave import Explained, sentences
from salesim.explaining.say import ends, step_words
from salesim.explaining.spiral import Spiral
from salesim.terminal import CONTESTS

CENT_K = 1e-5  # a cent in k$


def print_plan(asked: Explanation, console: Console) -> None:
    """What is asked."""
    console.print(Text(f"Why does {asked.arm.name} differ from {asked.against.name}?", style="bold"))
    console.print(f"{CONTESTS.get(asked.contest, asked.contest)}, {asked.study.seeds} seeds")


def print_answer(asked: Explanation, found: Explained, console: Console) -> int:
    """Bridge, deals, spiral and gains with a sentence each; returns the exit code."""
    words = sentences(asked, found)
    section("Where the money goes, from list price to operating profit, k$ a year", words["bridge"], console)
    console.print(bridge_table(found.bridge, asked))
    section("The same customers, deal by deal: gross margin, k$ a year", words["deals"], console)
    console.print(classes_table(found.deals.classes, asked))
    off = "to the cent" if found.deals.gap_k < CENT_K else f"but for {found.deals.gap_k:.2g} k$"
    console.print(f"The classes sum to the difference in the books of every seed, {off}.", style="dim")
    section("What carries the fall of gross margin", words["spiral"], console)
    console.print(spiral_table(found.spiral))
    section("Loop gains: each loop alone, its links shocked one by one", words["gain"], console)
    console.print(gains_table(found))
    confidence = f"{100 * asked.study.confidence:g} %"
    console.print(
        f"\n{found.runs:,} runs. Intervals of a table of money or parts hold together with {confidence} confidence, over "
        "shared seeds; those of gains one by one. A part is Shapley's: what a feedback adds when it joins, averaged over all "
        "orders. G is the product of a loop's links; a linear loop answers a shock 1/(1-G) times as much as without it.",
        style="dim",
    )
    console.print(Text("\nWritten", style="bold"))
    page = asked.study.own_folder / "report.html"
    console.print(Text(f"  {page}  ").append("the report; open it in a browser", "dim"), soft_wrap=True)
    console.print(Text(f"  {asked.folder}  ").append("tables of bridge, deals, spiral, gains", "dim"), soft_wrap=True)
    if found.failed:
        console.print(f"\n{found.failed} runs failed and were left out", style="red")
    return 1 if found.failed else 0


def section(title: str, lines: list[str], console: Console) -> None:
    """A heading and its sentences."""
    console.print(Text(f"\n{title}", style="bold"))
    for line in lines:
        grid = Table.grid(padding=(0, 1))
        grid.add_row("  -", Text(line[0].upper() + line[1:]))
        console.print(grid)
    console.print()


def plain_table(*columns: str) -> Table:
    """A table of numbers."""
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    for place, name in enumerate(columns):
        table.add_column(name, header_style="bold", justify="right" if place else "left")
    return table


def bridge_table(bridge: pd.DataFrame, asked: Explanation) -> Table:
    """Steps and totals, rounded so that the columns add up."""
    table = plain_table("", asked.arm.name, asked.against.name, "difference", "interval")
    columns = {
        name: added_up(bridge[name].tolist(), bridge["total"].tolist()) for name in ("arm_k", "against_k", "difference_k")
    }
    for place, row in enumerate(bridge.itertuples()):
        cells = [
            f"{columns['arm_k'][place]:,.0f}",
            f"{columns['against_k'][place]:,.0f}",
            f"{columns['difference_k'][place]:+,.0f}",
        ]
        sure = row.low > 0 or row.high < 0
        style = "bold" if row.total else "" if sure else "dim"
        interval = f"[{row.low:+,.0f}, {row.high:+,.0f}]" if sure or row.low != row.high else ""
        table.add_row(Text(("" if row.total else "  ") + step_words(str(row.step)), style), *cells, Text(interval, "dim"))
    return table


def classes_table(classes: pd.DataFrame, asked: Explanation) -> Table:
    """What matched, what flipped, what exists in one arm alone."""
    first, second = asked.arm.name, asked.against.name
    table = plain_table("deals a run", "all", f"won by {first}", f"won by {second}", "difference", "interval")
    amounts = rounded_to_sum(classes["difference_k"].tolist(), 0)
    for row, amount in zip(classes.itertuples(), amounts, strict=True):
        words = CLASSES[str(row.kind)].format(first=first, second=second)
        interval = f"[{row.low:+,.0f}, {row.high:+,.0f}]" if row.low != row.high else ""
        counts = [f"{count:,.0f}" for count in (row.deals, row.won_first, row.won_second)]
        table.add_row(words, *counts, f"{amount:+,.0f}", Text(interval, "dim"))
    sums = [f"{classes[column].sum():,.0f}" for column in ("deals", "won_first", "won_second")]
    table.add_row(Text("all, as in the books", "bold"), *sums, f"{sum(amounts):+,.0f}", "")
    return table


def spiral_table(spiral: Spiral) -> Table:
    """Parts in points, rounded so that they add up."""
    table = plain_table("points of gross margin", "part", "interval", "of the fall")
    rows = pd.concat([spiral.parts.iloc[:1], spiral.parts.iloc[1:].sort_values("part", ascending=False)])
    amounts = rounded_to_sum((100 * rows["part"]).tolist(), 1)
    for row, amount in zip(rows.itertuples(), amounts, strict=True):
        interval = f"[{100 * row.low:+.1f}, {100 * row.high:+.1f}]".replace("-0.0", "0.0").replace("+0.0", "0.0")
        share = f"{round(100 * row.part / spiral.fall) + 0:d} %" if spiral.fall > 0 else ""
        style = "" if row.low > 0 or row.high < 0 else "dim"
        table.add_row(Text(str(row.feedback), style), f"{amount:+.1f}", Text(interval, "dim"), share)
    table.add_row(Text("the whole fall", "bold"), f"{sum(amounts):+.1f}", "", "100 %" if spiral.fall > 0 else "")
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
