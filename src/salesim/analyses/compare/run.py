"""Runs a comparison: interim analyses until all is settled, then the confirmation seeds."""

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
from salesim.runs.world_tables import world_tables


def run(comparison: Comparison, listener: Listener) -> Result:
    """Run until every verdict is settled or the budget is used up; returns all tables, and what was run.

    The same comparison gives the same rows, whatever the number of workers and however often it was interrupted. Raises
    InputError before any run if the folder cannot be written to.
    """
    limit = estimate(comparison).counts["limit"] if comparison.budget else None
    with open_folder(comparison.study.own_folder, {"kind": "run"}, runs=comparison.study.runs_folder("whole")) as opened:
        keep_limit(comparison, limit)
        source = SampleSource(comparison, comparison.interim, opened.store, listener)
        analyses = InterimAnalyses(source, limit, listener)
        analyses.play()
        confirmation = SampleSource(comparison, comparison.confirmation, opened.store, listener)
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
    tables = {name: pd.DataFrame(table) for name, table in rows.items()}
    if worlds := comparison.study.worlds:
        runs_in_worlds = pd.DataFrame([*source.rows(), *confirmation.rows()])
        tables |= world_tables(runs_in_worlds, worlds, comparison.study.arms, comparison.study.baseline)
    return Result(tables, facts, failed)


def save(comparison: Comparison, result: Result) -> Path:
    """Write all tables, and the record of what was declared and run; returns the study's folder.

    The tables and records of runs are those of the confirmation seeds, as a study of that many seeds leaves them.
    """
    folder = run_study(comparison.confirmation)
    if result.failures:
        write_json(folder / "failed.json", result.failures)
    return save_analysis(comparison, result)


ANALYSIS = Analysis(
    parse=parse,
    cost=estimate,
    run=run,
    save=save,
    print_question=print_question,
    plan=plan,
    print_answer=print_comparison,
    progress=Progress,
)
