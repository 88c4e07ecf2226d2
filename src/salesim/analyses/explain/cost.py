"""What an explanation will play, counted before the first run."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from salesim.analyses.explain.loop_gains import alone, shocked, states_at_end, states_at_start
from salesim.analyses.explain.spec import Explanation
from salesim.analyses.explain.spiral import chosen_subsets
from salesim.model.parameters import Scenario
from salesim.runs.cost import Cost, cost_of
from salesim.runs.runner import FinishedRuns, runs_of_study
from salesim.runs.store import RunIndex, RunKey, scenario_key
from salesim.runs.summary import summary_text

PARTS = ("measures", "bridge", "years")  # of a run, which are kept


@dataclass(frozen=True)
class Plan:
    """How many runs each part adds that no part before it needs, and what all of them cost.

    `records` runs more are played again for their deals, which are not kept.
    """

    arms: int
    loops: int
    subsets: int
    n_subsets: int
    records: int
    cost: Cost

    @property
    def runs(self) -> int:
        """All runs that are kept."""
        return self.arms + self.loops + self.subsets


def plan_of(asked: Explanation) -> Plan:
    """Counts what will be played, and times a run of each arm. Raises InputError for shocks that could not be played."""
    known = FinishedRuns(RunIndex.read(asked.folder / "runs"), runs_of_study(asked.study.own_folder))
    pair, subsets = [asked.arm.scenario, asked.against.scenario], chosen_subsets(asked)
    arms = runs_of(pair, asked.study.all_seeds)
    loops = loops_runs(asked, known) - arms
    rest = runs_of(subsets.values(), asked.spiral_seeds) - arms - loops
    wanted = arms | loops | rest
    finished, keep = sum(run in known for run in wanted), partial(summary_text, parts=PARTS)
    cost = cost_of(len(wanted), finished, pair, asked.study.first_seed, keep, asked.study.worker_spec)
    return Plan(len(arms), len(loops), len(rest), len(subsets), 2 * asked.study.seeds, cost)


def runs_of(scenarios: Iterable[Scenario], seeds: Iterable[int]) -> set[RunKey]:
    """The runs of scenarios with seeds."""
    keys = [scenario_key(scenario) for scenario in scenarios]
    return {(key, seed) for seed in seeds for key in keys}


def loops_runs(asked: Explanation, known: FinishedRuns) -> set[RunKey]:
    """The runs of loops by themselves and of their shocks; those are around states that are guessed until a loop was played."""
    seeds, found = asked.spiral_seeds, set[RunKey]()
    for loop, base in alone(asked):
        mine = [(scenario_key(base), seed) for seed in seeds]
        played = all(run in known for run in mine)
        late = states_at_end(base, [known.get(run) for run in mine]) if played else states_at_start(base)
        pairs = shocked(loop, base, late, asked)
        found |= set(mine) | runs_of([scenario for pair in pairs.values() for scenario in pair], seeds)
    return found
