"""Who is best, and how it is said."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from salesim.report.text.verdict import certainty, on_best, sentences
from salesim.stats import intervals
from salesim.stats.best import Best, best_of
from salesim.stats.differences import differences

METRICS = {
    "operating_profit_k": SimpleNamespace(title="Operating profit", unit="k$ a year", better="up"),
    "cycle_weeks": SimpleNamespace(title="Sales cycle of deals won", unit="weeks", better="down"),
    "gross_margin": SimpleNamespace(title="Gross margin", unit="share", better="up"),
}


@pytest.fixture(autouse=True)
def fewer_resamples(monkeypatch):
    monkeypatch.setattr(intervals, "RESAMPLES", 1000)


def runs(profits: dict[str, float], seeds: int = 30, noise: float = 20.0) -> pd.DataFrame:
    """Arms with these mean profits; the cycle gets shorter and the margin higher with profit."""
    rng = np.random.default_rng(9)
    luck = rng.normal(size=seeds) * 200
    rows = []
    for arm, profit_k in profits.items():
        for seed in range(seeds):
            found_k = profit_k + luck[seed] + noise * rng.normal()
            row = {"contest": "alone", "arm": arm, "seed": seed, "operating_profit_k": found_k}
            rows.append(row | {"cycle_weeks": 30 - found_k / 100, "gross_margin": found_k / 10_000})
    return pd.DataFrame(rows)


def said(table: pd.DataFrame, baseline: str) -> list[str]:
    return sentences(table, differences(table, baseline, list(METRICS)), METRICS, baseline, 0.95)


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
    assert first.startswith("Alone against its rivals: best on operating profit is diagnostic")
    assert "ahead of pitch" in first


def test_no_arm_is_the_best_by_a_lead_over_a_baseline_from_which_it_cannot_be_told():
    table = runs({"pitch": 300.0, "diagnostic": 330.0, "poor": 100.0})
    judged = {"operating_profit_k": "up", "cycle_weeks": "down"}
    assert [best.contenders for best in best_of(table, judged, 0.95)] == [("diagnostic",)] * 2
    told = {
        ("operating_profit_k", "diagnostic"): (-5.0, 40.0),
        ("cycle_weeks", "diagnostic"): (-0.4, 0.1),
        ("cycle_weeks", "poor"): (1.5, 2.5),
    }
    profit, cycle = best_of(table, judged, 0.95, "pitch", told)
    assert profit.contenders == cycle.contenders == ("diagnostic", "pitch")
    assert profit.beaten == cycle.beaten == ("poor",)
    assert profit.low == pytest.approx(-5.0)
    assert cycle.low == pytest.approx(-0.1)
    rows = differences(table, "pitch", list(METRICS))
    rows.loc[rows["arm"] == "diagnostic", ["low", "high", "verdict"]] = [-500.0, 500.0, "cannot tell"]
    words = "\n".join(sentences(table, rows, METRICS, "pitch", 0.95))
    assert "best on operating profit may be diagnostic or pitch" in words
    assert "best on operating profit is" not in words


def test_what_cannot_be_told_apart_is_said():
    words = "\n".join(said(runs({"pitch": 100.0, "twin": 100.0}), "pitch"))
    assert "best on operating profit may be" in words
    assert "twin cannot be told from pitch" in words


def test_arms_that_are_all_but_the_same_are_told_by_how_near_they_are():
    best = Best("gross_margin", "honest", "pitch", 0.00001, -0.00026, 0.0003, ("honest", "pitch"), ())
    assert on_best(best, METRICS["gross_margin"]) == (
        "best on gross margin may be honest or pitch: honest and pitch cannot be told apart, they are within 0.03 points of "
        "each other."
    )


def test_where_any_arm_may_be_the_best_they_are_counted():
    best = Best("gross_margin", "a", "b", 0.01, -0.02, 0.04, ("a", "b", "c", "d"), ())
    assert on_best(best, METRICS["gross_margin"]).startswith(
        "best on gross margin may be any of the 4 arms: a is 1.0 points ahead"
    )


def test_equal_arms_are_said_to_be_exactly_the_same():
    table = runs({"pitch": 100.0})
    twin = table.assign(arm="twin")
    words = "\n".join(said(pd.concat([table, twin]), "pitch"))
    assert "pitch and twin are exactly the same" in words
    assert "twin is exactly the same" in words


def test_every_measure_is_said_with_size_direction_and_interval():
    words = [s for s in said(runs({"pitch": 100.0, "diagnostic": 300.0}), "pitch") if ": Sales cycle" in s]
    assert len(words) == 1
    assert "diagnostic is" in words[0]
    assert "weeks lower (" in words[0]
    assert "Sales cycle of deals won (lower is better) is " in words[0]


def test_the_last_sentence_counts_the_seeds():
    assert said(runs({"pitch": 100.0, "diagnostic": 300.0}), "pitch")[-1].startswith("All intervals come from 30 shared seeds.")


def test_few_seeds_are_warned_of_and_one_seed_gives_no_certainty():
    assert certainty(5, 0.95).startswith(
        "5 seeds tell next to nothing, intervals may be wider than a measure can range; ask for "
    )
    assert certainty(12, 0.95).startswith("12 seeds show only large differences; ask for more with seeds=…. All intervals")
    assert certainty(20, 0.95).startswith("All intervals")
    assert certainty(1, 0.95).startswith("One seed shows one possible course of events")
    lonely = said(runs({"pitch": 100.0, "diagnostic": 300.0}, seeds=1), "pitch")
    assert not [sentence for sentence in lonely if "best on" in sentence]
