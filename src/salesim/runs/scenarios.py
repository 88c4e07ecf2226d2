"""The scenarios of a study. Arms that come to one and the same scenario share their runs, which are played once."""

from salesim.config.study import Study
from salesim.report.text.amounts import listed
from salesim.runs.store import scenario_key


def scenarios(study: Study) -> dict[str, list[str]]:
    """The names of arms, as `alone/pitch`, by the key of their scenario, in the order of the study."""
    found: dict[str, list[str]] = {}
    for arm in study.arms:
        found.setdefault(scenario_key(arm.scenario), []).append(f"{arm.contest}/{arm.name}")
    return found


def shared(study: Study) -> str:
    """Which arms share their runs: `alone/pitch and everyone/pitch are the same`; nothing if none do."""
    groups = [listed(names) for names in scenarios(study).values() if len(names) > 1]
    return f"{'; '.join(groups)} are the same" if groups else ""
