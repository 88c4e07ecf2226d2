"""The section "Why?": money bridge, deals side by side, what carries the fall, loop gains; from a study's `explain/`."""

from html import escape
from pathlib import Path
from typing import Any

import pandas as pd
from plotly import graph_objects as go

from salesim.report.figures.panels import FAINT, INK, dressed
from salesim.report.page.html import again, drawing, grid, interval, items, named, signed, swatch
from salesim.report.page.origin import origin_of, seeds_words
from salesim.report.study_files import read_json, read_table
from salesim.report.text.amounts import contest_words, spaced
from salesim.report.text.printed import difference_of, points_words, printed_bridge, printed_classes, printed_parts, step_words
from salesim.report.theme import MINUS, Theme, drawn, theme_of
from salesim.stats.matching import CLASSES

GOOD, BAD = "#0b4f7d", "#b34a00"
COUNTS = ("deals", "won_first", "won_second")
CENT_K = 1e-5  # a cent in k$


def why(folder: Path) -> str:
    """The sections as HTML."""
    record = read_json(folder / "explain.json")
    theme = theme_of(record)
    return _bridge(folder, record, theme) + _deals(folder, record, theme) + _spiral(folder, record, theme)


def _origin(folder: Path, record: dict[str, Any], *, spiral: bool = False) -> str:
    """From which seeds, arms and contest; the fall and the loops are those of one arm and fewer seeds."""
    seeds, few = seeds_words(record["seeds"]), len(record["spiral_seeds"])
    made = f"the first {few} of {seeds}" if spiral and few < len(record["seeds"]) else seeds
    arms = str(record["against"]) if spiral else f"{record['arm']} and {record['against']}"
    return origin_of(f"From {made} of {spaced(arms)}, {contest_words(str(record['contest']))}.", record, folder.parent)


def _told(record: dict[str, Any], what: str, theme: Theme) -> str:
    """The sentences of a section."""
    return items(named(line, theme) for line in record["sentences"][what])


def _bridge(folder: Path, record: dict[str, Any], theme: Theme) -> str:
    bridge, arm, against = read_table(folder, "bridge"), str(record["arm"]), str(record["against"])
    title = f"Why does {spaced(arm)} differ from {spaced(against)}?"
    rows = []
    printed = printed_bridge(bridge)
    for row, shown in zip(bridge.to_dict("records"), printed.to_dict("records"), strict=True):
        amounts = [f"{shown[name]:,.0f}".replace("-", MINUS) for name in ("arm_k", "against_k")]
        words = escape(step_words(str(row["step"])))
        difference = signed(shown["difference_k"]) + (interval(row["low"], row["high"]) if row["low"] != row["high"] else "")
        rows.append([f"<b>{words}</b>" if row["total"] else words, *amounts, difference])
    table = grid(["k$ a year", swatch(arm, theme), swatch(against, theme), "difference"], rows)
    return (
        f'<section class="exhibit"><h2>{escape(title)}</h2>{_origin(folder, record)}{_told(record, "bridge", theme)}'
        f"{drawing(_waterfall(printed, arm, against, theme), 'why-bridge')}"
        f'<p class="note">From the operating profit of {escape(spaced(against))} to that of {escape(spaced(arm))}, step by '
        "step, k$ a year, mean over seeds. Blue adds to profit, orange takes from it.</p>"
        f"<details><summary>Both bridges, from list price to operating profit</summary>{table}</details>"
        f"{again(record, 'why')}</section>"
    )


