"""Arrays as short texts that a page can read: whole numbers of one or two bytes, in base64."""

import base64
from collections.abc import Sequence
from typing import Any

import numpy as np

from salesim.classroom.handout.measured import Measured
from salesim.stats.intervals import Numbers

Block = dict[str, Any]
DIGEST_BYTES = 4  # of a scenario's key


def packed(values: Numbers, n_bytes: int, rounding: Any = np.rint, ends: tuple[float, float] | None = None) -> Block:
    """Finite values in steps of the distance between `ends` (else the least and the largest) over 255 or 65,535.

    `sum` is that of the whole numbers, with which a page can check that it reads what was written.
    """
    low, high = ends or (float(values.min()), float(values.max()))
    step = (high - low) / (256**n_bytes - 1) or 1.0
    places = np.clip(rounding((values - low) / step), 0, 256**n_bytes - 1).astype(f"<u{n_bytes}")
    text = base64.b64encode(places.tobytes()).decode()
    return {"shape": values.shape, "bytes": n_bytes, "low": low, "step": step, "sum": int(places.sum()), "text": text}


def band(values: Numbers) -> dict[str, Block]:
    """Mean, least and largest over the seeds (the second axis); rounding never makes the band narrower."""
    mean, low, high = (over(values, axis=1) for over in (np.nanmean, np.nanmin, np.nanmax))
    ends = (float(low.min()), float(high.max()))
    return {
        "mean": packed(mean, 2, ends=ends),
        "low": packed(low, 1, np.floor, ends),
        "high": packed(high, 1, np.ceil, ends),
    }


def blocks(results: Measured) -> dict[str, Any]:
    """All arrays of a page, by kind."""
    return {
        "loops": {**band(results.loops_margin), "late": packed(results.loops_late, 2)},
        "levers": {**band(results.levers_margin), "profit": packed(results.levers_profit, 2)},
        "paths": {
            **band(results.paths_margin),
            "profit": packed(results.paths_profit.mean(axis=2), 2),
            "yearly": packed(results.paths_profit.mean(axis=1), 2),
        },
    }


def digests(keys: Sequence[str]) -> str:
    """The first eight hexadecimal digits of each key, as bytes in base64."""
    return base64.b64encode(b"".join(bytes.fromhex(key)[:DIGEST_BYTES] for key in keys)).decode()
