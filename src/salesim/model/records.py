"""The records: every deal, and every week of every vendor. All measures are functions of these two tables alone.

`DEALS` and `WEEKS` are the only place where columns are documented; the record types of the model, the data dictionary of
every export and the page `docs/records.md` are generated from them.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow

RecordArray = npt.NDArray[np.void]


class Column(NamedTuple):
    """A column of the records."""

    name: str
    kind: type[np.generic]
    unit: str
    meaning: str


WHOLE, REAL, CODE = np.int32, np.float64, np.int8
DEALS: tuple[Column, ...] = (
    Column("customer", WHOLE, "row", "the customer"),
    Column("vendor", WHOLE, "row", "the vendor; 0 is the vendor in question"),
    Column("salesperson", WHOLE, "row", "seat of the salesperson who works on it (also when a partner sells)"),
    Column("generation", WHOLE, "count", "how many salespeople had this seat before the one who opened it"),
    Column("left_week", WHOLE, "week", "when the salesperson before that one left the seat; -1 is never"),
    Column("learning", REAL, "0 to 1", "how fast the salesperson who opened it learns and adopts"),
    Column("executive", WHOLE, "row", "executive who sponsors the account; -1 is nobody"),
    Column("partner", WHOLE, "row", "channel partner who sells; -1 is a direct deal"),
    Column("partner_rivals", WHOLE, "partners", "rival partners of the same brand in its territory; -1 in a direct deal"),
    Column("seller_skill", REAL, "0 to 1", "skill of the salesperson or partner who sells, when the deal opened"),
    Column("incumbent", CODE, "0 or 1", "the vendor was the customer's current one"),
    Column("subscription", CODE, "0 or 1", "sold as a subscription, not as a perpetual licence"),
    Column("opened_week", WHOLE, "week", "the vendor was invited and began to work"),
    Column("ready_week", WHOLE, "week", "the offer became ready; -1 is never, as for offers the vendor withdrew"),
    Column("closed_week", WHOLE, "week", "won, lost or dropped; -1 is still open"),
    Column("stage", CODE, "enums.Stage", "where the deal stands"),
    Column("outcome", CODE, "enums.Outcome", "how it ended"),
    Column("cause", CODE, "enums.Cause", "why it was not won"),
    Column("group_size", WHOLE, "people", "members of the customer's buying group"),
    Column("complexity", REAL, "0 to 1", "complexity of the customer's problem"),
    Column("value_k", REAL, "k$ a year", "yearly value at stake for the customer"),
    Column("diagnosis_planned_hours", REAL, "hours", "diagnosis the vendor's approach plans for this deal"),
    Column("presentation_planned_hours", REAL, "hours", "presentation the vendor's approach plans for this deal"),
    Column("diagnosis_hours", REAL, "hours", "diagnosis done"),
    Column("presentation_hours", REAL, "hours", "presentation done"),
    Column("executive_hours", REAL, "hours", "hours of the sponsoring executive before the choice"),
    Column("depth", REAL, "0 to 1", "how well the customer's problem was diagnosed"),
    Column("breadth", REAL, "0 to 1", "share of the offer that is a fixed package"),
    Column("fit", REAL, "0 to 1", "how much of the problem the solution can solve"),
    Column("promise", REAL, "0 to 1", "how much the vendor said it would solve"),
    Column("perceived_fit", REAL, "0 to 1", "how much the customer believed it would solve"),
    Column("uncertainty", REAL, "0 to 1", "the customer's doubt about the offer"),
    Column("worth", REAL, "list prices", "what the offer is worth to the customer"),
    Column("worth_believed", REAL, "list prices", "what the seller thinks it is worth to the customer"),
    Column("list_price_k", REAL, "k$", "list price"),
    Column("price", REAL, "list prices", "price quoted to the customer, NaN without a quote"),
    Column("price_k", REAL, "k$", "price quoted to the customer"),
    Column("partner_cost", REAL, "list prices", "what the partner pays the vendor at once; NaN in a direct deal"),
    Column("partner_cost_k", REAL, "k$", "what the partner pays the vendor; equals price_k in a direct deal"),
    Column("partner_margin_k", REAL, "k$", "price less partner's cost"),
    Column("rebate_promised_k", REAL, "k$", "what the partner gets later if the customer is satisfied"),
    Column("rebate_k", REAL, "k$", "paid to the partner later, on a satisfied customer"),
    Column("net_price_k", REAL, "k$", "what the vendor keeps of the price: list less discount, margin and rebate"),
    Column("unit_cost_k", REAL, "k$", "product cost of the solution"),
    Column(
        "pass_through",
        REAL,
        "share",
        "change of the partner's price for a small change of its cost, at the quote, rivals' prices given, in the short run; "
        "NaN in a direct deal",
    ),
    Column("commission_k", REAL, "k$", "commission the deal earned, paid or withheld"),
    Column("commission_waiting_k", REAL, "k$", "the part of it that waits for the outcome"),
    Column("trust_opening", REAL, "0 to 1", "the customer's trust in the vendor when the deal opened"),
    Column("trust_closing", REAL, "0 to 1", "the same when its offer was last weighed; NaN if it never was"),
    Column("access", REAL, "0 to 1", "executive access of the vendor when its offer was last weighed"),
    Column("perceived_sameness", REAL, "0 to 1", "how far the customer thought all offers are the same, at the choice"),
    Column("reference_price", REAL, "list prices", "reference price at the choice; lower where the customer saw a discount"),
    Column("support", REAL, "0 to 1", "support the delivery got; NaN until delivered"),
    Column("delivered", REAL, "0 to 1", "how much of the problem was solved; NaN until delivered"),
    Column("delivered_week", WHOLE, "week", "end of delivery; -1 is not delivered"),
    Column("ended_week", WHOLE, "week", "end of the customer's contract; -1 is not ended"),
    Column("fees_k", REAL, "k$", "received over the contract so far, after the partner's share, before rebates"),
    Column("fees_cost_k", REAL, "k$", "product cost of what these fees were for"),
)

WEEKS: tuple[Column, ...] = (
    Column("week", WHOLE, "week", "number of the week, from 0"),
    Column("vendor", WHOLE, "row", "the vendor"),
    Column("revenue_k", REAL, "k$", "licences sold and fees received, after partners' shares"),
    Column("product_cost_k", REAL, "k$", "cost of what was sold or served"),
    Column("gross_margin_k", REAL, "k$", "revenue less product cost"),
    Column("selling_k", REAL, "k$", "salaries and commissions of salespeople, and cost of hiring"),
    Column("support_k", REAL, "k$", "delivery support, change management and collaboration"),
    Column("development_k", REAL, "k$", "product development"),
    Column("overhead_k", REAL, "k$", "general cost"),
    Column("training_k", REAL, "k$", "coaching, training, measuring of outcomes, and teaching of partners"),
    Column("executive_k", REAL, "k$", "executives' time with customers, and pay tied to it"),
    Column("rebate_k", REAL, "k$", "rebates paid to partners"),
    Column("operating_profit_k", REAL, "k$", "gross margin less all the costs above"),
    Column("open_deals", WHOLE, "deals", "deals open at the end of the week"),
    Column("opened", WHOLE, "deals", "deals opened in the week"),
    Column("closed", WHOLE, "deals", "deals closed in the week"),
    Column("won", WHOLE, "deals", "deals won in the week"),
    Column("customers", WHOLE, "customers", "customers whose current vendor it is"),
    Column("hours_used", REAL, "hours", "salespeople's selling hours used"),
    Column("hours_free", REAL, "hours", "salespeople's selling hours left for prospecting"),
    Column("executive_hours", REAL, "hours", "executives' hours with customers"),
    Column("leavers", WHOLE, "people", "salespeople who left"),
    Column("vacancies", WHOLE, "seats", "salesperson seats without a salesperson"),
    Column("skill", REAL, "0 to 1", "mean skill of salespeople"),
    Column("adoption", REAL, "0 to 1", "mean adoption of the current approach, before the week's leavers"),
    Column("cynicism", REAL, "0 to 1", "mean cynicism of salespeople"),
    Column("involvement", REAL, "0 to 1", "mean involvement of executives"),
    Column("lead", REAL, "0 to 1", "product lead"),
    Column("support_level", REAL, "0 to 1", "support a delivery gets"),
    Column("standard", REAL, "0 to 1", "service standard people believe in"),
    Column("partner_discount", REAL, "share of list", "mean discount of its active partners"),
    Column("partner_capability", REAL, "0 to 1", "mean capability taught to its active partners"),
    Column("partners_active", WHOLE, "partners", "partners that have not given up the brand"),
    Column("partners_profit_k", REAL, "k$", "its partners' margin on deals won and rebates, less their own cost"),
    Column("trust", REAL, "0 to 1", "mean trust of all customers in the vendor"),
    Column("perceived_sameness", REAL, "0 to 1", "mean over all customers: how far offers are thought the same"),
    Column("reference_price", REAL, "list prices", "mean over all customers: the price they are used to"),
)


def record_type(*fields: tuple[str, type[np.generic]]) -> np.dtype[np.void]:
    """Aligned record type of named fields."""
    return np.dtype(list(fields), align=True)


DEAL, WEEK = (record_type(*((column.name, column.kind) for column in columns)) for columns in (DEALS, WEEKS))


@dataclass(frozen=True, eq=False)
class Records:
    """The records of a run.

    `deals` has one row per deal in the order of opening, `weeks` one row per week and vendor in that order; they are numpy
    record arrays of type `DEAL` and `WEEK`. `n_weeks` is the number of weeks that were run.
    """

    deals: RecordArray
    weeks: RecordArray
    n_weeks: int
    n_vendors: int

    def frame(self, table: str) -> "pd.DataFrame":
        """The table "deals" or "weeks" as a pandas DataFrame (a copy), codes written as words."""
        frame: pd.DataFrame = self.arrow(table).to_pandas()
        return frame

    def arrow(self, table: str) -> "pyarrow.Table":
        """The table "deals" or "weeks" for Arrow (a copy): NaN is null, codes are words. Raises ValueError for another."""
        import pyarrow

        from salesim.model.enums import Cause, Outcome, Stage

        if table not in ("deals", "weeks"):
            raise ValueError(f"there is no table {table!r} in the records; the tables are deals and weeks")
        rows = self.deals if table == "deals" else self.weeks
        words = {"stage": Stage, "outcome": Outcome, "cause": Cause}
        columns: dict[str, Any] = {}
        for name in rows.dtype.names or ():
            column = pyarrow.array(np.array(rows[name]), from_pandas=True)
            if name in words:
                names = pyarrow.array([word.name.lower() for word in words[name]])
                column = pyarrow.DictionaryArray.from_arrays(column, names)
            columns[name] = column
        return pyarrow.table(columns)

    def export(self, folder: Path) -> list[Path]:
        """Write deals and weeks as Parquet and CSV and their data dictionary into `folder`; return the paths."""
        from pyarrow import csv, parquet, types

        folder.mkdir(parents=True, exist_ok=True)
        paths = []
        for table in ("deals", "weeks"):
            rows_of_table = self.arrow(table)
            words = [field.name for field in rows_of_table.schema if types.is_dictionary(field.type)]
            parquet.write_table(rows_of_table, folder / f"{table}.parquet", use_dictionary=words)
            numbered = rows_of_table.add_column(0, "row", [range(len(rows_of_table))])
            with (folder / f"{table}.csv").open("wb") as file:
                file.write((",".join(numbered.column_names) + "\n").encode())
                csv.write_csv(numbered, file, csv.WriteOptions(include_header=False, quoting_style="none"))
            paths += [folder / f"{table}.parquet", folder / f"{table}.csv"]
        (folder / "columns.csv").write_text(dictionary_csv(), encoding="utf-8")
        return [*paths, folder / "columns.csv"]


def dictionary_csv() -> str:
    """The data dictionary of both tables as CSV text: table, column, type, unit, meaning."""
    lines = ["table,column,type,unit,meaning"]
    for table, columns in (("deals", DEALS), ("weeks", WEEKS)):
        lines += [f'{table},{c.name},{np.dtype(c.kind).name},"{c.unit}","{c.meaning}"' for c in columns]
    return "\n".join(lines) + "\n"
