"""The whole procedure: pilot, looks as far as needed or paid, selection, fresh seeds; then the folder it leaves."""

from dataclasses import replace
from pathlib import Path

from salesim.studies.run import run_study
from salesim.studies.store import Shelf, opened
from salesim.verdicts.bench import Bench, Listener
from salesim.verdicts.budget import OfRuns, OfTime, Purse, pilot_pairs, remembered, schedule
from salesim.verdicts.fresh import Fresh
from salesim.verdicts.leave import Outcome, leave
from salesim.verdicts.looks import Looks
from salesim.verdicts.pilot import pilot_rows
from salesim.verdicts.plan import Plan
from salesim.verdicts.statements import race_of_two, with_effect, with_fresh


def judge(plan: Plan, listener: Listener) -> Path:
    """Play until it is settled or the budget is spent, and write tables, verdict and record; returns the study's folder.

    The same plan gives the same tables, whatever the number of workers and however often it was interrupted; with a budget
    of time, how far it comes depends on the machine. Raises InputError as `run_study` does.
    """
    folder = plan.study.own_folder
    with opened(folder):
        shelf = Shelf(folder / "runs")
        bench, again = (Bench(plan, shelf, listener, first) for first in (plan.study.first_seed, plan.first_fresh_seed))
        looks = looked(plan, bench, folder)
        outcome = estimated_again(looks, again)
    fresh = max(again.pairs.values())
    run_study(replace(plan.study, seeds=fresh, first_seed=plan.first_fresh_seed, books=min(plan.study.books, fresh)))
    with opened(folder):
        leave(plan, outcome, folder)
    return folder


def looked(plan: Plan, bench: Bench, folder: Path) -> Looks:
    """Look after look until all is settled, or as far as the budget reaches."""
    purse: Purse | None = None
    runs = plan.budget.runs if plan.budget else None
    if runs is not None:
        purse = OfRuns(runs)
    elif plan.budget and plan.budget.seconds is not None:
        purse = OfTime(plan.budget.seconds)
        bench.listener.begin("pilot")
        bench.play(dict.fromkeys(plan.keys, pilot_pairs(plan)))
        runs = remembered(folder, plan, plan.runs(bench.pairs) + purse.runs_left(bench.played))
    looks = Looks(bench, schedule(plan, runs), purse)
    looks.play()
    return looks


def estimated_again(looks: Looks, again: Bench) -> Outcome:
    """Every effect on fresh seeds, and all rows of the tables."""
    plan, bench = looks.plan, looks.bench
    again.listener.begin("fresh seeds")
    seeds = looks.purse.fresh(bench) if looks.purse else plan.fresh
    again.play(dict.fromkeys(plan.keys, seeds))
    again.listener.end(f"{seeds} seeds: effects estimated again")
    fresh = Fresh(again)
    statements = [with_fresh(row, fresh) for row in looks.statements()]
    races = list(looks.races.values()) or [race_of_two(row, plan.study.baseline) for row in statements]
    first, level = looks.schedule[0][0], looks.schedule[-1][1]
    return Outcome(
        statements=statements,
        looks=looks.rows,
        pilot=list(pilot_rows(bench, looks.columns, first, level)),
        selection=[with_effect(race, plan, fresh, bench) for race in races],
        judged=bench.pairs,
        scheduled=[pairs for pairs, _ in looks.schedule],
        fresh=seeds,
        runs=plan.runs(bench.pairs) + plan.runs(again.pairs),
        failed=bench.failed | again.failed,
    )
