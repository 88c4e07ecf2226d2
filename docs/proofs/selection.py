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


def race(rng: np.random.Generator, zone: float, correlation: float, first: int) -> tuple[bool, int]:
    """Whether the best of three arms is chosen, and runs used by all arms together."""
    shared, own = rng.normal(size=(MOST, 1)), rng.normal(size=(MOST, 3))
    values = math.sqrt(correlation) * shared + math.sqrt(1.0 - correlation) * own + np.array([0.0, zone, 0.0])
    found = select(values, zone, ERROR, first)
    return found.alive == (1,), sum(found.used)


def chosen(zone: float, correlation: float, first: int, repeats: int = REPEATS) -> tuple[float, float]:
    """Share of races won by the best, and mean runs."""
    rng = np.random.default_rng([21, int(100 * zone), int(100 * correlation), first])
    results = [race(rng, zone, correlation, first) for _ in range(repeats)]
    return float(np.mean([won for won, _ in results])), float(np.mean([runs for _, runs in results]))


def main() -> None:
    """Print the page."""
    lines = [
        "| first stage | gap and zone | correlation | best chosen | standard error | mean runs |",
        "|---|---|---|---|---|---|",
    ]
    for first in (20, 10):
        for zone in ZONES:
            for correlation in CORRELATIONS:
                share, runs = chosen(zone, correlation, first)
                error = math.sqrt(share * (1.0 - share) / REPEATS)
                lines.append(
                    f"| {first} pairs | {zone} sd | {correlation} | {100 * share:.1f} % | {100 * error:.1f} % | {runs:.0f} |"
                )
    about = (
        f"Kim-Nelson selection as `compare` uses it, {REPEATS:,} races of three arms with normal measures of variance 1; one "
        f"arm is ahead of both others by exactly the indifference zone, the hardest case. It should be chosen in at least "
        f"{100 * (1 - ERROR):.0f} % of the races. Runs are those of all three arms, the first stage included."
    )
    page("selection", "Choosing the best of three", about, lines)


if __name__ == "__main__":
    main()
