"""Deals and weeks of the first seeds of every arm, kept in the study's folder."""

import shutil
from pathlib import Path

from salesim.config.study import Study
from salesim.model.schedule import play
from salesim.runs.files import cannot_write, write_whole
from salesim.runs.store import RunKey, scenario_key


def records_folder(folder: Path, contest: str, arm: str, seed: int) -> Path:
    """Where the records of a run are kept in a study's folder."""
    return folder / "records" / f"{contest}-{arm}-{seed}"


def write_records(study: Study, folder: Path, failed: set[RunKey]) -> None:
    """Write the records of the first `study.records` seeds of every arm, except for runs that failed.

    Records that are there already stay; those that this study does not ask for are removed.
    """
    wanted = {
        records_folder(folder, arm.contest, arm.name, seed): (arm.scenario, seed)
        for arm in study.arms
        for seed in study.all_seeds[: study.records]
    }
    for stale in (folder / "records").glob("*"):
        if stale not in wanted and (stale / "key").is_file():
            shutil.rmtree(stale, ignore_errors=True)
    for place, (scenario, seed) in wanted.items():
        key, file = scenario_key(scenario), place / "key"
        if (key, seed) in failed or (file.is_file() and file.read_text() == key):
            continue
        try:
            play(scenario, seed).export(place)
        except OSError as error:
            raise cannot_write(place, error) from error
        write_whole(file, key.encode())
