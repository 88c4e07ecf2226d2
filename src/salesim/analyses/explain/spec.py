"""What `salesim explain` asks: two arms of an experiment in one contest, checked before the first run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from salesim.config.check_axes import Parse, check_once, check_options
from salesim.config.compose_study import Compose, key_of, study_of
from salesim.config.config_files import file_of, read_yaml
from salesim.config.errors import InputError, meant
from salesim.config.study import Arm, Study
from salesim.metrics.sums import YEAR_WEEKS
from salesim.model.parameters import Loops, Scenario

OPTIONS = ("arm", "against", "orders", "spiral_seeds")
SHOCKS = ("money_shock", "state_shock", "relative_shock")
LARGEST_SHOCK = 0.2
FEWEST_SEEDS = 4  # fewer tell no interval
FEWEST_WEEKS = 4 * YEAR_WEEKS  # two years at the start and two at the end
LOOPS = tuple(field.name for field in fields(Loops))


@dataclass(frozen=True)
class Explanation:
    """What is asked: why `arm` differs from `against`, and what carries the fall of margins under `against`.

    The fall and the loops are played with `spiral_seeds`, the first of the study's. `orders` is 0 for all subsets of
    feedbacks, else how many orders are sampled. `shocks` are the sizes of small shocks.
    """

    study: Study
    arm: Arm
    against: Arm
    orders: int
    spiral_seeds: list[int]
    shocks: dict[str, float]

    @property
    def folder(self) -> Path:
        """Where the tables go: beside those of the study."""
        return self.study.own_folder / "explain"

    @property
    def loops(self) -> tuple[str, ...]:
        """The feedbacks that are on under `against`."""
        switches = self.against.scenario.market.loops
        return tuple(name for name in LOOPS if getattr(switches, name))

    @property
    def contest(self) -> str:
        """The contest."""
        return self.arm.contest


def explanation_of(words: Sequence[str], folders: Sequence[Path], line: str, compose: Compose, parse: Parse) -> Explanation:
    """The explanation that words ask for. Raises InputError for anything that could not be played or told."""
    check_once(words)
    options = {key: value for key, equals, value in (word.partition("=") for word in words) if equals and key in OPTIONS}
    rest = [word for word in words if word.partition("=")[0] not in OPTIONS]
    axes, rest = parse(rest)
    for axis in axes:
        raise InputError(
            f"{axis.key}={axis.text} has several values; an explanation is about one market: give one value, or ask "
            "`salesim explore` where each arm wins"
        )
    check_options(rest, (*OPTIONS, "seeds"))
    settings = settings_of(options, folders)
    asked = {key_of(word) for word in rest}
    if "study.seeds" not in asked:
        rest = [f"study.seeds={settings['seeds']}", *rest]
    if "study.records" not in asked:
        rest = ["study.records=0", *rest]
    study = study_of(rest, folders, line, compose)
    here = {arm.name: arm for arm in study.arms if arm.contest == study.contests[0]}
    against = arm_of("against", options.get("against", study.baseline), here)
    others = [name for name in here if name != against.name]
    if not others:
        raise InputError(f"experiment {study.name} has one arm, and nothing to compare it with; add one or name another")
    arm = arm_of("arm", options.get("arm", others[0]), here)
    if arm.name == against.name:
        raise InputError(f"arm and against are both {arm.name}; name two different arms ({', '.join(here)})")
    check(study, against.scenario)
    if "spiral_seeds" in options and settings["spiral_seeds"] > study.seeds:
        raise InputError(
            f"spiral_seeds is {settings['spiral_seeds']} and seeds is {study.seeds}; the fall is played with the first of the "
            "seeds, so it can be at most as many"
        )
    few = list(study.all_seeds)[: settings["spiral_seeds"]]
    return Explanation(study, arm, against, settings["orders"], few, {name: settings[name] for name in SHOCKS})


def arm_of(option: str, name: str, arms: Mapping[str, Arm]) -> Arm:
    """An arm by name. Raises InputError."""
    if name not in arms:
        raise InputError(f"{option} is {name!r}, which is no arm of the experiment; {meant(name, arms)}")
    return arms[name]


def settings_of(options: Mapping[str, str], folders: Sequence[Path]) -> dict[str, Any]:
    """The settings of `explain/standard.yaml`, with `orders` of the command line. Raises InputError."""
    path = file_of("explain", "standard", folders)
    found = read_yaml(path)
    for name in ("seeds", "spiral_seeds", "orders", *SHOCKS):
        if name not in found:
            raise InputError(f"{name} is missing in {path}")
    orders = str(options.get("orders", found["orders"]))
    if not orders.isdigit() or int(orders) > 100_000 or int(orders) in (1, 2, 3):
        raise InputError(f"orders is {orders}; it has to be 0, which plays all subsets of feedbacks, or from 4 to 100000")
    few = str(options.get("spiral_seeds", found["spiral_seeds"]))
    if not few.isdigit() or not FEWEST_SEEDS <= int(few) <= 10_000:
        raise InputError(f"spiral_seeds is {few}; it has to be a whole number from {FEWEST_SEEDS} to 10000")
    for name in SHOCKS:
        if not isinstance(found[name], float) or not 0 < found[name] <= LARGEST_SHOCK:
            raise InputError(f"{name} is {found[name]}; it has to be a number above 0, up to {LARGEST_SHOCK} ({path})")
    return found | {"orders": int(orders), "spiral_seeds": int(few)}


def check(study: Study, scenario: Scenario) -> None:
    """What is possible alone but not for an explanation. Raises InputError."""
    if study.seeds < FEWEST_SEEDS:
        raise InputError(f"seeds is {study.seeds}; an explanation with intervals needs {FEWEST_SEEDS} or more")
    if scenario.weeks < FEWEST_WEEKS:
        raise InputError(
            f"weeks is {scenario.weeks}; the fall from the first two years to the last two needs {FEWEST_WEEKS} or more"
        )
    if not any(getattr(scenario.market.loops, name) for name in LOOPS):
        raise InputError("every feedback of market.loops is off; switch on those whose part in the fall is asked for")