def _waterfall(bridge: pd.DataFrame, arm: str, against: str, theme: Theme) -> go.Figure:
    """Differences by step between the two profits, of the bridge as it is printed."""
    steps = bridge[~bridge["total"] & (bridge["difference_k"] != 0)]
    start, end = bridge.loc[bridge["step"] == "operating_profit", ["against_k", "arm_k"]].iloc[0].tolist()
    amounts = steps["difference_k"].tolist()
    words = [drawn(step_words(str(step))) for step in steps["step"]]
    names = [f"profit of {drawn(against)}", *words, f"profit of {drawn(arm)}"]
    figure = go.Figure(
        go.Waterfall(
            x=names, y=[start, *amounts, 0], measure=["absolute", *["relative"] * len(amounts), "total"],
            text=[f"{start:,.0f}", *(signed(value) for value in amounts), f"{end:,.0f}"],
            textposition="outside",
            increasing_marker_color=GOOD, decreasing_marker_color=BAD, totals_marker_color=theme.colour(theme.baseline),
            connector={"line": {"color": FAINT, "width": 1}}, hovertemplate="%{x}: %{text} k$ a year<extra></extra>",
            cliponaxis=False,
        )
    )  # fmt: skip
    figure.update_yaxes(title_text="k$ a year", tickformat=",.0f").update_xaxes(tickangle=-30)
    return dressed(figure, 440, legend=False)


def _deals(folder: Path, record: dict[str, Any], theme: Theme) -> str:
    arm, against = str(record["arm"]), str(record["against"])
    classes, rows = read_table(folder, "classes"), []
    whole = difference_of(printed_bridge(read_table(folder, "bridge")), "gross_margin")
    printed = printed_classes(classes, whole)
    for row, shown in zip(classes.to_dict("records"), printed.to_dict("records"), strict=True):
        words = escape(CLASSES[str(row["kind"])].format(first=spaced(arm), second=spaced(against)))
        counts = [f"{shown[name]:,.0f}" for name in COUNTS]
        ends = interval(row["low"], row["high"]) if row["low"] != row["high"] else ""
        rows.append([words, *counts, signed(shown["difference_k"]) + ends])
    rows.append(["<b>all, as in the records</b>", *(f"{printed[name].sum():,.0f}" for name in COUNTS), signed(whole)])
    head = ["Deals a run", "all", f"won by {swatch(arm, theme)}", f"won by {swatch(against, theme)}",
            'difference<span class="unit">gross margin, k$ a year</span>']  # fmt: skip
    off = "to the cent" if record["gap_k"] < CENT_K else f"but for {record['gap_k']:.2g} k$"
    return (
        f'<section class="exhibit"><h2>The same customers, deal by deal</h2>{_origin(folder, record)}'
        f"{_told(record, 'deals', theme)}{grid(head, rows)}"
        '<p class="note">Deals are matched by customer and week of opening; with keyed luck the same need arises in the same '
        f"week under both, until their histories part. Their sum is the difference in the records of every seed, {off}.</p>"
        f"<h3>The flipped deals of most money, seed {record['seeds'][0]}</h3>{_flips(folder, arm, against)}"
        '<p class="note">Diagnosis: how well the problem was diagnosed. Doubt: what the customer doubted of the offer. Both go '
        "from 0 to 1. The price is that of the last offer.</p></section>"
    )


def _flips(folder: Path, arm: str, against: str) -> str:
    """Deals that one arm won and the other did not, side by side."""
    rows = []
    for row in read_table(folder, "flips").to_dict("records"):
        cells = [f"customer {row['customer']}, week {row['opened_week']}",
                 f"{max(row['complexity_first'], row['complexity_second']):.2f}"]  # fmt: skip
        rows.append([*cells, _ended(row, "first"), _ended(row, "second"), signed(row["difference_k"])])
    return grid(["the need", "complexity", escape(spaced(arm)), escape(spaced(against)), "difference, k$"], rows)


def _ended(row: dict[str, Any], side: str) -> str:
    """How a deal ended under an arm, and at what terms."""
    outcome, cause = str(row[f"outcome_{side}"]).replace("_", " "), str(row[f"cause_{side}"]).replace("_", " ")
    words = outcome if cause == "none" else f"{outcome}, {cause}"
    facts = f"diagnosis {row[f'depth_{side}']:.2f}, doubt {row[f'uncertainty_{side}']:.2f}"
    if row[f"price_{side}"] > 0:
        facts += f"<br>{100 * row[f'price_{side}']:.0f} % of list"
    return f'{escape(words)}<span class="difference">{facts}</span>'


