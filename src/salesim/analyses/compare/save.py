"""What a comparison leaves beside the tables of its fresh seeds: statements, looks, pilot, selection, verdict, record."""

import json
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from salesim.analyses.compare.spec import ArmName, Plan
from salesim.metrics import METRICS
from salesim.report.text.compare import sentences
from salesim.runs.files import write_whole
from salesim.runs.tables import write_table

Rows = list[dict[str, Any]]


class Outcome(NamedTuple):
    """What a comparison found: rows of its tables, and what was played.

    `judged` are pairs of each arm, `scheduled` those of each look, `fresh` the fresh seeds of each arm, `fresh_runs` their
    runs, `runs` all runs, those on fresh seeds among them.
    """

    statements: Rows
    looks: Rows
    pilot: Rows
    selection: Rows
    judged: dict[ArmName, int]
    scheduled: list[int]
    fresh: int
    fresh_runs: int
    runs: int
    failed: dict[str, str]


def leave(plan: Plan, outcome: Outcome, folder: Path) -> None:
    """Write tables, the verdict in sentences, and the record of what was declared and played."""
    cells = [{**row, "alive": ", ".join(row["alive"])} for row in outcome.selection]
    for name, rows in (
        ("statements", outcome.statements), ("looks", outcome.looks), ("pilot", outcome.pilot), ("selection", cells)
    ):  # fmt: skip
        if rows:
            write_table(folder, name, pd.DataFrame(rows))
        else:  # a budget has no looks, but an earlier comparison may have left some
            for ending in ("parquet", "csv"):
                (folder / f"{name}.{ending}").unlink(missing_ok=True)
    record = record_of(plan, outcome)
    write_whole(folder / "compare.json", json.dumps(record, indent=2).encode())
    words = sentences(outcome.statements, outcome.selection, METRICS, record)
    write_whole(folder / "verdict.json", json.dumps({"sentences": words}, indent=2).encode())
    if outcome.failed:
        write_whole(folder / "failed.json", json.dumps(outcome.failed, indent=2).encode())


def record_of(plan: Plan, outcome: Outcome) -> dict[str, Any]:
    """What was declared before the first run, and what was played."""
    study = plan.study
    return {
        "command": study.command,
        "baseline": study.baseline,
        "contests": study.contests,
        "measures": list(plan.measures),
        "matters": dict(plan.matters),
        "confidence": study.confidence,
        "looks": outcome.scheduled,
        "budget": str(plan.budget) if plan.budget else None,
        "first_seed": study.first_seed,
        "first_fresh_seed": plan.first_fresh_seed,
        "fresh": outcome.fresh,
        "fresh_runs": outcome.fresh_runs,
        "judged": {f"{contest}/{arm}": pairs for (contest, arm), pairs in outcome.judged.items()},
        "runs": outcome.runs,
        "failed": len(outcome.failed),
    }
