"""How sure a comparison is: its verdicts, the choice of the best and the interim analyses, as one section."""

import math
from collections.abc import Callable, Sequence

from salesim.report.figures.forest import forest
from salesim.report.page.html import by_contest, drawing, folded, note, table
from salesim.report.page.html import section as part
from salesim.report.study_files import Row, StudyFiles, grouped
from salesim.report.text.amounts import digits_for, interval, number, spaced
from salesim.report.text.compare import declared_on_page
from salesim.report.text.tables import Cell, Grid, marked
from salesim.report.theme import Theme

Columns = Sequence[tuple[str, Callable[[Row], Cell]]]  # heading, and what stands under it
VERDICTS = {"cannot tell": "not settled", "equal": "identical"}
CONFIRMED = {"yes": "confirmed", "no": "not confirmed", "": ""}
KEY = (
    "The grey band is the equivalence margin. Dot: the size of the difference, the mean of all pairs. Line: its interval, that "
    "of the interim analyses, with an arrow where it goes on. Ring: the mean of the confirmation seeds alone. All intervals "
    "hold together. Common random numbers make the results of both arms correlate, so that fewer runs suffice."
)


def section(files: StudyFiles, theme: Theme) -> str:
    """The section as HTML; nothing for a study that is no comparison."""
    statements = files.table("statements")
    if not files.comparison or statements.empty:
        return ""
    tables = (("Every verdict", "statements", VERDICT), ("The best of each measure", "selection", SELECTION))
    return part(
        "How sure is that?",
        note(declared_on_page(files.comparison, statements)),
        drawing(forest(statements, theme), "figure-certainty"),
        note(KEY),
        *(folded(title, _by_contest(files.rows(name), theme, columns)) for title, name, columns in tables),
    )


def _by_contest(rows: Sequence[Row], theme: Theme, columns: Columns) -> str:
    """A table a contest; nothing where there are no rows."""
    head, by_name = [Cell(name) for name, _ in columns], grouped(rows, "contest")
    grids = {name: Grid(head, [[cell(row) for _, cell in columns] for row in mine]) for name, mine in by_name.items()}
    return by_contest({name: table(grid, theme, "fine") for name, grid in grids.items()})


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


def _plain(key: str, digits: int) -> Callable[[Row], Cell]:
    return lambda row: Cell("–" if math.isnan(row[key]) else f"{row[key]:,.{digits}f}")


VERDICT: Columns = (
    ("", _arm),
    ("verdict", _verdict),
    ("settled after", lambda row: Cell(f"{row['settled_after']:,} pairs" if row["settled_after"] else "–")),
    ("size", lambda row: _size(row, "size", "low", "high")),
    ("confirmation seeds", lambda row: _size(row, "confirmation_difference")),
    ("", lambda row: Cell(CONFIRMED[str(row["confirmed"])])),
    ("correlation", _plain("correlation", 2)),
    ("times fewer runs", _plain("variance_ratio", 1)),
)
SELECTION: Columns = (
    ("", lambda row: Cell(str(row["title"]))),
    ("best", lambda row: Cell(spaced(str(row["candidates"])).replace(",", " or"))),
    ("pairs", _plain("pairs", 0)),
    ("ahead of the next", _lead),
    ("rule", lambda row: Cell(str(row["rule"]))),
)
