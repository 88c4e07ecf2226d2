"""The ensemble of a fit: worlds that were run again, those that have all numbers, their tables, and the central market."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from salesim.analyses.fit.bank import evened, numbers_of
from salesim.analyses.fit.reach import WITHIN
from salesim.analyses.fit.spec import Fit
from salesim.metrics import METRICS
from salesim.stats.intervals import Numbers

LOW, HIGH = 0.05, 0.95  # quantiles of the 90 % ranges
UNKNOWN = 0.9  # of the prior's standard deviation, from which a setting is as unknown as before
FEWEST_KEPT = 0.1  # share of worlds that have all numbers, below which the numbers are taken to contradict each other
PRIOR_SD = 12**-0.5  # of a uniform distribution from 0 to 1


@dataclass(frozen=True)
class Ensemble:
    """Worlds at points of the unit cube (worlds x axes), and their numbers with each seed (worlds x seeds x targets).

    `relative` is how much the numbers of each world scatter over seeds, against all worlds (worlds x targets): four seeds do
    not tell, so that an emulator has to.
    """

    spec: Fit
    points: Numbers
    outputs: Numbers
    relative: Numbers

    @property
    def means(self) -> Numbers:
        """The numbers of each world, over its seeds (worlds x targets)."""
        return np.asarray(self.outputs.mean(axis=1))

    @property
    def seed_sd(self) -> Numbers:
        """Standard deviation of each number over seeds, in the mean over worlds."""
        return np.asarray(np.sqrt(np.nanmean(self.outputs.var(axis=1, ddof=1), axis=0)))

    @property
    def away(self) -> Numbers:
        """How far each world is from each target, in standard deviations of chance and of the target's error."""
        values, variance = numbers_of(self.spec)
        numbers = evened(self.spec, self.outputs)
        scale = np.sqrt(np.nanmean(numbers.var(axis=1, ddof=1), axis=0) * self.relative**2 + variance)
        return np.asarray(np.abs(numbers.mean(axis=1) - values) / np.where(scale > 0.0, scale, np.inf))

    @property
    def kept(self) -> npt.NDArray[np.bool_]:
        """The worlds that have all numbers, or none if so few have that it is chance that brought them there.

        NaN, which a run without deals gives, is not near to anything.
        """
        near = np.asarray((self.away <= WITHIN).all(axis=1))
        return np.asarray(near & (near.mean() >= FEWEST_KEPT))

    @property
    def central(self) -> int:
        """The kept world that is nearest to the middle of all kept ones."""
        rows = np.flatnonzero(self.kept)
        near = ((self.points[rows] - self.points[rows].mean(axis=0)) ** 2).sum(axis=1)
        return int(rows[near.argmin()])


def members_table(ensemble: Ensemble) -> pd.DataFrame:
    """A row for each world: its weight, whether it is kept, the value of each setting, and its mean numbers."""
    kept = ensemble.kept
    table = pd.DataFrame({"member": np.arange(len(kept)), "kept": kept, "weight": kept / max(1, kept.sum())})
    settings = dict(zip([axis.key for axis in ensemble.spec.axes], ensemble.spec.values(ensemble.points).T, strict=True))
    numbers = dict(zip([target.measure for target in ensemble.spec.targets], ensemble.means.T, strict=True))
    return table.assign(central=table["member"].eq(ensemble.central if kept.any() else -1), **settings, **numbers)


def settings_table(spec: Fit, points: Numbers) -> pd.DataFrame:
    """A row for each setting: its prior, 90 % range and mean of these worlds, and how much of the prior's spread is left."""
    if not len(points):
        points = np.full((1, len(spec.axes)), np.nan)
    rows = []
    for axis, mine, values in zip(spec.axes, points.T, spec.values(np.nan_to_num(points)).T, strict=True):
        left = float(mine.std() / PRIOR_SD)
        low, high = np.quantile(values, [LOW, HIGH]) if np.isfinite(left) else (np.nan, np.nan)
        posterior = {"mean": float(values.mean()) if np.isfinite(left) else np.nan, "range_low": low, "range_high": high}
        rows.append({**axis.row(), "log": axis.log, **posterior, "spread_left": left, "unknown": not left < UNKNOWN})
    return pd.DataFrame(rows).astype({"beta_b": float})


def targets_table(spec: Fit, ensemble: Ensemble | None) -> pd.DataFrame:
    """A row for each number: as given, as the kept worlds have it, and the share of all worlds that miss it."""
    rows = []
    for place, target in enumerate(spec.targets):
        metric = METRICS.get(target.measure)
        row = {**target._asdict(), "title": metric.title if metric else target.measure, "unit": metric.unit if metric else ""}
        known = {"mean": np.nan, "range_low": np.nan, "range_high": np.nan, "seed_sd": np.nan, "missed": np.nan}
        if ensemble is not None:
            mine = ensemble.means[ensemble.kept, place] if ensemble.kept.any() else ensemble.means[:, place]
            low, high = np.nanquantile(mine, [LOW, HIGH])
            missed = float(np.mean(~(ensemble.away[:, place] <= WITHIN)))
            known = {"mean": float(np.nanmean(mine)), "range_low": low, "range_high": high, "missed": missed}
            known["seed_sd"] = float(ensemble.seed_sd[place])
        rows.append(row | known)
    return pd.DataFrame(rows)


def scored_quarter(spec: Fit, targets: pd.DataFrame, members: pd.DataFrame) -> list[dict[str, Any]]:
    """Each number of the quarter that was held back, beside its prediction by the kept worlds, else by the weeks before."""
    known, rows = targets.set_index("measure"), []
    kept = members[members["kept"].astype(bool)]
    for held in spec.crm.held if spec.crm else ():
        target = known.loc[held.measure]
        by_worlds = (kept[held.measure].mean(), kept[held.measure].std()) if len(kept) > 1 else None
        predicted, error = by_worlds or (target["value"], target["standard_error"])
        apart = (held.value - predicted) / max(float(np.hypot(error, held.standard_error)), 1e-12)
        shown = {"title": target["title"], "unit": target["unit"]}
        rows.append(
            {**held._asdict(), **shown, "predicted": float(predicted), "predicted_error": float(error), "z": float(apart)}
        )
    return rows
