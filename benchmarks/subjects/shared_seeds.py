"""What shared seeds are worth: the variance of a difference with the same random numbers over that with others."""

from collections.abc import Iterator

import numpy as np

from rows import Row, one, row
from salesim.config.compose_study import study_of
from salesim.config.config_files import configs_folder
from salesim.config.overrides.composer import Composer
from salesim.metrics import METRICS, PRIMARY, measured
from salesim.model.schedule import play

TITLE = "Variance of a difference: shared over independent seeds"
SEEDS = {"quick": 8, "default": 60, "full": 400}


def rows(quick: bool, full: bool) -> Iterator[Row]:
    """Every arm of the default experiment against its baseline, for the primary measures."""
    seeds = SEEDS["quick" if quick else "full" if full else "default"]
    folders = [configs_folder()]
    study = study_of([], Composer(folders), "make bench")
    for contest in study.contests:
        found = {arm.name: of_seeds(arm.scenario, seeds) for arm in study.arms if arm.contest == contest}
        base = found.pop(study.baseline)
        for name, values in found.items():
            shared = np.nanvar(values - base, axis=0)
            alone = np.nanvar(values, axis=0) + np.nanvar(base, axis=0)
            for place, measure in enumerate(PRIMARY):
                what = f"{METRICS[measure].title}: {name} less {study.baseline}, {contest}"
                yield row(what, one(float(shared[place] / alone[place])))


def of_seeds(scenario, seeds: int):
    """Primary measures, seeds x measures."""
    found = [measured(play(scenario, seed)) for seed in range(1, seeds + 1)]
    return np.array([[each[name] for name in PRIMARY] for each in found])
