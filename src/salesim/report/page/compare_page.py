"""How sure a comparison is: its verdicts, the choice of the best and the interim analyses, as one section."""

import math
from collections.abc import Callable, Sequence
from html import escape
from typing import Any

import pandas as pd

from salesim.report.figures.forest import forest
from salesim.report.page.results_table import marked
from salesim.report.study_files import StudyFiles
from salesim.report.text.amounts import declared
from salesim.report.text.compare import after
from salesim.report.theme import (
    HARD_SPACE,
    Look,
    amount,
    contest_words,
    digits_of,
    is_share,
    sentence_case,
    showing,
    spaced,
    telling,
)

Row = dict[Any, Any]
Cells = Sequence[tuple[str, Callable[[Row], str]]]  # heading, and what stands under it
VERDICTS = {"cannot tell": "not settled", "equal": "the same", "nothing to compare": "–"}
CONFIRMED = {"yes": "confirmed", "no": "not confirmed", "": ""}


def section(files: StudyFiles, look: Look, behaviour: dict[str, Any]) -> str:
    """The section as HTML; nothing for a study that is no comparison."""
    statements = files.table("statements")
    if not files.comparison or statements.empty:
        return ""
    drawing = forest(statements, look).to_html(
        full_html=False, include_plotlyjs=False, config=behaviour, div_id="figure-certainty", default_height="auto"
    )
    tables = (
        ("Every verdict", statements, _verdict_cells(look)),
        ("The best of each measure", _titled(files, "selection"), SELECTION),
        ("What common random numbers gain", statements, _gain_cells(look)),
        ("Every interim analysis", _several_analyses(files), _analysis_cells(look)),
    )
    return (
        '<section class="exhibit"><h2>How sure is that?</h2>'
        f'<p class="note">{escape(_declared(files.comparison, statements))}</p>'
        f'<div class="scroll figure">{drawing}</div><p class="note">{KEY}</p>'
        f"{''.join(_folded(title, _by_contest(table, look, cells)) for title, table, cells in tables)}"
        "</section>"
    )


def _several_analyses(files: StudyFiles) -> pd.DataFrame:
    """The table of interim analyses; empty where one was enough, which the verdicts tell."""
    table = files.table("interim_analyses")
    return table if not table.empty and table["analysis"].max() > 1 else pd.DataFrame()


def _declared(record: Row, statements: pd.DataFrame) -> str:
    """What was declared before the first run, in words."""
    measures = statements.drop_duplicates("measure")
    parts = [f"{row.title} ({declared(row.equivalence_margin, row.unit)})" for row in measures.itertuples()]
    budget = f", within a budget of {record['budget']}" if record["budget"] else ""
    return (
        f"Declared before the first run: {'; '.join(parts)}. In brackets the equivalence margin: a smaller difference counts "
        f"as none. Interim analyses after {after(record)} pairs, until every verdict was settled{budget}."
    )


KEY = (
    "The grey band is the equivalence margin. Dot: the size of the difference, the mean of all pairs. Line: its interval, that "
    "of the interim analyses, with an arrow where it goes on. Ring: the mean of the confirmation seeds alone. All intervals "
    "hold together."
)


def _titled(files: StudyFiles, name: str) -> pd.DataFrame:
    """A table with title, unit and smallest difference of each row's measure."""
    table, statements = files.table(name), files.table("statements")
    about = statements.drop_duplicates("measure")[["measure", "title", "unit", "equivalence_margin"]]
    return table.merge(about, on="measure", how="left") if not table.empty else table


def _folded(title: str, inside: str) -> str:
    return f"<details><summary>{title}</summary>{inside}</details>" if inside else ""


def _by_contest(table: pd.DataFrame, look: Look, cells: Cells) -> str:
    """A table a contest; nothing where there are no rows."""
    found = []
    for contest in look.contests if not table.empty else ():
        rows = table[table["contest"] == contest].to_dict("records")
        head = "".join(f"<th>{escape(name)}</th>" for name, _ in cells)
        body = "".join(
            f"<tr><th>{cells[0][1](row)}</th>{''.join(f'<td>{of(row)}</td>' for _, of in cells[1:])}</tr>" for row in rows
        )
        inside = f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody>"
        title = escape(sentence_case(contest_words(contest)))
        found.append(f'<h3>{title}</h3><div class="scroll"><table class="fine">{inside}</table></div>')
    return "".join(found)


