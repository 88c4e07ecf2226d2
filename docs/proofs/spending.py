"""The same runs spread evenly, and spent where a pilot says they settle most: how many questions are answered?

    python docs/proofs/spending.py
"""

import numpy as np
from pages import page
from stand_in import ArrayBench, plan

from salesim.verdicts.budget import pilot_pairs, shared_out
from salesim.verdicts.fresh import Fresh
from salesim.verdicts.judge import rows_of
from salesim.verdicts.pilot import pilot_rows
from salesim.verdicts.plan import Budget, Plan

RUNS, REPEATS, MOST = 600, 300, 700
MATTERS = {"gross_margin": 0.25, "win_rate": 0.25}  # in standard deviations of a difference, as the effects
EFFECTS = {"base": (0.0, 0.0), "large": (1.5, 1.2), "middle": (0.6, 0.7), "small": (0.28, 0.3), "none": (0.0, 0.0)}


def measures(rng: np.random.Generator) -> dict[tuple[str, str], dict[str, np.ndarray]]:
    """Two measures of each arm by seed; arms share half of their luck, differences have standard deviation 1."""
    shared = {name: rng.normal(size=MOST) for name in MATTERS}
    own = np.sqrt(0.5)
    return {
        ("alone", arm): {name: shared[name] + own * rng.normal(size=MOST) + effects[at] for at, name in enumerate(MATTERS)}
        for arm, effects in EFFECTS.items()
    }


def answered(spent: Plan, rng: np.random.Generator) -> tuple[int, int, int]:
    """Differences settled, of eight, by an even spread and by the budget; and wrong ones of the budget."""
    pilot, judged, even = (ArrayBench(spent, measures(rng)) for _ in range(3))
    pairs = pilot_pairs(spent)
    pilot.play(dict.fromkeys(spent.keys, pairs))
    rows = list(pilot_rows(pilot, Fresh(pilot).columns[: 2 * (len(EFFECTS) - 1)], pairs, spent.error))
    judged.play(shared_out(spent, rows, RUNS - spent.runs(pilot.pairs)))
    even.play(dict.fromkeys(spent.keys, RUNS // len(EFFECTS)))
    said = [list(rows_of(spent, Fresh(bench))) for bench in (even, judged)]
    wrong = sum(row["verdict"] in ("higher", "lower") for row in said[1] if row["arm"] == "none")
    counts = [sum(row["verdict"] != "cannot tell" for row in rows) for rows in said]
    return counts[0], counts[1], wrong


def settled(repeats: int = REPEATS) -> tuple[float, float]:
    """Mean number of differences settled by an even spread, and by the budget."""
    even, budget, _ = results(repeats)
    return even, budget


def results(repeats: int) -> tuple[float, float, float]:
    """Mean numbers settled, and the share of studies in which the budget calls an arm without effect different."""
    spent = plan(tuple(EFFECTS), MATTERS)
    spent = Plan(spent.study, spent.measures, spent.matters, spent.looks, spent.fresh, spent.first_fresh_seed, Budget(RUNS, None))
    rng = np.random.default_rng(17)
    found = np.array([answered(spent, rng) for _ in range(repeats)])
    return float(found[:, 0].mean()), float(found[:, 1].mean()), float((found[:, 2] > 0).mean())


def main() -> None:
    """Print the page."""
    even, budget, wrong = results(REPEATS)
    lines = [
        "| how | questions settled, of 8 | studies with a false difference |",
        "|---|---|---|",
        f"| spread evenly, all judged | {even:.2f} | |",
        f"| `budget={RUNS}runs` | {budget:.2f} | {100 * wrong:.1f} % |",
    ]
    effects = ", ".join(f"{arm} {one:g} and {other:g}" for arm, (one, other) in EFFECTS.items() if arm != "base")
    about = (
        f"{REPEATS} studies of {RUNS} runs; four arms against a baseline on two measures, effects in standard deviations of a "
        f"difference: {effects}; {MATTERS['win_rate']:g} is what matters. The budget pays for its pilot, whose runs are not judged."
    )
    page("spending", "Spending a budget", about, lines)


if __name__ == "__main__":
    main()
