"""Runs an explanation: both arms, groups of levers, deals side by side, what carries the fall of margins, and loop gains."""

from collections.abc import Iterable, Mapping
from itertools import chain, product

from salesim.analyses.explain.bridge import bridge_of
from salesim.analyses.explain.deals import side_by_side
from salesim.analyses.explain.levers import changed_levers, lever_settings, levers_of, swaps
from salesim.analyses.explain.loop_gains import (
    alone,
    links_table,
    loops_table,
    measured_loops,
    shocked,
    states_at_end,
    states_at_start,
)
from salesim.analyses.explain.spec import Explanation, explanation_of
from salesim.analyses.explain.spiral import chosen_subsets, spiral_of
from salesim.analyses.protocol import Analysis, Estimate
from salesim.analyses.records import Result, cost_of_runs, finished_runs, open_runner, result_of
from salesim.model.parameters import Scenario
from salesim.report.console.sections import print_explained, print_explanation
from salesim.report.text.explain import plan
from salesim.runs.runner import Progress
from salesim.runs.store import RunKey, RunSummary, scenario_key

PARTS = ("measures", "bridge", "years")  # of a run, which are kept


def cost(spec: Explanation) -> Estimate:
    """How many runs each part adds that no part before it needs, and what all of them cost.

    `records` runs more are run again for their deals, which are not kept. Raises InputError for shocks and swapped levers that
    could not be run.
    """
    pair, subsets = [spec.arm.scenario, spec.against.scenario], chosen_subsets(spec)
    arms = runs_of(pair, spec.study.all_seeds)
    levers = runs_of(swaps(spec).values(), spec.study.all_seeds) - arms
    loops = loops_runs(spec, finished_runs(spec.study, spec.file.parent, PARTS)) - arms - levers
    rest = runs_of(subsets.values(), spec.spiral_seeds) - arms - levers - loops
    runs = arms | levers | loops | rest
    counts = {"arms": len(arms), "levers": len(levers), "loops": len(loops), "subsets": len(rest), "n_subsets": len(subsets)}
    counts |= {"records": 2 * spec.study.seeds, "groups": len(changed_levers(spec))}
    folder = spec.file.parent
    return Estimate(len(runs), cost_of_runs(spec.study, folder, PARTS, runs, pair), folder, counts=counts)


def runs_of(scenarios: Iterable[Scenario], seeds: Iterable[int]) -> set[RunKey]:
    """The runs of scenarios with seeds."""
    return set(product(map(scenario_key, scenarios), seeds))


def loops_runs(spec: Explanation, finished: Mapping[RunKey, RunSummary]) -> set[RunKey]:
    """The runs of loops by themselves and of their shocks; the latter are a guess until the former are finished."""
    runs = set[RunKey]()
    for loop, base in alone(spec):
        mine = [(scenario_key(base), seed) for seed in spec.spiral_seeds]
        known = [run for run in map(finished.get, mine) if run]
        late = states_at_end(base, known) if len(known) == len(mine) else states_at_start(base)
        shocks = shocked(loop, base, late, spec).values()
        runs |= set(mine) | runs_of(chain(*shocks), spec.spiral_seeds)
    return runs


def run(spec: Explanation, progress: Progress) -> Result:
    """Run what is asked for. Raises InputError if a difference or the fall cannot be measured."""
    with open_runner(spec.study, spec.file.parent, PARTS, progress) as runner:
        bridge, levers, (deals, gap_k) = bridge_of(spec, runner), levers_of(spec, runner), side_by_side(spec, runner)
        loops, (parts, fall) = measured_loops(spec, runner), spiral_of(spec, runner)
        tables = {
            "bridge": bridge,
            "levers": levers,
            "lever_settings": lever_settings(spec),
            **deals,
            "spiral": parts,
            "links": links_table(loops),
            "loops": loops_table(loops),
        }
        return result_of(runner, tables, fall=fall, gap_k=gap_k)


ANALYSIS = Analysis(
    parse=explanation_of, cost=cost, run=run, print_question=print_explained, plan=plan, print_answer=print_explanation
)
