"""Write docs/records.md, the columns of the records, from `salesim.model.records`. Run by `make docs`."""

from pathlib import Path

import numpy as np

from salesim.model.enums import Cause, Outcome, Stage
from salesim.model.records import DEALS, WEEKS, Column

PAGE = Path(__file__).with_name("records.md")
HEAD = """# The records

<!-- Made by `make docs` from src/salesim/model/records.py and enums.py; change those, not this page. -->

Every run writes two tables, and every measure is a function of these two only. `salesim run` saves them for the first
seeds of each arm (`study.records`) under `results/<study>/records/`, as Parquet and as CSV; in Python they are
`market.records.frame("deals")` and `market.records.frame("weeks")`. Money is in thousands (k$), time in weeks counted from 0,
rows of agents from 0, and a "list price" is a price as a share of the deal's list price.

The records balance. Every deal is won, lost, without decision, or still open. The list price less the customer's
discount, the partner's margin and the rebate is the vendor's net price.
"""


def table(columns: tuple[Column, ...]) -> str:
    """A Markdown table of columns."""
    rows = [f"| `{c.name}` | {np.dtype(c.kind).name} | {c.unit} | {c.meaning} |" for c in columns]
    return "\n".join(["| column | type | unit | meaning |", "|---|---|---|---|", *rows])


def codes() -> str:
    """The meaning of the codes in the coded columns."""
    kinds = (("stage", Stage), ("outcome", Outcome), ("cause", Cause))
    return "\n".join(f"- `{name}`: " + ", ".join(f"{w.value} {w.name.lower()}" for w in kind) for name, kind in kinds)


def page() -> str:
    """The whole page."""
    parts = (
        HEAD,
        f"## Deals: one row per deal, in the order in which they were opened\n\n{table(DEALS)}\n",
        f"The coded columns are numbers in the arrays and words in the exported tables:\n\n{codes()}\n",
        f"## Weeks: one row per week and vendor\n\n{table(WEEKS)}\n",
    )
    return "\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(PAGE)
