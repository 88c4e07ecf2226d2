"""What is printed of an explanation adds up as it is printed, and stays beside what was computed."""

import numpy as np
import pandas as pd
import pytest

from salesim.analyses.explain.deals import KINDS
from salesim.report.text.printed import difference_of, printed_bridge, printed_classes, printed_parts, printed_shares

STEPS = ("list_price", "customer_discount", "net_price", "product_cost", "gross_margin", "selling", "operating_profit")
TOTAL = (False, False, True, False, True, False, True)


def bridge_of(rng):
    """Money of two arms, totals being the sums of the steps above them."""
    table = pd.DataFrame({"step": STEPS, "total": TOTAL})
    for arm in ("arm_k", "against_k"):
        steps = np.where(TOTAL, 0.0, rng.normal(size=len(STEPS)) * 500)
        table[arm] = np.where(TOTAL, np.cumsum(steps), steps)
    return table.assign(difference_k=table["arm_k"] - table["against_k"])


@pytest.mark.parametrize("seed", range(50))
def test_a_printed_bridge_adds_up_downwards_and_across(seed):
    bridge = bridge_of(np.random.default_rng(seed))
    shown = printed_bridge(bridge)
    for name in ("arm_k", "against_k", "difference_k"):
        for place in np.flatnonzero(TOTAL):
            above = shown[name].iloc[:place][[not total for total in TOTAL[:place]]]
            assert shown[name].iloc[place] == above.sum()
        assert (shown[name] == shown[name].round()).all()
        assert (shown[name] - bridge[name]).abs().max() < 3
    assert (shown["arm_k"] - shown["against_k"] == shown["difference_k"]).all()
    assert difference_of(shown, "operating_profit") == round(bridge["difference_k"].iloc[-1])


def test_printed_classes_sum_to_the_bridge_and_count_each_deal_once():
    rng = np.random.default_rng(3)
    for _ in range(50):
        won, lost = rng.uniform(0, 300, size=6), rng.uniform(0, 300, size=6)
        won[3], lost[:3] = 0.0, 0.0
        classes = pd.DataFrame(
            {
                "kind": list(KINDS),
                "deals": won + lost,
                "won_first": won * [1, 1, 0, 0, 1, 0],
                "won_second": won * [1, 0, 1, 0, 0, 1],
                "difference_k": [*rng.normal(size=3) * 300, 0.0, *rng.normal(size=2) * 300],
            }
        )
        whole = round(classes["difference_k"].sum()) + rng.integers(-1, 2)
        shown = printed_classes(classes, whole)
        assert shown["difference_k"].sum() == whole
        assert shown["difference_k"].iloc[3] == 0
        assert (shown["won_first"] - classes["won_first"]).abs().max() < 1
        rows = shown.set_index("kind")
        assert rows.loc["both", "deals"] == rows.loc["both", "won_first"] == rows.loc["both", "won_second"]
        assert rows.loc["first", "deals"] == rows.loc["first", "won_first"]
        assert shown["deals"].sum() == round(classes["deals"].sum())


def test_printed_parts_and_their_shares_sum():
    parts = pd.DataFrame({"feedback": ["none", "word_of_mouth", "trust", "lead"], "part": [0.0544, 0.0344, 0.0344, -0.0012]})
    parts = parts.assign(low=parts["part"] - 0.001, high=parts["part"] + 0.001)
    shown = printed_parts(parts)
    assert [row.name for row in shown.rows] == ["none", "word of mouth", "trust", "lead"]
    assert sum(row.points for row in shown.rows) == pytest.approx(shown.whole) == 12.2
    assert sum(row.percent for row in shown.rows) == 100
    assert shown.rows[-1].high == "-0.02"  # surely below zero, and it says so


def test_parts_of_a_rise_have_no_share_of_the_fall():
    parts = pd.DataFrame({"feedback": ["none", "trust"], "part": [-0.03, 0.01], "low": [-0.04, 0.0], "high": [-0.02, 0.02]})
    shown = printed_parts(parts)
    assert shown.whole == -2.0
    assert all(np.isnan(row.percent) for row in shown.rows)


def test_shares_of_counts_sum_to_a_hundred():
    for seed in range(20):
        assert sum(printed_shares(np.random.default_rng(seed).integers(0, 30, size=7).tolist())) == 100
