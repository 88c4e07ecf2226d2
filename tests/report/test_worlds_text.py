"""The sentences over worlds: who is best how often, and what to find out first."""

import pytest

from salesim.report.text.worlds import find_out_first, on_gain, on_regret, on_shares, whole

UNIT = "k$ a year"


def arm(name, share, regret=10.0, largest=50.0):
    money = {"measure": "operating_profit_k", "unit": UNIT, "n": 100, "arm": name}
    return money | {"best_share": share, "regret": regret, "largest_regret": largest}


def setting(name, worth, low, high):
    about = {"setting": name, "worth": worth, "low": low, "high": high}
    return about | {"meaning": f"what {name} means", "setting_unit": "k$"}


EVERYTHING = setting("everything", 80.0, float("nan"), float("nan"))


def test_the_arm_that_is_best_most_often_comes_first():
    assert on_shares([arm("pitch", 0.004), arm("diagnostic", 0.596), arm("rainmaking", 0.4)]) == (
        "Operating profit: diagnostic is best in 60 % of 100 worlds, rainmaking in 40 % and pitch in under 1 %."
    )


@pytest.mark.parametrize(("share", "words"), [(0.0, "0 %"), (0.001, "under 1 %"), (0.999, "over 99 %"), (1.0, "100 %")])
def test_what_is_rare_is_not_called_never(share, words):
    assert whole(share) == words


def test_the_setting_with_the_largest_clear_worth_is_to_be_found_out_first():
    clear = [setting("a.cost", 60.0, 20.0, 100.0), setting("a.taste", 20.0, 5.0, 40.0)]
    worth = [EVERYTHING, *clear, setting("a.x", 9.0, 0.0, 30.0)]
    assert find_out_first([arm("pitch", 0.5)], worth) == (
        "Find out first: cost (what a.cost means, k$). Knowing it before you decide is worth 60 k$ a year (20 to 100 k$ a "
        "year) of the 80 k$ a year that knowing everything is worth, then taste (what a.taste means, k$)."
    )


def test_where_no_setting_is_clearly_worth_anything_none_is_named():
    worth = [EVERYTHING, setting("a.cost", 60.0, 0.0, 100.0)]
    assert find_out_first([arm("pitch", 0.5)], worth).startswith("No single setting is clearly worth finding out first")
    assert find_out_first([arm("pitch", 0.97)], worth).startswith("Nothing has to be found out first")


def test_the_gain_has_what_is_not_known_and_what_is_luck_apart():
    row = {
        **arm("diagnostic", 0.6), "difference": 100.0, "worlds_low": -50.0, "worlds_high": 250.0, "run_low": -150.0,
        "run_high": 350.0, "chance_sd": 100.0, "clipped": False,
    }  # fmt: skip
    assert on_gain(row, "pitch") == (
        "Against pitch, diagnostic is expected to bring +100 k$ a year. In 90 % of worlds it brings -50 to 250 k$ a year, "
        "which your numbers do not narrow further; chance within a world adds ± 164 k$ a year; together -150 to 350 k$ a year."
    )
    assert "differ by less than chance alone" in on_gain(row | {"clipped": True}, "pitch")


def test_the_smallest_regret_on_average_and_at_worst_may_be_of_two_arms():
    rows = [arm("pitch", 0.4, regret=30.0, largest=60.0), arm("diagnostic", 0.6, regret=10.0, largest=90.0)]
    assert "in its worst world it is 90 k$ a year behind, where pitch is never more than 60 k$ a year behind" in on_regret(rows)
    assert on_regret(rows[1:]).endswith("the least of all arms in both.")
