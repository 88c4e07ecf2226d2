"""The table of results: means, and under each the paired difference to the baseline with its interval."""

from html import escape
from typing import Any

import pandas as pd

from salesim.report.look import Look, amount, contest_words, sentence_case, spaced, unit_words

SHOWN = 8  # measures before the fold
MANY_ARMS = 5  # more than these are set in smaller type
NEEDED = ("contest", "arm", "measure", "title", "unit", "better", "mean_arm", "difference", "low", "high", "verdict")


def results(differences: pd.DataFrame, look: Look) -> str:
    """The section of results as HTML; a sentence where the study compared nothing."""
    if differences.empty or any(column not in differences for column in NEEDED):
        return '<section><h2>Results</h2><p class="missing">This study left no table of differences.</p></section>'
    tables = "".join(_contest(differences, contest, look) for contest in look.contests)
    return f"<section><h2>Results</h2>{tables}{_key(differences, look)}</section>"


def _key(differences: pd.DataFrame, look: Look) -> str:
    base = escape(spaced(look.baseline))
    seeds = int(differences["n"].max()) if "n" in differences and differences["n"].notna().any() else 0
    told = "One seed has no interval." if seeds == 1 else f"Means over {seeds} seeds." if seeds else "Means over seeds."
    return (
        f'<p class="note">{told} Under each mean: difference to {base} with the same seeds, [low, high]. '
        f'<span class="better">▲ better</span> and <span class="worse">▼ worse</span> than {base}, '
        "with an interval on one side of zero; "
        "grey: equal, or cannot be told.</p>"
    )


def _contest(differences: pd.DataFrame, contest: str, look: Look) -> str:
    rows = differences[differences["contest"] == contest]
    arms = [arm for arm in look.arms if (rows["arm"] == arm).any()]
    if not arms:
        return ""
    cells = {(str(row["measure"]), str(row["arm"])): row for row in rows.to_dict("records")}
    measures = list(dict.fromkeys(str(name) for name in rows["measure"]))
    head = "".join(f"<th>{_swatch(look.colour(arm))}{escape(spaced(arm))}</th>" for arm in arms)
    kind = ' class="many"' if len(arms) > MANY_ARMS else ""

    def table(names: list[str]) -> str:
        body = "".join(_measure([cells.get((name, arm)) for arm in arms]) for name in names)
        return f'<div class="scroll"><table{kind}><thead><tr><th></th>{head}</tr></thead><tbody>{body}</tbody></table></div>'

    folded = measures[SHOWN:]
    rest = (
        f"<details><summary>{len(folded)} more measure{'s' * (len(folded) > 1)}</summary>{table(folded)}</details>"
        if folded
        else ""
    )
    return f"<h3>{escape(sentence_case(contest_words(contest)))}</h3>{table(measures[:SHOWN])}{rest}"


def _measure(cells: list[dict[Any, Any] | None]) -> str:
    known = next(cell for cell in cells if cell is not None)
    unit = f'<span class="unit">{escape(unit_words(str(known["unit"])))}</span>'
    values = "".join(_cell(cell) if cell else "<td>–</td>" for cell in cells)
    return f"<tr><th>{escape(str(known['title']))}{unit}</th>{values}</tr>"


def _cell(cell: dict[Any, Any]) -> str:
    unit, verdict = str(cell["unit"]), str(cell["verdict"])
    mean = amount(float(cell["mean_arm"]), unit)
    if verdict == "baseline":
        return f"<td>{mean}</td>"
    low, high = float(cell["low"]), float(cell["high"])
    interval = "" if pd.isna(low) else f' <span class="interval">[{amount(low, unit)}, {amount(high, unit)}]</span>'
    difference = amount(float(cell["difference"]), unit, signed=True)
    kind, mark = _judged(verdict, str(cell["better"]))
    return f'<td>{mean}<span class="difference {kind}">{mark}{difference}{interval}</span></td>'


def _judged(verdict: str, better: str) -> tuple[str, str]:
    """Class and sign of a difference that is beyond doubt; nothing for the others."""
    if verdict not in ("higher", "lower"):
        return "unsure", ""
    return ("better", "▲ ") if (verdict == "higher") == (better == "up") else ("worse", "▼ ")


def _swatch(colour: str) -> str:
    return f'<span class="swatch" style="background:{colour}"></span>'
