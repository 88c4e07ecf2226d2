"""Does every number of the market and of strategies move a measure? Each is halved and raised by half in named scenarios.

make screen

What a number moves is looked for on some seeds and measured on others, both paired. A number is dead if it moves no measure by
half of its equivalence margin, with an interval that leaves out 0, in any scenario in which the number is not 0.
"""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import yaml
from pages import HERE, page
from scipy import stats

from salesim.config.errors import InputError
from salesim.config.scenario import default_scenario
from salesim.config.validation import as_mapping
from salesim.metrics import METRICS
from salesim.metrics.facts import last_week_share, promise_missed
from salesim.model.parameters import Scenario
from salesim.model.schedule import play

LOOKED, MEASURED = range(12), range(100, 124)  # seeds
HALF, TRIED, NEARLY = 0.5, 4, 0.7
COMPARE = HERE.parents[1] / "configs" / "compare" / "standard.yaml"
OF_COMPARE = yaml.safe_load(COMPARE.read_text(encoding="utf-8"))["equivalence_margins"]
MEASURES = {name: (metric.function, OF_COMPARE[name]) for name, metric in METRICS.items()}
# Of published facts (H2, K3), for numbers that are about nothing else: the end of a quarter, the spread of outcomes.
MEASURES |= {"last_week_share": (last_week_share, 0.05), "promise_missed": (promise_missed, 0.05)}
NAMES, MARGINS = list(MEASURES), np.array([margin for _, margin in MEASURES.values()])
SCENARIOS: dict[str, dict[str, Any]] = yaml.safe_load((HERE / "screen_scenarios.yaml").read_text(encoding="utf-8"))
OF_SCREEN = ("only", "vendor")
LEFT_OUT = (  # sizes of the study, and a rate that enters lifetime values only
    "weeks",
    "market.customers.count",
    "market.licences.discount_rate_per_year",
)


class Effect(NamedTuple):
    """What a number times a factor moves in a scenario: a measure, by so many equivalence margins, give or take so many."""

    number: str
    scenario: str
    factor: float
    measure: int
    mean: float
    half_width: float

    @property
    def strength(self) -> float:
        """Half margins, or half widths of its interval, whichever are fewer; below 1, it does not count."""
        return min(abs(self.mean) / HALF, abs(self.mean) / max(self.half_width, 1e-9))


def numbers_of(part: Any, place: str = "") -> Iterator[tuple[str, float]]:
    """All numbers of a nested mapping with their dotted places, plans of vendors apart."""
    for key, value in part.items() if isinstance(part, dict) else enumerate(part):
        if isinstance(value, dict | list) and key != "initiatives":
            yield from numbers_of(value, f"{place}{key}.")
        elif isinstance(value, int | float) and not isinstance(value, bool):
            yield f"{place}{key}", value


def changed(scenario: Scenario, dotted: str, factor: float) -> Scenario | None:
    """The scenario with one number of the market, or of all vendors, times a factor; None if that is out of range."""
    values = dict(numbers_of(as_mapping(scenario)))
    last = dotted.removeprefix("vendors.0.")
    places = [dotted] if last == dotted else [f"vendors.{row}.{last}" for row in range(len(scenario.vendors))]
    raised = {place: values[place] * factor for place in places}
    try:
        return default_scenario(scenario, **{p: round(v) if isinstance(values[p], int) else v for p, v in raised.items()})
    except InputError:
        return None


def measures(scenario: Scenario, seeds: range, vendor: int) -> np.ndarray[Any, Any]:
    """Seeds x measures of a vendor."""
    runs = [play(scenario, seed) for seed in seeds]
    return np.array([[function(records, vendor) for function, _ in MEASURES.values()] for records in runs])


def interval(values: np.ndarray[Any, Any]) -> tuple[float, float]:
    """Mean and half width of its interval of 99 %, of what is no NaN."""
    of_one = values[np.isfinite(values)]
    return float(of_one.mean()), float(stats.t.ppf(0.995, len(of_one) - 1) * of_one.std(ddof=1) / np.sqrt(len(of_one)))


@cache
def base(name: str, seeds: range) -> tuple[Scenario, np.ndarray[Any, Any]]:
    """A named scenario, and its measures."""
    scenario = default_scenario(None, **{key: value for key, value in SCENARIOS[name].items() if key not in OF_SCREEN})
    return scenario, measures(scenario, seeds, SCENARIOS[name].get("vendor", 0))


