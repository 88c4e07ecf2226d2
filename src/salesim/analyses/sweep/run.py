"""Run a sweep: what is not yet finished of it; and the record of how it was made."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from salesim.analyses.protocol import Analysis, Estimate
from salesim.analyses.sweep.save import TABLES, write_scenarios, write_tables
from salesim.analyses.sweep.spec import sweep_of
from salesim.config.errors import InputError
from salesim.config.overrides.composer import Composer
from salesim.config.study import Sweep
from salesim.model.parameters import Scenario
from salesim.report.console.sweep import print_question, print_sweep
from salesim.runs.cost import cost_of_sweep
from salesim.runs.files import STUDY, DamagedError, if_whole, read_table, write_json, write_whole
from salesim.runs.folder import ANOTHER_FOLDER, check_same, open_folder, record_of
from salesim.runs.runner import Progress, check_not_all_failed, run_missing
from salesim.runs.store import RunKey, model_version
from salesim.runs.summary import measures_text

SWEEP = {"kind": "sweep"}


class Wanted(Mapping[RunKey, Scenario]):
    """The runs of a sweep by key, each scenario made when it is asked for; equal ones are there once."""

    def __init__(self, sweep: Sweep) -> None:
        self.places = {placed.key: placed for placed in sweep.placed}
        self.seeds = sweep.all_seeds
        self.scenario = lru_cache(maxsize=64)(lambda key: self.places[key].scenario(sweep.first))
        self.placed = sweep.in_world

    def __getitem__(self, key: RunKey) -> Scenario:
        return self.placed(self.scenario(key[0]), key[1])

    def __iter__(self) -> Iterator[RunKey]:
        return ((key, seed) for key in self.places for seed in self.seeds)

    def __len__(self) -> int:
        return len(self.places) * len(self.seeds)


def parse(typed: Sequence[str], composer: Composer, line: str) -> Sweep:
    """The sweep that words ask for. Raises InputError, also where its folder holds another study, or a larger sweep."""
    sweep = sweep_of(typed, composer, line)
    check_same(sweep.own_folder, SWEEP)
    check_grows(sweep)
    return sweep


def run_sweep(sweep: Sweep, progress: Progress | None = None) -> Path:
    """Run what is not yet finished, then write all tables; returns the sweep's folder.

    Tables do not depend on the executor, nor on how often the sweep was interrupted. A failed run is kept with its traceback
    in `failed.json`, and the rest goes on. Raises InputError before any run if the folder holds another study or cannot be
    written to, and after them if not one went well.
    """
    folder = sweep.own_folder
    with open_folder(folder, SWEEP, sweep.runs_folder("measures")) as opened:
        write_whole(folder / "resolved.yaml", yaml.safe_dump(sweep.resolved, sort_keys=False).encode())
        notes = {key: list(note) for key, note in sweep.notes.items()}
        worlds = {"ensemble": sweep.worlds.summary} if sweep.worlds else {}
        more = {"equivalence_margins": dict(sweep.margins), "notes": notes, "points": len(sweep.points)}
        record = {**record_of(sweep), **worlds, **SWEEP, **declared(sweep), **more}
        write_json(folder / "study.json", record)
        write_scenarios(sweep, folder)
        wanted = Wanted(sweep)
        failures = run_missing(wanted, opened.store, sweep.worker_spec, progress, measures_text)
        check_not_all_failed(failures, len(wanted), f"every run of {sweep.name}")
        write_tables(sweep, folder, opened.store, failures)
        failed = {
            f"point {placed.point} {placed.contest}/{placed.arm} seed {seed}": failures[placed.key, seed]
            for placed in (sweep.placed if failures else ())
            for seed in sweep.all_seeds
            if (placed.key, seed) in failures
        }
        opened.finish(record, failed, TABLES)
    return folder


def declared(sweep: Sweep) -> dict[str, Any]:
    """What is varied, how, and what else is set; an axis that moves with another one stands beside it."""
    texts = {axis.key: [axis.text] for axis in sweep.axes if not axis.tied}
    for axis in sweep.axes:
        if axis.tied:
            texts[axis.tied].append(f"{axis.key}={axis.text.partition(' with ')[0]}")
    return {
        "axes": {key: ", with ".join(parts) for key, parts in texts.items()},
        "settings": dict(sweep.settings),
        "design": sweep.design,
        "baseline": sweep.baseline,
        "contests": list(sweep.contests),
        "arms": list(sweep.arms),
    }


def check_grows(sweep: Sweep) -> None:
    """Raise InputError if the folder holds a finished sweep with runs that this one lacks, as their tables would be lost.

    A run is known by its scenario and seed, wherever in a sweep it is. Those of another version of the model cannot be
    compared; then the same has to be varied.
    """
    folder, table = sweep.own_folder, sweep.own_folder / "scenarios.parquet"
    before = if_whole(folder / STUDY)
    if "files" not in before or not table.is_file():
        return
    lost = ""
    if before.get("model") != model_version():
        different = [part for part in ("axes", "settings", "arms", "contests") if before.get(part) != declared(sweep)[part]]
        lost = f"and this one has other {different[0]}" if different else ""
    else:
        keys, wanted = keys_in(table), {placed.key for placed in sweep.placed}
        if seeds := sorted(set(before.get("seeds", ())) - set(sweep.all_seeds)):
            lost = f"and seed {seeds[0]} is not among the seeds of this one"
        elif gone := keys - wanted:
            lost = f"and {len(gone)} of its {len(keys)} scenarios are not in this one"
    if lost:
        raise InputError(
            f"{folder} holds the sweep of `{before.get('command')}`, {lost}; to extend it, keep all of its values, arms, "
            f"contests and seeds, and add others, or {ANOTHER_FOLDER}"
        )


def keys_in(table: Path) -> set[str]:
    """The keys of the scenarios of a sweep; none if the table is damaged, as it is written again."""
    try:
        return set(read_table(table, "key")["key"])
    except DamagedError:
        return set()


ANALYSIS = Analysis(
    parse=parse,
    cost=lambda sweep: Estimate(sweep.n_runs, cost_of_sweep(sweep), sweep.own_folder),
    run=run_sweep,
    print_question=print_question,
    print_answer=print_sweep,
    save=lambda _, folder: folder,
    record=lambda sweep: sweep,
)
