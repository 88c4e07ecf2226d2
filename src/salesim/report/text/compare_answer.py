"""The answer of a comparison: what its first declared measure says, with the intervals of its interim analyses."""

from dataclasses import replace

import pandas as pd

from salesim.report.study_files import Row, StudyFiles
from salesim.report.text.answer import Answer, Question, answer_of
from salesim.report.text.doubts import on_bounds, on_market, on_seeds_that_confirm

# Tables of the confirmation seeds alone, with other intervals.
MONEY = ("payback", "profit_by_year", "contrasts", "bridge_differences")


def answer_of_comparison(files: StudyFiles) -> Answer | None:
    """The answer in the measure that was declared first; None where nothing was judged."""
    statements = files.table("statements")
    if statements.empty:
        return None
    measure, margin = str(statements["measure"].iloc[0]), float(statements["equivalence_margin"].iloc[0])
    record = files.record | {"answer": {"measures": [measure], "threshold": margin}}
    judged = statements.assign(difference=statements["size"], n=statements["pairs"])
    tables = {name: table for name, table in files.tables.items() if name not in MONEY}
    tables |= {"differences": with_baseline(judged), "best": pd.DataFrame(map(standing, files.rows("selection")))}
    study = replace(files, record=record, tables=tables)
    answer, question = answer_of(study), Question(study)
    if answer is None:
        return None
    doubts = (*on_seeds_that_confirm(files.rows("statements")), *on_bounds(question))
    return replace(answer, doubts=(*doubts, *on_market(question)))


def with_baseline(judged: pd.DataFrame) -> pd.DataFrame:
    """Verdicts as a table of differences, which has rows of the baseline itself."""
    first = judged.drop_duplicates(["contest", "measure"])
    zero = dict.fromkeys(("difference", "low", "high"), 0.0)
    own = first.assign(arm=first["against"], mean_arm=first["mean_baseline"], verdict="baseline", **zero)
    return pd.concat([own, judged], ignore_index=True)


def standing(row: Row) -> Row:
    """A selection as a row of the table of the best."""
    lead = {"lead": row.get("lead", float("nan")), "low": row.get("lead_low", float("nan"))}
    names = {"first": row["leader"], "second": row.get("next", ""), "contenders": row["candidates"], "beaten": ""}
    return {"contest": row["contest"], "measure": row["measure"], **names, **lead, "high": row.get("lead_high", float("nan"))}
