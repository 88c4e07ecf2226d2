"""The whole procedure: interim analyses, confirmation seeds, and the folder that both leave."""

from dataclasses import replace
from pathlib import Path

from salesim.analyses.compare.cost import Cost, runs_of
from salesim.analyses.compare.interim_analyses import InterimAnalyses, Listener
from salesim.analyses.compare.rows import Confirmation
from salesim.analyses.compare.sample_source import SampleSource
from salesim.analyses.compare.save import Outcome, save
from salesim.analyses.compare.spec import Comparison
from salesim.runs.run_study import run_study
from salesim.runs.store import RunStore, opened


def run(comparison: Comparison, cost: Cost, listener: Listener) -> Path:
    """Play until every verdict is settled or the limit is reached, and save tables and record; returns the study's folder.

    The same comparison gives the same tables, whatever the number of workers and however often it was interrupted. Tables
    and records of runs are those of the confirmation seeds. Raises InputError as `run_study` does.
    """
    folder = comparison.study.own_folder
    with opened(folder):
        store = RunStore(folder / "runs")
        source = SampleSource(comparison, store, comparison.study.first_seed, listener.tell)
        analyses = InterimAnalyses(source, cost, listener)
        analyses.play()
        outcome = confirmed(comparison, analyses, store, listener)
    seeds = comparison.confirmation_seeds
    study = replace(
        comparison.study,
        seeds=seeds,
        first_seed=comparison.first_confirmation_seed,
        records=min(comparison.study.records, seeds),
    )
    run_study(study)
    with opened(folder):
        save(comparison, outcome, folder)
    return folder


def confirmed(comparison: Comparison, analyses: InterimAnalyses, store: RunStore, listener: Listener) -> Outcome:
    """Plays the confirmation seeds of every arm, and makes the rows of all tables."""
    confirmation = SampleSource(comparison, store, comparison.first_confirmation_seed, listener.tell)
    listener.begin("confirmation")
    confirmation.play(dict.fromkeys(comparison.keys, comparison.confirmation_seeds))
    confirmation_runs = runs_of(comparison, confirmation.pairs)
    listener.confirmed(comparison.confirmation_seeds, confirmation_runs)
    source, with_all = analyses.source, Confirmation(analyses.source, confirmation, analyses.estimates)
    columns = [column for column in analyses.columns if column.against == comparison.study.baseline]
    return Outcome(
        statements=[with_all.statement(column) for column in columns],
        interim_analyses=analyses.rows,
        selection=[with_all.selection(row) for row in analyses.selections],
        pairs=source.pairs,
        stopped=analyses.stopped,
        limit=analyses.cost.limit,
        confirmation_runs=confirmation_runs,
        runs=runs_of(comparison, source.pairs) + confirmation_runs,
        failed=source.failed | confirmation.failed,
    )
