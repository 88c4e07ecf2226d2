"""An exploration in words is made of its saved record and tables alone."""

import numpy as np
import pandas as pd
import pytest

from salesim.report.study_files import StudyFiles
from salesim.report.text.explore import in_words, of_arm, of_design, of_tipping, regret_table

INF = float("inf")
RECORD = {"contests": ["alone"], "arms": ["pitch", "probe"], "baseline": "pitch", "title": "Win rate", "unit": "share",
          "confidence": 0.95,
          "points": 3, "seeds": 5, "most_seeds": 5, "first_seed": 1, "runs": 30,
          "emulated": False, "emulator_points": 0}  # fmt: skip
AXES = [{"name": "hours", "beta_b": np.nan, "kept": True}, {"name": "complexity_a", "beta_b": 2.0, "kept": True}]
INDEX = ("axis", "total", "total_half", "chance_share")
NAMES = {"contest": "alone", "arm": "probe"}


def design(signs, rules=(), indices=(), regret=()):
    """Files of a design with these signs of the points, and rows of the other tables."""
    columns = ["contest", "arm", "axis", "low", "high", "names", "coverage", "density", "hits", "points",
               "coverage_low", "coverage_high", "density_low", "density_high"]  # fmt: skip
    tables = {
        "axes": pd.DataFrame(AXES),
        "emulators": pd.DataFrame(),
        "points": pd.DataFrame([NAMES | {"sign": sign} for sign in signs]),
        "rules": pd.DataFrame([NAMES | rule for rule in rules], columns=columns),
        "indices": pd.DataFrame([NAMES | index for index in indices], columns=[*NAMES, *INDEX]),
        "regret": pd.DataFrame(regret, columns=["contest", "arm", "best_share", "mean_regret", "regret_9_in_10", "worst_point",
                                                "behind", "n", "worst", "low", "high"]),
    }  # fmt: skip
    return StudyFiles(RECORD, tables)


def lines(files):
    return list(of_arm(files, "alone", "probe"))


def test_shares_of_points_are_those_of_the_table_and_sum_to_a_hundred():
    assert lines(design([1, -1, 0]))[0] == "ahead of pitch at 34 % of the points, behind at 33 %, undecided at 33 %."


@pytest.mark.parametrize(
    ("signs", "said"),
    [
        ([0, 0], "There is no rule: not one point is decided."),
        ([1] * 20, "Wins everywhere; no rule is needed."),
        ([-1] * 19 + [0], "Loses nearly everywhere; no rule is needed."),
        ([1] * 10 + [0] * 10, "Wins nearly wherever it is decided; no rule is needed."),
        ([1, -1], "There are too few points for a rule."),
    ],
)
def test_without_a_box_it_says_why(signs, said):
    assert lines(design(signs))[1] == said


def test_a_box_is_said_in_bounds_with_its_score():
    score = {"names": 1, "coverage": 0.8, "density": 0.9, "hits": 5, "points": 20,
             "coverage_low": 0.4, "coverage_high": 0.97, "density_low": 0.5, "density_high": 0.99}  # fmt: skip
    box = [{"axis": "hours", "low": 12.0, "high": INF} | score, {"axis": "complexity_a", "low": -INF, "high": 2.0} | score]
    assert lines(design([1, -1], box))[1:] == [
        "Wins where hours > 12 and complexity_a < 2.",
        "On 20 decided points held out, this rule covers 80 % (40 to 97 %) of the wins, and 90 % (50 to 99 %) of the points it "
        "names are wins; without a rule, 25 % are.",
    ]


def test_a_box_that_names_no_point_held_out_or_has_no_bounds_is_no_good_rule_and_it_says_so():
    score = {"names": -1, "coverage": np.nan, "density": np.nan, "hits": 0, "points": 20}
    assert lines(design([1, -1], [{"axis": "hours", "low": 1.0, "high": 2.5} | score]))[1:] == [
        "Wins except where 1 < hours < 2.5.",
        "Of the 20 decided points held out, this rule names none.",
    ]
    unbounded = [{"axis": "", "low": -INF, "high": INF} | score]
    assert lines(design([1, -1], unbounded))[1:] == ["No rule tells the wins from the losses."]


