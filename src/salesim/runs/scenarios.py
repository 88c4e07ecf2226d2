"""The scenarios of a study. Arms that come to one and the same scenario share their runs, which are played once."""

from salesim.config.study import Study
from salesim.runs.store import scenario_key


def scenarios(study: Study) -> dict[str, list[str]]:
    """The names of arms, as `alone/pitch`, by the key of their scenario, in the order of the study."""
    found: dict[str, list[str]] = {}
    for arm in study.arms:
        found.setdefault(scenario_key(arm.scenario), []).append(f"{arm.contest}/{arm.name}")
    return found
