"""The answer of a study is computed from its tables, and is of the kind that its experiment declares."""

import math

import numpy as np
import pandas as pd
import pytest

from salesim.config.answer import AnswerSettings
from salesim.config.validation import as_mapping
from salesim.metrics import METRICS
from salesim.report.study_files import StudyFiles
from salesim.report.text.answer import Answer, answer_of
from salesim.report.text.answer_lines import grid_of
from salesim.report.text.effects import effect, side_by_side
from salesim.stats import intervals
from salesim.stats.best import best_of
from salesim.stats.differences import contrasts, differences, judged

NAMES = ["operating_profit_k", "win_rate"]


@pytest.fixture(autouse=True)
def fewer_resamples(monkeypatch):
    monkeypatch.setattr(intervals, "RESAMPLES", 1000)


def titled(table: pd.DataFrame) -> pd.DataFrame:
    parts = {part: [getattr(METRICS[name], part) for name in table["measure"]] for part in ("title", "unit", "better")}
    return table.assign(**parts)


def files(profits: dict[str, dict[str, float]], baseline: str = "pitch", seeds: int = 30, **more) -> StudyFiles:
    """A study with these mean profits by contest and arm, and `more` tables; `declared` is what answers it."""
    rng = np.random.default_rng(2)
    declared = AnswerSettings(**more.pop("declared", {}))
    rows = [
        {"contest": contest, "arm": arm, "seed": seed, "operating_profit_k": profit_k + 15.0 * rng.normal()}
        | {"win_rate": 0.3 - profit_k / 10_000 + 0.001 * rng.normal()}
        for contest, arms in profits.items()
        for arm, profit_k in arms.items()
        for seed in range(seeds)
    ]
    runs = pd.DataFrame(rows)
    best = [
        found._asdict() | {"contest": contest, "contenders": ", ".join(found.contenders), "beaten": ", ".join(found.beaten)}
        for contest, part in runs.groupby("contest", sort=False)
        for found in best_of(part, {"operating_profit_k": "up"}, 0.95, NAMES)
    ]
    tables = {
        "runs": runs, "differences": titled(differences(runs, baseline, NAMES)), "best": pd.DataFrame(best),
        "contrasts": titled(contrasts(runs, declared.pairs, NAMES)),
    }  # fmt: skip
    arms = list(dict.fromkeys(runs["arm"]))
    record = {"arms": arms, "baseline": baseline, "contests": list(profits), "confidence": 0.95, "answer": as_mapping(declared)}
    record["command"] = "salesim run experiment=mine --config-dir folder"
    return StudyFiles(record, tables | more)


def answer(*args, **more) -> Answer:
    found = answer_of(files(*args, **more))
    assert found is not None
    return found


def payback(arm: str, ahead: float, trough_k: float, total_k: float, contest: str = "alone") -> dict[str, object]:
    spread = 0.1 * abs(total_k)
    row = {"contest": contest, "arm": arm, "ahead_month": ahead, "ahead_low": ahead, "ahead_high": ahead + 3}
    row |= {"share_ahead": 1.0 if ahead < 120 else 0.2, "trough_k": trough_k, "trough_low": trough_k - 5}
    row |= {"trough_high": trough_k + 5, "trough_month": 30.0, "months": 120, "discount_rate": 0.08, "n": 30}
    row |= {"total_k": total_k, "total_low": total_k - spread, "total_high": total_k + spread}
    return row | {"present_value_k": total_k / 2, "present_value_low": total_k / 3, "present_value_high": total_k / 1.5}


def test_the_best_arm_is_chosen_with_its_gain_and_another_one_where_profits_are_exchanged():
    one = answer({"alone": {"pitch": 100.0, "diagnostic": 500.0, "rainmaking": 300.0}})
    other = answer({"alone": {"pitch": 100.0, "diagnostic": 300.0, "rainmaking": 500.0}})
    assert one.sentence.startswith("Choose diagnostic: with 95 % confidence it earns ")
    assert one.sentence.endswith("k$ a year more than pitch.")
    assert other.sentence.startswith("Choose rainmaking: ")
    assert 385 < one.lines[0].low < one.lines[0].value < one.lines[0].high < 415


def test_where_the_baseline_is_best_one_stays_with_it():
    found = answer({"alone": {"pitch": 500.0, "diagnostic": 300.0}})
    assert found.sentence.startswith("Stay with pitch: no other arm earns clearly more, and the next, diagnostic, is 2")


def test_arms_that_do_not_differ_are_not_recommended():
    found = answer({"alone": {"pitch": 300.0, "twin": 300.0}}, seeds=8)
    assert "Choose" not in found.sentence


