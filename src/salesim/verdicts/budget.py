"""Budget mode: looks at twice as many pairs each time, as far as the runs or the time reach, best-paying arms first.

All intervals of all looks hold together, whatever decides who goes on (`compare/looks.py`), so the budget may be spent on the
arms that are likely to be settled next. Error is spent in proportion to pairs: nobody knows at which look the budget ends,
and a look that comes early should be able to say something. A part is kept back for the fresh seeds.
"""

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from salesim.compare.looks import FEWEST, levels
from salesim.studies.store import write_whole
from salesim.verdicts.bench import Bench
from salesim.verdicts.plan import ArmName, Plan

PILOT_SHARE = 0.2  # of all runs
CAREFUL = 0.9  # of the time that seems left is planned with
GUESS_S = 0.02  # seconds a run, where all runs so far were on the shelf
Schedule = list[tuple[int, float]]  # pairs and level of each look
Pairs = Mapping[ArmName, int]


class Purse(Protocol):
    """What may still be spent."""

    def pays(self, bench: Bench, pairs: Pairs) -> bool:
        """Whether so many seeds of each arm can be played, with what is kept back for fresh seeds."""

    def fresh(self, bench: Bench) -> int:
        """Fresh seeds of each arm that can be paid, FEWEST at least."""


def schedule(plan: Plan, runs: int | None) -> Schedule:
    """The looks as declared; of a budget of runs each at twice the pairs, as far as one arm and its baseline would reach."""
    if runs is None:
        return list(zip(plan.looks, levels(plan.looks, plan.error), strict=True))
    first, one_each = pilot_pairs(plan), plan.runs(dict.fromkeys(plan.keys, 1))
    most = first + max(0, runs - (first + FEWEST) * one_each) // 2
    looks = [first]
    while 2 * looks[-1] <= most:
        looks.append(2 * looks[-1])
    return [(n, plan.error * (n - before) / looks[-1]) for before, n in zip([0, *looks], looks, strict=False)]


def pilot_pairs(plan: Plan) -> int:
    """Seeds of each arm at the first look: of a budget of runs a fifth, from FEWEST to those of the first declared look."""
    if not plan.budget or plan.budget.runs is None:
        return plan.looks[0]
    return min(max(FEWEST, int(PILOT_SHARE * plan.budget.runs / plan.runs(dict.fromkeys(plan.keys, 1)))), plan.looks[0])


class OfRuns:
    """A budget of runs; those on the shelf count, so that the same budget gives the same results."""

    def __init__(self, runs: int) -> None:
        self.runs = runs

    def pays(self, bench: Bench, pairs: Pairs) -> bool:
        """See Purse."""
        kept = dict.fromkeys(bench.plan.keys, FEWEST)
        return bench.plan.runs({**bench.pairs, **pairs}) + bench.plan.runs(kept) <= self.runs

    def fresh(self, bench: Bench) -> int:
        """See Purse."""
        left = self.runs - bench.plan.runs(bench.pairs)
        return max(FEWEST, min(bench.plan.fresh, left // bench.plan.runs(dict.fromkeys(bench.plan.keys, 1))))


class OfTime:
    """A budget of seconds; the pace is measured on runs that were not on the shelf."""

    def __init__(self, seconds: float) -> None:
        self.started, self.seconds = time.monotonic(), seconds

    @property
    def left(self) -> float:
        """Seconds."""
        return self.seconds - (time.monotonic() - self.started)

    def runs_left(self, played: int) -> int:
        """Runs that fit into what is left, if `played` took the time so far."""
        pace = (self.seconds - self.left) / played if played else GUESS_S
        return max(0, int(CAREFUL * self.left / pace))

    def pays(self, bench: Bench, pairs: Pairs) -> bool:
        """See Purse."""
        new = sum(key not in bench.shelf.known for key in bench.missing(pairs))
        return new + bench.plan.runs(dict.fromkeys(bench.plan.keys, FEWEST)) <= self.runs_left(bench.played)

    def fresh(self, bench: Bench) -> int:
        """See Purse."""
        left = self.runs_left(bench.played)
        return max(FEWEST, min(bench.plan.fresh, left // bench.plan.runs(dict.fromkeys(bench.plan.keys, 1))))


def remembered(folder: Path, plan: Plan, runs: int) -> int:
    """The runs planned for a budget of time: as before if this comparison was interrupted, so that its looks stay the same."""
    file = folder / "budget.json"
    asked = json.dumps([plan.study.resolved["compare"], plan.study.first_seed, sorted(map(str, plan.keys.items()))])
    if file.is_file():
        before = json.loads(file.read_text(encoding="utf-8"))
        if before.get("asked") == asked:
            return int(before["runs"])
    write_whole(file, json.dumps({"asked": asked, "runs": runs}).encode())
    return runs
