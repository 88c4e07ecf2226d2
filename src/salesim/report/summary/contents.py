"""What one page for a meeting says, before it is laid out: the answer of a study, two charts, and how to repeat it."""

import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from salesim.config.errors import InputError
from salesim.report.aggregates import of, yearly_spread
from salesim.report.page.html import named
from salesim.report.study_files import Row, StudyFiles, read_study
from salesim.report.text.amounts import (
    contest_title,
    digits_for,
    interval,
    number,
    percent,
    scaled,
    seeds_words,
    sentence_case,
    spaced,
    words_of,
)
from salesim.report.text.answer import Answer, Question, answer_first, answer_of, key_of
from salesim.report.text.answer_lines import grid_of
from salesim.report.text.tables import Grid, results
from salesim.report.theme import LINES, Theme

MOST_ROWS = 12  # of a chart of differences; with more, only the first contest is shown
MARGIN = "gross_margin"
COMMAND = re.compile(r" \(salesim (?:[^()]|\([^()]*\))*\)")  # in a sentence


class Curve(NamedTuple):
    """An arm over time: places in years from the start, and values in the unit of the chart."""

    arm: str
    years: list[float]
    values: list[float]


class OverTime(NamedTuple):
    """A chart of curves, at most six."""

    title: str
    unit: str
    curves: list[Curve]


class Bar(NamedTuple):
    """A difference of an arm with its interval, in the unit of the chart; NaN where a single seed has none."""

    label: str
    arm: str
    contest: str
    value: float
    low: float
    high: float
    text: str  # as tables print it


class Contrast(NamedTuple):
    """A chart of differences: from the baseline, or of the pairs that an experiment contrasts."""

    title: str
    unit: str
    bars: list[Bar]


@dataclass(frozen=True)
class Summary:
    """One page: sentences have arms called as people call them; `facts` say how to repeat it."""

    name: str
    title: str
    question: str
    answer: Answer
    theme: Theme
    over_time: OverTime | None
    contrast: Contrast | None
    facts: dict[str, str]
    files: StudyFiles

    @property
    def sentence(self) -> str:
        """What to do."""
        return self.said(self.answer.sentence)

    @property
    def lines(self) -> list[list[str]]:
        """The table of the lines that carry the answer, with its headings."""
        grid = grid_of(self.answer)
        return [[named(cell.text, self.theme) for cell in row] for row in (grid.head, *grid.rows)]

    @property
    def results(self) -> dict[str, Grid]:
        """The tables of results by the title of their contest."""
        differences = answer_first(self.files)
        measures = list(dict.fromkeys(differences["measure"]))
        return {contest_title(name): results(differences, name, self.theme, measures) for name in self.theme.contests}

    @property
    def key(self) -> str:
        """How the tables of results are read, and what their marks mean."""
        return self.said(key_of(self.files, answer_first(self.files)))

    @property
    def remarks(self) -> dict[str, list[str]]:
        """Sentences under their titles: why, on the rest of the question, on what the answer hangs, the reasons for doubt."""
        answer = self.answer
        titled = {
            "Why": [answer.why] if answer.why else [],
            "Besides": answer.more,
            "It hangs on": answer.hangs_on,
            "Reasons for doubt": answer.doubts,
        }
        return {title: [self.said(line) for line in lines] for title, lines in titled.items() if lines}

    def said(self, line: str) -> str:
        """A sentence with arms as in headings and a capital, without commands, for which a sheet has no use."""
        return sentence_case(named(COMMAND.sub("", line), self.theme))


def summary_of(files: StudyFiles) -> Summary | None:
    """One page of a study; None where it compared nothing, or has no such answer."""
    answer = None if files.comparison or files.record.get("kind") == "sweep" else answer_of(files)
    if answer is None:
        return None
    record, question = files.record, Question(files)
    facts = {
        "Command": str(record["command"]),
        "Seeds": seeds_words(record["seeds"]),
        "Confidence": f"{percent(float(record['confidence']))}, of all differences of a contest together",
        "Baseline": spaced(files.theme.baseline),
        "Version": f"salesim {record['salesim']}",
    }
    title = sentence_case(spaced(str(record["name"])))
    over_time, contrast = _over_time(question), _contrast(question)
    return Summary(
        str(record["name"]), title, str(record.get("question", "")), answer, files.theme, over_time, contrast, facts, files
    )


