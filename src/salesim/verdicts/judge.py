"""The whole procedure: pilot, looks or a budget, selection, fresh seeds; then the folder it leaves."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from salesim.compare.looks import levels, pairs_needed
from salesim.studies.run import run_study
from salesim.studies.store import Shelf, opened
from salesim.verdicts.bench import Bench, Listener, against_baseline
from salesim.verdicts.budget import Clock, pilot_pairs, play_judged
from salesim.verdicts.fresh import Fresh
from salesim.verdicts.leave import Outcome, leave
from salesim.verdicts.looks import Looks
from salesim.verdicts.pilot import pilot_rows
from salesim.verdicts.plan import Plan
from salesim.verdicts.statements import OPEN, race_by_lead, race_of_two, statement, with_effect, with_fresh

Row = dict[str, Any]


def judge(plan: Plan, listener: Listener) -> Path:
    """Play until it is settled, and write tables, verdict and record; returns the study's folder.

    The same plan gives the same tables, whatever the number of workers and however often it was interrupted (with a
    budget of time: from the moment on when its number of runs was planned). Raises InputError as `run_study` does.
    """
    folder = plan.study.own_folder
    with opened(folder):
        shelf = Shelf(folder / "runs")
        outcome = by_budget(plan, shelf, listener) if plan.budget else by_looks(plan, shelf, listener)
    shared = min(outcome.judged.values()) if plan.budget else plan.fresh
    books = min(plan.study.books, shared)
    run_study(replace(plan.study, seeds=shared, first_seed=plan.first_fresh_seed, books=books))
    with opened(folder):
        leave(plan, outcome, folder)
    return folder


def by_looks(plan: Plan, shelf: Shelf, listener: Listener) -> Outcome:
    """Look after look until all is settled; then the effects on fresh seeds."""
    bench, again = Bench(plan, shelf, listener, plan.study.first_seed), Bench(plan, shelf, listener, plan.first_fresh_seed)
    looks = Looks(bench)
    looks.play()
    listener.begin("fresh seeds")
    again.play(dict.fromkeys(plan.keys, plan.fresh))
    listener.end(f"{plan.fresh} seeds: effects estimated again")
    fresh = Fresh(again)
    pilot = list(pilot_rows(bench, looks.columns, plan.looks[0], levels(plan.looks, plan.error)[-1]))
    statements = [with_fresh(row, fresh) for row in looks.statements()]
    races = list(looks.races.values()) or [race_of_two(row, plan.study.baseline) for row in statements]
    return Outcome(
        statements=statements,
        looks=looks.rows,
        pilot=pilot,
        selection=[with_effect(race, plan, fresh, bench) for race in races],
        judged=bench.pairs,
        runs=plan.runs(bench.pairs) + plan.runs(again.pairs),
        failed=bench.failed | again.failed,
    )


def by_budget(plan: Plan, shelf: Shelf, listener: Listener) -> Outcome:
    """A pilot, and the rest of the budget where it settles most; only the rest is judged."""
    assert plan.budget is not None
    clock = Clock(plan.budget.seconds) if plan.budget.seconds is not None else None
    bench, judged = Bench(plan, shelf, listener, plan.study.first_seed), Bench(plan, shelf, listener, plan.first_fresh_seed)
    pairs = pilot_pairs(plan)
    listener.begin("pilot")
    bench.play(dict.fromkeys(plan.keys, pairs))
    pilot = list(pilot_rows(bench, against_baseline(plan), pairs, plan.error))
    listener.end(f"{pairs} pairs, {plan.runs(bench.pairs)} runs: where do runs settle most?")
    listener.begin("judged")
    play_judged(bench, judged, pilot, clock, plan.study.own_folder)
    fresh = Fresh(judged)
    statements = [with_fresh(row, fresh) for row in rows_of(plan, fresh)]
    settled = sum(row["verdict"] != OPEN for row in statements)
    listener.end(f"{plan.runs(judged.pairs)} runs: {settled} of {len(statements)} differences settled")
    races = [race_by_lead(fresh, contest, measure) for contest in plan.study.contests for measure in plan.measures]
    return Outcome(
        statements=statements,
        looks=[],
        pilot=pilot,
        selection=[with_effect(race, plan, fresh, None) for race in races],
        judged=judged.pairs,
        runs=plan.runs(bench.pairs) + plan.runs(judged.pairs),
        failed=bench.failed | judged.failed,
    )


def rows_of(plan: Plan, fresh: Fresh) -> Iterator[Row]:
    """What the judged runs of a budget say of every difference from the baseline."""
    for place, column in enumerate(fresh.columns):
        if column.against == plan.study.baseline:
            ends = float(fresh.found.low[place]), float(fresh.found.high[place])
            row = statement(plan, column, place, fresh.found, ends)
            deviation = float(np.nanstd(fresh.bench.differences([column])[:, 0], ddof=1)) if row["pairs"] > 1 else np.nan
            more = pairs_needed(row["difference"], deviation, row["matter"], fresh.found.critical)
            yield {**row, "settled": row["pairs"], "needed": more if row["verdict"] == OPEN else float(row["pairs"])}
