"""Interim analyses: arms are run until every verdict about them is settled, or the last interim analysis has passed."""

from itertools import product
from typing import Protocol

from salesim.analyses.compare.cost import confirmation_runs, runs_of
from salesim.analyses.compare.rows import Row, estimate, interval_row, selection_of_two, selection_row
from salesim.analyses.compare.sample_source import Column, SampleSource, all_pairs
from salesim.analyses.compare.spec import ArmName
from salesim.metrics import METRICS
from salesim.runs.runner import Progress
from salesim.stats.intervals import Intervals, simultaneous_at
from salesim.stats.selection import select
from salesim.stats.sequential import FEWEST, levels

FEW_ARMS = 2  # no selection among so few: their difference says which is better


class Listener(Progress, Protocol):
    """What shows how far a comparison is; its stages are "analysis 1", "analysis 2", …, and "confirmation"."""

    def analysed(self, pairs: int, settled: tuple[int, int], chosen: tuple[int, int]) -> None:
        """An interim analysis after so many pairs: verdicts that are settled, of all; the best that is chosen, of all."""

    def confirmed(self, seeds: int, runs: int) -> None:
        """The confirmation seeds are run."""


class InterimAnalyses:
    """Estimates of every two arms of a contest, and who is best, after the last interim analysis that was made.

    `estimates` has a row for each of `all_pairs`, `rows` those against a baseline of every interim analysis, `selections` one
    for each contest and measure. `stopped` says why the runs ended: "settled", "budget", or "last analysis".
    """

    def __init__(self, source: SampleSource, limit: int | None, listener: Listener) -> None:
        self.source, self.comparison, self.limit, self.listener = source, source.comparison, limit, listener
        self.columns = all_pairs(self.comparison)
        self.estimates: dict[Column, Row] = {}
        self.rows: list[Row] = []
        self.selections: list[Row] = []
        self.stopped = "last analysis"

    def play(self) -> None:
        """Interim analysis after interim analysis, until nothing is open, the last has passed, or the next does not fit."""
        going, analyses = list(self.comparison.keys), self.comparison.interim_analyses
        for number, (pairs, error) in enumerate(zip(analyses, levels(analyses, self.comparison.error), strict=True), 1):
            if not self.fits(going, pairs):
                self.stopped = "budget"
                return
            self.listener.begin(f"analysis {number}")
            self.source.play(dict.fromkeys(going, pairs))
            self.analyse(number, going, simultaneous_at(self.source.differences(self.columns), error, FEWEST))
            self.selections = [self.select(*each) for each in product(self.comparison.study.contests, self.comparison.measures)]
            self.listener.analysed(pairs, *self.progress())
            going = self.going()
            if not going:
                self.stopped = "settled"
                return

    def fits(self, going: list[ArmName], pairs: int) -> bool:
        """Whether so many pairs of these arms, and the confirmation seeds, are within the limit of runs."""
        runs = runs_of(self.comparison, self.source.pairs | dict.fromkeys(going, pairs))
        return self.limit is None or runs + confirmation_runs(self.comparison) <= self.limit

    def analyse(self, number: int, going: list[ArmName], intervals: Intervals) -> None:
        """A new row for every difference of two arms that were run for this interim analysis."""
        for place, column in enumerate(self.columns):
            arms = (column.contest, column.arm), (column.contest, column.against)
            if set(arms) <= set(going):
                interval = interval_row(self.comparison, column, place, intervals, min(self.source.pairs[arm] for arm in arms))
                row = {"analysis": number, **estimate(self.comparison, column, interval, self.estimates.get(column))}
                self.estimates[column] = row
                if column.against == self.comparison.study.baseline:
                    self.rows.append(row)

    def select(self, contest: str, measure: str) -> Row:
        """Who is best on a measure of a contest, as far as it was run."""
        arms = self.comparison.arms(contest)
        if len(arms) <= FEW_ARMS:
            return selection_of_two(self.estimates[Column(contest, measure, arms[1], arms[0])], arms[0])
        sign = 1.0 if METRICS[measure].better == "up" else -1.0
        n_selections = len(self.comparison.study.contests) * len(self.comparison.measures)
        margin, first = self.comparison.equivalence_margins[measure], self.comparison.interim_analyses[0]
        values = sign * self.source.by_arm(contest, measure, arms)
        selected = select(values, margin, self.comparison.error / n_selections, first)
        candidates = [arms[place] for place in selected.candidates]
        if selected.decided:  # but an arm that was equal so far may be as good or better
            others = (arm for arm in arms if arm != candidates[0])
            candidates += [arm for arm in others if self.is_equal_so_far(Column(contest, measure, candidates[0], arm))]
        return selection_row(contest, measure, "sequential selection", candidates, max(selected.used))

    def is_equal_so_far(self, column: Column) -> bool:
        """Whether two arms, whichever way round, were the same in all runs, but in too few to settle that."""
        row = self.estimates.get(column) or self.estimates[column.other_way]
        return row["verdict"] == "equal" and not row["settled_after"]

    def going(self) -> list[ArmName]:
        """Arms with an open difference from the baseline, those that may be the best, and the baselines of both."""
        baseline = self.comparison.study.baseline
        arms = {(c.contest, c.arm) for c, row in self.estimates.items() if c.against == baseline and not row["settled_after"]}
        for selection in self.selections:
            if not selection["decided"] and len(self.comparison.arms(selection["contest"])) > FEW_ARMS:
                arms |= {(selection["contest"], arm) for arm in selection["candidates"]}
        contests = {contest for contest, _ in arms}
        return [name for name in self.comparison.keys if name in arms or (name[1] == baseline and name[0] in contests)]

    def progress(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """How many verdicts are settled, of all; of how many selections among several arms the best is chosen."""
        rows = self.statements()
        several = [row for row in self.selections if len(self.comparison.arms(row["contest"])) > FEW_ARMS]
        settled = sum(row["settled_after"] > 0 for row in rows)
        return (settled, len(rows)), (sum(row["decided"] for row in several), len(several))

    def statements(self) -> list[Row]:
        """The last estimate of every difference from the baseline."""
        return [row for column, row in self.estimates.items() if column.against == self.comparison.study.baseline]
