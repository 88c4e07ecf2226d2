"""Who is best, and how it is said."""

import numpy as np
import pandas as pd
import pytest

from salesim.report.study_files import StudyFiles
from salesim.report.text.verdict import Verdict, certainty, on_best, on_open, verdict_of
from salesim.stats import intervals
from salesim.stats.best import Best, best_of
from salesim.stats.differences import differences

MEASURES = {
    "operating_profit_k": {"title": "Operating profit", "unit": "k$ a year", "better": "up"},
    "cycle_weeks": {"title": "Sales cycle of deals won", "unit": "weeks", "better": "down"},
    "gross_margin": {"title": "Gross margin", "unit": "share", "better": "up"},
}


@pytest.fixture(autouse=True)
def fewer_resamples(monkeypatch):
    monkeypatch.setattr(intervals, "RESAMPLES", 1000)


def runs(profits: dict[str, float], seeds: int = 30, noise: float = 20.0) -> pd.DataFrame:
    """Arms with these mean profits; the cycle gets shorter and the margin higher with profit."""
    rng = np.random.default_rng(9)
    common = rng.normal(size=seeds) * 200
    rows = []
    for arm, profit_k in profits.items():
        for seed in range(seeds):
            found_k = profit_k + common[seed] + noise * rng.normal()
            row = {"contest": "alone", "arm": arm, "seed": seed, "operating_profit_k": found_k}
            rows.append(row | {"cycle_weeks": 30 - found_k / 100, "gross_margin": found_k / 10_000})
    return pd.DataFrame(rows)


def tables(table: pd.DataFrame, baseline: str) -> dict[str, pd.DataFrame]:
    """The tables of a study with these runs, which the verdict is made from."""
    rows = differences(table, baseline, list(MEASURES))
    for part in ("title", "unit", "better"):
        rows[part] = [MEASURES[name][part] for name in rows["measure"]]
    return {"differences": rows, "best": best_rows(table, rows, baseline)}


def best_rows(table: pd.DataFrame, rows: pd.DataFrame, baseline: str) -> pd.DataFrame:
    judged = {name: about["better"] for name, about in MEASURES.items()}
    family = rows["measure"].unique().tolist()
    found = [best._asdict() | {"contest": "alone"} for best in best_of(table, judged, 0.95, family)]
    return pd.DataFrame(found).assign(**{part: [", ".join(row[part]) for row in found] for part in ("contenders", "beaten")})


def verdict(table: pd.DataFrame, baseline: str) -> Verdict:
    arms = list(dict.fromkeys(table["arm"]))
    record = {"arms": arms, "baseline": baseline, "contests": ["alone"], "confidence": 0.95}
    return verdict_of(StudyFiles(record, tables(table, baseline)))


def said(table: pd.DataFrame, baseline: str) -> list[str]:
    """All sentences of the verdict."""
    found = verdict(table, baseline)
    return [*(line for contest in found.contests for line in (*contest.first, *contest.rest)), *found.certainty]


def row_of(best: Best) -> dict[str, object]:
    return best._asdict() | {"contenders": ", ".join(best.contenders), "beaten": ", ".join(best.beaten)}


def test_a_clear_winner_is_named_with_its_lead_over_the_next():
    best = best_of(runs({"pitch": 100.0, "diagnostic": 300.0, "rainmaking": 200.0}), {"operating_profit_k": "up"}, 0.95)[0]
    assert (best.first, best.second) == ("diagnostic", "rainmaking")
    assert best.contenders == ("diagnostic",)
    assert best.beaten == ("rainmaking", "pitch")
    assert best.low < 100.0 < best.high


def test_arms_that_are_close_stay_contenders_and_the_loser_is_named():
    best = best_of(runs({"pitch": 100.0, "twin": 101.0, "poor": 0.0}), {"operating_profit_k": "up"}, 0.95)[0]
    assert set(best.contenders) == {"pitch", "twin"}
    assert best.beaten == ("poor",)


def test_the_best_on_a_measure_that_should_be_low_is_the_lowest():
    best = best_of(runs({"pitch": 100.0, "diagnostic": 300.0}), {"cycle_weeks": "down"}, 0.95)[0]
    assert best.first == "diagnostic"
    assert best.lead == pytest.approx(2.0, abs=0.3)


def test_among_equal_arms_a_winner_is_rarely_found():
    rng = np.random.default_rng(1)
    found = 0
    for _ in range(150):
        values = rng.normal(size=(3, 20))
        rows = [{"arm": f"arm {arm}", "seed": seed, "m": values[arm, seed]} for arm in range(3) for seed in range(20)]
        found += len(best_of(pd.DataFrame(rows), {"m": "up"}, 0.95)[0].beaten) > 0
    assert found / 150 <= 0.09


def test_an_arm_whose_runs_all_failed_is_no_contender():
    table = runs({"pitch": 100.0, "diagnostic": 300.0, "broken": 0.0})
    table.loc[table["arm"] == "broken", "operating_profit_k"] = np.nan
    best = best_of(table, {"operating_profit_k": "up"}, 0.95)[0]
    assert best.contenders == ("diagnostic",)
    assert "broken" not in best.beaten


