"""Why an arm earns more is said with the steps of the bridge, and only where they are clear."""

import pandas as pd
import pytest

from salesim.report.text.reasons import because

STEPS = {  # k$ a year: difference and half the width of its interval
    "list_price": (-200.0, 20.0), "customer_discount": (90.0, 10.0), "net_price": (-110.0, 20.0), "product_cost": (60.0, 5.0),
    "gross_margin": (-50.0, 20.0), "selling": (4.0, 1.0), "support": (346.0, 30.0), "operating_profit": (300.0, 40.0),
}  # fmt: skip
TOTALS = ("net_price", "gross_margin", "operating_profit")


def bridge(**changed: tuple[float, float]) -> pd.DataFrame:
    rows = [
        {"step": step, "total": step in TOTALS, "arm_k": 500.0 + mean, "against_k": 500.0, "difference_k": mean}
        | {"low": mean - half, "high": mean + half}
        for step, (mean, half) in (STEPS | changed).items()
    ]
    return pd.DataFrame(rows)


def test_the_largest_step_is_the_reason_and_the_largest_against_it_is_named():
    assert because(bridge(), "diagnostic", "pitch") == (
        "diagnostic earns more than pitch chiefly because support and rework cost less, +346 (+316 to +376) k$ a year, "
        "although it sells less, -50 (-70 to -30) k$ a year of gross margin."
    )


def test_two_steps_are_named_where_the_second_is_not_much_smaller_and_both_have_their_sign():
    changed = {"gross_margin": (-400.0, 30.0), "support": (-96.0, 10.0), "operating_profit": (-492.0, 40.0)}
    assert because(bridge(**changed), "one", "other") == (
        "one earns less than other chiefly because it sells less, -400 (-430 to -370) k$ a year of gross margin, and because "
        "support and rework cost more, -96 (-106 to -86) k$ a year."
    )


def test_gross_margin_is_put_down_to_the_largest_step_of_its_own_sign():
    changed = {"gross_margin": (50.0, 20.0), "support": (246.0, 9.0)}
    assert "because its discounts are smaller, +50 (+30 to +70) k$ a year of gross margin." in because(
        bridge(**changed), "a", "b"
    )
    changed["customer_discount"] = (90.0, 95.0)
    assert "because its gross margin is higher, +50 (+30 to +70) k$ a year." in because(bridge(**changed), "a", "b")


@pytest.mark.parametrize("changed", [{"operating_profit": (300.0, 301.0)}, {"support": (346.0, 350.0), "selling": (4.0, 5.0)}])
def test_nothing_is_said_where_profit_or_all_steps_that_would_bring_it_may_be_zero(changed):
    assert because(bridge(**changed), "diagnostic", "pitch") == ""


def test_nothing_is_said_without_a_bridge_or_with_runs_that_share_no_seed():
    assert because(pd.DataFrame(), "diagnostic", "pitch") == ""
    assert because(bridge(support=(float("nan"), 1.0)), "diagnostic", "pitch") == ""
