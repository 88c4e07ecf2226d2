"""Budget mode: a pilot, then runs where they are likely to settle most, then one judgement of all of them.

The pilot decides how many pairs each arm gets; `compare/stages.py` keeps the intervals valid all the same. A part of the
budget is kept back for fresh seeds, so that all that is played lies within it.
"""

import json
import math
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

from salesim.analyses.compare.sample_source import Bench, Column, against_baseline
from salesim.analyses.compare.spec import ArmName, Plan, least_words
from salesim.config.errors import InputError
from salesim.metrics import METRICS
from salesim.runs.files import write_whole
from salesim.stats.allocation import Question, allocated
from salesim.stats.intervals import Intervals
from salesim.stats.sequential import FEWEST
from salesim.stats.two_stages import combined, stage_weights

CAREFUL = 0.9  # of the time that seems left is planned with
GUESS_S = 0.02  # seconds a run, where all runs so far were in the store
WARMING, PACED = 1, 3  # seeds of every arm: the first compile and load, then the pace is measured
SLICES = 20  # parts in which the second stage of a budget of time is played; the clock is looked at between them
CRITICAL = 3.0  # what the judgement's critical value is taken to be while runs are allotted
Pairs = dict[ArmName, int]


class Clock:
    """Time that is left; the pace is measured on runs that were not in the store, from the last `start_pace` on."""

    def __init__(self, seconds: float) -> None:
        self.started, self.seconds = time.monotonic(), seconds
        self.start_pace(0)

    @property
    def left(self) -> float:
        """Seconds."""
        return self.seconds - (time.monotonic() - self.started)

    def start_pace(self, played: int) -> None:
        """Measure the pace from now on, when so many runs have been played."""
        self.paced_left, self.paced_runs = self.left, played

    def pace(self, played: int) -> float:
        """Seconds a run."""
        runs = played - self.paced_runs
        return max(self.paced_left - self.left, 1e-9) / runs if runs > 0 else GUESS_S

    def runs_left(self, played: int) -> int:
        """Runs that fit into what is left, when so many have been played."""
        return max(0, int(CAREFUL * self.left / self.pace(played)))

    def needed(self, played: int, more: int) -> float:
        """Seconds of a budget into which so many runs more would have fitted."""
        return self.seconds - self.left + more * self.pace(played) / CAREFUL