def test_one_arm_alone_has_nobody_to_beat():
    assert best_of(runs({"pitch": 1.0}), {"operating_profit_k": "up"}, 0.95) == []


def test_the_verdict_begins_with_who_earns_most():
    first = said(runs({"pitch": 100.0, "diagnostic": 300.0}), "pitch")[0]
    assert first.startswith("Operating profit: diagnostic is best, ")
    assert "ahead of pitch" in first


def test_a_lead_over_the_baseline_has_the_interval_of_its_difference():
    table = runs({"pitch": 100.0, "diagnostic": 300.0, "poor": -900.0})
    rows = differences(table, "pitch", list(MEASURES)).set_index(["arm", "measure"])
    for name, better in {"operating_profit_k": "up", "cycle_weeks": "down"}.items():
        best = best_of(table, {name: better}, 0.95, list(MEASURES))[0]
        row = rows.loc["diagnostic", name]
        assert (best.first, best.second) == ("diagnostic", "pitch")
        ends = (best.low, best.high) if better == "up" else (-best.high, -best.low)
        assert ends == pytest.approx((row["low"], row["high"]))


def test_a_difference_that_is_not_clear_is_said_to_be_so():
    words = "\n".join(said(runs({"pitch": 100.0, "twin": 100.0}), "pitch"))
    assert "Operating profit: " in words
    assert " may be best; " in words
    assert "twin shows no clear difference" in words
    assert "No clear difference from the baseline, pitch: twin in any measure." in words


def test_arms_that_are_all_but_the_same_have_digits_enough_to_tell_their_lead():
    best = Best("gross_margin", "honest", "pitch", 0.00001, -0.00026, 0.0003, ("honest", "pitch"), ())
    assert on_best(row_of(best), MEASURES["gross_margin"]) == (
        "Gross margin: honest or pitch may be best; honest is 0.001 points ahead of pitch, but the interval (-0.03 to 0.03 "
        "points) contains zero."
    )


def test_where_any_arm_may_be_the_best_they_are_counted():
    best = Best("gross_margin", "a", "b", 0.01, -0.02, 0.04, ("a", "b", "c", "d"), ())
    assert on_best(row_of(best), MEASURES["gross_margin"]).startswith(
        "Gross margin: any of the 4 arms may be best; a is 1.0 points ahead"
    )


def test_what_is_not_clear_is_listed_in_the_same_way_for_few_arms_and_many():
    titles = ("Margin", "Cycle", "Trust")

    def rows_of(arm, *verdicts):
        return [{"contest": "alone", "arm": arm, "title": t, "verdict": v} for t, v in zip(titles, verdicts, strict=True)]

    for n in (1, 9):
        rows = [row for k in range(n) for row in rows_of(f"arm {k}", "cannot tell", "higher", "higher")]
        rows += rows_of("lost", *["cannot tell"] * 3) + rows_of("nearly", "cannot tell", "cannot tell", "lower")
        words = on_open(rows, "pitch")
        assert words.startswith("No clear difference from the baseline, pitch: arm 0 in margin; ")
        assert words.count(" in margin") == n
        assert words.endswith("lost in any measure; nearly in all measures but trust.")


def test_equal_arms_are_said_to_be_identical():
    table = runs({"pitch": 100.0})
    twin = table.assign(arm="twin")
    words = "\n".join(said(pd.concat([table, twin]), "pitch"))
    assert "pitch and twin are identical" in words
    assert "twin is identical" in words


def test_every_measure_is_said_with_size_direction_and_interval():
    words = [
        s for s in said(runs({"pitch": 100.0, "diagnostic": 300.0}), "pitch") if s.startswith("Sales cycle of deals won (")
    ]
    assert len(words) == 1
    assert "diagnostic is" in words[0]
    assert "weeks lower (" in words[0]
    assert "Sales cycle of deals won (lower is better) is " in words[0]


def test_the_seeds_are_counted():
    sure = verdict(runs({"pitch": 100.0, "diagnostic": 300.0}), "pitch").certainty
    assert sure[0].startswith("Numbers in brackets are intervals, from 30 seeds that the arms share.")


def test_few_seeds_are_warned_of_and_one_seed_gives_no_certainty():
    assert certainty(12, 0.95)[0] == "12 seeds show only large differences. Use more seeds, for example seeds=40."
    assert certainty(20, 0.95)[0].startswith("Numbers in brackets are intervals")
    assert certainty(1, 0.95)[0].startswith("One seed gives no interval")
    assert verdict(runs({"pitch": 100.0, "diagnostic": 300.0}, seeds=1), "pitch").contests == []


def test_one_arm_alone_has_nothing_said_of_differences():
    table = runs({"pitch": 100.0}, seeds=3)
    rows = tables(pd.concat([table, table.assign(arm="other")]), "pitch")["differences"]
    record = {"arms": ["pitch"], "baseline": "pitch", "contests": ["alone"], "confidence": 0.95}
    found = verdict_of(StudyFiles(record, {"differences": rows[rows["arm"] == "pitch"]}))
    assert found.contests == []
    assert found.certainty[0] == "These are means over 3 seeds."
