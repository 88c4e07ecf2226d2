"""What common random numbers gain: variance of a difference with shared seeds over that with seeds of one's own.

python docs/proofs/common_random_numbers.py        # experiment=three_strategies, 200 seeds of each arm
"""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from pages import page

from salesim.config.scenario import default_scenario
from salesim.metrics import METRICS, SHOWN
from salesim.model.parameters import Scenario
from salesim.runs.runner import run_missing
from salesim.runs.store import RunStore, scenario_key

SEEDS = 200  # of each arm with shared seeds; as many others for the arms with their own
ARMS = ("diagnostic", "rainmaking")
BASELINE = "pitch"
CONTESTS = ("alone", "everyone")


def measured(scenarios: dict[tuple[str, str], Scenario], seeds: int) -> dict[tuple[str, str], dict[str, np.ndarray]]:
    """Measures by contest and arm, seeds 1 to twice `seeds`."""
    keys = {name: scenario_key(scenario) for name, scenario in scenarios.items()}
    wanted = {(keys[name], seed): scenarios[name] for name in scenarios for seed in range(1, 2 * seeds + 1)}
    with TemporaryDirectory() as folder:
        store = RunStore(Path(folder))
        run_missing(wanted, store, 0)
        return {
            name: {m: np.array([store.index[key, seed]["measures"][m] for seed in range(1, 2 * seeds + 1)]) for m in METRICS}
            for name, key in keys.items()
        }


def ratio(arm: np.ndarray, base: np.ndarray) -> tuple[float, float]:
    """Variance of the difference with shared seeds over that with own seeds, and the correlation of shared ones."""
    half = len(arm) // 2
    shared = arm - base
    own = arm - np.roll(base, half)  # the baseline plays seeds that the arm does not
    whole = np.isfinite(shared) & np.isfinite(own)
    correlation = np.corrcoef(arm[whole], base[whole])[0, 1] if arm[whole].std() * base[whole].std() > 0 else np.nan
    return float(shared[whole].var() / own[whole].var()), float(correlation)


def main() -> None:
    """Print the page."""
    arms = (BASELINE, *ARMS)
    scenarios = {(c, a): default_scenario(strategy=a, contest=c) for c in CONTESTS for a in arms}
    found = measured(scenarios, SEEDS)
    lines = [
        "| contest | arm less pitch | measure | correlation | variance, shared over own seeds | times fewer runs |",
        "|---|---|---|---|---|---|",
    ]
    for contest in CONTESTS:
        for arm in ARMS:
            for measure in SHOWN:
                share, correlation = ratio(found[contest, arm][measure], found[contest, BASELINE][measure])
                fewer = f"{1 / share:,.1f}" if share > 0 else "all"
                lines.append(f"| {contest} | {arm} | {METRICS[measure].title} | {correlation:.2f} | {share:.3g} | {fewer} |")
    about = (
        f"Experiment three_strategies with the shipped settings. Shared: both arms play the same {2 * SEEDS} seeds. Own: the "
        "baseline plays each seed against another of the arm's. A ratio of 0.2 means that common random numbers give with one "
        "fifth of the runs what seeds of one's own give."
    )
    page("common_random_numbers", "What common random numbers gain", about, lines)


if __name__ == "__main__":
    main()
