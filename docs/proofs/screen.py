"""Does every number of the market and of strategies move a measure? Each is halved and raised by half in named scenarios.

make screen

Paired seeds; a number counts as dead if it moves no shown measure by half of its equivalence margin in any scenario.
"""

import json
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import yaml
from pages import HERE, page
from pydantic import TypeAdapter, ValidationError

from salesim.config.scenario import default_scenario
from salesim.metrics import METRICS, SHOWN
from salesim.model.parameters import Scenario
from salesim.model.schedule import play

SEEDS, SMALL, HALF = 12, {"market.customers.count": 200}, 0.5
ADAPTER = TypeAdapter(Scenario)
COMPARE = HERE.parents[1] / "configs" / "compare" / "standard.yaml"
MARGINS = yaml.safe_load(COMPARE.read_text(encoding="utf-8"))["equivalence_margins"]
PLAN = [
    {"week": 104, "strategy": "diagnostic", "training_hours": 16.0},
    {"week": 260, "strategy": "rainmaking", "training_hours": 16.0},
]
SCENARIOS: dict[str, dict[str, Any]] = {
    "everyone pitches": {"strategy": "pitch", "contest": "everyone"},
    "everyone diagnoses": {"strategy": "diagnostic", "contest": "everyone"},
    "everyone rainmakes": {"strategy": "rainmaking", "contest": "everyone"},
    "segmented, rebates": {"strategy": "segmented", "channel": "rebate", "contest": "everyone"},
    "subscription": {"strategy": "diagnostic", "licence": "subscription", "contest": "everyone"},
    "taught partners": {"strategy": "packaged", "channel": "partner_executives", "contest": "everyone"},
    "two programmes": {"strategy": "pitch", "initiatives": PLAN},
    "firms that adjust": {
        "strategy": "rainmaking",
        "channel": "hold_and_teach",
        "contest": "everyone",
        "strategy.structure.specialization": 0.6,
        "strategy.segmentation.sponsored_share": 0.8,
        "market.selling.specialist_gain": 1.0,
        "strategy.systems.diagnosis_hours": 8.0,
        "market.selling.handover_hours": 12.0,
        "market.people.headcount_speed": 0.5,
        "market.people.headcount_target": 0.2,
        "market.people.headcount_most": 2.0,
        "market.partners.service_cost_k": 4.0,
        "market.partners.leave_chance": 0.2,
        "market.partners.least_profit_k": 40.0,
    },
    "simple and busy": {"strategy": "pitch", "market.customers.complexity_a": 1.0, "market.buying.need_chance": 0.03},
}
OF_COUNTS_ONLY = ("weeks", "market.customers.count")  # sizes of the study, not numbers of the market
NO_MEASURE = ("market.licences.discount_rate_per_year", "market.loops.")  # of lifetime values; switches, tested one by one


def numbers_of(part: Any, place: str = "") -> Iterator[tuple[str, float]]:
    """All numbers of a nested mapping with their dotted places."""
    for key, value in part.items() if isinstance(part, dict) else enumerate(part):
        if isinstance(value, dict | list):
            yield from numbers_of(value, f"{place}{key}.")
        elif isinstance(value, int | float) and not isinstance(value, bool):
            yield f"{place}{key}", value


def changed(mapping: dict[str, Any], dotted: str, factor: float) -> Scenario | None:
    """The scenario with one number of the market, or of all strategies, times a factor; None if that is out of range."""
    mapping = json.loads(json.dumps(mapping))
    path = [int(part) if part.isdigit() else part for part in dotted.split(".")]
    for row in range(len(mapping["vendors"])) if path[0] == "vendors" else [0]:
        part, here = mapping, [*path[:1], row, *path[2:]] if path[0] == "vendors" else path
        for step in here[:-1]:
            part = part[step]
        value = part[here[-1]] * factor
        part[here[-1]] = round(value) if isinstance(part[here[-1]], int) else value
    try:
        return ADAPTER.validate_json(json.dumps(mapping))
    except ValidationError:
        return None


def measures(scenario: Scenario) -> np.ndarray[Any, Any]:
    """Seeds x shown measures of the vendor in question."""
    runs = [play(scenario, seed) for seed in range(SEEDS)]
    return np.array([[METRICS[name].function(records, 0) for name in SHOWN] for records in runs])


def moved(scenario: str) -> list[tuple[str, str, float]]:
    """For each number of a scenario: the measure that it moves most, and by how many equivalence margins (mean over seeds)."""
    mapping = json.loads(ADAPTER.dump_json(default_scenario(None, **SMALL, **SCENARIOS[scenario])))
    margins = np.array([MARGINS[name] for name in SHOWN])
    base = measures(ADAPTER.validate_json(json.dumps(mapping)))
    found = []
    for dotted, value in numbers_of(mapping):
        alike = dotted.startswith("vendors.") and not dotted.startswith("vendors.0.")
        if alike or value == 0 or dotted in OF_COUNTS_ONLY or dotted.startswith(NO_MEASURE) or ".initiatives." in dotted:
            continue
        others = [other for factor in (0.5, 1.5) if (other := changed(mapping, dotted, factor)) is not None]
        effects = [np.nan_to_num(np.nanmean(measures(other) - base, axis=0) / margins) for other in others]
        largest = max(effects, key=lambda effect: float(np.abs(effect).max()), default=np.zeros(len(SHOWN)))
        place = int(np.abs(largest).argmax())
        found.append((dotted, SHOWN[place], float(largest[place])))
    return found


def main() -> int:
    """Print every number with what it moves most, dead ones first; 1 if any is dead."""
    with ThreadPoolExecutor(2) as pool:
        found = dict(zip(SCENARIOS, pool.map(moved, SCENARIOS), strict=True))
    best: dict[str, tuple[float, str, str]] = {}
    for scenario, effects in found.items():
        for dotted, measure, effect in effects:
            if abs(effect) >= abs(best.get(dotted, (0.0, "", ""))[0]):
                best[dotted] = (effect, measure, scenario)
    dead = [name for name, (effect, _, _) in best.items() if abs(effect) < HALF]
    ordered = sorted(best.items(), key=lambda item: abs(item[1][0]))
    lines = ["| number | most moved | by (equivalence margins) | in |", "|---|---|---|---|"]
    lines += [f"| {name} | {measure} | {effect:+.2f} | {scenario} |" for name, (effect, measure, scenario) in ordered]
    about = (
        f"{len(best)} numbers, each times 0.5 and 1.5, {SEEDS} paired seeds. {len(dead)} move no measure by half of its margin."
    )
    page("screen", "What each number moves", about, lines)
    return bool(dead)


if __name__ == "__main__":
    sys.exit(main())
