"""What a comparison leaves beside the tables of its confirmation seeds: statements, interim analyses, selection, record."""

from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from salesim.analyses.compare.rows import Row
from salesim.analyses.compare.spec import ArmName, Comparison
from salesim.runs.files import write_json
from salesim.runs.folder import open_folder
from salesim.runs.run_study import run_study
from salesim.runs.tables import write_table


class Outcome(NamedTuple):
    """Rows of the tables of a comparison, and what was played.

    `pairs` are those of each arm in the interim analyses; `stopped` is why no more were played, `limit` the most runs that the
    budget allows; `runs` are all runs, the `confirmation_runs` among them.
    """

    statements: list[Row]
    interim_analyses: list[Row]
    selection: list[Row]
    pairs: dict[ArmName, int]
    stopped: str
    limit: int | None
    confirmation_runs: int
    runs: int
    failed: dict[str, str]


def save(comparison: Comparison, outcome: Outcome) -> Path:
    """Write all tables, and the record of what was declared and played; returns the study's folder.

    The tables and records of runs are those of the confirmation seeds, as a study of that many seeds leaves them.
    """
    study, seeds = comparison.study, comparison.confirmation_seeds
    first, records = comparison.first_confirmation_seed, min(study.records, seeds)
    folder = run_study(replace(study, seeds=seeds, first_seed=first, records=records))
    selection = [{**row, "candidates": ", ".join(row["candidates"])} for row in outcome.selection]
    tables = {"statements": outcome.statements, "interim_analyses": outcome.interim_analyses, "selection": selection}
    with open_folder(folder):
        for name, rows in tables.items():
            write_table(folder, name, pd.DataFrame(rows))
        write_json(folder / "compare.json", comparison.record() | played(outcome))
        if outcome.failed:
            write_json(folder / "failed.json", outcome.failed)
    return folder


def played(outcome: Outcome) -> dict[str, Any]:
    """What was played, as plain values; `open` counts the verdicts that are not settled."""
    return {
        "pairs": {f"{contest}/{arm}": pairs for (contest, arm), pairs in outcome.pairs.items()},
        "stopped": outcome.stopped,
        "open": sum(not row["settled_after"] for row in outcome.statements),
        "limit": outcome.limit,
        "runs": outcome.runs,
        "confirmation_runs": outcome.confirmation_runs,
        "failed": len(outcome.failed),
    }
