"""What `salesim explain` asks: two arms of an experiment in one contest, checked before the first run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from salesim.analyses.records import check_kept, record_of_study
from salesim.config.compose_study import key_of, study_of
from salesim.config.errors import InputError, meant
from salesim.config.options import ExplainSettings
from salesim.config.overrides.composer import Composer
from salesim.config.study import Arm, Study
from salesim.config.validation import checked
from salesim.config.worlds import check_enough
from salesim.metrics.sums import FALL_WEEKS
from salesim.model.parameters import Loops, Scenario

SHOCKS = ("money_shock", "state_shock", "relative_shock")
LOOPS = tuple(field.name for field in fields(Loops))


@dataclass(frozen=True)
class Explanation:
    """What is asked: why `arm` differs from `against`, and what carries the fall of margins under `against`.

    The fall and the loops are run with `spiral_seeds`, the first of the study's. `shocks` are the sizes of small shocks.
    """

    study: Study
    arm: Arm
    against: Arm
    spiral_seeds: list[int]
    shocks: dict[str, float]

    @property
    def file(self) -> Path:
        """Where the record goes; the tables are beside it."""
        return self.study.own_folder / "explain" / "explain.json"

    @property
    def feedbacks(self) -> tuple[str, ...]:
        """The feedbacks that are on under `against`."""
        switches = self.against.scenario.market.loops
        return tuple(name for name in LOOPS if getattr(switches, name))

    def record(self) -> dict[str, Any]:
        """What is asked, as plain values."""
        return record_of_study(self.study, (self.against, self.arm)) | {
            "contest": self.arm.contest,
            "arm": self.arm.name,
            "against": self.against.name,
            "seeds": list(self.study.all_seeds),
            "spiral_seeds": self.spiral_seeds,
            "feedbacks": list(self.feedbacks),
            "shocks": self.shocks,
            "varied": [],
        }


def explanation_of(typed: Sequence[str], composer: Composer, line: str) -> Explanation:
    """The explanation that words ask for. Raises InputError for anything that could not be run."""
    axes, words = composer.axes(composer.words(typed))
    for axis in axes:
        raise InputError(
            f"{axis.key}={axis.text} has several values; an explanation is about one market: give one value, or ask "
            "`salesim explore` where each arm wins"
        )
    settings = checked(ExplainSettings, composer(words).mapping["explain"], "explain")
    given = {key_of(word) for word in words}
    records = [] if "study.records" in given else ["study.records=0"]
    study = study_of([*words, f"study.seeds={settings.seeds}", *records], composer, line)
    check_kept(study, "explain")
    check_enough(study.worlds, study.seeds, "ask for fewer seeds=…")
    here = {arm.name: arm for arm in study.arms if arm.contest == study.contests[0]}
    against = arm_of("against", settings.against or study.baseline, here)
    others = [name for name in here if name != against.name]
    if not others:
        raise InputError(f"experiment {study.name} has one arm, and nothing to compare it with; add one or name another")
    arm = arm_of("arm", settings.arm or others[0], here)
    if arm.name == against.name:
        raise InputError(f"arm and against are both {arm.name}; name two different arms ({', '.join(here)})")
    check(settings, against.scenario, "explain.spiral_seeds" in given)
    few = list(study.all_seeds)[: settings.spiral_seeds]
    return Explanation(study, arm, against, few, {name: getattr(settings, name) for name in SHOCKS})


def arm_of(option: str, name: str, arms: Mapping[str, Arm]) -> Arm:
    """An arm by name. Raises InputError."""
    if name not in arms:
        raise InputError(f"{option} is {name!r}, which is no arm of the experiment; {meant(name, arms)}")
    return arms[name]


def check(settings: ExplainSettings, scenario: Scenario, spiral_given: bool) -> None:
    """What is possible alone but not for an explanation. Raises InputError."""
    if spiral_given and settings.spiral_seeds > settings.seeds:
        raise InputError(
            f"explain.spiral_seeds is {settings.spiral_seeds} and explain.seeds is {settings.seeds}; the fall is run with "
            "the first of the seeds, so it can be at most as many"
        )
    if scenario.weeks < FALL_WEEKS:
        raise InputError(
            f"weeks is {scenario.weeks}; the fall from the first two years to the last two needs {FALL_WEEKS} or more"
        )
    if not any(getattr(scenario.market.loops, name) for name in LOOPS):
        raise InputError("every feedback of market.loops is off; switch on those whose part in the fall is asked for")
