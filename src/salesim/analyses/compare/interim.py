"""Looks: arms are played until all that is asked of them is settled, or the last look has passed."""

from typing import Any

import numpy as np

from salesim.analyses.compare.sample_source import Bench, Column, against_baseline
from salesim.analyses.compare.spec import ArmName
from salesim.analyses.compare.statements import FEW_ARMS, OPEN, race_row, statement
from salesim.metrics import METRICS
from salesim.report.text.compare import SELECTION
from salesim.stats.intervals import Intervals
from salesim.stats.selection import select
from salesim.stats.sequential import intervals, levels, pairs_needed

Row = dict[str, Any]


class Looks:
    """What the looks found: a row a look and difference, and the races for the best."""

    def __init__(self, bench: Bench) -> None:
        self.bench, self.plan = bench, bench.plan
        self.levels = levels(self.plan.looks, self.plan.error)
        self.columns = against_baseline(self.plan)
        self.rows: list[Row] = []
        self.last: dict[Column, Row] = {}
        self.races: dict[tuple[str, str], Row] = {}

    def play(self) -> None:
        """Look after look, until nothing is open or the last has passed."""
        going = list(self.plan.keys)
        for number, (pairs, level) in enumerate(zip(self.plan.looks, self.levels, strict=True), 1):
            self.bench.listener.begin("pilot" if number == 1 else f"look {number}")
            self.bench.play(dict.fromkeys(going, pairs))
            self.judge(number, going, intervals(self.bench.differences(self.columns), level))
            self.select()
            self.bench.listener.end(self.said(pairs))
            going = self.going()
            if not going:
                break

    def judge(self, number: int, going: list[ArmName], found: Intervals) -> None:
        """A row for every difference whose arm was played for this look.

        All intervals of all looks hold together, so what a difference has left is what they have in common.
        """
        for place, column in enumerate(self.columns):
            if (column.contest, column.arm) not in going:
                continue
            low, high = float(found.low[place]), float(found.high[place])
            before = self.last.get(column)
            if before and not np.isnan([before["low"], low]).any():
                common = max(low, before["low"]), min(high, before["high"])
                low, high = common if common[0] <= common[1] else (before["low"], before["high"])
            self.last[column] = self.row(number, column, place, found, (low, high))
            self.rows.append(self.last[column])

    def row(self, number: int, column: Column, place: int, found: Intervals, ends: tuple[float, float]) -> Row:
        """A difference as a row of the table of looks; `settled` are the pairs after which it was, or has not been yet."""
        before = self.last.get(column)
        settled = before["settled"] if before and before["verdict"] != OPEN else int(found.n[place])
        return {"look": number, **statement(self.plan, column, place, found, ends), "settled": settled}

    def select(self) -> None:
        """The race for the best on each measure of each contest with more than two arms, as far as it was played."""
        for contest in self.plan.study.contests:
            for measure in self.plan.measures:
                names, values = self.bench.race(contest, measure)
                if len(names) > FEW_ARMS:
                    sign = 1.0 if METRICS[measure].better == "up" else -1.0
                    n_races = len(self.plan.study.contests) * len(self.plan.measures)
                    zone, error = self.plan.matters[measure], self.plan.error / n_races
                    race = select(sign * values, zone, error, self.plan.looks[0])
                    alive, pairs = [names[arm] for arm in race.alive], max(race.used)
                    best = alive[0] if race.decided else ""
                    self.races[contest, measure] = race_row(contest, measure, SELECTION, best, alive, pairs)

    def going(self) -> list[ArmName]:
        """Arms with an open difference, those still in a race, and the baselines they are compared with."""
        arms = {(column.contest, column.arm) for column, row in self.last.items() if row["verdict"] == OPEN}
        for race in self.races.values():
            if not race["decided"]:
                arms |= {(race["contest"], arm) for arm in race["alive"]}
        contests = {contest for contest, _ in arms}
        return [
            name for name in self.plan.keys if name in arms or (name[1] == self.plan.study.baseline and name[0] in contests)
        ]

    def said(self, pairs: int) -> str:
        """What is settled after so many pairs, in words."""
        open_ones = sum(row["verdict"] == OPEN for row in self.last.values())
        races = sum(not race["decided"] for race in self.races.values())
        settled = f"{pairs} pairs: {len(self.last) - open_ones} of {len(self.last)} differences settled"
        return settled + (f", {len(self.races) - races} of {len(self.races)} races for the best" if self.races else "")

    def statements(self) -> list[Row]:
        """The last word on every difference, in the order of contests, arms and measures; with `needed` pairs."""
        return [{**self.last[column], "needed": self.needed(column)} for column in self.columns]

    def needed(self, column: Column) -> float:
        """Pairs that would probably settle a difference that is open; its pairs, if it is settled."""
        row = self.last[column]
        if row["verdict"] != OPEN:
            return float(row["settled"])
        return pairs_needed(row["difference"], row["deviation"], row["matter"], row["critical"])
