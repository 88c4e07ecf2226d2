"""Run a study: every arm with every seed, then all its tables."""

from pathlib import Path

from salesim.config.study import Study
from salesim.runs.folder import open_folder
from salesim.runs.runner import Progress, check_not_all_failed, run_missing
from salesim.runs.store import runs_of


def run_study(study: Study, progress: Progress | None = None) -> Path:
    """Run what is not yet finished, then write all tables; returns the study's folder.

    Tables do not depend on the number of workers, nor on how often the study was interrupted: finished runs are kept in
    batches, and are not run again. A failed run is kept with its traceback in `failed.json`, and the rest goes on. Equal
    scenarios of several arms are run once. Raises InputError before any run if the folder cannot be written to, and after
    them if all of them failed.
    """
    from salesim.runs.save_study import write_comparisons, write_record, write_records, write_series, write_tables

    folder = study.own_folder
    with open_folder(folder, {"kind": "run"}, study.runs_folder("whole")) as opened:
        runs = [(arm, seed, run) for arm, seed, run, _ in runs_of(study, study.all_seeds)]
        wanted = {run: scenario for _, _, run, scenario in runs_of(study, study.all_seeds)}
        failures = run_missing(wanted, opened.store, study.worker_spec, progress)
        check_not_all_failed(failures, len(wanted), f"every run of {study.name}")
        failed = {f"{arm.contest}/{arm.name} seed {seed}": failures[run] for arm, seed, run in runs if run in failures}
        write_tables(study, folder, ((arm, seed, opened.store.index[run]) for arm, seed, run in runs if run not in failures))
        write_records(study, folder, failures)
        write_series(study, folder, failures)
        write_comparisons(study, folder)
        write_record(study, opened, failed)
    return folder
