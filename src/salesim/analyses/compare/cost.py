"""How many runs a comparison takes: by its interim analyses, and within its budget."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from salesim.analyses.compare.spec import ArmName, Comparison
from salesim.analyses.protocol import Estimate
from salesim.analyses.records import cost_of_arms
from salesim.config.errors import InputError
from salesim.report.text.amounts import listed
from salesim.runs import store
from salesim.runs.cost import Cost, speed
from salesim.runs.files import if_whole, write_json

CAREFUL = 0.9  # of a budget of time is planned with


def runs_of(comparison: Comparison, pairs: Mapping[ArmName, int]) -> int:
    """How many runs some seeds of each arm take; what arms share is counted once."""
    most: dict[str, int] = {}
    for name, key in comparison.keys.items():
        most[key] = max(most.get(key, 0), pairs.get(name, 0))
    return sum(most.values()) * comparison.seeds_each


def confirmation_runs(comparison: Comparison) -> int:
    """The runs of the confirmation seeds."""
    return runs_of(comparison, dict.fromkeys(comparison.keys, comparison.confirmation_seeds))


@lru_cache(maxsize=1)
def estimate(comparison: Comparison) -> Estimate:
    """What a comparison takes, the first interim analysis at least. Raises InputError for a budget that is too small for that.

    `counts` has the runs of the first interim analysis, of all at most, and of the confirmation seeds, and the limit that the
    budget sets, if there is one. A budget of time is turned into runs by timing a run of two scenarios, once, so
    that what is announced is what is run.
    """
    study, analyses, seeds = comparison.study, comparison.interim_analyses, comparison.confirmation_seeds
    first, most, confirmation = (
        runs_of(comparison, dict.fromkeys(comparison.keys, n)) for n in (analyses[0], analyses[-1], seeds)
    )
    counts, least = {"first": first, "most": most, "confirmation": confirmation}, first + confirmation
    starts = ((comparison.interim, analyses[0]), (comparison.confirmation, seeds))
    sure = {run for part, n in starts for _, _, run, _ in store.runs_of(part, part.all_seeds[: n * comparison.seeds_each])}
    cost = cost_of_arms(study, sure)
    if comparison.budget:
        counts["limit"] = limit = comparison.budget.runs or limit_by_time(comparison, cost)
        if limit < least:
            raise InputError(too_small(comparison, least, cost))
    largest = min(most + confirmation, counts.get("limit", most + confirmation))
    return Estimate(least, cost, study.own_folder, largest / least, counts)


def limit_by_time(comparison: Comparison, cost: Cost) -> int:
    """The runs that fit into a budget of time: as many as before, if this comparison was begun, or by `cost`."""
    before = if_whole(budget_file(comparison))
    if before.get("comparison") == comparison.record():
        return int(before["runs"])
    seconds = comparison.budget.seconds if comparison.budget else None
    return int(CAREFUL * (seconds or 0.0) / pace(comparison, cost))


def keep_limit(comparison: Comparison, limit: int | None) -> None:
    """Keep the limit of a budget of time, so that the same command, after an interruption, makes the same runs."""
    if comparison.budget and comparison.budget.seconds:
        write_json(budget_file(comparison), {"comparison": comparison.record(), "runs": limit})


def budget_file(comparison: Comparison) -> Path:
    """Where the runs of a budget of time are kept."""
    return comparison.study.own_folder / "budget.json"


def pace(comparison: Comparison, cost: Cost) -> float:
    """Seconds a run with all workers."""
    return max(cost.run_seconds, 1e-9) / speed(comparison.study.worker_spec)


def too_small(comparison: Comparison, least: int, cost: Cost) -> str:
    """Why a budget is refused, and the least that is not."""
    each, contest = runs_of(comparison, dict.fromkeys(comparison.keys, 1)), comparison.study.contests[0]
    same = "; ".join(f"{listed(names)} are the same" for names in comparison.record()["same_scenarios"])
    words = (
        f"compare.budget is {comparison.budget}; the smallest comparison is {least:,} runs: {each} scenarios x "
        f"({comparison.interim_analyses[0]} pairs for the first interim analysis and {comparison.confirmation_seeds} "
        f"confirmation seeds){f' ({same})' if same else ''}"
    )
    if comparison.budget and comparison.budget.seconds:
        seconds = int(least * pace(comparison, cost) / CAREFUL) + 1
        return f"{words}. They would take about {seconds} s here: ask for budget={seconds}s, or fewer arms, customers or weeks"
    few = (least // each) * runs_of(comparison, {name: int(name[0] == contest) for name in comparison.keys})
    one = f", or for one contest (contest={contest} needs {few:,})" if len(comparison.study.contests) > 1 else ""
    return f"{words}. Ask for budget={least}runs{one}"
