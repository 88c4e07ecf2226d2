"""What an exploration leaves: tables as Parquet and CSV, and its record."""

from pathlib import Path
from typing import Any

from salesim.analyses.explore.spec import Exploration
from salesim.analyses.explore.tables import axis_row
from salesim.analyses.records import Result, record_of_study, save_result
from salesim.metrics import METRICS


def record_of(spec: Exploration) -> dict[str, Any]:
    """What is asked, as plain values."""
    metric = METRICS[spec.measure]
    return record_of_study(spec.study, spec.study.arms) | {
        "measure": spec.measure,
        "title": metric.title,
        "unit": metric.unit,
        "better": metric.better,
        "tipping": spec.tipping,
        "axes": [axis_row(axis, spec) for axis in spec.axes],
        "base_points": spec.points,
        "seeds": spec.tipping_seeds if spec.tipping else spec.seeds,
        "most_seeds": spec.most_seeds,
        "first_seed": spec.study.first_seed,
        "varied": sorted({path for each in spec.arms for paths in each.paths for path in paths}),
    }


def save(spec: Exploration, result: Result) -> Path:
    """Write tables and `explore.json` of a design, or `tipping.json` of crossings; returns the study's folder."""
    name = "tipping.json" if spec.tipping else "explore.json"
    return save_result(spec.study, spec.folder / name, record_of(spec), result)
