"""The import of an export: it finds the known figures of the run that wrote the export back, and names each trap."""

from functools import cache

import numpy as np
import pandas as pd
import pytest

from salesim.analyses.crm.imported import Imported, imported
from salesim.config.scenario import default_scenario
from salesim.metrics import measured
from salesim.model.records import Records
from salesim.model.schedule import play
from tests.analyses.crm.crm_export import MAPPING, export_of, last_day

WEEKS, QUARTER = 221, 13
LARGE = {"market": "reference", "market.customers.count": 1200, "market.selling.salespeople": 24}


STEADY = {**LARGE, "market.commoditization.pressure_per_week": 0.0}  # as far as a market can be whose customers learn


@cache
def run_of(weeks: int = WEEKS) -> Records:
    return play(default_scenario(weeks=weeks, **LARGE), 7)


def read(folder, table: pd.DataFrame, mapping: str = "", text: str | None = None, **options) -> Imported:
    """The import of a table that is written as CSV with `options`."""
    file, how = folder / "export.csv", folder / "mapping.yaml"
    file.write_text(table.to_csv(index=False, **options) if text is None else text, encoding="utf-8")
    how.write_text(f"{MAPPING}{mapping}" + f"last_day: {last_day(WEEKS)}\n" * ("last_day" not in mapping))
    return imported(str(file), str(how))


def values(found: Imported) -> dict[str, float]:
    return {target.measure: target.value for target in found.targets}


def count(found: Imported, trap: str) -> int:
    (finding,) = [each for each in found.findings if trap in each.trap]
    return finding.rows


def test_the_numbers_of_an_export_are_the_measures_of_the_weeks_before_the_last_quarter(tmp_path):
    known = measured(run_of(WEEKS - QUARTER))
    found = values(read(tmp_path, export_of(run_of())))
    sellers = found.pop("won_per_seller")
    assert set(found) == {
        "won_in_year", "undecided_in_year", "weeks_to_win", "median_weeks_to_win", "discount", "discount_spread",
        "partner_sales",
    }  # fmt: skip
    assert found == pytest.approx({name: known[name] for name in found}, rel=1e-6)
    assert sellers == pytest.approx(known["won_per_seller"], rel=0.15)  # owners are people, and the measure counts seats


def test_the_last_quarter_of_a_steady_market_is_predicted(tmp_path):
    found = read(tmp_path, export_of(play(default_scenario(weeks=WEEKS, **STEADY), 7)))
    before = {target.measure: target for target in found.targets}
    apart = [
        (later.value - before[later.measure].value) / np.hypot(later.standard_error, before[later.measure].standard_error)
        for later in found.held
    ]
    assert len(apart) == len(found.targets)
    assert max(map(abs, apart)) < 4.0


def test_standard_errors_are_as_large_as_the_differences_between_seeds(tmp_path):
    scenario = default_scenario(weeks=WEEKS, **LARGE)
    runs = [read(tmp_path, export_of(play(scenario, seed))) for seed in range(6)]
    for name in ("won_in_year", "weeks_to_win", "discount"):
        seen = np.std([values(run)[name] for run in runs], ddof=1)
        said = np.mean([target.standard_error for run in runs for target in run.targets if target.measure == name])
        assert 0.4 < seen / said < 2.5


def test_each_planted_trap_is_counted_and_leaves_the_figures_as_they_were(tmp_path):
    clean = export_of(run_of())
    before = values(read(tmp_path, clean))
    dirty = clean.copy()
    dirty.loc[dirty["Stage"] == "Negotiation", "Close Date"] = "2030-06-30"  # Salesforce plans a date for each open deal
    dirty["Partner"] = dirty["Partner"].replace("", "None")
    dirty["Amount"] = dirty["Amount"].map(lambda text: f"€ {float(text):,.2f}".translate(str.maketrans(",.", ".,")))
    for name in ("Created Date", "Close Date"):
        dirty[name] = dirty[name].str.replace(r"(\d+)-(\d+)-(\d+)", r"\3.\2.\1", regex=True)
    extra = dirty.tail(3).assign(**{"Created Date": "", "Opportunity ID": ["a", "b", "c"], "Stage": "Closed Won"})
    text = "\ufeff" + pd.concat([dirty.head(5), dirty, extra]).to_csv(index=False, sep=";")
    found = read(tmp_path, dirty, text=text)
    assert values(found) == pytest.approx(before, rel=1e-4)
    is_open = dirty["Stage"] == "Negotiation"
    assert count(found, "duplicates of an id") == 5
    assert count(found, "closed deals without a date of opening") == 3
    assert count(found, "open deals with a date of closing") == is_open.sum()
    assert count(found, "a text such as None") == (pd.concat([dirty.head(5), dirty, extra])["Partner"] == "None").sum()
    assert count(found, "decimal commas, column 'Amount'") == (dirty["Stage"] == "Closed Won").sum()
    assert count(found, "currency €") == (dirty["Stage"] == "Closed Won").sum()
    assert count(found, "column 'Created Date'") == len(dirty)
    assert {"byte-order mark", "columns separated by semicolons"} <= {each.trap for each in found.findings}