def _spiral(folder: Path, record: dict[str, Any], theme: Theme) -> str:
    sampled = f", from {record['orders']} orders" if record["orders"] else ""
    return (
        f'<section class="exhibit"><h2>What carries the fall of margins?</h2>{_origin(folder, record, spiral=True)}'
        f"{_told(record, 'spiral', theme)}{drawing(_parts(read_table(folder, 'spiral')), 'why-spiral')}"
        f'<p class="note">Shapley\'s parts{sampled}: what a feedback adds to the fall when it joins, averaged over all orders; '
        f"the bars sum to the whole fall exactly. Whiskers hold together with {100 * record['confidence']:g} % confidence.</p>"
        f"<h3>Do the loops amplify?</h3>{_gains(folder)}"
        '<p class="note">Each loop alone. A link\'s gain is by how much its effect moves for a small lasting move of its '
        "cause; G is their product. A linear loop answers a shock 1/(1 − G) times as much as it would without the loop. "
        "Readings are those of the last two years.</p></section>"
    )


def _parts(parts: pd.DataFrame) -> go.Figure:
    """Bars of the parts, the largest above, and the whole beneath."""
    shown = printed_parts(parts)
    rows = parts.set_index(parts["feedback"].map(spaced)).loc[[row.name for row in shown.rows]]
    values = 100 * rows["part"]
    reach = {
        "type": "data", "symmetric": False, "array": [*(100 * rows["high"] - values), 0],
        "arrayminus": [*(values - 100 * rows["low"]), 0], "color": INK, "thickness": 1.2, "width": 3,
    }  # fmt: skip
    colours = [FAINT, *[GOOD] * (len(rows) - 1), INK]
    told = [(row.name, row.points) for row in shown.rows] + [("the whole fall", shown.whole)]
    labels = [f"{drawn(name)}  {points_words(points).replace('-', MINUS)}" for name, points in told]
    figure = go.Figure(
        go.Bar(y=labels, x=[*values, values.sum()], orientation="h", marker_color=colours, error_x=reach,
               hovertemplate="%{y} points<extra></extra>")
    )  # fmt: skip
    figure.update_yaxes(autorange="reversed", showgrid=False)
    figure.update_xaxes(title_text="points of gross margin", zeroline=True, zerolinecolor=INK)
    return dressed(figure, 120 + 28 * len(labels), legend=False)


def _gains(folder: Path) -> str:
    """Loops with their links, gains and amplifications."""
    links, rows = read_table(folder, "links"), []
    for loop in read_table(folder, "loops").to_dict("records"):
        mine = links[links["loop"] == loop["loop"]].to_dict("records")
        name = f'<b>{escape(str(loop["loop"]))}</b><span class="unit">{escape(str(loop["what"]))}</span>'
        parts = ("gain", "foretold", "measured")
        numbers = [_ends(loop, part, f"{part}_low", f"{part}_high") for part in parts] if mine else ["–"] * 3
        rows.append([name, *numbers, escape(str(loop["verdict"]).partition(": ")[0])])
        rows += [[f" {escape(link['link'])}", _ends(link, "gain", "low", "high"), "", "", ""] for link in mine]
    return grid(["loop, and the gains of its links", "G", "1/(1 − G)", "measured", "verdict"], rows)


def _ends(row: dict[str, Any], value: str, low: str, high: str) -> str:
    """An estimate with its interval."""
    low_text, high_text = (f"{row[end]:.2f}".replace("-0.00", "0.00").replace("-", MINUS) for end in (low, high))
    return f"{row[value]:.2f} [{low_text}, {high_text}]".replace("-0.00", "0.00").replace("-", MINUS)
