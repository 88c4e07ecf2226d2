"""Sentences on what turns an answer round claim what the intervals of their tables say, and no more."""

import pandas as pd
import pytest

from salesim.report.study_files import StudyFiles
from salesim.report.text.turns import hangs_on

AHEAD, OPEN, BEHIND = (100.0, 50.0, 150.0), (20.0, -30.0, 70.0), (-80.0, -120.0, -40.0)
COST = "cost (of travel, k$)"


def sentences(as_set, *ends, tip=None, measure="operating_profit_k"):
    """What is said of arm one beside two, with numbers that have these differences at both ends of 1 to 9, and are set to 4."""
    rows = []
    for axis, (low, high) in zip(("cost", "share", "time"), ends, strict=False):
        parts = {"as_set": as_set, "low_end": low, "high_end": high}
        values = {
            f"{name}{end}": value
            for name, each in parts.items()
            for end, value in zip(("", "_low", "_high"), each, strict=True)
        }
        signs = {AHEAD: 1, OPEN: 0, BEHIND: -1}
        turns = {-1, 1} <= {signs[each] for each in parts.values()}
        rows.append(
            {"contest": "alone", "arm": "one", "axis": axis, "at_low": 1.0, "at_high": 9.0, "value": 4.0, "turns": turns}
            | values
        )
    tips = [{"contest": "alone", "arm": "one", "axis": "cost", "open_low": False, "open_high": False} | tip] if tip else []
    axes = [
        {"name": name, "meaning": meaning, "unit": "k$"}
        for name, meaning in (("cost", "of travel"), ("share", "of it"), ("time", ""))
    ]
    tables = {"tornado": pd.DataFrame(rows), "tornado_axes": pd.DataFrame(axes)}
    tables["tornado_tipping"] = pd.DataFrame(tips, columns=None if tips else ["contest", "arm", "axis"])
    record = {"baseline": "two", "unit": "k$ a year", "measure": measure, "title": "Adoption"}
    return list(hangs_on(StudyFiles(record, tables), "alone", "one"))


@pytest.mark.parametrize(
    ("as_set", "ends", "tip", "said"),
    [
        (AHEAD, (BEHIND, AHEAD), {"at": 3.0, "low": 2.5, "high": 3.5, "after": 1},
         f"It turns round where {COST} is below 3 (2.5 to 3.5): there two is ahead of one. It is set to 4."),
        (BEHIND, (BEHIND, AHEAD), {"at": 5.0, "low": 3.5, "high": 6.5, "after": 1},
         f"It turns round where {COST} is above 5 (3.5 to 6.5): there one is ahead of two. It is set to 4, inside that "
         "interval."),
        (OPEN, (BEHIND, AHEAD), {"at": 3.0, "low": 2.5, "high": 3.5, "after": 1},
         f"Which of one and two is ahead hangs on {COST}: above 3 (2.5 to 3.5) one, below it two. It is set to 4."),
        (AHEAD, (BEHIND, AHEAD), None,
         f"It turns round where {COST} is 1: there two is ahead by 80 (40 to 120) k$ a year. It is set to 4."),
        (OPEN, (BEHIND, AHEAD), None,
         f"Which of one and two is ahead hangs on {COST}: at 1 two by 80 (40 to 120) k$ a year and at 9 one by 100 (50 to 150) "
         "k$ a year. It is set to 4."),
        (AHEAD, (AHEAD, AHEAD), None,
         "The number that was checked does not turn it round: one stays ahead of two at each end, least where "
         f"{COST} is 1: by 100 (50 to 150) k$ a year. It is set to 4."),
        (AHEAD, (OPEN, AHEAD), None,
         "The number that was checked does not clearly turn it round, but one is no longer clearly ahead of two where "
         f"{COST} is 1: +20 (-30 to +70) k$ a year."),
        (BEHIND, (OPEN, BEHIND), None,
         "The number that was checked does not clearly turn it round, but two is no longer clearly ahead of one where "
         f"{COST} is 1: -20 (-70 to +30) k$ a year."),
        (OPEN, (AHEAD, OPEN), None,
         f"As everything is set, one and two do not clearly differ; one is ahead where {COST} is 1."),
        (OPEN, (OPEN, OPEN), None,
         "As everything is set, one and two do not clearly differ, nor at any end of 1 uncertain number."),
    ],
)  # fmt: skip
def test_a_sentence_says_which_arm_is_ahead_where_and_whether_that_is_clear(as_set, ends, tip, said):
    assert sentences(as_set, ends, tip=tip) == [said]


def test_further_numbers_that_turn_it_are_named_and_another_measure_is_said():
    (said,) = sentences(AHEAD, (BEHIND, AHEAD), (AHEAD, BEHIND), (BEHIND, AHEAD), measure="adoption")
    assert "two is ahead in adoption by 80" in said
    assert said.endswith("It is set to 4. The same holds for share and time.")


def test_several_numbers_that_turn_nothing_are_counted():
    (said,) = sentences(AHEAD, (AHEAD, AHEAD), (AHEAD, AHEAD))
    assert said.startswith(
        "None of 2 uncertain numbers by itself turns it round: one stays ahead of two at each end, least where"
    )


def test_nothing_is_said_of_a_measure_that_is_missing():
    row = {"contest": "alone", "arm": "one", "axis": "cost", "as_set": float("nan")}
    tables = {"tornado": pd.DataFrame([row]), "tornado_tipping": pd.DataFrame(columns=["contest", "arm"]),
              "tornado_axes": pd.DataFrame([{"name": "cost", "meaning": "", "unit": ""}])}  # fmt: skip
    record = {"baseline": "two", "unit": "k$", "measure": "adoption", "title": "Adoption"}
    assert not list(hangs_on(StudyFiles(record, tables), "alone", "one"))
