"""A malformed export is read rightly, or refused in one sentence with row and column before any run."""

import numpy as np
import pandas as pd
import pytest

from salesim.analyses.crm.imported import imported
from salesim.cli import main

MAPPING = """
id: id
opened: opened
closed: closed
stage: stage
amount: amount
discount: discount
won: Won
lost: Lost
no_decision: None decided
open: Open
"""
ROWS = 400


def table(rows: int = ROWS) -> pd.DataFrame:
    """An export without a fault: half of the deals are won, after one to thirty weeks, and some are still open."""
    rng = np.random.default_rng(3)
    opened = pd.Timestamp("2020-01-06") + pd.to_timedelta(rng.integers(0, 700, rows), unit="D")
    closed = opened + pd.to_timedelta(rng.integers(7, 210, rows), unit="D")
    stage = np.array(["Won", "Lost", "Won", "None decided"])[np.arange(rows) % 4]
    stage[::20] = "Open"
    return pd.DataFrame(
        {
            "id": [f"D{row}" for row in range(rows)],
            "opened": opened.strftime("%Y-%m-%d"),
            "closed": np.where(stage == "Open", "", closed.strftime("%Y-%m-%d")),
            "stage": stage,
            "amount": "1000.50",
            "discount": [f"{value:.2f}" for value in rng.uniform(0.0, 0.3, rows)],
        }
    )


def text_of(changed: pd.DataFrame, **options) -> str:
    return changed.to_csv(index=False, **options)


def with_cell(row: int, column: str, value: str) -> str:
    """The export with another text in a cell; `row` is that of the file."""
    changed = table()
    changed.loc[row - 2, column] = value
    return text_of(changed)


def fit(folder, text: str, mapping: str = MAPPING) -> int:
    (folder / "export.csv").write_text(text, encoding="utf-8")
    (folder / "mapping.yaml").write_text(mapping)
    words = [f"export={folder / 'export.csv'}", f"mapping={folder / 'mapping.yaml'}", f"folder={folder / 'out'}"]
    return main(["fit", *words, "market.customers.count=30", "--dry-run"])


def numbers(folder, text: str, mapping: str = MAPPING) -> dict[str, float]:
    (folder / "export.csv").write_text(text, encoding="utf-8")
    (folder / "mapping.yaml").write_text(mapping)
    found = imported(str(folder / "export.csv"), str(folder / "mapping.yaml"))
    return {target.measure: target.value for target in found.targets}


def mixed_orders() -> str:
    changed = table()
    changed["opened"] = pd.to_datetime(changed["opened"]).dt.strftime("%d/%m/%Y")
    changed.loc[7, "opened"] = "02/25/2020"
    return text_of(changed)


REFUSED = {
    "no header": (lambda: text_of(table(), header=False), "row 1 of", "has no column 'id'"),
    "wrong separator": (lambda: text_of(table(), sep="\x01"), "row 1 of", "has no column 'id'"),
    "two date orders": (mixed_orders, "row 9, column 'opened': '02/25/2020'", "two date orders in one column"),
    "unknown stage": (lambda: with_cell(14, "stage", "Paused"), "row 14, column 'stage': 'Paused'", "does not have"),
    "no day": (lambda: with_cell(9, "closed", "2021-02-30"), "row 9, column 'closed'", "no day of the calendar"),
    "no date": (lambda: with_cell(9, "closed", "soon"), "row 9, column 'closed': 'soon'", "is not a date"),
    "two decimals": (
        lambda: with_cell(4, "discount", "0,15"), "row 4, column 'discount': '0,15'", "decimal commas and decimal points",
    ),
    "unquoted comma": (lambda: text_of(table()).replace("1000.50", "1000,50"), "row 2 of", "more cells"),
    "ragged row": (lambda: text_of(table()) + "D9,2020-01-01,,Open,1,0.1,5\n", "row 402", "has 7 cells"),
    "without dates": (
        lambda: text_of(pd.concat([table(2000)] * 100).assign(opened="", id=range(200_000))),
        "column 'opened' in any of 200,000 rows (first row 2)", "a fit needs the days",
    ),
    "turned columns": (
        lambda: text_of(table().rename(columns={"opened": "closed", "closed": "opened"}).query("stage != 'Open'")),
        "columns 'opened' and 'closed'", "closed before it opened",
    ),
    "a column twice": (lambda: text_of(table()).replace("amount", "stage", 1), "row 1 of", "the column 'stage' twice"),
    "too few": (lambda: text_of(table(60)), "usable closed deals", "a fit needs 30 won ones"),
    "empty": (lambda: "", "is empty", "export the opportunities again"),
}  # fmt: skip