def effects(number: str, name: str, factor: float, seeds: range) -> list[Effect]:
    """What a number times a factor moves in a named scenario, the strongest first; empty if it is 0 there, or out of range."""
    scenario, before = base(name, seeds)
    value = dict(numbers_of(as_mapping(scenario))).get(number, 0)
    other = changed(scenario, number, factor) if value != 0 else None
    if other is None:
        return []
    differences = (measures(other, seeds, SCENARIOS[name].get("vendor", 0)) - before) / MARGINS
    found = []
    for column, every in enumerate(differences.T):
        if np.isfinite(every).sum() > len(seeds) / 2:
            found.append(Effect(number, name, factor, column, *interval(every)))
    return sorted(found, key=lambda effect: -effect.strength)


def moved(number: str) -> Effect | None:
    """The first scenario's strongest effect that counts on seeds of its own; if none does, the strongest of all, or None."""
    best = None
    for name, differences in SCENARIOS.items():
        if not number.startswith(tuple(differences.get("only", ("",)))):
            continue
        looked = [found for factor in (0.5, 1.5) if (found := effects(number, name, factor, LOOKED))]
        if not looked:
            continue
        strongest = max(looked, key=lambda found: found[0].strength)
        tried = [effect.measure for effect in strongest[:TRIED]]
        again = strongest
        if strongest[0].strength > NEARLY:
            again = [e for e in effects(number, name, strongest[0].factor, MEASURED) if e.measure in tried]
        if best is None or again[0].strength > best.strength:
            best = again[0]
        if again is not strongest and best.strength >= 1:
            break
    return best


def signs() -> list[str]:
    """A table of the signs that published facts give to numbers, and what the model does."""
    facts = yaml.safe_load((HERE / "screen_signs.yaml").read_text(encoding="utf-8"))
    lines = ["| fact | number, from, to | measure | published | here (equivalence margins) | |", "|---|---|---|---|---|---|"]
    for fact, asked in facts.items():
        column, number = NAMES.index(asked["measure"]), asked["number"]
        arms = [default_scenario(None, **asked.get("with", {}), **{number: value}) for value in asked["values"]]
        low, high = (measures(arm, MEASURED, 0)[:, column] for arm in arms)
        mean, half_width = interval((high - low) / MARGINS[column])
        found = 0 if abs(mean) < max(1.0, half_width) else int(np.sign(mean))
        verdict = "agrees" if found == asked["sign"] else "contradicts" if found == -asked["sign"] else "differs"
        row = [
            fact,
            f"{number}, {asked['values'][0]}, {asked['values'][1]}",
            asked["measure"],
            ["falls", "about 0", "rises"][asked["sign"] + 1],
        ]
        lines.append(f"| {' | '.join(row)} | {mean:+.2f} ± {half_width:.2f} | {verdict} |")
    return lines


def written(found: dict[str, Effect | None]) -> int:
    """Write the page; 1 if a number is dead without a reason to stay, or 0 in every scenario."""
    stays = yaml.safe_load((HERE / "screen_stays.yaml").read_text(encoding="utf-8"))
    never = [number for number, effect in found.items() if effect is None]
    ordered = sorted(filter(None, found.values()), key=lambda effect: effect.strength)
    dead = [effect.number for effect in ordered if effect.strength < 1]
    about = (
        f"{len(found)} numbers, each times 0.5 and 1.5 in {len(SCENARIOS)} scenarios in turn (screen_scenarios.yaml), until "
        f"one moves a measure by half of its margin: looked for on {len(LOOKED)} paired seeds, measured on {len(MEASURED)} "
        f"others, with intervals of 99 %. {len(dead)} move less than that in every scenario."
    )
    small = [f"- {number}: {stays.get(number, 'DEAD')}" for number in dead] + [f"- {number}: 0 everywhere" for number in never]
    lines = ["| number | times | moves | by (equivalence margins) | in |", "|---|---|---|---|---|"]
    for number, scenario, factor, measure, mean, half_width in ordered:
        lines.append(f"| {number} | {factor} | {NAMES[measure]} | {mean:+.2f} ± {half_width:.2f} | {scenario} |")
    parts = [
        "## Move less than half a margin anywhere",
        "",
        *(small or ["None."]),
        "",
        "## Signs of published facts",
        "",
        *signs(),
    ]
    page("screen", "What each number moves", about, [*parts, "", "## All numbers, the weakest first", "", *lines])
    return bool(set(dead) - set(stays) or never)


def main() -> int:
    """Screen every number, or those named on the command line."""
    numbers = [number for number, _ in numbers_of(as_mapping(default_scenario()))]
    numbers = [number for number in numbers if number not in LEFT_OUT and number.startswith(("market.", "vendors.0."))]
    numbers = [number for number in numbers if not sys.argv[1:] or number in sys.argv[1:]]
    with ThreadPoolExecutor(2) as pool:
        return written(dict(zip(numbers, pool.map(moved, numbers), strict=True)))


if __name__ == "__main__":
    sys.exit(main())
