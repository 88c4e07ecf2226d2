"""Regret by hand."""

import numpy as np
import pandas as pd
import pytest

from salesim.stats.regret import regrets, summary, worst_points

MEANS = pd.DataFrame({"pitch": [3.0, 0.0, 1.0], "other": [1.0, 4.0, np.nan]}, index=[10, 20, 30])


def test_regret_is_the_distance_to_the_best_arm_of_the_same_point():
    assert regrets(MEANS).loc[10].tolist() == [0.0, 2.0]
    assert regrets(MEANS).loc[20].tolist() == [4.0, 0.0]


def test_the_worst_point_of_each_arm_names_who_is_best_there():
    assert worst_points(MEANS) == [("pitch", 20, "other"), ("other", 10, "pitch")]


def test_the_table_leaves_out_points_at_which_an_arm_was_not_measured():
    table = summary(MEANS).set_index("arm")
    assert table["best_share"].tolist() == [0.5, 0.5]
    assert table["mean_regret"].tolist() == pytest.approx([2.0, 1.0])
    assert worst_points(MEANS.iloc[2:]) == []