@pytest.mark.parametrize("fault", REFUSED)
def test_a_fault_ends_in_one_sentence_with_its_place_before_any_run(tmp_path, capsys, fault):
    made, place, what = REFUSED[fault]
    assert fit(tmp_path, made()) == 2
    error = capsys.readouterr().err
    assert place in error
    assert what in error
    assert error.count("\n") == 1
    assert not (tmp_path / "out").exists()


def with_dates(changed: pd.DataFrame, kind: str) -> pd.DataFrame:
    days = {name: pd.to_datetime(changed[name]).dt.strftime(kind).fillna("") for name in ("opened", "closed")}
    return changed.assign(**days)


def german(changed: pd.DataFrame) -> str:
    changed["amount"], changed["discount"] = "1.000,50", changed["discount"].str.replace(".", ",")
    return text_of(changed, sep=";")


def backwards(changed: pd.DataFrame) -> str:
    extra = changed[changed["stage"] == "Won"].head(5).assign(id=list("abcde"), closed="2019-01-01")
    return text_of(pd.concat([changed, extra]))


READ = {
    "separator": lambda changed: text_of(changed, sep="\t"),
    "negative days": backwards,
    "duplicate ids": lambda changed: text_of(pd.concat([changed, changed.head(30)])),
    "text None": lambda changed: text_of(changed.replace({"closed": {"": "None"}})),
    "decimal commas": german,
    "byte-order mark": lambda changed: "\ufeff" + text_of(changed),
    "per cent": lambda changed: text_of(changed.assign(discount=[f"{100 * float(each):.0f}%" for each in changed["discount"]])),
    "day first": lambda changed: text_of(with_dates(changed, "%d.%m.%y")),
    "month first": lambda changed: text_of(with_dates(changed, "%m/%d/%Y 08:30")),
    "empty rows": lambda changed: text_of(changed) + ",,,,,\n\n",
}


@pytest.mark.parametrize("dirt", READ)
def test_dirt_that_can_be_read_changes_no_number(tmp_path, dirt):
    assert numbers(tmp_path, READ[dirt](table())) == pytest.approx(numbers(tmp_path, text_of(table())), rel=1e-9)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("wonn: Closed\n", "wonn is nothing that a mapping has; did you mean won?"),
        ("layout: pipedrive\n", "there is no layout 'pipedrive'"),
        ("dates: year\n", "dates is 'year'"),
        ("leave_out: [gross_margin]\n", "gross_margin, which is no number of the export"),
        ("opened: closed\n", "opened and closed are the same column"),
        ("list_prices: {A: ten}\n", "mapping.yaml: list_prices.A is 'ten'"),
        ("owner: Seller\n", "has no column 'Seller' (owner in"),
    ],
)
def test_a_wrong_mapping_is_refused(tmp_path, capsys, change, message):
    key = change.partition(":")[0]
    rest = "".join(line + "\n" for line in MAPPING.splitlines() if not line.startswith(f"{key}:"))
    assert fit(tmp_path, text_of(table()), rest + change) == 2
    assert message in capsys.readouterr().err


def test_days_that_may_be_months_are_not_guessed(tmp_path, capsys):
    changed = table().assign(opened="03/04/2020", closed="05/06/2020")
    assert fit(tmp_path, text_of(changed)) == 2
    assert "row 2, column 'opened': '03/04/2020' may begin with the day or the month" in capsys.readouterr().err


def test_the_summary_is_printed_before_the_first_run_and_a_mapping_alone_is_refused(tmp_path, capsys):
    assert fit(tmp_path, "\ufeff" + text_of(table())) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "byte-order mark; removed" in shown
    assert "censoring: open on the last day: 20;" in shown
    assert main(["fit", f"mapping={tmp_path / 'mapping.yaml'}"]) == 2
    assert "add export=FILE" in capsys.readouterr().err


def test_a_number_that_is_the_same_in_all_deals_is_no_target(tmp_path):
    assert "partner_sales" not in numbers(tmp_path, text_of(table().assign(partner="None")), MAPPING + "partner: partner\n")
    assert "discount" in numbers(tmp_path, text_of(table().assign(partner="None")), MAPPING + "partner: partner\n")


def test_stages_may_be_numbers(tmp_path):
    expected = numbers(tmp_path, text_of(table()))
    coded = text_of(table().replace({"stage": {"Won": "1"}}))
    assert numbers(tmp_path, coded, MAPPING.replace("won: Won", "won: 1")) == pytest.approx(expected)
