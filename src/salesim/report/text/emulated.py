"""How well the emulator of an exploration predicts, in words, and what follows where it predicts poorly."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from salesim.report.text.amounts import listed

Record = Mapping[str, Any]
NOT_CLEAR = "no difference between points is clear"


def quality_words(record: Record, emulators: pd.DataFrame) -> str:
    """The held-out R2 of every arm, and whether results come from the emulator or from plain sampling; "" without one."""
    if not record["emulator_points"]:
        return ""
    if emulators.empty:
        return "Too few points could be measured for an emulator; these are results of plain sampling."
    known, least = emulators["held_out_r2"], record["least_r2"]
    values = "; ".join(
        f"{row.arm}, {row.contest}: {NOT_CLEAR if np.isnan(row.held_out_r2) else format(row.held_out_r2, '.2f')}"
        for row in emulators.itertuples()
    )
    meaning = "1 is a perfect prediction of all that is not chance of seeds"
    if record["emulated"]:
        return f"Held-out R2 of the emulator ({meaning}): {values}."
    poor = listed([f"{row.arm}, {row.contest}" for row in emulators[known < least].itertuples()])
    return (
        f"These are results of plain sampling, as the emulator predicts points held out too poorly ({poor}; R2 has to be at "
        f"least {least:g}). Its held-out R2 ({meaning}): {values}. More emulator_points or seeds may help."
    )


def learned_plan(record: Record, counts: Mapping[str, int]) -> str:
    """How many runs an emulator takes, and plain sampling after it."""
    return (
        f"{counts['first']:,} runs for an emulator: {counts['points']} points with {record['seeds']} seeds each; up to "
        f"{counts['usual']:,} with the confirmation of regret. If the emulator predicts held-out points poorly, plain sampling "
        f"follows, with up to {counts['most']:,} in all"
    )
