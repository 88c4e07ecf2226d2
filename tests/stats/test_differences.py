"""Paired differences: exact where they must be, and intervals with their nominal coverage."""

import numpy as np
import pandas as pd
import pytest

from salesim.stats import intervals
from salesim.stats.differences import differences, word


@pytest.fixture(autouse=True)
def fewer_resamples(monkeypatch):
    monkeypatch.setattr(intervals, "RESAMPLES", 1000)


def table(values: dict[str, list[float]], measure: str = "profit", contest: str = "alone") -> pd.DataFrame:
    """Runs of one measure; one list of values per arm, by seed."""
    rows = [
        {"contest": contest, "arm": arm, "seed": seed, measure: value}
        for arm, column in values.items()
        for seed, value in enumerate(column)
    ]
    return pd.DataFrame(rows)


def test_identical_strategies_on_shared_seeds_have_a_difference_of_exactly_zero():
    rows = differences(table({"pitch": [1.0, 2.5, 9.0], "twin": [1.0, 2.5, 9.0]}), "pitch", ["profit"])
    twin = rows[rows["arm"] == "twin"].iloc[0]
    assert (twin["difference"], twin["low"], twin["high"], twin["verdict"]) == (0.0, 0.0, 0.0, "equal")


def test_a_difference_is_the_mean_over_seeds_of_arm_minus_baseline():
    rows = differences(table({"pitch": [1.0, 2.0, 3.0, 4.0], "other": [3.0, 3.0, 5.0, 9.0]}), "pitch", ["profit"])
    other = rows[rows["arm"] == "other"].iloc[0]
    assert other["difference"] == 2.5
    assert other["mean_arm"] == 5.0
    assert other["mean_baseline"] == 2.5
    assert other["low"] < 2.5 < other["high"]


def test_pairing_is_by_seed_not_by_row():
    runs = table({"pitch": [1.0, 2.0, 3.0, 4.0, 5.0], "other": [2.0, 3.0, 4.0, 5.0, 6.0]})
    mixed = runs.sample(frac=1.0, random_state=3)
    other = differences(mixed, "pitch", ["profit"]).query("arm == 'other'").iloc[0]
    assert (other["low"], other["high"], other["verdict"]) == (1.0, 1.0, "higher")


def test_the_table_reports_what_pairing_gains():
    rng = np.random.default_rng(5)
    shared, noise = rng.normal(size=400), 0.1 * rng.normal(size=(2, 400))
    runs = table({"pitch": list(shared + noise[0]), "other": list(shared + noise[1])})
    other = differences(runs, "pitch", ["profit"]).query("arm == 'other'").iloc[0]
    assert other["correlation"] == pytest.approx(1 / 1.01, abs=0.01)
    assert other["variance_ratio"] == pytest.approx(2.02 / 0.02, rel=0.2)


def test_a_missing_value_drops_its_pair_alone():
    runs = table({"pitch": [1.0, 2.0, np.nan, 4.0, 1.0, 0.0], "other": [2.0, 3.5, 9.0, np.nan, 2.2, 1.1]})
    other = differences(runs, "pitch", ["profit"]).query("arm == 'other'").iloc[0]
    assert other["n"] == 4
    assert other["difference"] == pytest.approx((1.0 + 1.5 + 1.2 + 1.1) / 4)


def test_a_measure_without_values_has_nothing_to_compare():
    runs = table({"pitch": [np.nan, np.nan], "other": [1.0, 2.0]})
    assert differences(runs, "pitch", ["profit"])["verdict"].tolist() == ["baseline", "nothing to compare"]


def test_a_baseline_whose_runs_all_failed_leaves_nothing_to_compare():
    rows = differences(table({"other": [1.0, 2.0, 3.0]}), "pitch", ["profit"])
    assert rows.query("arm == 'other'")["verdict"].item() == "nothing to compare"


def test_one_seed_has_no_interval():
    runs = table({"pitch": [1.0], "other": [2.0]})
    other = differences(runs, "pitch", ["profit"]).query("arm == 'other'").iloc[0]
    assert np.isnan(other["low"])
    assert other["verdict"] == "nothing to compare"


def test_each_contest_is_a_separate_family():
    runs = pd.concat([table({"a": [1.0, 2.0], "b": [2.0, 2.0]}, contest=name) for name in ("everyone", "alone")])
    assert differences(runs, "a", ["profit"])["contest"].tolist() == ["everyone", "everyone", "alone", "alone"]


@pytest.mark.parametrize(
    ("ends", "expected"),
    [((2, 1, 3), "higher"), ((-2, -3, -1), "lower"), ((1, -1, 3), "cannot tell"), ((0, 0, 0), "equal"), ((1, 1, 1), "higher")],
)
def test_a_verdict_follows_from_the_interval(ends, expected):
    assert word(*map(float, ends)) == expected