class Stages:
    """A pilot and a second stage of one plan. `runs` is the whole budget; that of a time, by the pace of the first seeds."""

    def __init__(self, pilot: Bench, second: Bench, folder: Path) -> None:
        self.pilot, self.second, self.plan, self.folder = pilot, second, pilot.plan, folder
        self.runs = self.plan.budget.runs if self.plan.budget and self.plan.budget.runs is not None else 0
        seconds = self.plan.budget.seconds if self.plan.budget else None
        self.clock = Clock(seconds) if seconds is not None else None

    def play(self) -> None:
        """Play both stages, as far as runs or time reach. Raises InputError if time does not reach for the least."""
        if self.clock:
            self.runs = remembered(self.folder, self.plan, partial(self.runs_in, self.clock))
        shares = self.plan.shares(self.runs)
        self.kept = shares.fresh
        self.pilot.listener.begin("pilot")
        self.pilot.play(dict.fromkeys(self.plan.keys, shares.pilot))
        self.pilot.listener.end(f"{shares.pilot} pairs, {self.plan.runs(self.pilot.pairs)} runs: where do runs settle most?")
        self.weights = stage_weights([shares.pilot, shares.second // self.plan.one_each])
        self.pilot.listener.begin("second stage")
        advised = self.allotted(shares.second)
        self.play_second(advised)
        enough = "; more would settle little" if 2 * self.plan.runs(advised) < shares.second else ""
        self.pilot.listener.end(f"{self.plan.runs(self.second.pairs)} runs: {self.spread_words()}{enough}")

    def runs_in(self, clock: Clock) -> int:
        """A budget of time in runs, by the pace of the pilot's first seeds. Raises InputError if it is too short."""
        plan, bench = self.plan, self.pilot
        bench.listener.begin("pace")
        bench.play(dict.fromkeys(plan.keys, WARMING))
        clock.start_pace(bench.played)
        bench.play(dict.fromkeys(plan.keys, WARMING + PACED))
        started = plan.runs(bench.pairs)
        seeds = plan.first_fresh_seed - self.second.first_seed  # all there are for the second stage
        runs = min(started + clock.runs_left(bench.played), seeds)
        if runs < plan.least:
            seconds = math.ceil(clock.needed(bench.played, plan.least - started))
            raise InputError(
                f"compare.budget is {plan.budget}; the smallest comparison is {plan.least:,} runs, {least_words(plan)}. They "
                f"would take some {seconds} s here: ask for budget={seconds}s, or for fewer arms, customers or weeks"
            )
        bench.listener.end(f"{plan.budget} are some {runs:,} runs: {shares_words(plan, runs)}")
        return runs

    def play_second(self, pairs: Pairs) -> None:
        """Play the second stage; with a clock a part of every arm after the other until time is up, whatever comes out."""
        if self.clock is None:
            self.second.play(pairs)
            return
        for part in range(SLICES + 1):
            wanted = {name: max(FEWEST, n * part // SLICES) for name, n in pairs.items()}
            missing = sum(key not in self.second.store.index for key in self.second.missing(wanted))
            kept = self.kept * self.plan.one_each
            if part and missing + kept > self.clock.runs_left(self.pilot.played + self.second.played):
                return
            self.second.play(wanted)

    def allotted(self, runs: int) -> Pairs:
        """Pairs of each arm in the second stage; a baseline has as many as the arm of its contest that has most."""
        plan, first = self.plan, max(self.pilot.pairs.values())
        arms = [name for name in plan.keys if name[1] != plan.study.baseline]

        def whole(pairs: Pairs) -> Pairs:
            most = {contest: max(n for name, n in pairs.items() if name[0] == contest) for contest in plan.study.contests}
            return {name: pairs.get(name, most[name[0]]) - first for name in plan.keys}

        return whole(allocated(self.questions(), arms, first + FEWEST, runs, lambda pairs: plan.runs(whole(dict(pairs)))))

    def questions(self) -> list[Question]:
        """Every difference from a baseline; and on every measure, that of the leader from every other arm."""
        columns = against_baseline(self.plan)
        for contest in self.plan.study.contests:
            for measure in self.plan.measures:
                names, values = self.pilot.race(contest, measure)
                if len(names) > 2 and np.isfinite(values).any(axis=0).all():
                    sign = 1.0 if METRICS[measure].better == "up" else -1.0
                    leader = names[int(np.argmax(sign * np.nanmean(values, axis=0)))]
                    others = [name for name in names if name not in (leader, self.plan.study.baseline)]
                    columns += [Column(contest, measure, leader, name) for name in others if leader != self.plan.study.baseline]
        table = self.pilot.differences(columns)
        return [self.question(column, table[:, place]) for place, column in enumerate(columns)]

    def question(self, column: Column, values: np.ndarray) -> Question:
        """A difference as the pilot saw it."""
        known = values[np.isfinite(values)]
        arms = tuple((column.contest, arm) for arm in (column.arm, column.against) if arm != self.plan.study.baseline)
        mean, deviation = (float(known.mean()), float(known.std(ddof=1))) if len(known) > 1 else (np.nan, np.nan)
        return Question(arms, mean, deviation, len(known), self.plan.matters[column.measure], CRITICAL)

    def judged(self, columns: list[Column]) -> Intervals:
        """Intervals of these differences, over both stages."""
        return combined([bench.differences(columns) for bench in (self.pilot, self.second)], self.weights, self.plan.error)

    def pairs(self) -> Pairs:
        """Pairs of each arm in both stages."""
        return {name: n + self.second.pairs[name] for name, n in self.pilot.pairs.items()}

    def fresh(self) -> int:
        """Fresh seeds of each arm that can be paid, at most those declared; FEWEST if time ran away."""
        left = self.runs - self.plan.runs(self.pilot.pairs) - self.plan.runs(self.second.pairs)
        if self.clock:
            left = self.clock.runs_left(self.pilot.played + self.second.played)
        return max(FEWEST, min(self.plan.fresh, left // self.plan.one_each))

    def spread_words(self) -> str:
        """How many pairs the arms got, in words."""
        pairs = sorted(set(self.second.pairs.values()))
        return f"{pairs[0]} to {pairs[-1]} pairs more" if len(pairs) > 1 else f"{pairs[0]} pairs more of every arm"


def shares_words(plan: Plan, runs: int) -> str:
    """How a budget of runs is shared out, in words and runs."""
    pilot, second, fresh = plan.shares(runs)
    return (
        f"a pilot of {pilot} pairs ({pilot * plan.one_each:,} runs), up to {second:,} runs where they settle most, "
        f"{fresh} fresh seeds or more ({fresh * plan.one_each:,} runs)"
    )


def remembered(folder: Path, plan: Plan, planned: Callable[[], int]) -> int:
    """The runs of a budget of time: as before if this comparison was interrupted, so that it goes on with its plan."""
    file = folder / "budget.json"
    asked = json.dumps([plan.study.resolved["compare"], plan.study.first_seed, sorted(map(str, plan.keys.items()))])
    if file.is_file():
        before = json.loads(file.read_text(encoding="utf-8"))
        if before.get("asked") == asked:
            return int(before["runs"])
    runs = planned()
    write_whole(file, json.dumps({"asked": asked, "runs": runs}).encode())
    return runs
