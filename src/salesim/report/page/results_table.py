"""The table of results: means, and under each the paired difference from the baseline with its interval."""

from collections.abc import Sequence

import pandas as pd

from salesim.report.page.html import by_contest, folded, missing, named, note, section, table
from salesim.report.study_files import StudyFiles
from salesim.report.text.amounts import counted
from salesim.report.text.answer import FEW_ARMS, headline, key_of
from salesim.report.text.tables import NEEDED
from salesim.report.text.tables import results as results_grid
from salesim.report.theme import Theme

JUDGED = (
    " Means are those of the confirmation seeds; differences of declared measures are those of the verdicts above: the mean of "
    "all pairs and the interval of the interim analyses."
)


def results(files: StudyFiles, differences: pd.DataFrame, statements: pd.DataFrame | None = None) -> str:
    """The section of results as HTML; a sentence where the study compared nothing.

    `statements` are the verdicts of a comparison, which the table then does not contradict.
    """
    theme = files.theme
    if differences.empty or any(column not in differences for column in NEEDED):
        return missing("Results", "This study left no table of differences.")
    more = ""
    if statements is not None and not statements.empty:
        differences, more = agreeing(differences, statements), JUDGED
    parts = headline(files, differences)
    tables = by_contest({contest: _contest(differences, contest, theme, parts) for contest in theme.contests})
    key = named(key_of(files, differences), theme) if len(theme.arms) > 1 else ""
    return section("Results", tables, note(key + more), kind="")


def agreeing(differences: pd.DataFrame, statements: pd.DataFrame) -> pd.DataFrame:
    """Differences of declared measures as the verdicts of a comparison have them: size, interval and word."""
    keys = ["contest", "arm", "measure"]
    said = statements.drop_duplicates(keys).rename(columns={"difference": "", "size": "difference"}).set_index(keys)
    rows = differences.set_index(keys)
    rows.update(said[["difference", "low", "high", "verdict"]])
    return rows.reset_index()[differences.columns]


def _contest(differences: pd.DataFrame, contest: str, theme: Theme, measures: Sequence[list[str]]) -> str:
    """One contest: the first measures, and the others folded; an arm a row where many would not fit side by side."""
    known, parts = set(differences.loc[differences["contest"] == contest, "measure"]), list[str]()
    for names in measures:
        some = [name for name in names if name in known]
        cells = results_grid(differences, contest, theme, some)
        many = len(cells.head) - 1 > FEW_ARMS
        parts.append(table(cells.turned() if many else cells, theme, "many" if many else "") if some else "")
    return parts[0] + folded(counted(len(measures[1]), "more measure"), parts[1])
