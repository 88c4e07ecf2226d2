"""Whether findings hold in all settings that fit as well (docs/proofs/reference_market.csv), not in the default market alone.

python docs/proofs/kept_settings.py [seeds]      # 12 seeds if not said; some ten seconds
"""

import csv
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from typing import Any

import numpy as np
import numpy.typing as npt
from pages import HERE, page

from salesim.config.scenario import default_scenario
from salesim.metrics import METRICS
from salesim.model.parameters import Loops
from salesim.model.schedule import play
from salesim.stats.intervals import simultaneous

FIRST_SEED, SEEDS, CONFIDENCE = 30001, 12, 0.95
CUT = {f"market.loops.{field.name}": 0 for field in fields(Loops)}
FREE_REWORK = {"market.delivery.rework": 0.0}
ARMS: Mapping[str, dict[str, Any]] = {
    "pitch": {"strategy": "pitch"},
    "diagnostic": {"strategy": "diagnostic"},
    "rainmaking": {"strategy": "rainmaking"},
    "hold and teach": {"strategy": "pitch", "channel": "hold_and_teach"},
    "all cut": {"strategy": "pitch", **CUT},
    "pitch, free rework": {"strategy": "pitch", **FREE_REWORK},
    "diagnostic, free rework": {"strategy": "diagnostic", **FREE_REWORK},
}
DIFFERENCES = {  # title: measure, arm, arm it is compared with, format
    "profit, diagnostic": ("operating_profit_k", "diagnostic", "pitch", "+,.0f"),
    "profit, rainmaking": ("operating_profit_k", "rainmaking", "pitch", "+,.0f"),
    "profit, diagnostic, `rework=0`": ("operating_profit_k", "diagnostic, free rework", "pitch, free rework", "+,.0f"),
    "profit, hold and teach": ("operating_profit_k", "hold and teach", "pitch", "+,.0f"),
    "weeks to close, diagnostic": ("cycle_weeks", "diagnostic", "pitch", "+.1f"),
    "fall of margin, all feedbacks cut": ("margin_fall", "all cut", "pitch", "+.3f"),
}
Numbers = npt.NDArray[np.float64]


def kept() -> list[dict[str, Any]]:
    """The settings that fit as well, best first."""
    with (HERE / "reference_market.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [
        {key: int(value) if value.isdigit() else float(value) for key, value in row.items() if key != "loss"} for row in rows
    ]


def differences(settings: dict[str, Any], seeds: Sequence[int]) -> Numbers:
    """Differences of one vendor's measures, one row per seed, one column per entry of `DIFFERENCES`."""
    scenarios = {name: default_scenario(None, **{**settings, "contest": "alone", **arm}) for name, arm in ARMS.items()}
    with ThreadPoolExecutor(2) as pool:
        runs = {name: list(pool.map(lambda seed, one=one: play(one, seed), seeds)) for name, one in scenarios.items()}

    def values(measure: str, arm: str) -> Numbers:
        return np.array([METRICS[measure].function(records, 0) for records in runs[arm]])

    return np.column_stack([values(name, arm) - values(name, base) for name, arm, base, _ in DIFFERENCES.values()])


def main(seeds: Sequence[int]) -> None:
    """Print the page."""
    lines = [f"| settings | {' | '.join(DIFFERENCES)} |", "|---" * (1 + len(DIFFERENCES)) + "|"]
    clear = np.zeros((3, len(DIFFERENCES)), dtype=int)  # settings whose interval is above 0, below 0, or contains 0
    for number, settings in enumerate(kept(), 1):
        found = simultaneous(differences(settings, seeds), CONFIDENCE)
        cells = [
            f"{found.mean[row]:{form}} ({found.low[row]:{form}} to {found.high[row]:{form}})"
            for row, (*_, form) in enumerate(DIFFERENCES.values())
        ]
        lines.append(f"| {number} | {' | '.join(cells)} |")
        clear += [found.low > 0, found.high < 0, (found.low <= 0) & (found.high >= 0)]
    counts = [f"{above} above, {below} below, {open_} not clear" for above, below, open_ in clear.T]
    lines.append(f"| clear in | {' | '.join(counts)} |")
    about = (
        f"One vendor alone against rivals that pitch, less the same vendor pitching; {len(seeds)} paired seeds that no fit has "
        "seen. Profit in k$ a year. The intervals of a row hold simultaneously. Row 1 is the default market. "
        "The last row counts the settings whose interval is above 0, below 0, or contains 0."
    )
    page("kept_settings", "Findings in all settings that fit as well", about, lines)


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else SEEDS
    main(range(FIRST_SEED, FIRST_SEED + count))
