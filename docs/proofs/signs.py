"""Whether a sign hangs on a limit, a clock or one rule: the main differences with each of these changed.

python docs/proofs/signs.py [seeds]      # 40 seeds if not said; about a minute
"""

import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt
from pages import page

from salesim.config.scenario import default_scenario
from salesim.metrics import METRICS
from salesim.model.schedule import play
from salesim.stats.intervals import Intervals, simultaneous

FIRST_SEED, SEEDS, CONFIDENCE = 41001, 40, 0.95
CHANGES: Mapping[str, Mapping[str, Any]] = {
    "limits": {
        "strategy.systems.price_authority": (0.3, 0.9),
        "channel.discount_cap": (0.3, 0.6),
        "market.bargaining.unit_cost_share": (0.3,),
    },
    "clocks": {
        "market.bargaining.close_now": (0.0,),
        "market.buying.quarter_wait": (0.0,),
        "market.buying.stall_after_weeks": (25, 70),
    },
    "belief and outcomes": {
        "market.worth.credulity": (0.0, 0.5),
        "market.worth.experience": (0.0,),
        "market.delivery.foresight": (0.0,),
        "market.trust.initial": (0.5,),
        "market.trust.norm": (0.4, 0.6),
        "market.trust.word_expectation": (0.0,),
        "market.delivery.rework_share": (0.5,),
        "market.delivery.rework": (0.0,),
    },
    "channel": {
        "market.customers.channel_share": (0.0, 0.8),
        "market.partners.sticky_share": (0.0,),
        "market.partners.conduct": (0.3,),
    },
}
MEASURES = {  # format of each
    "operating_profit_k": "+,.0f",
    "gross_margin": "+.3f",
    "cycle_weeks": "+.1f",
    "pass_through": "+.3f",
    "win_rate": "+.3f",
}
Numbers = npt.NDArray[np.float64]


def found(settings: Mapping[str, Any], strategy: str, seeds: Sequence[int]) -> Intervals:
    """Differences of a vendor's measures from those of the same vendor pitching, alone, with intervals that hold together."""

    def measured(name: str) -> Numbers:
        scenario = default_scenario(None, strategy=name, contest="alone", **settings)
        with ThreadPoolExecutor(2) as pool:
            runs = list(pool.map(lambda seed: play(scenario, seed), seeds))
        return np.array([[METRICS[measure].function(records, 0) for measure in MEASURES] for records in runs])

    differences = measured(strategy) - measured("pitch")
    differences[:, np.isnan(differences).all(axis=0)] = 0.0  # pass-through without partners
    return simultaneous(differences, CONFIDENCE)


def main(seeds: Sequence[int]) -> None:
    """Print the page."""
    lines = []
    for strategy in ("diagnostic", "rainmaking"):
        usual = found({}, strategy, seeds)
        heads = " | ".join(METRICS[name].title for name in MEASURES)
        lines += [f"## {strategy} less pitch, alone", "", f"| changed | {heads} |", "|---" * (1 + len(MEASURES)) + "|"]
        lines.append(row("nothing", usual, usual))
        for group, changes in CHANGES.items():
            for key, values in changes.items():
                name = key.partition(".")[2] if key.startswith("market.") else key
                for value in values:
                    lines.append(row(f"{group}: {name} = {value:g}", found({key: value}, strategy, seeds), usual))
        lines.append("")
    about = (
        f"{len(seeds)} paired seeds that no fit has seen. The intervals of a row hold simultaneously. **Bold**: the sign is "
        "the reverse of that with nothing changed, each by its interval. *Slanted*: an interval contains 0."
    )
    page("signs", "Signs with limits, clocks and rules changed", about, lines[:-1])


def row(title: str, one: Intervals, usual: Intervals) -> str:
    """A row of the table."""
    cells = [f"`{title}`" if title != "nothing" else title]
    for place, form in enumerate(MEASURES.values()):
        low, high = one.low[place], one.high[place]
        text = f"{one.mean[place]:{form}} ({low:{form}} to {high:{form}})"
        if low <= 0.0 <= high:
            text = f"*{text}*" if low < high else ""
        elif (usual.low[place] > 0.0 > high) or (usual.high[place] < 0.0 < low):
            text = f"**{text}**"
        cells.append(text)
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    main(range(FIRST_SEED, FIRST_SEED + (int(sys.argv[1]) if len(sys.argv) > 1 else SEEDS)))
