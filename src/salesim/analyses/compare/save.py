"""What a comparison leaves beside the tables of its confirmation seeds: statements, interim analyses, selection, record."""

import json
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from salesim.analyses.compare.rows import Row
from salesim.analyses.compare.spec import ArmName, Comparison
from salesim.runs.save_study import write_table
from salesim.runs.store import write_whole


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


def save(comparison: Comparison, outcome: Outcome, folder: Path) -> None:
    """Write the tables, and the record of what was declared and played."""
    selection = [{**row, "candidates": ", ".join(row["candidates"])} for row in outcome.selection]
    write_table(folder, "statements", pd.DataFrame(outcome.statements))
    write_table(folder, "interim_analyses", pd.DataFrame(outcome.interim_analyses))
    write_table(folder, "selection", pd.DataFrame(selection))
    record = comparison.record() | played(outcome)
    write_whole(folder / "compare.json", json.dumps(record, indent=2).encode())
    if outcome.failed:
        write_whole(folder / "failed.json", json.dumps(outcome.failed, indent=2).encode())


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
