"""What an explanation leaves: tables as Parquet and CSV, and its record."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from salesim.analyses.explain.deals import won_by_one
from salesim.analyses.explain.loop_gains import MeasuredLoop
from salesim.analyses.explain.run import ExplanationResult
from salesim.analyses.explain.spec import Explanation
from salesim.analyses.records import record_of_study, write_analysis

LARGEST = 8  # deals that one arm alone won, which the report shows
ESTIMATES = ("gain", "predicted", "measured", "apart")


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


def save(spec: Explanation, result: ExplanationResult) -> Path:
    """Write all tables and `explain.json`; returns the study's folder."""
    facts = {"runs": result.runs, "failed": result.failed, "fall": result.spiral.fall, "gap_k": result.deals.gap_k}
    tables = {
        "bridge": result.bridge,
        "classes": result.deals.classes,
        "causes": result.deals.causes,
        "deals": result.deals.deals,
        "won_by_one": won_by_one(result.deals.deals).head(LARGEST),
        "spiral": result.spiral.parts,
        "links": links_table(result.loops),
        "loops": loops_table(result.loops),
    }
    return write_analysis(spec.study, spec.folder / "explain.json", record_of(spec) | facts, tables)


def links_table(loops: list[MeasuredLoop]) -> pd.DataFrame:
    """A row a link: its gain with interval, and whether the shock surely moved its cause."""
    rows = [
        {"loop": each.loop.name, "link": link.name, "gain": gain.value, "low": gain.low, "high": gain.high, "moved": moved}
        for each in loops
        if each.gain
        for link, gain, moved in zip(each.loop.links, each.gain.links, each.gain.moved, strict=True)
    ]
    return pd.DataFrame(rows, columns=["loop", "link", "gain", "low", "high", "moved"])


def loops_table(loops: list[MeasuredLoop]) -> pd.DataFrame:
    """A row a loop: which of its feedbacks are off, its gain, the amplification that it predicts, and the one measured.

    Numbers are NaN where a feedback is off, or where too few runs could be measured.
    """
    rows = []
    for each in loops:
        row: dict[str, Any] = {"loop": each.loop.name, "off": ", ".join(each.off)}
        for name in ESTIMATES:
            ends = tuple(getattr(each.gain, name)) if each.gain else (float("nan"),) * 3
            row |= dict(zip((name, f"{name}_low", f"{name}_high"), ends, strict=True))
        margin, agreement = (each.gain.margin, each.gain.agreement) if each.gain else (np.nan, "")
        row |= {"margin": margin, "agreement": agreement}
        rows.append(row)
    return pd.DataFrame(rows)
