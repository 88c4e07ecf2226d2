"""The question and arms of an experiment, and the settings of a study: checked like a scenario."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass

from salesim.config.answer import AnswerSettings, check_answer
from salesim.config.config_files import CONTESTS, place_of
from salesim.config.errors import InputError, meant, shown
from salesim.config.options import LARGEST_SEED, STRICT, StudySettings
from salesim.config.validation import checked
from salesim.model.parameters import Text

_FILE_NAME = re.compile(r"[^\W_][\w.+-]{0,59}")  # names of experiments and arms become names of folders
NAMES = "a name has no blanks, only letters, digits, _ - + and ., starts with a letter or digit, and has at most 60 of them"


@dataclass(frozen=True, config=STRICT)
class Experiment:
    """A question, its arms, each a list of overrides, and what answers it."""

    name: Text
    question: Text
    baseline: Text
    contests: Annotated[tuple[Literal["alone", "everyone"], ...], Field(min_length=1, max_length=2)]
    arms: dict[str, list[str]]
    answer: AnswerSettings = AnswerSettings()


def settings_of(mapping: Mapping[str, Any]) -> StudySettings:
    """The `study` part of a composed mapping. Raises InputError."""
    study = mapping.get("study")
    if isinstance(study, Mapping) and isinstance(listed := study.get("seeds"), list):
        check_seeds(listed, study)
        study = {**study, "seeds": len(listed), "first_seed": min(listed), "seed_list": sorted(listed)}
    settings = checked(StudySettings, study, "study")
    if settings.records > settings.seeds:
        raise InputError(
            f"study.records is {settings.records} and study.seeds is {settings.seeds}; only seeds that are run have records"
        )
    if settings.name is not None:
        check_name(settings.name, "study.name is")
    store = settings.store and str(place_of(settings.store))
    return replace(settings, folder=str(place_of(settings.folder)), store=store)


def check_seeds(seeds: Sequence[Any], study: Mapping[str, Any]) -> None:
    """Refuse a list of seeds that is empty, has one twice, or one that is no seed. Raises InputError."""
    wrong = [seed for seed in seeds if not isinstance(seed, int) or isinstance(seed, bool) or not 0 <= seed <= LARGEST_SEED]
    twice = [seed for seed in seeds if seeds.count(seed) > 1]
    if wrong or twice or not seeds:
        which = f"{wrong[0]!r} is none" if wrong else f"{twice[0]} is there twice" if twice else "there is none"
        raise InputError(
            f"study.seeds is {seeds}, and {which}; a list has different seeds from 0 to {LARGEST_SEED}, as seeds=[1,5,9], or "
            "give their number, as seeds=3"
        )
    if study.get("first_seed", 1) != 1:
        raise InputError(
            f"study.seeds is the list {seeds}, so study.first_seed={study['first_seed']} would change nothing; leave it out"
        )


def check_name(name: str, what: str) -> None:
    """Refuse a name that could not be that of a folder; `what` begins the sentence. Raises InputError."""
    if not _FILE_NAME.fullmatch(name):
        raise InputError(f"{what} {name!r}; {NAMES}")


def experiment_of(mapping: Mapping[str, Any]) -> Experiment:
    """The `experiment` part of a composed mapping; without one, the scenario itself is the only arm. Raises InputError."""
    settings = mapping.get("experiment")
    if settings is None:
        name = str(mapping["strategy"]["name"])
        question = f"How does {name} do in this market?"
        settings = {"name": f"only_{name}", "question": question, "baseline": name, "contests": ["alone"], "arms": {name: []}}
    contest = mapping.get("contest")
    if contest not in (None, *CONTESTS):
        raise InputError(f"contest is {shown(contest)}; it has to be alone or everyone, or null for those of the experiment")
    if contest and isinstance(settings, Mapping):
        settings = {**settings, "contests": [contest]}
    experiment = checked(Experiment, settings, "experiment")
    check_name(experiment.name, "experiment.name is")
    for arm in experiment.arms:
        check_name(arm, "experiment.arms has an arm")
    if experiment.baseline not in experiment.arms:
        nearest = meant(experiment.baseline, experiment.arms)
        raise InputError(f"experiment.baseline is {experiment.baseline!r}, which is not an arm; {nearest}")
    if len(set(experiment.contests)) < len(experiment.contests):
        raise InputError(f"experiment.contests is {list(experiment.contests)}; each contest can be named once")
    check_answer(experiment.answer, experiment.arms)
    return experiment
