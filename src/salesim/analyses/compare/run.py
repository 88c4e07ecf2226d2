"""Plays a comparison: interim analyses until all is settled, then the confirmation seeds."""

from salesim.analyses.compare.cost import estimate, keep_limit, runs_of
from salesim.analyses.compare.interim_analyses import InterimAnalyses, Listener
from salesim.analyses.compare.rows import Confirmation
from salesim.analyses.compare.sample_source import SampleSource
from salesim.analyses.compare.save import Outcome
from salesim.analyses.compare.spec import Comparison
from salesim.runs.folder import open_folder


def run(comparison: Comparison, listener: Listener) -> Outcome:
    """Play until every verdict is settled or the budget is used up; returns the rows of all tables.

    The same comparison gives the same rows, whatever the number of workers and however often it was interrupted. Raises
    InputError before any run if the folder cannot be written to.
    """
    limit = estimate(comparison).counts["limit"] if comparison.budget else None
    with open_folder(comparison.study.own_folder) as opened:
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
    columns = [column for column in analyses.columns if column.against == comparison.study.baseline]
    return Outcome(
        statements=[with_all.statement(column) for column in columns],
        interim_analyses=analyses.rows,
        selection=[with_all.selection(row) for row in analyses.selections],
        pairs=source.pairs,
        stopped=analyses.stopped,
        limit=limit,
        confirmation_runs=runs,
        runs=runs_of(comparison, source.pairs) + runs,
        failed=source.failed | confirmation.failed,
    )