def _verdict_cells(look: Look) -> Cells:
    return (
        ("", lambda row: _measure_and_arm(row, look)),
        ("verdict", _verdict),
        ("settled after", lambda row: f"{row['settled_after']:,} pairs" if row["settled_after"] else "–"),
        ("size", lambda row: _sized(row, "size", "low", "high")),
        ("confirmation seeds", lambda row: _signed(row, "confirmation_difference")),
        ("", lambda row: CONFIRMED[str(row["confirmed"])]),
        ("skewness", lambda row: _plain(row["skewness"], 1, "+")),
        ("method", lambda row: escape(str(row["method"]))),
    )


def _verdict(row: Row) -> str:
    """The verdict, marked where it is better or worse."""
    verdict = str(row["verdict"])
    kind, mark = marked(verdict, str(row["better"]))
    words = escape(VERDICTS.get(verdict, verdict))
    return f'<span class="{kind}">{mark}{words}</span>' if kind in ("better", "worse") else words


def _gain_cells(look: Look) -> Cells:
    return (
        ("", lambda row: _measure_and_arm(row, look)),
        ("correlation", lambda row: _plain(row["correlation"], 2)),
        ("times fewer runs", lambda row: _plain(row["variance_ratio"], 1)),
        ("deviation of a pair", lambda row: _gap(row["deviation"], row["unit"])),
    )


def _analysis_cells(look: Look) -> Cells:
    return (
        ("", lambda row: _measure_and_arm(row, look)),
        ("pairs", lambda row: f"{row['pairs']:,}"),
        ("difference", lambda row: _sized(row, "difference", "low", "high")),
        ("verdict", _verdict),
    )


def _measure_and_arm(row: Row, look: Look) -> str:
    swatch = f'<span class="swatch" style="background:{look.colour(str(row["arm"]))}"></span>'
    return f'{swatch}{escape(spaced(str(row["arm"])))}<span class="unit">{escape(str(row["title"]))}</span>'


def _signed(row: Row, key: str, digits: int | None = None) -> str:
    if pd.isna(row.get(key)):
        return "–"
    value, unit = float(row[key]), str(row["unit"])
    return amount(value, unit, signed=True, digits=showing([value], unit, _digits(row)) if digits is None else digits)


def _sized(row: Row, mean: str, low: str, high: str) -> str:
    """A difference and its interval, with the digits that both need."""
    if pd.isna(row.get(low)):
        return _signed(row, mean)
    digits = _digits_of_ends(row, low, high)
    return f"{_signed(row, mean, digits)} {_ends(row, low, high)}"


def _digits(row: Row) -> int:
    """Decimals that show a tenth of the equivalence margin."""
    unit, margin = str(row["unit"]), float(row["equivalence_margin"])
    return digits_of(margin, unit) if is_share(unit) else max(0, digits_of(margin * 10, unit))


def _digits_of_ends(row: Row, low: str, high: str) -> int:
    return telling(float(row[low]), float(row[high]), str(row["unit"]), _digits(row))


def _ends(row: Row, low: str, high: str) -> str:
    if pd.isna(row.get(low)):
        return ""
    if math.isinf(row[low]):
        return '<span class="interval">any size is possible</span>'
    digits = _digits_of_ends(row, low, high)
    ends = [amount(float(row[end]), str(row["unit"]), digits=digits) for end in (low, high)]
    return f'<span class="interval">[{", ".join(ends)}]</span>'


def _gap(value: float, unit: str) -> str:
    """A difference with its unit; shares differ by points."""
    if pd.isna(value):
        return "–"
    words = "points" if is_share(unit) else "" if unit == "0 to 1" else unit
    return f"{amount(value, unit, digits=2 if value < 0.1 and not is_share(unit) else None)}{HARD_SPACE}{words}".rstrip()


def _lead(row: Row) -> str:
    if pd.isna(row.get("lead")):
        return "–"
    return f"{_sized(row, 'lead', 'lead_low', 'lead_high')} {escape(spaced(str(row['next'])))}"


def _plain(value: float, digits: int, sign: str = "") -> str:
    return "–" if pd.isna(value) else f"{value:{sign},.{digits}f}".replace("-", "−")


SELECTION: Cells = (
    ("", lambda row: escape(str(row["title"]))),
    ("best", lambda row: escape(spaced(str(row["candidates"])).replace(",", " or"))),
    ("pairs", lambda row: f"{row['pairs']:,}"),
    ("ahead of the next", _lead),
    ("rule", lambda row: escape(str(row["rule"]))),
)
