"""Break-even, trough and present value of a study, recomputed from its weekly records."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from salesim.cli import main

SEEDS, WEEKS, RATE = 6, 260, 0.1
ENDS = np.cumsum([4, 4, 5] * (WEEKS // 13))  # weeks after which months end


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("money")
    small = ("market.customers.count=150", "market.selling.salespeople=4", f"weeks={WEEKS}", "workers=1")
    words = (f"seeds={SEEDS}", f"records={SEEDS}", f"discount_rate={RATE}", f"folder={place}")
    assert main(["run", "experiment=motive_diagnostic", *small, *words]) == 0
    return place / "motive_diagnostic"


def weekly(folder: Path, arm: str, column: str = "operating_profit_k") -> np.ndarray:
    """Our vendor's weeks as they were recorded, seeds x weeks."""
    files = [folder / "records" / f"alone-{arm}-{seed}" / "weeks.parquet" for seed in range(1, SEEDS + 1)]
    return np.array([pd.read_parquet(file).query("vendor == 0")[column].to_numpy(float) for file in files])


def table(folder: Path, name: str, arm: str) -> pd.DataFrame:
    frame = pd.read_parquet(folder / f"{name}.parquet")
    return frame[frame["arm"] == arm]


@pytest.mark.parametrize("arm", ["diagnosis", "subscription", "both"])
def test_break_even_trough_and_present_value_are_those_of_the_weekly_records(folder, arm):
    apart = weekly(folder, arm) - weekly(folder, "pitch")
    at_month_ends = np.cumsum(apart, axis=1)[:, ENDS - 1]
    mean = at_month_ends.mean(axis=0)
    behind = [month for month, value in enumerate(mean) if value <= 0.0]
    row = table(folder, "payback", arm).iloc[0]
    assert row["ahead_month"] == (behind[-1] + 1 if behind[-1] + 1 < len(mean) else np.inf)
    assert row["trough_k"] == pytest.approx(min(mean.min(), 0.0))
    assert row["trough_month"] == mean.argmin()
    assert row["total_k"] == pytest.approx(apart.sum(axis=1).mean())
    assert row["share_ahead"] == np.mean(at_month_ends[:, -1] > 0.0)
    flows = np.diff(at_month_ends, axis=1, prepend=0.0)
    assert row["present_value_k"] == pytest.approx((flows / (1.0 + RATE) ** (ENDS / 52.0)).sum(axis=1).mean())


def test_the_sum_of_the_run_has_the_interval_of_the_yearly_profit(folder):
    years = WEEKS / 52
    for arm in ("diagnosis", "subscription", "both"):
        profit = table(folder, "differences", arm).set_index("measure").loc["operating_profit_k"]
        row, last = table(folder, "payback", arm).iloc[0], table(folder, "cumulated", arm).iloc[-1]
        ends = [years * profit[end] for end in ("difference", "low", "high")]
        assert [row["total_k"], row["total_low"], row["total_high"]] == pytest.approx(ends)
        assert [last["difference"], last["low"], last["high"]] == pytest.approx(ends)


def test_years_are_those_of_the_table_of_years_and_of_the_weekly_records(folder):
    for arm in ("pitch", "both"):
        rows = table(folder, "profit_by_year", arm).set_index("year")
        years = table(folder, "years", arm).query("vendor == 0").groupby("year")[["operating_profit_k", "revenue_k"]].mean()
        pd.testing.assert_frame_equal(rows[["operating_profit_k", "revenue_k"]], years, check_names=False)
        won, pipeline = weekly(folder, arm, "won"), weekly(folder, arm, "open_deals")
        assert rows["deals_won"].tolist() == pytest.approx(won.reshape(SEEDS, -1, 52).sum(axis=2).mean(axis=0).tolist())
        assert rows["open_deals"].tolist() == pytest.approx(pipeline[:, 51::52].mean(axis=0).tolist())


def test_arms_are_one_until_they_change(folder):
    months = table(folder, "cumulated", "both").set_index("month")
    assert (months.loc[:23, ["difference", "low", "high"]] == 0.0).all(axis=None)
    assert months.loc[24:, "difference"].ne(0.0).all()