def read_summary(folder: Path) -> Summary:
    """One page of the study in a folder. Raises InputError where there is no study, or no answer of one."""
    summary = summary_of(read_study(folder))
    if summary is None:
        raise InputError(
            f"{folder} has no answer that fits on one page: a study of `salesim run` with several arms has; "
            "format=csv and format=excel write the tables of any study"
        )
    return summary


def _over_time(question: Question) -> OverTime | None:
    """Gross margin by year for an answer about its fall; for others profit since the start, less that of the baseline."""
    files, contest = question.files, question.theme.contests[0]
    where = f" ({contest_title(contest).lower()})" if len(question.theme.contests) > 1 else ""
    if question.declared["kind"] == "fall" and not files.table("years").empty:
        spread = yearly_spread(files.table("years"), MARGIN)
        curves = [
            Curve(arm, [row["year"] + 1.0 for row in rows], [scaled(row["mean"], "share") for row in rows])
            for arm in question.theme.arms
            if (rows := spread.get((contest, arm)))
        ]
        return _farthest(f"Gross margin of deals won, by year{where}", "%", curves, question.baseline)
    if (money := files.table("cumulated")).empty:
        return None
    curves = []
    for arm in question.theme.others:
        rows = of(money, contest, arm).sort_values("month")
        curves.append(Curve(arm, ((rows["month"] + 1) / 12.0).tolist(), rows["difference"].tolist()))
    title = f"Operating profit since the start, less that of {spaced(question.baseline)}{where}"
    return _farthest(title, "k$", curves, question.baseline)


def _farthest(title: str, unit: str, curves: list[Curve], baseline: str) -> OverTime:
    """A chart of at most six curves: the baseline, and those that end farthest from it, in their order."""
    ends = {curve.arm: curve.values[-1] for curve in curves if curve.values}
    start = ends.get(baseline, 0.0)
    order = sorted(ends, key=lambda arm: (arm != baseline, -abs(ends[arm] - start)))[:LINES]
    some = f"; {len(order)} of {len(ends)} arms, those that end farthest apart" if len(order) < len(ends) else ""
    return OverTime(title + some, unit, [curve for curve in curves if curve.arm in order])


def _contrast(question: Question) -> Contrast | None:
    """Differences in the first measure of the answer: from the baseline, or of the pairs that are contrasted."""
    contrasts = question.contrasts if question.declared["kind"] == "contrast" else []
    pairs = [row for row in contrasts if row["measure"] == question.measure]
    rows = pairs or [row for contest in question.theme.contests for row in question.others(contest)]
    if not rows:
        return None
    if len(rows) > MOST_ROWS:
        rows = [row for row in rows if row["contest"] == rows[0]["contest"]]
    unit = str(rows[0]["unit"])
    less = "" if pairs else f", less that of {spaced(question.baseline)}"
    return Contrast(f"{rows[0]['title']}{less}", words_of(unit) or unit, [_bar(row, unit) for row in rows])


def _bar(row: Row, unit: str) -> Bar:
    """A row of differences or contrasts as it is drawn and printed."""
    value, low, high = (float(row[name]) for name in ("difference", "low", "high"))
    digits = digits_for([low, high] if math.isfinite(low) else [value], unit)
    text = f"{number(value, unit, signed=True, digits=digits)} {interval(low, high, unit, digits)}".rstrip()
    label = spaced(f"{row['arm']} less {row['against']}" if "against" in row else str(row["arm"]))
    value, low, high = (scaled(end, unit) for end in (value, low, high))
    return Bar(label, str(row["arm"]), str(row["contest"]), value, low, high, text)
