"""The pilot: what shared seeds gain, how spread and skewed the differences are, and how many pairs that will take."""

from collections.abc import Iterator, Sequence
from typing import Any

from salesim.analyses.compare.sample_source import Bench, Column
from salesim.stats.differences import variance_reduction
from salesim.stats.sequential import intervals, pairs_needed

Row = dict[str, Any]


def pilot_rows(bench: Bench, columns: Sequence[Column], pairs: int, level: float) -> Iterator[Row]:
    """A row a difference of the first `pairs` seeds; `pairs_needed` would settle it with intervals of this level.

    `correlation` is that of the two arms over seeds, `variance_ratio` says how many times fewer runs shared seeds need,
    `deviation` is the standard deviation of a difference, in the measure's unit.
    """
    found = intervals(bench.differences(columns, pairs), level)
    for place, (contest, measure, arm, against) in enumerate(columns):
        one, other = (bench.values((contest, name), measure, pairs) for name in (arm, against))
        correlation, ratio = variance_reduction(one, other)
        mean, deviation = float(found.mean[place]), float(found.deviation[place])
        yield {
            "contest": contest,
            "arm": arm,
            "measure": measure,
            "pairs": int(found.n[place]),
            "difference": mean,
            "deviation": deviation,
            "correlation": correlation,
            "variance_ratio": ratio,
            "skewness": float(found.skewness[place]),
            "pairs_needed": pairs_needed(mean, deviation, bench.plan.matters[measure], float(found.critical[place])),
        }