def test_left_truncation_is_named_and_the_curves_are_right_without_the_deals_that_are_missing(tmp_path):
    table, first = export_of(run_of()), "2021-01-04"
    is_closed_before = (table["Close Date"] != "") & (table["Close Date"] < first)
    truncated = read(tmp_path, table[~is_closed_before])
    (finding,) = [each for each in truncated.findings if "left truncation" in each.trap]
    assert finding.rows == ((table["Created Date"] < first) & ~is_closed_before).sum()
    assert f"watched from {first} only" in finding.done
    whole = values(read(tmp_path, table))
    for target in truncated.targets:
        if target.measure in ("won_in_year", "undecided_in_year", "weeks_to_win"):
            assert abs(target.value - whole[target.measure]) < 2.5 * target.standard_error, target


def test_an_export_from_the_first_deal_on_is_not_called_truncated(tmp_path):
    assert not [each for each in read(tmp_path, export_of(run_of())).findings if "truncation" in each.trap]


def test_zombies_are_counted_and_stay_undecided_unless_they_are_dropped(tmp_path):
    table = export_of(run_of())
    lately = table["Created Date"] < "2019-01-01"
    forgotten = table.index[(table["Stage"] == "No Decision") & lately][:40]
    table.loc[forgotten, ["Stage", "Close Date"]] = ["Negotiation", ""]
    before = values(read(tmp_path, export_of(run_of())))
    kept, dropped = read(tmp_path, table), read(tmp_path, table, "zombies: drop\n")
    assert count(kept, "zombies") == count(dropped, "zombies") == 40
    assert values(kept)["won_in_year"] == pytest.approx(before["won_in_year"], abs=0.02)
    assert values(dropped)["won_in_year"] > values(kept)["won_in_year"] + 0.005


def test_products_spelt_another_way_have_the_same_list_price_and_other_currencies_none(tmp_path):
    table = export_of(run_of()).assign(Product="GTX Pro")
    table.loc[::2, "Product"] = "GTXPro"
    table["Amount"] = "$ 90.00"
    table.loc[::10, "Amount"] = "€ 10.00"
    won = table[table["Stage"] == "Closed Won"]
    plain = table.drop(columns="List Price").rename(columns={"Partner": "Partner Account"})
    file, how = tmp_path / "plain.csv", tmp_path / "plain.yaml"
    plain.to_csv(file, index=False)
    how.write_text("layout: salesforce\nopen: Negotiation\nproduct: Product\nlist_prices: {GTX Pro: 100}\n")
    found = imported(str(file), str(how))
    assert values(found)["discount"] == pytest.approx(0.1)
    assert count(found, "products spelt another way") == (won["Product"] == "GTXPro").sum()
    assert count(found, "another currency") == won["Amount"].str.startswith("€").sum()


def test_a_layout_is_recognized_without_a_mapping(tmp_path):
    table = export_of(run_of()).replace({"Stage": {"Negotiation": "Qualification"}})
    file = tmp_path / "report.csv"
    table.to_csv(file, index=False)
    assert imported(str(file), None).origin == "the layout of Salesforce"
    hubspot = {
        "Opportunity ID": "Record ID",
        "Created Date": "Create Date",
        "Stage": "Deal Stage",
        "Opportunity Owner": "Deal owner",
    }
    table.rename(columns=hubspot).replace({"Deal Stage": {"Qualification": "Contract Sent"}}).to_csv(file, index=False)
    found = imported(str(file), None)
    assert found.origin == "the layout of HubSpot"
    assert found.columns["opened"] == "Create Date"


@pytest.mark.parametrize("kind", ["parquet", "xlsx"])
def test_excel_and_parquet_give_the_same_numbers(tmp_path, kind):
    if kind == "xlsx":
        pytest.importorskip("openpyxl")
    table = export_of(run_of())
    expected = values(read(tmp_path, table))
    file = tmp_path / f"export.{kind}"
    typed = table.assign(**{name: pd.to_datetime(table[name]) for name in ("Created Date", "Close Date")})
    typed.to_parquet(file) if kind == "parquet" else typed.to_excel(file, index=False)
    assert values(imported(str(file), str(tmp_path / "mapping.yaml"))) == pytest.approx(expected)
