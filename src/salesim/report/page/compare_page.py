"""How sure a comparison is: its verdicts, the fresh seeds, the looks, the pilot and the choice of the best, as one section."""

import math
from collections.abc import Callable, Sequence
from html import escape
from typing import Any

import pandas as pd

from salesim.report.figures.forest import forest
from salesim.report.study_files import StudyFiles
from salesim.report.text.amounts import contest_title, declared, digits_for, gap, listed, number, spaced
from salesim.report.text.tables import marked
from salesim.report.theme import Theme, typeset

Row = dict[Any, Any]
Cells = Sequence[tuple[str, Callable[[Row], str]]]  # heading, and what stands under it
VERDICTS = {"cannot tell": "cannot be told", "equal": "the same", "nothing to compare": "–"}
CONFIRMED = {"yes": "confirmed", "open": "left open", "no": "contradicted", "": ""}


def section(files: StudyFiles, theme: Theme, behaviour: dict[str, Any]) -> str:
    """The section as HTML; nothing for a study that is no comparison."""
    statements = files.table("statements")
    if not files.comparison or statements.empty:
        return ""
    drawing = forest(statements, theme).to_html(
        full_html=False, include_plotlyjs=False, config=behaviour, div_id="figure-certainty", default_height="auto"
    )
    tables = (
        ("Every verdict", statements, _verdict_cells(theme)),
        ("The best of each measure", _titled(files, "selection"), SELECTION),
        ("The pilot: what shared seeds gain", _titled(files, "pilot"), _pilot_cells(theme)),
        ("Every look", _looks(files), _look_cells(theme)),
    )
    return (
        '<section class="exhibit"><h2>How sure is that?</h2>'
        f'<p class="note">{escape(_declared(files.comparison, statements))}</p>'
        f'<div class="scroll figure">{drawing}</div><p class="note">{KEY}</p>'
        f"{''.join(_folded(title, _by_contest(table, theme, cells)) for title, table, cells in tables)}"
        "</section>"
    )


def _looks(files: StudyFiles) -> pd.DataFrame:
    """The table of looks; empty where one look was enough, which the verdicts tell."""
    table = files.table("looks")
    return table if not table.empty and table["look"].max() > 1 else pd.DataFrame()


def _declared(record: Row, statements: pd.DataFrame) -> str:
    """What was declared before the first run, and what was played, in words."""
    measures = statements.drop_duplicates("measure")
    parts = [f"{row.title} ({declared(row.matter, row.unit)})" for row in measures.itertuples()]
    pairs = sorted({*record["judged"].values()})
    judged = f"{pairs[0]:,} to {pairs[-1]:,} pairs of an arm" if len(pairs) > 1 else f"{pairs[0]:,} pairs of every arm"
    looks = listed([f"{n:,}" for n in record["looks"]])
    if record["budget"]:
        how = f"A pilot of {looks} pairs said where more would settle most; {judged} were judged together"
        spent = f", within the budget of {record['budget']}"
    else:
        how, spent = f"Looks after {looks} pairs, until all was settled or the last had passed: {judged} were played", ""
    return (
        f"Declared before the first run: {'; '.join(parts)}. In brackets the smallest difference that matters. {how}. "
        f"{record['runs']:,} runs in all{spent}, {record['fresh_runs']:,} of them on fresh seeds."
    )


KEY = (
    "The grey band is where a difference does not matter. Thin line: the interval that was judged, with an arrow where it goes "
    "on. Dot and thick line: mean and interval on fresh seeds, which no decision saw. All intervals of a kind hold together."
)


def _titled(files: StudyFiles, name: str) -> pd.DataFrame:
    """A table with title, unit and smallest difference of each row's measure."""
    table, statements = files.table(name), files.table("statements")
    about = statements.drop_duplicates("measure")[["measure", "title", "unit", "matter"]]
    return table.merge(about, on="measure", how="left") if not table.empty else table


def _folded(title: str, inside: str) -> str:
    return f"<details><summary>{title}</summary>{inside}</details>" if inside else ""


def _by_contest(table: pd.DataFrame, theme: Theme, cells: Cells) -> str:
    """A table a contest; nothing where there are no rows."""
    found = []
    for contest in theme.contests if not table.empty else ():
        rows = table[table["contest"] == contest].to_dict("records")
        head = "".join(f"<th>{escape(name)}</th>" for name, _ in cells)
        body = "".join(
            f"<tr><th>{cells[0][1](row)}</th>{''.join(f'<td>{of(row)}</td>' for _, of in cells[1:])}</tr>" for row in rows
        )
        inside = f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody>"
        title = escape(contest_title(contest))
        found.append(f'<h3>{title}</h3><div class="scroll"><table class="fine">{inside}</table></div>')
    return "".join(found)


