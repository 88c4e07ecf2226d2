"""How many runs a comparison takes at most: by its interim analyses, and within its budget."""

import json
from collections.abc import Mapping
from typing import NamedTuple

from salesim.analyses.compare.spec import ArmName, Comparison
from salesim.config.errors import InputError
from salesim.report.text.amounts import listed
from salesim.runs import cost as run_cost
from salesim.runs.run_study import summary_text
from salesim.runs.store import write_whole

CAREFUL = 0.9  # of a budget of time is planned with


class Cost(NamedTuple):
    """Runs of the first interim analysis, of all interim analyses at most, and of the confirmation seeds; and the limit.

    `limit` is how many runs the budget allows, confirmation seeds included; None without a budget. `run_seconds` is how long
    a run takes here, where a budget of time had to be turned into runs.
    """

    first: int
    most: int
    confirmation: int
    limit: int | None
    run_seconds: float | None = None

    @property
    def least(self) -> int:
        """The smallest budget of runs."""
        return self.first + self.confirmation


def runs_of(comparison: Comparison, pairs: Mapping[ArmName, int]) -> int:
    """How many runs it takes to play so many seeds of each arm; what arms share is counted once."""
    most: dict[str, int] = {}
    for name, key in comparison.keys.items():
        most[key] = max(most.get(key, 0), pairs.get(name, 0))
    return sum(most.values())


def cost_of(comparison: Comparison) -> Cost:
    """What a comparison takes. Raises InputError for a budget that is too small for any verdict.

    A budget of time is turned into runs by timing a run of each scenario. That number is kept, so that the same command, given
    again after an interruption, plays the same runs.
    """
    each = runs_of(comparison, dict.fromkeys(comparison.keys, 1))
    analyses = comparison.interim_analyses
    cost = Cost(analyses[0] * each, analyses[-1] * each, comparison.confirmation_seeds * each, None)
    if comparison.budget is None:
        return cost
    if comparison.budget.seconds is None:
        cost = cost._replace(limit=comparison.budget.runs)
    else:
        cost = within_time(comparison, cost, comparison.budget.seconds)
    if cost.limit is not None and cost.limit < cost.least:
        raise InputError(too_small(comparison, cost, each))
    return cost


def within_time(comparison: Comparison, cost: Cost, seconds: float) -> Cost:
    """The same with the runs that fit into a time; those that were found before, if this comparison was begun."""
    file = comparison.study.own_folder / "budget.json"
    asked = comparison.record()
    before = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    if before.get("comparison") != asked:
        scenarios = list(
            {key: arm.scenario for arm, key in zip(comparison.study.arms, comparison.keys.values(), strict=True)}.values()
        )
        timed = run_cost.cost_of(
            cost.most, 0, scenarios, comparison.first_confirmation_seed, summary_text, comparison.study.worker_spec
        )
        pace = timed.seconds / cost.most
        before = {"comparison": asked, "runs": int(CAREFUL * seconds / pace), "run_seconds": pace}
        if before["runs"] >= cost.least:
            file.parent.mkdir(parents=True, exist_ok=True)
            write_whole(file, json.dumps(before, indent=2).encode())
    return cost._replace(limit=before["runs"], run_seconds=before["run_seconds"])


def too_small(comparison: Comparison, cost: Cost, each: int) -> str:
    """Why a budget is refused, and the least that is not."""
    same = "; ".join(f"{listed(names)} are the same" for names in comparison.record()["same_scenarios"])
    words = (
        f"compare.budget is {comparison.budget}; the smallest comparison is {cost.least:,} runs: {each} scenarios x "
        f"({comparison.interim_analyses[0]} pairs for the first interim analysis and {comparison.confirmation_seeds} "
        f"confirmation seeds){f' ({same})' if same else ''}"
    )
    if cost.run_seconds:
        seconds = int(cost.least * cost.run_seconds / CAREFUL) + 1
        return f"{words}. They would take about {seconds} s here: ask for budget={seconds}s, or fewer arms, customers or weeks"
    first = comparison.study.contests[0]
    few = (cost.least // each) * runs_of(comparison, {name: int(name[0] == first) for name in comparison.keys})
    one = f", or for one contest (contest={first} needs {few:,})" if len(comparison.study.contests) > 1 else ""
    return f"{words}. Ask for budget={cost.least}runs{one}"
