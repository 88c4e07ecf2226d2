"""What interim analyses cost and find: mean pairs until a difference is settled, power, and sizes that are quoted.

python docs/proofs/interim_analyses.py
"""

from typing import Any

import numpy as np
from pages import page
from stand_in import ANALYSES, CONFIRMATION_SEEDS, comparison_of, statements

from salesim.metrics import METRICS

REPEATS = 200
COLUMNS = 12  # judged together: three measures, two arms, two contests
EFFECTS = (0.2, 0.3, 0.5, 0.8, 3.0)  # in standard deviations of a pair's difference
CORRELATION = 0.5  # of the columns of a study
MARGIN = 1e-9  # nothing is ever equivalent


def study(rng: np.random.Generator, effect: float) -> list[dict[str, Any]]:
    """The statements of a study in which every difference has this effect and standard deviation 1."""
    seeds, names = ANALYSES[-1] + CONFIRMATION_SEEDS, list(METRICS)[:COLUMNS]
    common, own = rng.normal(size=(seeds, 1)), rng.normal(size=(seeds, COLUMNS))
    differences = effect + np.sqrt(CORRELATION) * common + np.sqrt(1.0 - CORRELATION) * own
    arms = ("base", "arm")
    measures = {("alone", arm): {name: differences[:, at] * (arm == "arm") for at, name in enumerate(names)} for arm in arms}
    return statements(comparison_of(arms, dict.fromkeys(names, MARGIN)), measures)


def results(effect: float, repeats: int = REPEATS) -> tuple[float, float, float, float, float]:
    """Mean pairs, share settled, quoted / true of the settled, share of intervals that hold it, share confirmed."""
    rng = np.random.default_rng([15, round(100 * effect)])
    rows = [row for _ in range(repeats) for row in study(rng, effect)]
    settled = [row for row in rows if row["verdict"] == "higher"]
    pairs = float(np.mean([row["settled_after"] or ANALYSES[-1] for row in rows]))
    quoted = float(np.mean([row["size"] for row in settled])) / effect
    held = float(np.mean([row["low"] <= effect <= row["high"] for row in rows]))
    confirmed = float(np.mean([row["confirmed"] == "yes" for row in settled]))
    return pairs, len(settled) / len(rows), quoted, held, confirmed


def main() -> None:
    """Print the page."""
    lines = [
        "| effect | mean pairs | settled | quoted / true | intervals that hold it | sign confirmed |",
        "|---|---|---|---|---|---|",
    ]
    for effect in EFFECTS:
        pairs, settled, quoted, held, confirmed = results(effect)
        cells = f"{pairs:.0f} | {100 * settled:.0f} % | {quoted:.2f} | {100 * held:.1f} % | {100 * confirmed:.0f} %"
        lines.append(f"| {effect} sd | {cells} |")
    about = (
        f"{REPEATS} studies a row, {COLUMNS} normal differences judged together, all with the same effect, in standard "
        f"deviations of a pair's difference; correlation {CORRELATION}. Interim analyses after {', '.join(map(str, ANALYSES))} "
        f"pairs, then {CONFIRMATION_SEEDS} confirmation seeds. Mean pairs: until a difference is settled, {ANALYSES[-1]} if it "
        "is not. Quoted: the mean of all pairs of a settled difference, which is what a verdict says; confirmed: the mean of "
        "the confirmation seeds has the same sign."
    )
    page("interim_analyses", "Interim analyses", about, lines)


if __name__ == "__main__":
    main()
