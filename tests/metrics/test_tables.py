"""Tables of a run, against the rows of the records."""

import numpy as np
import pandas as pd
import pytest

from salesim.metrics import measured
from salesim.metrics.ratios import win_rate
from salesim.metrics.tables import money, passthrough, segments, yearly
from salesim.model.enums import Cause, Outcome, Stage
from salesim.model.records import DEAL, WEEK, Records
from salesim.model.schedule import play
from tests.records_factory import records, synthetic, won

WORDS = {"stage": Stage, "outcome": Outcome, "cause": Cause}


def read_back(folder) -> Records:
    """Records from exported Parquet files alone."""
    tables = []
    for name, kind in (("deals", DEAL), ("weeks", WEEK)):
        frame = pd.read_parquet(folder / f"{name}.parquet")
        rows = np.zeros(len(frame), kind)
        for column in kind.names or ():
            values = frame[column]
            if column in WORDS:
                values = values.map({word.name.lower(): int(word) for word in WORDS[column]}).astype(int)
            rows[column] = values.to_numpy()
        tables.append(rows.view(np.recarray))
    weeks = tables[1]
    return Records(*tables, n_weeks=int(weeks["week"].max()) + 1, n_vendors=int(weeks["vendor"].max()) + 1)


def test_every_measure_is_recomputed_from_exported_files_alone(scenario, tmp_path):
    original = play(scenario(), 3)
    original.export(tmp_path)
    again = read_back(tmp_path)
    for vendor in range(3):
        assert measured(again, vendor) == pytest.approx(measured(original, vendor), rel=1e-12, nan_ok=True)


def test_the_main_measures_agree_with_their_definition_in_pandas(scenario, tmp_path):
    original = play(scenario(), 4)
    original.export(tmp_path)
    deals, weeks = (pd.read_parquet(tmp_path / f"{name}.parquet") for name in ("deals", "weeks"))
    mine, spent = deals[deals["vendor"] == 0], weeks[weeks["vendor"] == 0]
    sold, over = mine[mine["outcome"] == "won"], mine[mine["outcome"] != "open"]
    quoted = mine[(mine["partner"] >= 0) & mine["price_k"].notna()]
    expected = {
        "gross_margin": (sold["net_price_k"] - sold["unit_cost_k"]).sum() / sold["net_price_k"].sum(),
        "cycle_weeks": (sold["closed_week"] - sold["opened_week"]).mean(),
        "pass_through": quoted["pass_through"].mean(),
        "operating_profit_k": spent["operating_profit_k"].sum() / 3,
        "win_rate": len(sold) / len(over),
        "no_decision": (over["outcome"] == "no_decision").mean(),
        "promise_kept": (sold["delivered"] / sold["promise"])[sold["delivered_week"] >= 0].mean(),
        "trust": spent["trust"].tail(52).mean(),
    }
    found = measured(original)
    assert {name: found[name] for name in expected} == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize("seed", range(3))
def test_a_year_has_the_measures_of_its_own_deals_and_weeks(seed: int):
    table = synthetic(seed)
    frame = pd.DataFrame(yearly(table))
    assert frame[["vendor", "year"]].to_numpy().tolist() == [[vendor, year] for vendor in range(3) for year in range(5)]
    deals = table.frame("deals").query("vendor == 1 and closed_week >= 52 and closed_week < 104")
    sold = deals[deals["outcome"] == "won"]
    row = frame.query("vendor == 1 and year == 1").iloc[0]
    assert row["gross_margin"] == pytest.approx(1 - sold["unit_cost_k"].sum() / sold["net_price_k"].sum())
    assert row["cycle_weeks"] == pytest.approx((sold["closed_week"] - sold["opened_week"]).mean())
    assert row["win_rate"] == pytest.approx(len(sold) / len(deals))
    assert row["pass_through"] == pytest.approx(deals["pass_through"].mean())
    weeks = table.frame("weeks").query("vendor == 1 and week >= 52 and week < 104")
    assert row["operating_profit_k"] == pytest.approx(weeks["operating_profit_k"].sum())
    assert row["trust"] == pytest.approx(weeks["trust"].mean())


def test_the_money_of_a_vendor_and_year_is_that_of_its_deals_and_weeks():
    table = synthetic(1)
    sold = table.frame("deals").query("outcome == 'won' and vendor == 2 and closed_week >= 156 and closed_week < 208")
    weeks = table.frame("weeks").query("vendor == 2 and week >= 156 and week < 208")
    amounts = {name: np.array(each) for name, each in money(table).items()}
    assert {each.shape for each in amounts.values()} == {(3, 5)}
    assert amounts["net_k"][2, 3] == pytest.approx(sold["net_price_k"].sum())
    assert amounts["cost_k"][2, 3] == pytest.approx(sold["unit_cost_k"].sum())
    assert amounts["operating_profit_k"][2, 3] == pytest.approx(weeks["operating_profit_k"].sum())


def test_an_incomplete_last_year_is_left_out():
    deals = [won(0, 60, 10.0, 1.0, 10.0, 4.0), won(0, 110, 10.0, 1.0, 10.0, 9.0)]
    weeks = [{"week": week, "revenue_k": 1.0 if week < 104 else 5.0} for week in range(120)]
    found = yearly(records(deals, weeks, n_weeks=120))
    assert found["year"] == [0, 1]
    assert found["gross_margin"][1] == pytest.approx(0.6)
    assert found["revenue_k"] == [52.0, 52.0]


def test_pass_through_of_a_partner_is_the_mean_of_its_quotes_in_the_year():
    deals = [
        won(0, 10, 1.0, 1.0, 1.0, 0.5, partner=3, pass_through=0.5),
        won(0, 20, 1.0, 1.0, 1.0, 0.5, partner=3, pass_through=1.0),
        won(0, 60, 1.0, 1.0, 1.0, 0.5, partner=3, pass_through=0.25),
        won(0, 10, 1.0, 1.0, 1.0, 0.5),
    ]
    found = passthrough(records(deals))
    assert found == {"year": [0, 1], "partner": [3, 3], "pass_through": [0.75, 0.25], "quotes": [2, 1]}


def test_segments_count_the_ended_deals_of_the_vendor():
    both = {"customer": 5, "complexity": 0.9, "value_k": 50.0}
    deals = [
        won(0, 10, 1.0, 1.0, 1.0, 0.5, **both),
        {"opened_week": 0, "closed_week": 10, "outcome": Outcome.LOST, "vendor": 1, **both},
        {"opened_week": 20, "closed_week": 30, "outcome": Outcome.LOST, "vendor": 1, **both},
        {"opened_week": 90, "closed_week": 95, "outcome": Outcome.LOST, "vendor": 0, **both},
        {"opened_week": 90, "outcome": Outcome.OPEN, "vendor": 1, **both},
    ]
    counts = segments(records(deals, n_vendors=2), (0.3, 0.6), (100.0, 200.0))
    assert counts[2, 0].tolist() == [1, 2]  # won in week 10, lost in week 95; rivals' deals do not count
    assert counts.sum() == 3


def test_segments_have_the_win_rate_of_the_table_of_results(scenario):
    played = play(scenario(), 5)
    won, closed = segments(played, (0.4, 0.6), (100.0, 250.0)).sum(axis=(0, 1))
    assert closed > won > 0
    assert won / closed == pytest.approx(win_rate(played, 0))