def test_what_rivals_that_do_the_same_take_away_is_said_in_the_sentence_and_below():
    found = answer({"alone": {"pitch": 100.0, "diagnostic": 500.0}, "everyone": {"pitch": 400.0, "diagnostic": 100.0}})
    assert found.sentence.endswith(", unless the whole market sells this way: then pitch is better.")
    assert any("If the whole market sells this way, diagnostic earns" in line for line in found.hangs_on)


def test_a_baseline_whose_lead_is_not_clear_is_not_said_to_be_best_and_the_next_arm_is_weighed():
    rows = [payback("diagnostic", math.inf, -90.0, -20.0)]
    found = answer({"alone": {"pitch": 102.0, "diagnostic": 100.0, "rainmaking": 50.0}}, payback=pd.DataFrame(rows))
    assert found.sentence.startswith("No arm is clearly better than pitch, and diagnostic may be as good: diagnostic ")
    assert [line.label for line in found.lines][1:] == [
        "diagnostic less pitch, sum of 10 years",
        "diagnostic less pitch, present value at 8 % a year",
    ]


def test_a_clear_difference_that_is_too_small_to_matter_is_no_choice():
    found = answer({"alone": {"pitch": 100.0, "diagnostic": 150.0}}, declared={"threshold": 100.0})
    assert found.sentence.startswith(
        "No arm is better than pitch by the 100 k$ a year that matter; the best mean has diagnostic: "
    )
    assert not any("too small to matter" in doubt for doubt in found.doubts)


def test_the_month_from_which_an_arm_is_ahead_its_trough_and_the_sum_come_first():
    rows = [payback("diagnostic", 31.0, -83.0, 8_700.0), payback("both", math.inf, -4_000.0, -2_000.0)]
    profits = {"alone": {"pitch": 100.0, "diagnostic": 500.0, "both": 50.0}}
    found = answer(profits, declared={"kind": "first_ahead"}, payback=pd.DataFrame(rows))
    assert found.sentence == (
        "Choose diagnostic: it is ahead of pitch from month 8 of year 3 on (month 8 of year 3 to month 11 of year 3), after a "
        "trough of -83 (-88 to -78) k$ in month 7 of year 3, and brings +8,700 (+7,830 to +9,570) k$ in 10 years."
    )
    assert found.more[0].startswith("both is not ahead of pitch within 10 years (in 20 % of seeds it is), and brings -2,000 ")
    assert [line.unit for line in found.lines] == ["month", "k$", "k$"]
    assert [cell.text for cell in grid_of(found).rows[0][1:3]] == [
        "month 8 of year 3",
        "month 8 of year 3 to month 11 of year 3",
    ]


def test_an_arm_that_is_never_clearly_behind_is_not_said_to_have_earned_less():
    rows = [payback("diagnostic", 25.0, -1.0, 8_700.0)]
    found = answer({"alone": {"pitch": 100.0, "diagnostic": 500.0}}, payback=pd.DataFrame(rows))
    (waiting,) = (line for line in found.hangs_on if "in all" in line)
    assert waiting.startswith("diagnostic has earned more than pitch in all from month 2 of year 3 of the run")
    assert waiting.endswith("even at the lowest, in month 7 of year 3, -1 (-6 to +4) k$, it is not clearly behind.")


@pytest.mark.parametrize(("last", "turns"), [(-300.0, True), (300.0, False)])
def test_a_reversal_is_told_only_where_both_years_are_clear(last, turns):
    money = [
        {"contest": "alone", "arm": "diagnostic", "year": year, "operating_profit_k": 100.0}
        | {"difference": value, "low": value - 50, "high": value + 50}
        for year, value in ((0, 200.0), (1, last))
    ]
    profits = {"alone": {"pitch": 100.0, "diagnostic": 500.0}}
    declared = {"kind": "reversal", "years": (1, 10)}
    found = answer(profits, declared=declared, profit_by_year=pd.DataFrame(money))
    assert (
        "diagnostic earns more in year 1 (+200 (+150 to +250) k$) than pitch, and less in year 2" in found.sentence
    ) == turns


def test_the_parts_of_a_fall_say_which_way_they_go():
    level = {"contest": "alone", "arm": "pitch", "measure": "operating_profit_k", "mean": 100.0, "low": 90.0, "high": 110.0}
    profits = {"alone": {"pitch": 100.0, "less": 60.0, "more": 180.0, "all": 100.0}}
    declared = {"kind": "fall", "pairs": (("all", "pitch"),)}
    found = answer(profits, declared=declared, levels=titled(pd.DataFrame([level])))
    assert found.sentence.startswith(
        "Operating profit, with pitch: 100 (90 to 110) k$ a year. Of these, all takes away no clear"
    )
    assert "more adds " in found.sentence
    assert "less takes away " in found.sentence


