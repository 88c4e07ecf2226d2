"""Budget mode: a pilot learns where runs settle most, the rest is played there, and only that rest is judged.

The pilot's runs decide how many pairs each arm gets and nothing else. The judged seeds are new, their numbers fixed before
they are played, so ordinary simultaneous intervals hold for them, and the winner's effect is already one on fresh seeds.
"""

import json
import math
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from salesim.compare.allocation import allocated, largest
from salesim.compare.looks import FEWEST
from salesim.studies.store import write_whole
from salesim.verdicts.bench import Bench
from salesim.verdicts.plan import ArmName, Plan

PILOT_SHARE, FLOOR_SHARE = 0.25, 0.4  # of all runs; of an even spread of the rest
CAREFUL = 0.9  # of the time that seems left is planned with
SLICES = 10  # parts in which the runs of a time budget are played; the clock is looked at between them
GUESS_S = 0.02  # seconds a run, where all runs so far were on the shelf
Pairs = dict[ArmName, int]


def one_each(plan: Plan) -> int:
    """Runs that one seed of every arm takes."""
    return plan.runs(dict.fromkeys(plan.keys, 1))


def pilot_pairs(plan: Plan) -> int:
    """Seeds of each arm in the pilot: a quarter of the budget, from FEWEST to those of the first look."""
    if not plan.budget or plan.budget.runs is None:
        return plan.looks[0]
    return min(max(FEWEST, int(PILOT_SHARE * plan.budget.runs / one_each(plan))), plan.looks[0])


def shared_out(plan: Plan, pilot: list[dict[str, Any]], runs: int) -> Pairs:
    """Pairs of each arm so that `runs` settle most; a baseline has as many as the arm of its contest that has most."""
    base = plan.study.baseline
    needs = {name: 0.0 for name in plan.keys if name[1] != base}
    for row in pilot:
        name, need = (row["contest"], row["arm"]), row["pairs_needed"]
        needs[name] = max(needs[name], 0.0 if math.isnan(need) else need)

    def whole(pairs: Mapping[ArmName, int]) -> Pairs:
        most = {contest: max(n for name, n in pairs.items() if name[0] == contest) for contest in plan.study.contests}
        return {name: pairs.get(name, most[name[0]]) for name in plan.keys}

    floor = max(FEWEST, int(FLOOR_SHARE * runs / one_each(plan)))
    return whole(allocated(needs, floor, runs, lambda pairs: plan.runs(whole(pairs))))


class Clock:
    """Time that is left, and how long a run takes, measured on the runs that were not on the shelf."""

    def __init__(self, seconds: float) -> None:
        self.started, self.seconds = time.monotonic(), seconds

    @property
    def left(self) -> float:
        """Seconds."""
        return self.seconds - (time.monotonic() - self.started)

    def runs_left(self, played: int) -> int:
        """Runs that fit into what is left, if `played` took the time so far."""
        pace = (self.seconds - self.left) / played if played else GUESS_S
        return max(0, int(self.left / pace))


def play_judged(pilot: Bench, judged: Bench, rows: list[dict[str, Any]], clock: Clock | None, folder: Path) -> None:
    """Play the judged runs where they settle most, within the budget."""
    plan = pilot.plan
    if clock is None and plan.budget and plan.budget.runs is not None:
        judged.play(shared_out(plan, rows, plan.budget.runs - plan.runs(pilot.pairs)))
    elif clock is not None:
        least = dict.fromkeys(plan.keys, FEWEST)
        judged.play(least)
        guessed = int(CAREFUL * clock.runs_left(pilot.played + judged.played)) + plan.runs(least)
        play_until(clock, pilot, judged, shared_out(plan, rows, remembered(folder, plan, guessed)))


def play_until(clock: Clock, pilot: Bench, judged: Bench, pairs: Pairs) -> None:
    """Play a part of the pairs of every arm after the other, until time is up; how they come out is not looked at."""

    def new_runs(thousandths: int) -> int:
        return sum(key not in judged.shelf.known for key in judged.missing(slice_of(pairs, thousandths)))

    for start in range(0, 1000, 1000 // SLICES):
        end = start + 1000 // SLICES
        fits = clock.runs_left(pilot.played + judged.played)
        if new_runs(end) > fits:
            judged.play(slice_of(pairs, largest(start, end, fits, new_runs)))
            return
        judged.play(slice_of(pairs, end))


def slice_of(pairs: Pairs, thousandths: int) -> Pairs:
    """A share of the pairs of each arm, FEWEST at least."""
    return {name: max(FEWEST, n * thousandths // 1000) for name, n in pairs.items()}


def remembered(folder: Path, plan: Plan, runs: int) -> int:
    """The runs planned for a time budget: as before if this comparison was interrupted, so that it goes on with its plan."""
    file = folder / "budget.json"
    asked = json.dumps([plan.study.resolved["compare"], plan.study.first_seed, sorted(map(str, plan.keys.items()))])
    if file.is_file():
        before = json.loads(file.read_text(encoding="utf-8"))
        if before.get("asked") == asked:
            return int(before["runs"])
    write_whole(file, json.dumps({"asked": asked, "runs": runs}).encode())
    return runs
