"""The sections of `salesim explain`: money bridge, deals side by side, what carries the fall, loop gains."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from salesim.report.figures.figure import Figure
from salesim.report.figures.panels import error_bars
from salesim.report.page.html import again, drawing, folded, listing, named, note, origin, section, table
from salesim.report.study_files import StudyFiles, read_analysis
from salesim.report.text.amounts import contest_words, spaced
from salesim.report.text.explain import TABLES, Section, sections
from salesim.report.text.origin import Record, seeds_words
from salesim.report.text.printed import points_words, printed_bridge, printed_parts, signed_words, step_words
from salesim.report.text.tables import Cell, Grid
from salesim.report.theme import FAINT, INK, Theme, drawn, typeset

GOOD, BAD = "#0b4f7d", "#b34a00"


def explain_sections(folder: Path) -> str:
    """All sections of a study's `explain` folder as HTML."""
    files = read_analysis(folder / "explain.json", TABLES)
    record, theme = files.record, files.theme
    money, deals, fall, loops = sections(files)
    both = _made_of(record, f"{record['arm']} and {record['against']}", record["seeds"], folder)
    one = _made_of(record, record["against"], record["spiral_seeds"], folder)
    return "".join(
        [
            _exhibit(money, theme, both, _waterfall(files, theme), again(record, "the explanation")),
            _exhibit(deals, theme, both, "", _won_by_one(files)),
            _exhibit(fall, theme, one, _bars(files.tables["spiral"])),
            _exhibit(loops, theme, one),
        ]
    )


def _made_of(record: Record, arms: str, seeds: list[int], folder: Path) -> str:
    """From which seeds, arms and contest a section was made."""
    words = f"From {seeds_words(seeds)} of {spaced(arms)}, {contest_words(str(record['contest']))}."
    return origin(words, record, folder.parent)


def _exhibit(shown: Section, theme: Theme, made_of: str, figure: str = "", more: str = "") -> str:
    """A section as HTML; a table under a figure that shows the same is folded."""
    numbers = table(shown.table, theme)
    numbers = folded("The numbers", numbers) if figure else numbers
    answer, reading = listing(shown.sentences, theme, "reading"), note(named(shown.note, theme))
    return section(named(shown.title, theme), made_of, answer, figure, numbers, reading, more)


def _waterfall(files: StudyFiles, theme: Theme) -> str:
    """Differences by step between the two profits, of the bridge as it is printed."""
    bridge = printed_bridge(files.tables["bridge"])
    steps = bridge[~bridge["total"] & (bridge["difference_k"] != 0)]
    start, end = bridge.loc[bridge["step"] == "operating_profit", ["against_k", "arm_k"]].iloc[0].tolist()
    amounts = steps["difference_k"].tolist()
    first, last = (f"profit of {drawn(files.record[name])}" for name in ("against", "arm"))
    colours = {"increasing": GOOD, "decreasing": BAD, "totals": theme.colour(theme.baseline)}
    figure = Figure(1, 1, (), (0, 0))
    figure.add(
        "waterfall", (1, 1),
        x=[first, *(drawn(step_words(str(step))) for step in steps["step"]), last],
        y=[start, *amounts, 0], measure=["absolute", *["relative"] * len(amounts), "total"],
        text=[f"{start:,.0f}", *(typeset(signed_words(value)) for value in amounts), f"{end:,.0f}"], textposition="outside",
        connector={"line": {"color": FAINT, "width": 1}}, hovertemplate="%{x}: %{text} k$ a year<extra></extra>",
        cliponaxis=False, **{kind: {"marker": {"color": colour}} for kind, colour in colours.items()},
    )  # fmt: skip
    figure.style("y", title="k$ a year", tickformat=",.0f")
    figure.style("x", tickangle=-30)
    words = "From one profit to the other, step by step. Blue adds to profit, orange takes from it."
    return drawing(figure.dressed(440, legend=False), "why-bridge") + note(words)


def _won_by_one(files: StudyFiles) -> str:
    """Deals that one arm won and the other did not, side by side."""
    record, rows = files.record, []
    for row in files.tables["won_by_one"].to_dict("records"):
        need = Cell(f"customer {row['customer']}, week {row['opened_week']}")
        complexity = Cell(f"{max(row['complexity_first'], row['complexity_second']):.2f}")
        rows.append([need, complexity, _ended(row, "first"), _ended(row, "second"), Cell(signed_words(row["difference_k"]))])
    head = ("the need", "complexity", *(spaced(record[name]) for name in ("arm", "against")), "difference, k$")
    words = (
        "Diagnosis: how well the problem was diagnosed. Doubt: what the customer doubted of the offer. Both go from 0 to 1. "
        "The price is that of the last offer."
    )
    title = f"<h3>The largest deals that one arm alone won, seed {record['seeds'][0]}</h3>"
    return title + table(Grid([Cell(name) for name in head], rows), files.theme) + note(words)


def _ended(row: dict[str, Any], side: str) -> Cell:
    """How a deal ended under an arm, and at what terms."""
    outcome, cause = (spaced(str(row[f"{name}_{side}"])) for name in ("outcome", "cause"))
    facts = f"diagnosis {row[f'depth_{side}']:.2f}, doubt {row[f'uncertainty_{side}']:.2f}"
    price = f", {100 * row[f'price_{side}']:.0f} % of list" if row[f"price_{side}"] > 0 else ""
    return Cell(outcome if cause == "none" else f"{outcome}, {cause}", facts + price)


def _bars(parts: pd.DataFrame) -> str:
    """Bars of the parts, the largest above, and the whole beneath."""
    shown = printed_parts(parts)
    rows = parts.set_index(parts["feedback"].map(spaced)).loc[[row.name for row in shown.rows]]
    values, low, high = (np.array([*(100 * rows[name]), 100 * rows["part"].sum()]) for name in ("part", "low", "high"))
    low[-1] = high[-1] = values[-1]  # the whole fall has no interval
    printed = [(row.name, row.points) for row in shown.rows] + [("the whole fall", shown.whole)]
    labels = [f"{drawn(name)}  {typeset(points_words(points))}" for name, points in printed]
    figure = Figure(1, 1, (), (0, 0))
    figure.add(
        "bar", (1, 1), y=labels, x=values, orientation="h", error_x=error_bars(values, low, high, color=INK),
        hovertemplate="%{y} points<extra></extra>", marker={"color": [FAINT, *[GOOD] * (len(rows) - 1), INK]},
    )  # fmt: skip
    figure.style("y", autorange="reversed", showgrid=False)
    figure.style("x", title="points of gross margin", zeroline=True, zerolinecolor=INK)
    return drawing(figure.dressed(120 + 28 * len(labels), legend=False), "why-spiral")
