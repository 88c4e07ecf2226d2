"""The steps from list price to operating profit in k$ a year, with differences, under the figure of their shares."""

import pandas as pd

from salesim.report.page.html import by_contest, folded, note, table
from salesim.report.study_files import Row, StudyFiles
from salesim.report.text.answer import FEW_ARMS
from salesim.report.text.effects import is_clear
from salesim.report.text.printed import added_up, printed_bridge, signed_words, step_words
from salesim.report.text.reasons import UNIT
from salesim.report.text.tables import Cell, Grid, arm_cell
from salesim.report.theme import Theme

NOTE = (
    "Means over seeds; costs are negative. Below each: the difference from the baseline and its interval; those of an arm hold "
    "together. Steps are rounded so that they sum to the totals as printed."
)


def steps_table(files: StudyFiles) -> str:
    """The table as HTML, folded; nothing where the study compared nothing, or its verdicts have intervals of their own."""
    steps, theme = files.table("bridge_differences"), files.theme
    if steps.empty or files.comparison:
        return ""
    grids = {contest: grid for contest in theme.contests if (grid := grid_of(steps, contest, theme))}
    many = len(theme.arms) > FEW_ARMS
    shown = {name: table(grid.turned() if many else grid, theme, "many" if many else "") for name, grid in grids.items()}
    return folded("The steps in k$ a year, with their differences", by_contest(shown) + note(NOTE))


def grid_of(steps: pd.DataFrame, contest: str, theme: Theme) -> Grid | None:
    """Steps by arms: what each brings with the arm, and below it the difference from the baseline; None where there is none."""
    mine = steps[(steps["contest"] == contest) & (steps["against"] == theme.baseline)]
    parts = {arm: part for arm, part in mine.groupby("arm", sort=False) if part["difference_k"].notna().all()}
    if not parts:
        return None
    first = next(iter(parts.values()))
    columns = [[Cell(f"{value:,.0f}") for value in printed_bridge(first)["against_k"]], *map(cells_of, parts.values())]
    names = [Cell(step_words(str(row.step)), kind="total" if row.total else "") for row in first.itertuples()]
    return Grid([Cell(UNIT), *map(arm_cell, (theme.baseline, *parts))], list(zip(names, *columns, strict=True)))


def cells_of(part: pd.DataFrame) -> list[Cell]:
    """The column of an arm, rounded by itself, so that its profit is that of the table of results."""
    levels = added_up(part["arm_k"].tolist(), part["total"].tolist())
    return list(map(cell_of, part.to_dict("records"), levels, printed_bridge(part)["difference_k"]))


def cell_of(row: Row, level: float, difference: float) -> Cell:
    """A step with an arm, and below it the difference with its interval."""
    kind = "unsure" if not is_clear(row) else "better" if row["difference_k"] > 0.0 else "worse"
    ends = "" if not row["low"] < row["high"] else f"[{signed_words(row['low'])}, {signed_words(row['high'])}]"
    return Cell(f"{level:,.0f}", signed_words(difference), ends, kind)
