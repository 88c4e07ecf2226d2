"""Three arms, the best ahead by the indifference zone: how often is it chosen, and with how many runs?

python docs/proofs/selection.py
"""

import math

import numpy as np
from pages import page

from salesim.stats.selection import select

REPEATS, MOST, ERROR = 2_000, 6_000, 0.05
ZONES = (0.2, 0.5)  # in standard deviations of an arm
CORRELATIONS = (0.0, 0.8, 0.95)
RARE = (0.04, 0.1)


def one_selection(rng: np.random.Generator, zone: float, correlation: float, first: int) -> tuple[bool, int]:
    """Whether the best of three arms is chosen, and runs used by all arms together."""
    shared, own = rng.normal(size=(MOST, 1)), rng.normal(size=(MOST, 3))
    values = math.sqrt(correlation) * shared + math.sqrt(1.0 - correlation) * own + np.array([0.0, zone, 0.0])
    found = select(values, zone, ERROR, first)
    return found.candidates == (1,), sum(found.used)


def chosen(zone: float, correlation: float, first: int, repeats: int = REPEATS) -> tuple[float, float]:
    """Share of selections that choose the best, and mean runs."""
    rng = np.random.default_rng([21, int(100 * zone), int(100 * correlation), first])
    results = [one_selection(rng, zone, correlation, first) for _ in range(repeats)]
    return float(np.mean([won for won, _ in results])), float(np.mean([runs for _, runs in results]))


def line(first: int, gap: str, correlation: str, share: float, runs: float) -> str:
    """A line of the table."""
    error = 100 * math.sqrt(share * (1.0 - share) / REPEATS)
    return f"| {first} pairs | {gap} | {correlation} | {100 * share:.1f} % | {error:.1f} % | {runs:.0f} |"


def chosen_of_rare(chance: float, first: int, repeats: int = REPEATS) -> tuple[float, float]:
    """The same where arms differ in rare runs alone: worth 2 more with this chance, twice it for the best."""
    rng, zone, results = np.random.default_rng([22, int(1000 * chance), first]), 2.0 * chance, []
    for _ in range(repeats):
        values = rng.normal(size=(MOST, 1)) + 2.0 * (rng.random((MOST, 3)) < chance * np.array([1.0, 2.0, 1.0]))
        found = select(values, zone, ERROR, first)
        results.append((found.candidates == (1,), sum(found.used)))
    return float(np.mean([won for won, _ in results])), float(np.mean([runs for _, runs in results]))


def main() -> None:
    """Print the page."""
    lines = [
        "| first stage | gap and zone | correlation | best chosen | standard error | mean runs |",
        "|---|---|---|---|---|---|",
    ]
    for first in (20, 10):
        for zone in ZONES:
            cells = [(str(correlation), *chosen(zone, correlation, first)) for correlation in CORRELATIONS]
            lines += [line(first, f"{zone} sd", *each) for each in cells]
        lines += [line(first, f"rare, {100 * chance:g} %", "", *chosen_of_rare(chance, first)) for chance in RARE]
    about = (
        f"Kim-Nelson selection as `compare` uses it, {REPEATS:,} selections of three arms with normal measures of variance 1; "
        f"one arm is ahead of both others by exactly the indifference zone, the hardest case. It should be chosen in at least "
        f"{100 * (1 - ERROR):.0f} % of the selections. Runs are those of all three arms, the first stage "
        "included. Rare: in this share of runs an arm has 2 more, the best in twice as many, and else all arms are equal."
    )
    page("selection", "Choosing the best of three", about, lines)


if __name__ == "__main__":
    main()
