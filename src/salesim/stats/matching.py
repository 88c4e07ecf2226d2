"""Deals of the same customer under two arms: which ended differently, and the difference in money.

Deals of two records with the same seed are matched by customer and week of opening: with common random numbers the same need
arises in the same week in both, until the histories of the arms diverge. The differences of the classes sum to the
difference of the totals.
"""

import pandas as pd

KEY = ["customer", "opened_week"]
# Which arm won a deal of a need; `_only`: the need arose under that arm only.
KINDS = ("both", "first", "second", "neither", "first_only", "second_only")


def matched(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """One row per deal of either arm: its class, money and difference (first minus second), and both arms' columns.

    Both tables have the columns of KEY, `won` (true or false), `money_k` (0 unless won), and any others; a customer
    opens at most one deal a week.
    """
    table = first.merge(second, on=KEY, how="outer", suffixes=("_first", "_second"), indicator=True, validate="one_to_one")
    won = [table[f"won_{arm}"].eq(True) for arm in ("first", "second")]
    kind = pd.Series("neither", table.index)
    kind[won[0] & won[1]] = "both"
    kind[won[0] & ~won[1]], kind[won[1] & ~won[0]] = "first", "second"
    kind[table["_merge"] == "left_only"], kind[table["_merge"] == "right_only"] = "first_only", "second_only"
    money = [table[f"money_k_{arm}"].fillna(0.0) for arm in ("first", "second")]
    return table.drop(columns="_merge").assign(kind=kind, difference_k=money[0] - money[1])


def by_class(deals: pd.DataFrame) -> pd.DataFrame:
    """One row per class: number of deals, those won by each arm, and the sum of differences in k$."""
    won = {name: deals[name].eq(True) for name in ("won_first", "won_second")}
    table = deals.assign(deals=1, **won).groupby("kind")[["deals", *won, "difference_k"]].sum()
    return table.reindex(list(KINDS), fill_value=0).rename_axis("kind").reset_index()
