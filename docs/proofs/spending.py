"""The same runs spread evenly, and spent where a pilot says they settle most: how many questions are answered?

python docs/proofs/spending.py
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
from pages import page
from stand_in import ArrayBench, plan

from salesim.analyses.compare.budget import Stages
from salesim.analyses.compare.sample_source import against_baseline
from salesim.analyses.compare.spec import Budget
from salesim.analyses.compare.statements import OPEN
from salesim.stats.sequential import FEWEST, intervals, judged

REPEATS = 300
MATTERS = {"gross_margin": 0.25, "win_rate": 0.25}  # in standard deviations of a difference, as the effects
Effects = dict[str, float]
LADDER: Effects = {"clear": 1.5, "middle": 0.6, "small": 0.28, "none": 0.0}
MANY: Effects = {**{f"clear {n}": 1.5 + n for n in range(5)}, "small": 0.28, "smaller": 0.2, "none": 0.0}
CLEAR: Effects = {f"clear {n}": 1.5 + n for n in range(4)}
CASES = (("four clear", CLEAR, 600), ("one each of four sizes", LADDER, 600), ("five clear, three close", MANY, 1200))


def measures(rng: np.random.Generator, effects: Effects, most: int) -> Mapping[tuple[str, str], Mapping[str, np.ndarray]]:
    """Two measures of each arm by seed; arms share half of their luck, differences have standard deviation 1."""
    shared = {name: rng.normal(size=most) for name in MATTERS}
    return {
        ("alone", arm): {name: shared[name] + np.sqrt(0.5) * rng.normal(size=most) + effect for name in MATTERS}
        for arm, effect in {"base": 0.0, **effects}.items()
    }


def answered(effects: Effects, runs: int, rng: np.random.Generator) -> tuple[int, int, int, int]:
    """Differences settled by an even spread and by the budget, runs it used, and whether it is wrong on equal arms."""
    spent = replace(plan(("base", *effects), MATTERS), budget=Budget(runs, None))
    pilot, second, even = (ArrayBench(spent, measures(rng, effects, runs)) for _ in range(3))
    stages, columns = Stages(pilot, second, Path("nowhere")), against_baseline(spent)
    stages.play()
    even.play(dict.fromkeys(spent.keys, runs // (1 + len(effects))))
    settled = []
    for found in (intervals(even.differences(columns), spent.error), stages.judged(columns)):
        ends = zip(columns, found.low.tolist(), found.high.tolist(), strict=True)
        settled.append(
            {column: word for column, low, high in ends if (word := judged(low, high, MATTERS[column.measure])) != OPEN}
        )
    wrong = any(word in ("higher", "lower") for column, word in settled[1].items() if column.arm == "none")
    used = spent.runs(pilot.pairs) + spent.runs(second.pairs)
    assert used + stages.fresh() * (1 + len(effects)) <= runs
    return len(settled[0]), len(settled[1]), used, int(wrong)


def results(effects: Effects, runs: int, repeats: int = REPEATS) -> tuple[float, float, float, float]:
    """Mean numbers settled by an even spread and by the budget, runs it used, share of studies with a false difference."""
    rng = np.random.default_rng(17)
    found = np.array([answered(effects, runs, rng) for _ in range(repeats)])
    even, budget, used, wrong = found.mean(axis=0).tolist()
    return even, budget, used, wrong


def main() -> None:
    """Print the page."""
    lines = [
        "| arms against a baseline | runs | questions | settled, evenly | settled, `budget=` | runs used | false differences |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, effects, runs in CASES:
        even, budget, used, wrong = results(effects, runs)
        cells = f"{even:.1f} | {budget:.1f} | {used:.0f} | {100 * wrong:.1f} % of studies"
        lines.append(f"| {name} | {runs} | {2 * len(effects)} | {cells} |")
    about = (
        f"{REPEATS} studies a row on two measures. Sizes of effects, in standard deviations of a difference: clear 1.5, 2.5, "
        f"3.5 …, then 0.6, 0.28, 0.2, 0; what matters is {MATTERS['win_rate']:g}. The even spread judges all its runs at one "
        f"look, and is not asked for the best. The budget keeps a sixth of its runs or {FEWEST} seeds of each arm back for the "
        "sizes on fresh seeds, which are not counted in the runs used, and stops where more runs would settle little."
    )
    page("spending", "Spending a budget", about, lines)


if __name__ == "__main__":
    main()
