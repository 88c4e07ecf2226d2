"""What `salesim show` prints of an ensemble: how many worlds, of which numbers, and which settings differ between them."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
from rich.console import Console
from rich.table import Table
from rich.text import Text

from salesim.config.notes import Note
from salesim.config.worlds import Members
from salesim.report.text.amounts import counted, with_unit

RANGE = (0.05, 0.95)  # quantiles of 90 % ranges


def print_ensemble(reference: Mapping[str, Any], members: Members, notes: Mapping[str, Note], console: Console) -> None:
    """The worlds that a market's file names (`reference`), by number; `notes` has the settings of a market."""
    market, file, data = (str(reference.get(name, "")) for name in ("market", "file", "data"))
    console.print(Text(f"market={market} is an ensemble", style="bold"))
    numbers = f", which have the numbers with sha256 {data[:12]}…" if data else ""
    console.print(
        f"{counted(len(members), 'world')} in {file}{numbers}. Commands take all of them, or worlds=50 the first fifty; above "
        "are the settings of the central market, which worlds=central takes alone. What differs between the worlds:",
    )
    table = pd.DataFrame.from_dict(members, orient="index")
    grid = Table.grid(padding=(0, 2))
    for column in ({"no_wrap": True}, {"no_wrap": True}, {"style": "dim"}):
        grid.add_column(**column)
    for key, low, high in zip(table, *table.quantile(RANGE).to_numpy().tolist(), strict=True):
        note = notes.get(key.removeprefix("market."), Note())
        grid.add_row(f"  {key}", f"{low:.3g} to {high:.3g}", with_unit(note.meaning, note.unit))
    console.print(grid)
    console.print("Settings with their 90 % range over the worlds.", style="dim")
    console.print()
