"""The whole procedure: looks or a budget, the choice of the best, fresh seeds; then the folder it leaves."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from salesim.analyses.compare.budget import Pairs, Stages
from salesim.analyses.compare.estimates import Estimates
from salesim.analyses.compare.interim import Looks
from salesim.analyses.compare.pilot import pilot_rows
from salesim.analyses.compare.sample_source import Bench, Column, Listener, against_baseline, all_pairs
from salesim.analyses.compare.save import Outcome, leave
from salesim.analyses.compare.spec import Plan
from salesim.analyses.compare.statements import (
    FEW_ARMS,
    Row,
    race_by_lead,
    race_of_two,
    settled,
    statement,
    with_effect,
    with_fresh,
)
from salesim.runs.folder import open_folder
from salesim.runs.run_study import run_study
from salesim.runs.store import RunStore
from salesim.stats.sequential import intervals


class Judged(NamedTuple):
    """What looks or a budget found, before any fresh seed."""

    statements: list[Row]
    looks: list[Row]
    races: list[Row]
    pilot: list[Row]
    before: Callable[[Column], float]  # the difference as it was seen
    scheduled: list[int]
    judged: Pairs
    fresh: int
    runs: int
    failed: dict[str, str]


def judge(plan: Plan, listener: Listener) -> Path:
    """Play until it is settled or the budget is spent, and write tables, verdict and record; returns the study's folder.

    The same plan gives the same tables, whatever the number of workers and however often it was interrupted; with a budget
    of time, how far it comes depends on the machine. Raises InputError as `run_study` does.
    """
    folder = plan.study.own_folder
    with open_folder(folder):
        store = RunStore(folder / "runs")
        bench = Bench(plan, store, listener, plan.study.first_seed)
        found = by_budget(bench, folder) if plan.budget else by_looks(bench)
        again = Bench(plan, store, listener, plan.first_fresh_seed)
        outcome = estimated_again(found, again)
    records = min(plan.study.records, found.fresh)
    run_study(replace(plan.study, seeds=found.fresh, first_seed=plan.first_fresh_seed, records=records))
    with open_folder(folder):
        leave(plan, outcome, folder)
    return folder


def by_looks(bench: Bench) -> Judged:
    """Look after look until all is settled, or the last has passed."""
    plan, looks = bench.plan, Looks(bench)
    looks.play()
    statements = looks.statements()

    def before(column: Column) -> float:
        seen = bench.differences([column])
        return float(np.nanmean(seen)) if np.isfinite(seen).any() else np.nan

    return Judged(
        statements=statements,
        looks=looks.rows,
        races=list(looks.races.values()) or [race_of_two(row, plan.study.baseline) for row in statements],
        pilot=list(pilot_rows(bench, looks.columns, plan.looks[0], looks.levels[-1])),
        before=before,
        scheduled=list(plan.looks),
        judged=bench.pairs,
        fresh=plan.fresh,
        runs=plan.runs(bench.pairs),
        failed=bench.failed,
    )


def by_budget(pilot: Bench, folder: Path) -> Judged:
    """A pilot, a second stage where it settles most, and one judgement of both."""
    plan = pilot.plan
    second = Bench(plan, pilot.store, pilot.listener, plan.study.first_seed + plan.looks[0])
    stages = Stages(pilot, second, folder)
    stages.play()
    columns, estimates = against_baseline(plan), Estimates(plan, stages.judged(all_pairs(plan)))
    found = stages.judged(columns)
    statements = [settled(statement(plan, column, place, found)) for place, column in enumerate(columns)]
    measures = [(contest, measure) for contest in plan.study.contests for measure in plan.measures]
    few = len(plan.keys) // len(plan.study.contests) <= FEW_ARMS
    return Judged(
        statements=statements,
        looks=[],
        races=[race_of_two(row, plan.study.baseline) for row in statements]
        if few
        else [race_by_lead(estimates, *each, max(stages.pairs().values())) for each in measures],
        pilot=list(pilot_rows(pilot, columns, max(pilot.pairs.values()), plan.error)),
        before=lambda column: estimates.of(column)[0],
        scheduled=[max(pilot.pairs.values())],
        judged=stages.pairs(),
        fresh=stages.fresh(),
        runs=plan.runs(pilot.pairs) + plan.runs(second.pairs),
        failed=pilot.failed | second.failed,
    )


def estimated_again(found: Judged, again: Bench) -> Outcome:
    """Every effect on fresh seeds, and all rows of the tables."""
    plan = again.plan
    again.listener.begin("fresh seeds")
    again.play(dict.fromkeys(plan.keys, found.fresh))
    again.listener.end(f"{found.fresh} seeds, {plan.runs(again.pairs):,} runs: sizes are estimated again")
    fresh = Estimates(plan, intervals(again.differences(all_pairs(plan)), plan.error))
    return Outcome(
        statements=[with_fresh(row, again, fresh) for row in found.statements],
        looks=found.looks,
        pilot=found.pilot,
        selection=[with_effect(race, plan, fresh, found.before) for race in found.races],
        judged=found.judged,
        scheduled=found.scheduled,
        fresh=found.fresh,
        fresh_runs=plan.runs(again.pairs),
        runs=found.runs + plan.runs(again.pairs),
        failed=found.failed | again.failed,
    )
