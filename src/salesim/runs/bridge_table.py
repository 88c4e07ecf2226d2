"""Why arms earn more or less: the difference of each step from list price to operating profit, with its interval."""

from collections.abc import Sequence

import pandas as pd

from salesim.metrics.money import BRIDGE, TOTALS
from salesim.stats.differences import contrasts

PROFIT = "operating_profit"
PAIR = ["contest", "arm", "against"]
NAMES = {"measure": "step", "mean_arm": "arm_k", "mean_against": "against_k", "difference": "difference_k"}
COLUMNS = (*PAIR, "step", "total", "arm_k", "against_k", "difference_k", "low", "high", "n")


def bridge_differences(
    bridge: pd.DataFrame, profit: pd.DataFrame, pairs: Sequence[tuple[str, str]], confidence: float
) -> pd.DataFrame:
    """A row a contest, pair of arms and step or total, in k$ a year; the steps of a pair sum to its operating profit.

    `bridge` is the table of that name. The intervals of a pair's steps hold together, and are those of `salesim explain`; that
    of operating profit is the one in `profit`, the rows of differences and contrasts about it. Pairs it lacks are left out.
    """
    keys = [name for name in bridge if name not in ("step", "amount_k")]
    wide = bridge.pivot(index=keys, columns="step", values="amount_k").reset_index()
    table = contrasts(wide, list(dict.fromkeys(pairs)), BRIDGE, confidence).rename(columns=NAMES)
    table["total"] = table["step"].isin(TOTALS)
    ends = profit.drop_duplicates(PAIR).set_index(PAIR)[["low", "high"]]
    table = table[pd.MultiIndex.from_frame(table[PAIR]).isin(ends.index)].reset_index(drop=True)
    last = table["step"] == PROFIT
    table.loc[last, ["low", "high"]] = ends.loc[list(table.loc[last, PAIR].itertuples(index=False, name=None))].to_numpy()
    return table[list(COLUMNS)]
