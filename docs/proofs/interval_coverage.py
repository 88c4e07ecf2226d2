"""How often do intervals hold the truth? Normal, skewed and profit-like measures; t, and what `run` and `compare` tell.

python docs/proofs/interval_coverage.py       # after docs/proofs/false_verdicts.py, whose runs are the profit-like measure
"""

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
from false_verdicts import CHUNK, MEASURES, pool
from pages import page
from scipy import special
from stand_in import ANALYSES

from salesim.stats.intervals import simultaneous, simultaneous_at
from salesim.stats.sequential import FEWEST, levels

REPEATS, SEQUENTIAL = 1_000, 1_000  # studies with one analysis; with all interim analyses
SEEDS = (20, 40, 160)
COLUMNS, CONFIDENCE = 12, 0.95  # columns of a family: three measures, two arms, two contests
Draw = Callable[[np.random.Generator, int], np.ndarray]  # seeds x COLUMNS, truth 0


def normal(rng: np.random.Generator, seeds: int) -> np.ndarray:
    """Standard normal columns with correlation 0.5."""
    return math.sqrt(0.5) * rng.normal(size=(seeds, COLUMNS)) + math.sqrt(0.5) * rng.normal(size=(seeds, 1))


def gamma(rng: np.random.Generator, seeds: int) -> np.ndarray:
    """Gamma of shape 4 less its mean: skewness 1."""
    return special.gammaincinv(4.0, special.ndtr(normal(rng, seeds))) - 4.0


def lognormal(rng: np.random.Generator, seeds: int) -> np.ndarray:
    """Exp of a standard normal less its mean: skewness 6.2."""
    return np.exp(normal(rng, seeds)) - math.exp(0.5)


def profit_of(runs: np.ndarray) -> Draw:
    """Operating profit of single runs of the small market, drawn from `runs`, less their mean."""
    profits = runs[:, MEASURES.index("operating_profit_k")]
    profits = (profits - profits.mean()) / profits.std()
    return lambda rng, seeds: rng.choice(profits, size=(seeds, COLUMNS))


def student(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Ends of t intervals of each column, each for itself."""
    mean, error = values.mean(axis=0), values.std(axis=0, ddof=1) / math.sqrt(len(values))
    width = special.stdtrit(len(values) - 1, 0.5 + CONFIDENCE / 2) * error
    return mean - width, mean + width


def bonferroni(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Ends of t intervals that hold together by Bonferroni."""
    mean, error = values.mean(axis=0), values.std(axis=0, ddof=1) / math.sqrt(len(values))
    width = special.stdtrit(len(values) - 1, 1.0 - (1.0 - CONFIDENCE) / 2 / values.shape[1]) * error
    return mean - width, mean + width


def of_run(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Ends of `paired.simultaneous`, as `salesim run` tells them: a bootstrap-t with one critical value for both sides."""
    found = simultaneous(values, CONFIDENCE)
    return found.low, found.high


def of_compare(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Ends of intervals as `salesim compare` has them: a bootstrap-t with a critical value for each side."""
    found = simultaneous_at(values, 1.0 - CONFIDENCE, FEWEST)
    return found.low, found.high


METHODS = (  # as the page calls them, columns judged together
    ("t", student, 1),
    ("run", of_run, 1),
    ("compare", of_compare, 1),
    ("t, 12 at once", student, COLUMNS),
    ("t and Bonferroni, 12", bonferroni, COLUMNS),
    ("run, 12", of_run, COLUMNS),
    ("compare, 12", of_compare, COLUMNS),
)


def covered(draw: Draw, method: Callable[..., tuple[np.ndarray, np.ndarray]], seeds: int, columns: int, repeats: int) -> float:
    """Share of tables of which all intervals hold 0."""
    rng = np.random.default_rng([31, seeds])
    held = 0
    for _ in range(repeats):
        low, high = method(draw(rng, seeds)[:, :columns])
        held += bool(((low <= 0.0) & (high >= 0.0)).all())
    return held / repeats


def covered_at_all_analyses(draw: Draw, repeats: int, analyses: tuple[int, ...] = ANALYSES) -> float:
    """Share of comparisons of which all intervals of all interim analyses hold 0."""
    rng, held = np.random.default_rng(32), 0
    for _ in range(repeats):
        values = draw(rng, analyses[-1])
        errors = zip(analyses, levels(analyses, 1.0 - CONFIDENCE), strict=True)
        found = [simultaneous_at(values[:n], error, FEWEST) for n, error in errors]
        held += all(bool(((each.low <= 0.0) & (each.high >= 0.0)).all()) for each in found)
    return held / repeats


def main() -> None:
    """Print the page."""
    measures = {"normal": normal, "gamma, skewness 1": gamma, "log-normal, skewness 6": lognormal}
    runs = pool(2 * CHUNK, Path("build/proofs"))
    measures[f"profit of {len(runs):,} runs"] = profit_of(runs)
    lines = [f"| measure | seeds | {' | '.join(name for name, _, _ in METHODS)} |", f"|{'---|' * (2 + len(METHODS))}"]
    for name, draw in measures.items():
        for seeds in SEEDS:
            cells = [f"{100 * covered(draw, method, seeds, columns, REPEATS):.1f} %" for _, method, columns in METHODS]
            lines.append(f"| {name} | {seeds} | {' | '.join(cells)} |")
    lines += [
        "",
        f"| measure | all 12 intervals of all interim analyses, after {', '.join(map(str, ANALYSES))} pairs |",
        "|---|---|",
    ]
    lines += [f"| {name} | {100 * covered_at_all_analyses(draw, SEQUENTIAL):.1f} % |" for name, draw in measures.items()]
    about = (
        f"Share of studies in which the {100 * CONFIDENCE:.0f} % interval of one difference, or those of 12 differences "
        f"together, hold the truth; {REPEATS:,} studies a cell, {SEQUENTIAL:,} for all interim analyses (error 0.7 %). "
        "`run` and `compare` are bootstrap-t intervals, with one critical value for both sides and with one for each. "
        "Where the mean of a skewed sample is too low, its spread is too small; with one value for both sides nearly all "
        "misses are of that kind. The 12 have correlation 0.5, but for profit, whose runs are drawn one by one. These are the "
        "measures themselves, not differences of two arms, whose skewness mostly cancels: the hard case."
    )
    page("interval_coverage", "Coverage of intervals", about, lines)


if __name__ == "__main__":
    main()
