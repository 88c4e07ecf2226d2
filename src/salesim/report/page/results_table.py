"""The table of results: means, and under each the paired difference from the baseline with its interval."""

import pandas as pd

from salesim.report.page.html import by_contest, folded, missing, named, note, section, table
from salesim.report.text.tables import NEEDED, key_to_results
from salesim.report.text.tables import results as results_grid
from salesim.report.theme import Theme

SHOWN = 8  # measures before the fold
MANY_ARMS = 5  # more than these do not fit side by side
JUDGED = (
    " Means are those of the confirmation seeds; differences of declared measures are those of the verdicts above: the mean of "
    "all pairs and the interval of the interim analyses."
)


def results(
    differences: pd.DataFrame, theme: Theme, confidence: float, statements: pd.DataFrame | None = None, unit: str = "seed"
) -> str:
    """The section of results as HTML; a sentence where the study compared nothing.

    `statements` are the verdicts of a comparison, which the table then does not contradict. `unit` is what intervals are over.
    """
    if differences.empty or any(column not in differences for column in NEEDED):
        return missing("Results", "This study left no table of differences.")
    more = ""
    if statements is not None and not statements.empty:
        differences, more = agreeing(differences, statements), JUDGED
    tables = by_contest({contest: _contest(differences, contest, theme) for contest in theme.contests})
    key = named(key_to_results(differences, theme.baseline, confidence, unit), theme) if len(theme.arms) > 1 else ""
    return section("Results", tables, note(key + more), kind="")


def agreeing(differences: pd.DataFrame, statements: pd.DataFrame) -> pd.DataFrame:
    """Differences of declared measures as the verdicts of a comparison have them: size, interval and word."""
    keys = ["contest", "arm", "measure"]
    said = statements.drop_duplicates(keys).rename(columns={"difference": "", "size": "difference"}).set_index(keys)
    rows = differences.set_index(keys)
    rows.update(said[["difference", "low", "high", "verdict"]])
    return rows.reset_index()[differences.columns]


def _contest(differences: pd.DataFrame, contest: str, theme: Theme) -> str:
    """One contest: the first measures, and the others folded; an arm a row where many would not fit side by side."""
    measures = list(dict.fromkeys(differences.loc[differences["contest"] == contest, "measure"]))
    parts = []
    for some in (measures[:SHOWN], measures[SHOWN:]):
        cells = results_grid(differences, contest, theme, some)
        many = len(cells.head) - 1 > MANY_ARMS
        parts.append(table(cells.turned() if many else cells, theme, "many" if many else "") if some else "")
    hidden = len(measures) - SHOWN
    return parts[0] + folded(f"{hidden} more measure{'s' * (hidden > 1)}", parts[1])
