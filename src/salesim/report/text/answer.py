"""The answer of a study as data: what to do, what it brings, on what it hangs, and what speaks against believing it.

The experiment declares which kind of answer its question has (`config.answer`); all numbers are those of the study's tables.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import pandas as pd

from salesim.report.study_files import Row, StudyFiles
from salesim.report.text.tables import key_to_results
from salesim.report.text.verdict import unit_of

DEFAULT: dict[str, Any] = {
    "kind": "best", "measures": ["operating_profit_k"], "pairs": [], "order": [], "years": None, "threshold": None,
}  # fmt: skip
FEW_ARMS = 5  # that stand side by side in a table of results


class Line(NamedTuple):
    """A line of the answer's table: a label, a value with the ends of its interval, and their unit.

    Ends are NaN where there is no interval; an end that lies beyond the run is infinite. The unit "month" counts from 0.
    """

    label: str
    value: float
    low: float
    high: float
    unit: str


@dataclass(frozen=True)
class Answer:
    """What a study answers, complete without its page.

    `sentence` says what to do, how much it brings, how sure that is and on what it hangs; `why` is which steps between list
    price and profit bring it, empty where none is clear; `more` are sentences on the rest of the question, such as other arms.
    `lines` are the three numbers that carry it. `hangs_on` are whole sentences on what would turn it round, `doubts` on what
    speaks against believing it.
    """

    sentence: str
    lines: tuple[Line, ...]
    more: tuple[str, ...] = ()
    hangs_on: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    why: str = ""


class Question:
    """The question of a study: what its answer declares, and the rows of the tables that answer it."""

    def __init__(self, files: StudyFiles) -> None:
        self.files, self.theme = files, files.theme
        self.declared: dict[str, Any] = DEFAULT | dict(files.record.get("answer", {}))
        self.measure = str(self.declared["measures"][0])
        self.differences = {(row["contest"], row["arm"], row["measure"]): row for row in files.rows("differences")}
        self.contrasts = files.rows("contrasts")

    @property
    def baseline(self) -> str:
        """The arm with which all others are compared."""
        return self.theme.baseline

    @property
    def has_differences(self) -> bool:
        """Whether anything was compared."""
        return any(row["verdict"] not in ("baseline", "nothing to compare") for row in self.differences.values())

    def row(self, contest: str, arm: str, measure: str = "") -> Row | None:
        """The difference of an arm from the baseline in a measure, by default that of the answer."""
        return self.differences.get((contest, arm, measure or self.measure))

    def others(self, contest: str) -> list[Row]:
        """Differences of all other arms than the baseline in the measure of the answer, where there are any."""
        rows = (self.row(contest, arm) for arm in self.theme.others)
        return [row for row in rows if row is not None and row["verdict"] != "nothing to compare"]

    def best(self, contest: str) -> Row | None:
        """Who is best in the measure of the answer."""
        rows = (row for row in self.files.rows("best") if (row["contest"], row["measure"]) == (contest, self.measure))
        return next(rows, None)

    def payback(self, contest: str, arm: str) -> Row | None:
        """When an arm is ahead of the baseline."""
        rows = (row for row in self.files.rows("payback") if (row["contest"], row["arm"]) == (contest, arm))
        return next(rows, None)

    def bridge(self, arm: str, against: str) -> pd.DataFrame:
        """How two arms differ in the first contest, a row a step from list price to profit; empty where that is not known."""
        if (table := self.files.table("bridge_differences")).empty:
            return table
        mine = (table["contest"] == self.theme.contests[0]) & (table["arm"] == arm) & (table["against"] == against)
        return table[mine]

    def years(self, contest: str, arm: str) -> list[Row]:
        """Money of an arm, a row a year."""
        return [row for row in self.files.rows("profit_by_year") if (row["contest"], row["arm"]) == (contest, arm)]


def answer_first(files: StudyFiles) -> pd.DataFrame:
    """The table of results: differences with the measures of the answer first, and last those in their context."""
    table, first = files.table("differences"), Question(files).declared["measures"]
    if not (more := files.table("context")).empty:
        table = pd.concat([table, more], ignore_index=True)
    return table.sort_values("measure", key=lambda names: ~names.isin(first), kind="stable") if "measure" in table else table


def headline(files: StudyFiles, table: pd.DataFrame) -> tuple[list[str], list[str]]:
    """The measures that a table of results shows first, and those that it folds; all come first where no arm is best.

    First are those of the answer, those that are judged, the user's own, and with few arms those of the context.
    """
    judged = [row["measure"] for row in (*files.rows("best"), *files.rows("statements"))]
    context = [row["measure"] for row in files.rows("context")] if len(files.theme.arms) <= FEW_ARMS else []
    kept = {*Question(files).declared["measures"], *judged, *context, *files.record.get("own_measures", ())}
    measures = list(map(str, dict.fromkeys(table["measure"])))
    folded = [name for name in measures if judged and name not in kept]
    return [name for name in measures if name not in folded], folded


def key_of(files: StudyFiles, table: pd.DataFrame) -> str:
    """How a table of results is read."""
    context = dict.fromkeys(row["title"] for row in files.rows("context") if row["measure"] in set(table["measure"]))
    return key_to_results(table, files.theme.baseline, float(files.record["confidence"]), unit_of(files.record), list(context))


def answer_of(files: StudyFiles) -> Answer | None:
    """The answer of a study of several arms; None where nothing was compared."""
    from salesim.report.text.answers import KINDS
    from salesim.report.text.doubts import doubts
    from salesim.report.text.reasons import reasons
    from salesim.report.text.turns import on_turns

    question = Question(files)
    if not question.has_differences:
        return None
    answer = KINDS[question.declared["kind"]](question)
    further = (*on_worlds(question), *on_turns(question))
    why, doubtful = next(reasons(question), ""), tuple(doubts(question))
    return replace(answer, why=why, hangs_on=(*answer.hangs_on, *further), doubts=doubtful)


def on_worlds(question: Question) -> Iterator[str]:
    """In how many worlds of an ensemble which arm is best, and what to find out first."""
    if question.files.rows("world_shares"):
        from salesim.report.text.worlds import hangs_on

        yield from hangs_on(question.files, question.theme.contests[0])