def test_a_contrast_that_is_too_small_to_matter_is_equivalent():
    declared = {"kind": "contrast", "pairs": (("twin", "pitch"),), "threshold": 100.0}
    found = answer({"alone": {"pitch": 300.0, "twin": 302.0}}, declared=declared)
    assert "equivalent within 100 k$ a year: " in found.sentence


def test_an_experiment_without_an_answer_has_the_best_profit_as_its_answer():
    study = files({"alone": {"pitch": 100.0, "diagnostic": 500.0}})
    old = StudyFiles({name: value for name, value in study.record.items() if name != "answer"}, study.tables)
    assert answer_of(old) == answer_of(study)


def test_a_study_of_one_arm_has_no_answer():
    assert answer_of(files({"alone": {"pitch": 100.0}})) is None


def test_doubts_name_few_seeds_the_edge_losses_bounds_and_drawbacks():
    declared = {"order": (("pitch", "some", "many"),)}
    study = files({"alone": {"pitch": 100.0, "some": 300.0, "many": 500.0}}, seeds=6, declared=declared)
    years = [{"contest": "alone", "arm": "many", "year": 1, "operating_profit_k": -40.0}]
    runs = study.tables["runs"].assign(priced_at_bound=0.3)
    found = answer_of(StudyFiles(study.record, study.tables | {"runs": runs, "profit_by_year": pd.DataFrame(years)}))
    assert found is not None
    said = " ".join(found.doubts)
    for words in (
        "6 seeds show only large differences",
        "many is the most that was tried (pitch < some < many)",
        "many in 1 year (worst: year 2, -40 k$)",
        "Up to 30 % of quotes (pitch)",
        "many is worse than pitch in win rate -",
        "how many published facts that market misses (salesim evidence facts --config-dir folder)",
    ):
        assert words in said


def test_commands_about_the_market_have_what_the_study_was_told_of_it_and_no_other_words():
    study = files({"alone": {"pitch": 100.0, "diagnostic": 500.0}})
    command = "salesim run experiment=mine market=ours market.trust.loss=0.5 --config-dir 'our files' seeds=9 study.folder=out"
    found = answer_of(StudyFiles(study.record | {"command": command}, study.tables))
    assert found is not None
    kept = "--config-dir 'our files' market=ours market.trust.loss=0.5 study.folder=out)"
    assert f"(salesim evidence facts {kept}" in found.doubts[-1]
    assert f"(salesim fit targets=our_numbers.yaml {kept}" in found.doubts[-1]


def test_at_most_six_doubts_are_given_and_the_market_is_never_left_out(monkeypatch):
    monkeypatch.setattr("salesim.report.text.doubts.on_numbers", lambda _: iter([f"doubt {n}" for n in range(9)]))
    found = answer_of(files({"alone": {"pitch": 100.0, "many": 500.0}}))
    assert found is not None
    assert found.doubts[:5] == ("doubt 0", "doubt 1", "doubt 2", "doubt 3", "doubt 4")
    assert "about one market" in found.doubts[5]
    assert len(found.doubts) == 6


@pytest.mark.parametrize("seed", range(20))
def test_levels_and_their_difference_add_up_as_they_are_printed(seed):
    one, other = np.random.default_rng(seed).uniform(0, 1, 2)
    first, second, words = side_by_side(one, other, one - other, one - other - 0.03, one - other + 0.03, "0 to 1")
    assert float(first) - float(second) == pytest.approx(float(words.split(" ")[0]))


def test_an_effect_says_more_or_less_with_the_ends_in_order():
    row = {"measure": "operating_profit_k", "difference": -50.0, "low": -80.0, "high": -20.0, "unit": "k$ a year"}
    assert effect(row, "pitch") == "earns 50 (20 to 80) k$ a year less than pitch"
    assert effect(row | {"high": 5.0}, "pitch") == "does not clearly differ from pitch: -50 (-80 to +5) k$ a year"


def test_a_difference_that_is_surely_too_small_to_matter_has_the_mark_of_an_equivalent_arm():
    study = files({"alone": {"pitch": 100.0, "some": 130.0, "many": 500.0}})
    table = study.tables["differences"]
    assert judged(table, {}).equals(table)
    known = judged(table, {"operating_profit_k": 100.0})
    verdicts = known[known["measure"] == "operating_profit_k"].set_index("arm")["verdict"]
    assert (verdicts["some"], verdicts["many"], verdicts["pitch"]) == ("equivalent", "higher", "baseline")
