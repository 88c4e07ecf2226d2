"""The table of paired differences from a baseline, by shared seed, with the family of intervals that every table uses.

All intervals of two arms come from one call of `simultaneous` for all measures. With k arms in a contest, or at a point of a
sweep, a pair gets alpha / (k - 1) (`pair_confidence`). The differences of all arms from a baseline therefore hold
simultaneously, and so do those of the true best arm from all others, which is enough to name the best (Hsu 1996). The interval
of a pair does not depend on the values of other arms.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from salesim.stats.intervals import Numbers, bonferroni, simultaneous
from salesim.stats.sequential import verdict

COLUMNS = (
    "contest", "arm", "against", "measure", "mean_arm", "mean_baseline", "difference", "low", "high", "verdict", "n",
    "may_differ", "correlation", "variance_ratio",
)  # fmt: skip


def pair_confidence(confidence: float, arms: int) -> float:
    """Confidence for each pair of arms at which the intervals of one arm and all others hold simultaneously."""
    return bonferroni(confidence, arms - 1)


def differences(runs: pd.DataFrame, baseline: str, measures: Sequence[str], confidence: float = 0.95) -> pd.DataFrame:
    """Every arm against the baseline, one row per contest, arm and measure; the baseline's own rows have difference 0.

    `runs` has the columns contest, arm, seed and the measures. Intervals are simultaneous over all arms and measures of
    a contest. `correlation` of the two arms over seeds and `variance_ratio` (see `variance_reduction`) measure the
    gain of pairing; `may_differ` is that of `Intervals`.
    """
    rows: list[dict[str, object]] = []
    for contest, part in runs.groupby("contest", sort=False):
        wide = by_arm(part, measures)
        if baseline not in wide:  # all of its runs failed
            wide = {baseline: pd.DataFrame(np.nan, index=part["seed"].unique(), columns=list(measures)), **wide}
        rows += _contest(str(contest), wide, baseline, measures, pair_confidence(confidence, len(wide)))
    return pd.DataFrame(rows)


def contrasts(
    runs: pd.DataFrame, pairs: Sequence[tuple[str, str]], measures: Sequence[str], confidence: float = 0.95
) -> pd.DataFrame:
    """The same for pairs of arms: a row per contest, pair and measure, with the intervals that `differences` would have."""
    rows: list[dict[str, object]] = []
    for contest, part in runs.groupby("contest", sort=False):
        wide = by_arm(part, measures)
        for arm, against in pairs:
            if arm in wide and against in wide:
                rows += _pair(str(contest), wide, arm, against, measures, pair_confidence(confidence, len(wide)))
    return pd.DataFrame(rows, columns=None if rows else list(COLUMNS)).rename(columns={"mean_baseline": "mean_against"})


def by_arm(runs: pd.DataFrame, measures: Sequence[str]) -> dict[str, pd.DataFrame]:
    """Measures of each arm of a contest by seed, seeds in order; NaN where an arm lacks one.

    If the seeds belong to worlds, a row is the mean over the seeds of a world, NaN where one of them lacks the measure:
    seeds of one world are no independent sample of the worlds.
    """
    seeds = np.sort(runs["seed"].unique())
    groups = runs.groupby("arm", sort=False)
    wide = {str(arm): rows.set_index("seed")[list(measures)].astype(float).reindex(seeds) for arm, rows in groups}
    if "world" not in runs:
        return wide
    worlds = runs.drop_duplicates("seed").set_index("seed")["world"].reindex(seeds)
    return {arm: rows.groupby(worlds).agg(lambda column: column.mean(skipna=False)) for arm, rows in wide.items()}


def _contest(
    contest: str, wide: Mapping[str, pd.DataFrame], baseline: str, measures: Sequence[str], confidence: float
) -> list[dict[str, object]]:
    arms = (baseline, *(arm for arm in wide if arm != baseline))
    rows = [row for arm in arms for row in _pair(contest, wide, arm, baseline, measures, confidence)]
    for row in rows[: len(measures)]:
        row |= {"difference": 0.0, "low": 0.0, "high": 0.0, "verdict": "baseline", "may_differ": 1.0}
    return [{name: value for name, value in row.items() if name != "against"} for row in rows]


def _pair(
    contest: str, wide: Mapping[str, pd.DataFrame], arm: str, against: str, measures: Sequence[str], confidence: float
) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    intervals = simultaneous((wide[arm] - wide[against]).to_numpy(float), confidence)
    ends = np.stack([intervals.mean, intervals.low, intervals.high], axis=1).tolist()
    for measure, (difference, low, high), may_differ in zip(measures, ends, intervals.may_differ.tolist(), strict=True):
        values, base = wide[arm][measure], wide[against][measure]
        correlation, ratio = variance_reduction(values.to_numpy(), base.to_numpy())
        means, n = (float(values.mean()), float(base.mean())), int((values.notna() & base.notna()).sum())
        row = (contest, arm, against, measure, *means, difference, low, high, word(difference, low, high), n)
        rows.append(dict(zip(COLUMNS, (*row, may_differ, correlation, ratio), strict=True)))
    return rows


def judged(table: pd.DataFrame, margins: Mapping[str, float]) -> pd.DataFrame:
    """A table of differences with verdicts that know the equivalence margins of its measures."""
    rows = table[["measure", "difference", "low", "high", "verdict"]].itertuples(index=False)
    verdicts = [
        "baseline" if row.verdict == "baseline" else word(row.difference, row.low, row.high, margins.get(row.measure, 0.0))
        for row in rows
    ]
    return table.assign(verdict=verdicts)


def word(difference: float, low: float, high: float, margin: float = 0.0) -> str:
    """The verdict: "higher", "lower", "equal", "equivalent", "cannot tell", or "nothing to compare".

    A difference whose interval lies within the equivalence margin is equivalent, whether or not it contains zero.
    """
    plain = verdict(low, high, 0.0) if np.isfinite([difference, low]).all() else "nothing to compare"
    return "equivalent" if plain != "equal" and -margin < low and high < margin else plain


def variance_reduction(one: Numbers, other: Numbers) -> tuple[float, float]:
    """What shared seeds gain for two arms: their correlation, and (var(one) + var(other)) / var(one - other).

    Seeds with a NaN are left out; NaN where there are too few, or nothing varies.
    """
    both = np.column_stack([one, other])
    both = both[np.isfinite(both).all(axis=1), :]
    if len(both) < 2:
        return np.nan, np.nan
    first, second, paired = (float(each.var()) for each in (both[:, 0], both[:, 1], both[:, 0] - both[:, 1]))
    defined = len(both) > 2 and min(first, second) > 0
    return float(np.asarray(np.corrcoef(both.T))[0, 1]) if defined else np.nan, (first + second) / paired if paired else np.nan
