"""How sure a comparison is: its verdicts, the choice of the best and the interim analyses, as one section."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

from salesim.report.figures.forest import forest
from salesim.report.page.html import by_contest, drawing, folded, note, table
from salesim.report.page.html import section as part
from salesim.report.study_files import StudyFiles
from salesim.report.text.amounts import digits_for, gap, interval, number, spaced
from salesim.report.text.compare import declared_on_page
from salesim.report.text.tables import Cell, Grid, marked
from salesim.report.theme import Theme

Row = dict[Any, Any]
Columns = Sequence[tuple[str, Callable[[Row], Cell]]]  # heading, and what stands under it
VERDICTS = {"cannot tell": "not settled", "equal": "identical"}
CONFIRMED = {"yes": "confirmed", "no": "not confirmed", "": ""}
KEY = (
    "The grey band is the equivalence margin. Dot: the size of the difference, the mean of all pairs. Line: its interval, that "
    "of the interim analyses, with an arrow where it goes on. Ring: the mean of the confirmation seeds alone. All intervals "
    "hold together."
)


def section(files: StudyFiles, theme: Theme) -> str:
    """The section as HTML; nothing for a study that is no comparison."""
    statements, analyses = files.table("statements"), files.table("interim_analyses")
    if not files.comparison or statements.empty:
        return ""
    several = analyses if not analyses.empty and analyses["analysis"].max() > 1 else pd.DataFrame()
    tables = (
        ("Every verdict", statements, VERDICT),
        ("The best of each measure", files.table("selection"), SELECTION),
        ("What common random numbers gain", statements, GAIN),
        ("Every interim analysis", several, ANALYSIS),
    )
    return part(
        "How sure is that?",
        note(declared_on_page(files.comparison, statements)),
        drawing(forest(statements, theme), "figure-certainty"),
        note(KEY),
        *(folded(title, _by_contest(rows, theme, columns)) for title, rows, columns in tables),
    )


def _by_contest(rows: pd.DataFrame, theme: Theme, columns: Columns) -> str:
    """A table a contest; nothing where there are no rows."""
    head, grids = [Cell(name) for name, _ in columns], {}
    for contest in theme.contests if not rows.empty else ():
        mine = rows[rows["contest"] == contest].to_dict("records")
        grids[contest] = table(Grid(head, [[cell(row) for _, cell in columns] for row in mine]), theme, "fine")
    return by_contest(grids)


def _arm(row: Row) -> Cell:
    return Cell(spaced(str(row["arm"])), more=str(row["title"]), arm=str(row["arm"]))


def _verdict(row: Row) -> Cell:
    """The verdict, marked where it is better or worse."""
    verdict = str(row["verdict"])
    kind, mark = marked(verdict, str(row["better"]))
    return Cell("", f"{mark} {VERDICTS.get(verdict, verdict)}", kind=kind)


def _size(row: Row, mean: str, low: str = "", high: str = "") -> Cell:
    """A difference and its interval, with the digits that both need, and a tenth of the equivalence margin."""
    value, unit = float(row.get(mean, math.nan)), str(row["unit"])
    ends = [float(row[end]) for end in (low, high) if end]
    margin = float(row["equivalence_margin" if "equivalence_margin" in row else "indifference_zone"])
    digits = digits_for([*(ends or [value]), margin / 10.0], unit)
    words = "any size is possible" if any(map(math.isinf, ends)) else interval(ends[0], ends[1], unit, digits) if ends else ""
    return Cell(number(value, unit, signed=True, digits=digits), more=words)


def _lead(row: Row) -> Cell:
    """The lead over the next arm."""
    return _size(row, "lead", "lead_low", "lead_high")._replace(below=spaced(str(row["next"]))) if row["next"] else Cell("–")


def _plain(key: str, digits: int, sign: str = "") -> Callable[[Row], Cell]:
    return lambda row: Cell("–" if pd.isna(row[key]) else f"{row[key]:{sign},.{digits}f}")


VERDICT: Columns = (
    ("", _arm),
    ("verdict", _verdict),
    ("settled after", lambda row: Cell(f"{row['settled_after']:,} pairs" if row["settled_after"] else "–")),
    ("size", lambda row: _size(row, "size", "low", "high")),
    ("confirmation seeds", lambda row: _size(row, "confirmation_difference")),
    ("", lambda row: Cell(CONFIRMED[str(row["confirmed"])])),
    ("skewness", _plain("skewness", 1, "+")),
    ("method", lambda row: Cell(str(row["method"]))),
)
SELECTION: Columns = (
    ("", lambda row: Cell(str(row["title"]))),
    ("best", lambda row: Cell(spaced(str(row["candidates"])).replace(",", " or"))),
    ("pairs", _plain("pairs", 0)),
    ("ahead of the next", _lead),
    ("rule", lambda row: Cell(str(row["rule"]))),
)
GAIN: Columns = (
    ("", _arm),
    ("correlation", _plain("correlation", 2)),
    ("times fewer runs", _plain("variance_ratio", 1)),
    ("deviation of a pair", lambda row: Cell("–" if pd.isna(row["deviation"]) else gap(row["deviation"], row["unit"]))),
)
ANALYSIS: Columns = (
    ("", _arm),
    ("pairs", _plain("pairs", 0)),
    ("difference", lambda row: _size(row, "difference", "low", "high")),
    ("verdict", _verdict),
)
