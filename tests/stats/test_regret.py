"""Regret by hand."""

import numpy as np
import pandas as pd
import pytest

from salesim.stats.intervals import student
from salesim.stats.regret import largest_regret_high, regrets, summary

MEANS = pd.DataFrame({"pitch": [3.0, 0.0, 1.0], "other": [1.0, 4.0, np.nan]}, index=[10, 20, 30])


def test_regret_is_the_distance_to_the_best_arm_of_the_same_point():
    assert regrets(MEANS).loc[10].tolist() == [0.0, 2.0]
    assert regrets(MEANS).loc[20].tolist() == [4.0, 0.0]


def test_the_worst_point_of_each_arm_names_the_best_arm_there():
    worst = summary(MEANS)[["arm", "worst_point", "behind"]]
    assert worst.to_numpy().tolist() == [["pitch", 20, "other"], ["other", 10, "pitch"]]


def test_the_table_leaves_out_points_at_which_an_arm_was_not_measured():
    table = summary(MEANS).set_index("arm")
    assert table["best_share"].tolist() == [0.5, 0.5]
    assert table["mean_regret"].tolist() == pytest.approx([2.0, 1.0])
    assert summary(MEANS.iloc[2:])["worst_point"].tolist() == [-1, -1]


def test_the_lower_and_upper_bounds_contain_the_maximum_regret():
    """The interval of the point that looked worst alone contains the largest regret of 64 points in two of three cases."""
    rng, held, alone = np.random.default_rng(2), 0, 0
    for _ in range(150):
        truth = {"a": rng.normal(size=64), "b": rng.normal(size=64)}
        values, more = ({name: mean[:, None] + 1.5 * rng.normal(size=(64, n)) for name, mean in truth.items()} for n in (5, 20))
        worst = summary(pd.DataFrame({name: mine.mean(axis=1) for name, mine in values.items()})).iloc[0]
        away = student((more[worst["behind"]] - more["a"])[worst["worst_point"]][:, None], 0.95)
        largest = float((truth["b"] - truth["a"]).max())
        held += float(away[1][0]) <= largest <= max(float(away[2][0]), largest_regret_high(values, "a", 0.95))
        alone += float(away[1][0]) <= largest <= float(away[2][0])
    assert held / 150 >= 0.93
    assert alone / 150 < 0.85