def _verdict_cells(theme: Theme) -> Cells:
    return (
        ("", lambda row: _measure_and_arm(row, theme)),
        ("verdict", _verdict),
        ("pairs", lambda row: f"{row['settled']:,}"),
        ("interval that settled it", lambda row: _ends(row, "low", "high")),
        ("on fresh seeds", lambda row: _sized(row, "fresh_difference", "fresh_low", "fresh_high")),
        ("", lambda row: CONFIRMED[str(row["confirmed"])]),
        ("skewness", lambda row: f"{row['skewness']:+.1f}".replace("-", "−")),
        ("how", lambda row: escape(str(row["method"]))),
    )


def _verdict(row: Row) -> str:
    """The verdict, marked where it is better or worse."""
    verdict = str(row["verdict"])
    kind, mark = marked(verdict, str(row["better"]))
    words = escape(VERDICTS.get(verdict, verdict))
    return f'<span class="{kind}">{mark} {words}</span>' if kind in ("better", "worse") else words


def _pilot_cells(theme: Theme) -> Cells:
    return (
        ("", lambda row: _measure_and_arm(row, theme)),
        ("correlation", lambda row: _plain(row["correlation"], 2)),
        ("times fewer runs", lambda row: _plain(row["variance_ratio"], 1)),
        ("deviation of a pair", lambda row: _gap(row["deviation"], row["unit"])),
        ("skewness", lambda row: _plain(row["skewness"], 1)),
        ("pairs it may take", lambda row: _pairs(row["pairs_needed"], row["pairs"])),
    )


def _look_cells(theme: Theme) -> Cells:
    return (
        ("", lambda row: _measure_and_arm(row, theme)),
        ("pairs", lambda row: f"{row['pairs']:,}"),
        ("difference", lambda row: _sized(row, "difference", "low", "high")),
        ("verdict", _verdict),
    )


def _measure_and_arm(row: Row, theme: Theme) -> str:
    swatch = f'<span class="swatch" style="background:{theme.colour(str(row["arm"]))}"></span>'
    return f'{swatch}{escape(spaced(str(row["arm"])))}<span class="unit">{escape(str(row["title"]))}</span>'


def _signed(row: Row, key: str, digits: int | None = None) -> str:
    if pd.isna(row.get(key)):
        return "–"
    value, unit = float(row[key]), str(row["unit"])
    return typeset(number(value, unit, signed=True, digits=_digits([value], row) if digits is None else digits))


def _sized(row: Row, mean: str, low: str, high: str) -> str:
    """A difference and its interval, with the digits that both need."""
    if pd.isna(row.get(low)):
        return _signed(row, mean)
    digits = _digits_of_ends(row, low, high)
    return f"{_signed(row, mean, digits)} {_ends(row, low, high)}"


def _digits(values: Sequence[float], row: Row) -> int:
    """Decimals that show these values, and a tenth of what matters."""
    return digits_for([*values, float(row["matter"]) / 10.0], str(row["unit"]))


def _digits_of_ends(row: Row, low: str, high: str) -> int:
    return _digits([float(row[low]), float(row[high])], row)


def _ends(row: Row, low: str, high: str) -> str:
    if pd.isna(row.get(low)):
        return ""
    if math.isinf(row[low]):
        return '<span class="interval">any size is possible</span>'
    digits = _digits_of_ends(row, low, high)
    ends = [typeset(number(float(row[end]), str(row["unit"]), digits=digits)) for end in (low, high)]
    return f'<span class="interval">[{", ".join(ends)}]</span>'


def _gap(value: float, unit: str) -> str:
    """A difference with its unit."""
    return "–" if pd.isna(value) else typeset(gap(value, unit))


def _lead(row: Row) -> str:
    if pd.isna(row.get("lead")):
        return "–"
    return f"{_sized(row, 'lead', 'lead_low', 'lead_high')} {escape(spaced(str(row['next'])))}"


def _against(row: Row) -> str:
    return f"against {escape(spaced(str(row['against'])))}" if isinstance(row.get("against"), str) else ""


def _plain(value: float, digits: int) -> str:
    return "–" if pd.isna(value) else f"{value:,.{digits}f}".replace("-", "−")


def _pairs(needed: float, had: int) -> str:
    if pd.isna(needed) or needed == float("inf"):
        return "–"
    return f"{had} or fewer" if needed <= had else f"{needed:,.0f}"


SELECTION: Cells = (
    ("", lambda row: escape(str(row["title"]))),
    ("best", lambda row: escape(spaced(str(row["alive"])).replace(",", " or"))),
    ("pairs", lambda row: f"{row['pairs']:,}"),
    ("ahead of the next", _lead),
    ("effect when chosen", lambda row: _signed(row, "effect_before")),
    ("on fresh seeds", lambda row: f"{_sized(row, 'effect', 'effect_low', 'effect_high')} {_against(row)}"),
    ("rule", lambda row: escape(str(row["rule"]))),
)
