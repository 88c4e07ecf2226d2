"""What an explanation leaves: tables as Parquet and CSV, and its record."""

from pathlib import Path
from typing import Any

from salesim.analyses.explain.spec import Explanation
from salesim.analyses.records import Result, record_of_study, save_result


def record_of(spec: Explanation) -> dict[str, Any]:
    """What is asked, as plain values."""
    return record_of_study(spec.study, (spec.against, spec.arm)) | {
        "contest": spec.contest,
        "arm": spec.arm.name,
        "against": spec.against.name,
        "seeds": list(spec.study.all_seeds),
        "spiral_seeds": spec.spiral_seeds,
        "feedbacks": list(spec.feedbacks),
        "orders": spec.orders,
        "shocks": spec.shocks,
        "varied": [],
    }


def save(spec: Explanation, result: Result) -> Path:
    """Write all tables and `explain.json`; returns the study's folder."""
    return save_result(spec.study, spec.folder / "explain.json", record_of(spec), result)
