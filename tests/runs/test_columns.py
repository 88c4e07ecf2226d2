"""Every column of every table that a command writes has a unit and a meaning."""

import pandas as pd
import pytest

from salesim.cli import main
from salesim.metrics import METRICS
from salesim.model.series import KINDS
from salesim.report.text.evidence import TABLES
from salesim.runs.columns import described, described_columns, meaning_of

SMALL = ("market.customers.count=40", "market.selling.salespeople=2", "contest=alone", "workers=1")
EXPLORED = ("points=16", "seeds=3", "most_seeds=3", "trajectories=4", "emulator_points=16", "least_r2=1")
FEW = tuple(f"market.loops.{name}=0" for name in ("selling_sameness", "product_lead", "word_of_mouth"))  # 64 subsets are left
PRESSURE = "market.commoditization.pressure_per_week"
COMMANDS = {
    "run": [("run", "weeks=52", "seeds=5", "records=1", f"series=[{','.join(KINDS)}]")],
    "sweep": [("sweep", "weeks=26", "seeds=2", "strategy=pitch,diagnostic", f"{PRESSURE}=0,0.001")],
    "compare": [("compare", "weeks=26", "interim_analyses=[10]", "measures=[gross_margin]")],
    "explain": [("explain", "weeks=208", "seeds=4", "spiral_seeds=4", *FEW)],
    "explore": [
        ("explore", "market.customers.complexity_a=interval(1,4)", "market.worth.spillover=interval(0,1)", *EXPLORED),
        ("explore", "tipping=market.worth.spillover=interval(0,1)", "tipping_seeds=24"),
        ("explore", "tornado=true", "market.worth.spillover=interval(0,1)", "tornado_seeds=4", "tipping_seeds=24"),
    ],
}  # fmt: skip


def formula(scenario, seed, *_):
    gain = scenario.market.worth.spillover - 0.4 if scenario.vendors[0].strategy.name == "diagnostic" else 0.0
    return {"measures": dict.fromkeys(METRICS, gain + 0.01 * seed)}


@pytest.fixture(params=COMMANDS)
def study(request, tmp_path, monkeypatch):
    """The folder of a small study of each command; an exploration's many runs are replaced by a formula with a crossing."""
    if request.param == "explore":
        monkeypatch.setattr("salesim.runs.summary.summary", formula)
    for words in COMMANDS[request.param]:
        assert main([*words, *SMALL, f"folder={tmp_path}", "name=mine"]) == 0
    return next(path for path in tmp_path.iterdir() if path.is_dir())


def test_no_column_of_any_table_is_without_unit_and_meaning(study):
    rows = described(study, {})
    tables = [path for path in study.rglob("*.parquet") if not {"runs", "records"} & set(path.parts)]
    assert {row["table"] for row in rows} == {"_".join(path.relative_to(study).with_suffix("").parts) for path in tables}
    assert not [(row["table"], row["column"]) for row in rows if not (row["unit"] and row["meaning"])]


def test_no_column_of_the_evidence_is_without_unit_and_meaning():
    columns = [(f"evidence_{table}", column) for table, names in TABLES.items() for column in names]
    assert not [place for place in columns if not all(meaning_of(*place, {}) or ("",))]


def test_a_table_describes_only_columns_that_some_command_writes_under_its_name():
    assert set(described_columns()["explain_links"]) == {"loop", "link", "gain", "moved"}
    assert meaning_of("leads", "clear", {}) == ("yes or no", "whether the first is clearly best")
    assert meaning_of("leads", "nothing_of_this_name", {}) is None


def test_ends_of_intervals_and_the_two_sides_of_a_deal_say_of_what_they_are():
    assert meaning_of("points", "cycle_weeks_high", {}) == ("weeks", "upper end of the interval of sales cycle of deals won")
    assert meaning_of("explain_deals", "price_second", {}) == (
        "list prices", "price quoted to the customer, NaN without a quote, under the arm it is compared with",
    )  # fmt: skip


def test_the_exported_page_of_columns_has_every_table(tmp_path):
    assert main([*COMMANDS["run"][0], *SMALL, f"folder={tmp_path}", "name=mine"]) == 0
    assert main(["export", str(tmp_path / "mine")]) == 0
    columns = pd.read_csv(tmp_path / "mine" / "export" / "columns.csv").set_index(["table", "column"])
    for table, column, unit in (
        ("differences", "low", "as the value before it"),
        ("closing", "undecided", "share"),
        ("bridge", "step", "text"),
    ):
        assert columns.loc[(table, column), "unit"] == unit
    assert columns["meaning"].notna().all()
