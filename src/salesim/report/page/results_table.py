"""The table of results: means, and under each the paired difference to the baseline with its interval."""

from html import escape
from typing import Any

import pandas as pd

from salesim.report.theme import Look, amount, contest_words, digits_of, sentence_case, showing, spaced, telling, unit_words

SHOWN = 8  # measures before the fold
MANY_ARMS = 5  # more than these do not fit side by side
Cell = dict[Any, Any]  # a row of differences
Cells = dict[tuple[str, str], Cell]  # by measure and arm
JUDGED = (
    " Means are those of the confirmation seeds; differences of declared measures are those of the verdicts above: the mean of "
    "all pairs and the interval of the interim analyses, = within the equivalence margin."
)
NEEDED = ("contest", "arm", "measure", "title", "unit", "better", "mean_arm", "difference", "low", "high", "verdict")


def results(differences: pd.DataFrame, look: Look, statements: pd.DataFrame | None = None) -> str:
    """The section of results as HTML; a sentence where the study compared nothing.

    `statements` are the verdicts of a comparison, which the table then does not contradict.
    """
    if differences.empty or any(column not in differences for column in NEEDED):
        return '<section><h2>Results</h2><p class="missing">This study left no table of differences.</p></section>'
    more = ""
    if statements is not None and not statements.empty:
        differences, more = agreeing(differences, statements), JUDGED
    tables = "".join(_contest(differences, contest, look) for contest in look.contests)
    return f"<section><h2>Results</h2>{tables}{_key(differences, look, more)}</section>"


def agreeing(differences: pd.DataFrame, statements: pd.DataFrame) -> pd.DataFrame:
    """Differences of declared measures as the verdicts of a comparison have them: size, interval and word."""
    keys = ["contest", "arm", "measure"]
    said = statements.drop_duplicates(keys).rename(columns={"difference": "", "size": "difference"}).set_index(keys)
    rows = differences.set_index(keys)
    rows.update(said[["difference", "low", "high", "verdict"]])
    return rows.reset_index()[differences.columns]


def _key(differences: pd.DataFrame, look: Look, more: str) -> str:
    base = escape(spaced(look.baseline))
    seeds = int(differences["n"].max()) if "n" in differences and differences["n"].notna().any() else 0
    if seeds == 1:
        return f'<p class="note">One seed has no interval. Under each result: difference to {base} with that seed.</p>'
    told = f"Means over {seeds} seeds." if seeds else "Means over seeds."
    return (
        f'<p class="note">{told} Under each mean: difference to {base} with the same seeds, [low, high]. '
        f'<span class="better">▲ better</span> and <span class="worse">▼ worse</span> than {base}, '
        f"with an interval on one side of zero; grey: cannot be told, or the same in every run.{more}</p>"
    )


def _contest(differences: pd.DataFrame, contest: str, look: Look) -> str:
    rows = differences[differences["contest"] == contest]
    arms = [arm for arm in look.arms if (rows["arm"] == arm).any()]
    if not arms:
        return ""
    cells = {(str(row["measure"]), str(row["arm"])): row for row in rows.to_dict("records")}
    measures = list(dict.fromkeys(str(name) for name in rows["measure"]))
    draw = _turned if len(arms) > MANY_ARMS else _upright
    shown, folded = measures[:SHOWN], measures[SHOWN:]
    rest = ""
    if folded:
        more = f"{len(folded)} more measure{'s' * (len(folded) > 1)}"
        rest = f"<details><summary>{more}</summary>{draw(cells, folded, arms, look)}</details>"
    return f"<h3>{escape(sentence_case(contest_words(contest)))}</h3>{draw(cells, shown, arms, look)}{rest}"


def _upright(cells: Cells, measures: list[str], arms: list[str], look: Look) -> str:
    """A row a measure, a column an arm."""
    head = "".join(f"<th>{_arm(arm, look)}</th>" for arm in arms)
    body = []
    for name in measures:
        row = [cells.get((name, arm)) for arm in arms]
        body.append(f"<tr><th>{_measure(row)}</th>{''.join(_row_cells(row))}</tr>")
    return _table("", head, body)


def _turned(cells: Cells, measures: list[str], arms: list[str], look: Look) -> str:
    """A row an arm, a column a measure: many arms would not fit side by side."""
    columns = [[cells.get((name, arm)) for arm in arms] for name in measures]
    head = "".join(f"<th>{_measure(column)}</th>" for column in columns)
    lines = zip(arms, zip(*(_row_cells(column) for column in columns), strict=True), strict=True)
    return _table("many", head, [f"<tr><th>{_arm(arm, look)}</th>{''.join(line)}</tr>" for arm, line in lines])


def _table(kind: str, head: str, body: list[str]) -> str:
    inside = f"<thead><tr><th></th>{head}</tr></thead><tbody>{''.join(body)}</tbody>"
    return f'<div class="scroll"><table class="{kind}">{inside}</table></div>'


def _measure(cells: list[Cell | None]) -> str:
    """The measure's title, its unit, and which way is better where that is not up."""
    known = next(cell for cell in cells if cell is not None)
    lower = "; lower is better" if known["better"] == "down" else ""
    return f'{escape(str(known["title"]))}<span class="unit">{escape(unit_words(str(known["unit"])))}{lower}</span>'


def _row_cells(cells: list[Cell | None]) -> list[str]:
    """The cells of one measure, all with the decimals that suit its largest mean."""
    means = [abs(float(cell["mean_arm"])) for cell in cells if cell and pd.notna(cell["mean_arm"])]
    return [_cell(cell, max(means, default=0.0)) if cell else "<td>–</td>" for cell in cells]


def _cell(cell: Cell, largest: float) -> str:
    unit, verdict = str(cell["unit"]), str(cell["verdict"])
    digits = digits_of(largest, unit)
    mean = amount(float(cell["mean_arm"]), unit, digits=digits)
    if verdict == "baseline":
        return f"<td>{mean}</td>"
    if verdict == "equal":
        return f'<td>{mean}<span class="difference unsure">the same</span></td>'
    digits = showing([float(cell[key]) for key in ("difference", "low", "high")], unit, digits)
    digits = telling(float(cell["low"]), float(cell["high"]), unit, digits)
    ends = [amount(float(cell[end]), unit, digits=digits) for end in ("low", "high")]
    interval = "" if pd.isna(cell["low"]) else f' <span class="interval">[{", ".join(ends)}]</span>'
    difference = amount(float(cell["difference"]), unit, signed=True, digits=digits)
    kind, mark = marked(verdict, str(cell["better"]))
    return f'<td>{mean}<span class="difference {kind}">{mark}{difference}{interval}</span></td>'


def marked(verdict: str, better: str) -> tuple[str, str]:
    """Class and sign of a difference that is beyond doubt; no sign for one that cannot be told."""
    if verdict == "equivalent":
        return "unsure", "= "
    if verdict not in ("higher", "lower"):
        return "unsure", ""
    return ("better", "▲ ") if (verdict == "higher") == (better == "up") else ("worse", "▼ ")


def _arm(arm: str, look: Look) -> str:
    """The arm's name behind its colour; the swatch and the first word stay on one line."""
    return f'<span class="swatch" style="background:{look.colour(arm)}"></span>{escape(spaced(arm))}'
