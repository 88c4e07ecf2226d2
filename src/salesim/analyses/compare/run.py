"""Runs a comparison: interim analyses until all is settled, then the confirmation seeds."""

from dataclasses import replace
from pathlib import Path

import pandas as pd

from salesim.analyses.compare.cost import estimate, keep_limit, runs_of
from salesim.analyses.compare.interim_analyses import InterimAnalyses, Listener
from salesim.analyses.compare.rows import Confirmation
from salesim.analyses.compare.sample_source import SampleSource
from salesim.analyses.compare.spec import Comparison, parse
from salesim.analyses.protocol import Analysis
from salesim.analyses.records import Result, save_analysis
from salesim.report.console.compare import Progress, print_comparison, print_question
from salesim.report.text.compare import plan
from salesim.runs.files import write_json
from salesim.runs.folder import open_folder
from salesim.runs.run_study import run_study


def run(comparison: Comparison, listener: Listener) -> Result:
    """Run until every verdict is settled or the budget is used up; returns all tables, and what was run.

    The same comparison gives the same rows, whatever the number of workers and however often it was interrupted. Raises
    InputError before any run if the folder cannot be written to.
    """
    limit = estimate(comparison).counts["limit"] if comparison.budget else None
    with open_folder(comparison.study.own_folder, {"kind": "run"}, runs=comparison.study.runs_folder("whole")) as opened:
        keep_limit(comparison, limit)
        source = SampleSource(comparison, opened.store, comparison.study.first_seed, listener)
        analyses = InterimAnalyses(source, limit, listener)
        analyses.play()
        confirmation = SampleSource(comparison, opened.store, comparison.first_confirmation_seed, listener)
        listener.begin("confirmation")
        confirmation.play(dict.fromkeys(comparison.keys, comparison.confirmation_seeds))
    runs = runs_of(comparison, confirmation.pairs)
    listener.confirmed(comparison.confirmation_seeds, runs)
    with_all = Confirmation(source, confirmation, analyses.estimates)
    statements = [with_all.statement(column) for column in analyses.columns if column.against == comparison.study.baseline]
    selection = [{**row, "candidates": ", ".join(row["candidates"])} for row in map(with_all.selection, analyses.selections)]
    failed = source.failed | confirmation.failed
    facts = {
        "pairs": {f"{contest}/{arm}": pairs for (contest, arm), pairs in source.pairs.items()},
        "stopped": analyses.stopped,
        "open": sum(not row["settled_after"] for row in statements),
        "limit": limit,
        "runs": runs_of(comparison, source.pairs) + runs,
        "confirmation_runs": runs,
        "failed": len(failed),
    }
    rows = {"statements": statements, "interim_analyses": analyses.rows, "selection": selection}
    return Result({name: pd.DataFrame(table) for name, table in rows.items()}, facts, failed)


def save(comparison: Comparison, result: Result) -> Path:
    """Write all tables, and the record of what was declared and run; returns the study's folder.

    The tables and records of runs are those of the confirmation seeds, as a study of that many seeds leaves them.
    """
    study, seeds = comparison.study, comparison.confirmation_seeds
    first, records = comparison.first_confirmation_seed, min(study.records, seeds)
    folder = run_study(replace(study, seeds=seeds, first_seed=first, seed_list=(), records=records))
    if result.failures:
        write_json(folder / "failed.json", result.failures)
    return save_analysis(comparison, result)


ANALYSIS = Analysis(
    parse=parse,
    cost=estimate,
    run=run,
    save=save,
    record=Comparison.record,
    print_question=print_question,
    plan=plan,
    print_answer=print_comparison,
    progress=Progress,
)