def test_the_axes_that_decide_come_largest_first_unless_most_is_chance():
    few = [{"axis": "hours", "total": 0.2, "total_half": 0.1, "chance_share": 0.02},
           {"axis": "complexity_a", "total": 1.1, "total_half": 0.2, "chance_share": 0.02}]  # fmt: skip
    assert lines(design([1], indices=few))[-1] == (
        "Share of the variance of the difference (Sobol total index): complexity_a 1.00 (0.90 to 1.00), hours 0.20 (0.10 to "
        "0.30); chance is about 2 % of the variance."
    )
    most = [index | {"chance_share": 0.6} for index in few]
    assert "is not clear: 60 % of the variance of the difference is chance" in lines(design([1], indices=most))[-1]


def test_the_arm_that_loses_least_is_said_with_those_that_may_lose_no_more():
    rows = [
        {"contest": "alone", "arm": "pitch", "best_share": 0.4, "mean_regret": 0.01, "regret_9_in_10": 0.02, "worst_point": 3,
         "behind": "probe", "n": 20, "worst": 0.05, "low": 0.04, "high": 0.06},
        {"contest": "alone", "arm": "probe", "best_share": 0.6, "mean_regret": 0.02, "regret_9_in_10": 0.03, "worst_point": 1,
         "behind": "pitch", "n": 20, "worst": 0.055, "low": 0.045, "high": 0.065},
    ]  # fmt: skip
    files = design([1], regret=rows)
    (said,) = of_design(files)[1].findings[0].first
    assert said == "pitch, 5.0 points behind probe (4.0 to 6.0 points), though probe may lose no more."
    contest, first, _ = regret_table(files).rows
    assert contest[0].text == "Alone against its rivals"
    assert [cell.text for cell in first] == [" pitch", "40 %", "1.0", "2.0", "5.0", "probe"]
    assert first[4].more == "[+4.0, +6.0]"


def test_a_tipping_point_is_said_with_its_interval():
    axis = {"name": "complexity_a", "low": 1.0, "high": 4.0, "unit": "none", "meaning": ""}
    crossing = NAMES | {"at": 2.0, "low": 1.0, "high": 3.0, "after": -1, "open_low": True, "open_high": False, "seeds": 40}
    curve = pd.DataFrame([NAMES | {"values": 1.0, "mean": 0.1, "low": 0.05, "high": 0.15}])
    tables = {"tipping": pd.DataFrame([crossing]), "tipping_curve": curve}
    record = RECORD | {"axes": [axis], "first_seed": 1, "seeds": 60, "runs": 100}
    assert of_tipping(StudyFiles(record, tables)).findings[0].first == [
        "probe falls behind pitch at complexity_a = 2.00 (1 or less to 3.00), from 40 confirmation seeds."
    ]
    nothing = {"tipping": tables["tipping"].iloc[:0], "tipping_curve": curve}
    assert of_tipping(StudyFiles(record, nothing)).findings[0].first == [
        "probe: no tipping point between complexity_a = 1 and 4; it is ahead of pitch throughout, by 10.0 points."
    ]


def test_bounds_in_words():
    assert in_words({"hours": (12.0, INF), "x": (-INF, INF), "price": (0.1, 0.4)}) == "hours > 12 and 0.1 < price < 0.4"


def test_an_arm_that_turns_out_ahead_at_its_worst_point_has_no_negative_regret():
    row = {"contest": "alone", "arm": "pitch", "best_share": 1.0, "mean_regret": 0.0, "regret_9_in_10": 0.0, "worst_point": 3,
           "behind": "probe", "n": 20, "worst": -0.05, "low": -0.07, "high": 0.02}  # fmt: skip
    files = design([1], regret=[row])
    (said,) = of_design(files)[1].findings[0].first
    assert said == "pitch, not behind at its worst point, or by at most 2.0 points."
    cell = regret_table(files).rows[1][4]
    assert (cell.text, cell.more) == ("0.0", "[0.0, +2.0]")
