"""Money over time against the baseline: cumulated month by month, year by year, and when it is ahead."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from salesim.config.answer import PROFIT
from salesim.config.study import Study
from salesim.metrics.months import MONTHS, YEAR_MONTHS
from salesim.metrics.sums import YEAR_WEEKS
from salesim.runs.tables import write_table
from salesim.stats.intervals import Numbers
from salesim.stats.payback import Critical, critical_of, cumulated, curve_of, discount_factors, payback_of

MONEY_TABLES = ("cumulated", "profit_by_year", "payback")
Row = dict[str, Any]
Arms = Mapping[str, "Months"]


class Months:
    """The months of an arm: seeds, weeks of each month, and each of MONTHS as seeds x months."""

    def __init__(self, rows: pd.DataFrame) -> None:
        wide = {name: rows.pivot_table(index="seed", columns="month", values=name, sort=True) for name in MONTHS}
        self.seeds = wide[PROFIT].index
        self.weeks = rows.groupby("month", sort=True)["weeks"].first().to_numpy(float)
        self.tables = wide

    def of(self, name: str, seeds: pd.Index) -> Numbers:
        """One of MONTHS for these seeds, NaN for those without a run."""
        values: Numbers = self.tables[name].reindex(seeds).to_numpy(float)
        return values


def write_money(folder: Path, study: Study) -> None:
    """Write the MONEY_TABLES of a study, from its months and from the differences of its operating profit."""
    months, differences = pd.read_parquet(folder / "months.parquet"), pd.read_parquet(folder / "differences.parquet")
    if study.worlds:  # the mean over the seeds of a world is one case, as in the table of differences
        months = months.drop(columns="seed").rename(columns={"world": "seed"})
        months = months.groupby(["contest", "arm", "seed", "month"], sort=False, as_index=False, observed=True).mean()
    profit = differences[differences["measure"] == PROFIT].set_index(["contest", "arm"])
    rows: dict[str, list[Row]] = {name: [] for name in MONEY_TABLES}
    for contest, part in months.groupby("contest", sort=False):
        arms = {str(arm): Months(mine) for arm, mine in part.groupby("arm", sort=False)}
        for arm in arms if study.baseline in arms else ():
            key = {"contest": contest, "arm": arm}
            for name, row in rows_of(arms, arm, study, profit.loc[(contest, arm)]):
                rows[name].append(key | row)
    for name, table in rows.items():
        write_table(folder, name, pd.DataFrame(table, columns=None if table else ["contest", "arm"]))


def rows_of(arms: Arms, arm: str, study: Study, whole: pd.Series) -> Iterator[tuple[str, Row]]:
    """The rows of an arm, with the table that each belongs to; `whole` is its row of the table of differences."""
    mine, seeds = arms[arm], arms[study.baseline].seeds.union(arms[arm].seeds)
    profit = mine.of(PROFIT, seeds)
    apart = profit - arms[study.baseline].of(PROFIT, seeds)
    paired = apart[~np.isnan(apart).any(axis=1)]
    years, weeks = YEAR_WEEKS / mine.weeks.sum(), np.cumsum(mine.weeks)
    critical = critical_of(paired.sum(axis=1) * years, float(whole["low"]), float(whole["high"]))
    sums = cumulated(paired)
    curve, level = curve_of(sums, critical), np.nanmean(cumulated(profit), axis=0)
    for month, (profit_k, *ends) in enumerate(zip(level, *curve, strict=True)):
        yield "cumulated", {"month": month, "profit_k": profit_k} | named(ends)
    yield from by_year(mine, seeds, paired, critical)
    if arm != study.baseline:
        factors = discount_factors(weeks, study.discount_rate)
        present = curve_of((paired * factors).sum(axis=1)[:, None], critical)
        total = {f"total_{end}": values[-1] for end, values in zip(("k", "low", "high"), curve, strict=True)}
        value = {f"present_value_{end}": values[0] for end, values in zip(("k", "low", "high"), present, strict=True)}
        more = {"months": len(mine.weeks), "discount_rate": study.discount_rate, "n": len(paired)}
        yield "payback", payback_of(sums, curve)._asdict() | total | value | more


def by_year(mine: Months, seeds: pd.Index, paired: Numbers, critical: Critical) -> Iterator[tuple[str, Row]]:
    """Each whole year: means of the arm, and its profit less the baseline's."""
    years = int(mine.weeks.sum()) // YEAR_WEEKS
    apart = curve_of(yearly(paired, years).sum(axis=2), critical)
    values = {name: yearly(mine.of(name, seeds), years) for name in MONTHS}
    for year in range(years):
        sums = {name: float(np.nanmean(months[:, year].sum(axis=1))) for name, months in values.items() if name != "open_deals"}
        pipeline = float(np.nanmean(values["open_deals"][:, year, -1]))
        yield "profit_by_year", {"year": year, **sums, "open_deals": pipeline} | named([end[year] for end in apart])


def yearly(months: Numbers, years: int) -> Numbers:
    """Seeds x months as seeds x whole years x months of a year."""
    return months[:, : years * YEAR_MONTHS].reshape(len(months), years, YEAR_MONTHS)


def named(ends: list[float]) -> Row:
    """A difference with the ends of its interval."""
    return dict(zip(("difference", "low", "high"), map(float, ends), strict=True))
