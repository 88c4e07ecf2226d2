"""Deals of two arms side by side: every class by hand, and the sums."""

import numpy as np
import pandas as pd
import pytest

from salesim.analyses.explain.deals import KINDS, by_class, matched


def deals(rows):
    return pd.DataFrame(rows, columns=["customer", "opened_week", "won", "money_k"])


FIRST = deals([(1, 0, True, 10.0), (2, 3, True, 5.0), (3, 4, False, 0.0), (4, 4, False, 0.0), (5, 9, True, 1.0)])
SECOND = deals([(1, 0, True, 7.0), (2, 3, False, 0.0), (3, 4, True, 2.0), (4, 4, False, 0.0), (5, 8, True, 4.0)])


def test_every_deal_has_its_class():
    table = matched(FIRST, SECOND)
    kinds = dict(zip(zip(table["customer"], table["opened_week"], strict=True), table["kind"], strict=True))
    assert kinds == {
        (1, 0): "both",
        (2, 3): "first",
        (3, 4): "second",
        (4, 4): "neither",
        (5, 9): "first_only",
        (5, 8): "second_only",
    }


def test_classes_sum_to_the_difference_of_the_totals():
    table = by_class(matched(FIRST, SECOND)).set_index("kind")
    assert list(table.index) == list(KINDS)
    assert table.loc["both"].tolist() == [1, 1, 1, 3.0]
    assert table["difference_k"].sum() == FIRST["money_k"].sum() - SECOND["money_k"].sum()
    assert table[["won_first", "won_second"]].sum().tolist() == [3, 3]


def test_random_records_reconcile():
    rng = np.random.default_rng(1)

    def random():
        places = rng.choice(4000, 900, replace=False)
        won = rng.uniform(size=900) < 0.3
        return pd.DataFrame(
            {
                "customer": places // 50,
                "opened_week": places % 50,
                "won": won,
                "money_k": np.where(won, rng.lognormal(4, 1, 900), 0),
            }
        )

    first, second = random(), random()
    table = by_class(matched(first, second))
    assert table["difference_k"].sum() == pytest.approx(first["money_k"].sum() - second["money_k"].sum(), abs=1e-6)
    assert (table["deals"] > 0).all()


def test_a_duplicate_deal_is_rejected():
    with pytest.raises(pd.errors.MergeError):
        matched(pd.concat([FIRST, FIRST]), SECOND)
