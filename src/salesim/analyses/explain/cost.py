"""How many runs an explanation will take, counted before the first one."""

from collections.abc import Iterable, Mapping
from itertools import chain, product

from salesim.analyses.explain.levers import changed_levers, swaps
from salesim.analyses.explain.loop_gains import alone, shocked, states_at_end, states_at_start
from salesim.analyses.explain.spec import Explanation
from salesim.analyses.explain.spiral import chosen_subsets
from salesim.analyses.protocol import Estimate
from salesim.analyses.records import cost_of_runs, finished_runs
from salesim.model.parameters import Scenario
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
