"""When an arm is ahead, how deep its trough was, and what it brings in all: sentences and lines from the table `payback`."""

import math
from collections.abc import Iterator

from salesim.report.study_files import Row
from salesim.report.text.amounts import percent
from salesim.report.text.answer import Line
from salesim.report.text.effects import YEAR_MONTHS, month_words, months_between, size


def lines_of_payback(row: Row, baseline: str) -> Iterator[Line]:
    """Break-even, trough, sum and present value of an arm."""
    arm = row["arm"]
    yield Line(f"{arm} is ahead of {baseline} from", row["ahead_month"], row["ahead_low"], row["ahead_high"], "month")
    if row["trough_k"] < 0.0:
        yield Line(f"{arm} less {baseline}, deepest trough", row["trough_k"], row["trough_low"], row["trough_high"], "k$")
    yield Line(f"{arm} less {baseline}, sum of {years(row)}", row["total_k"], row["total_low"], row["total_high"], "k$")
    label = f"{arm} less {baseline}, present value at {rate(row)} a year"
    yield Line(label, row["present_value_k"], row["present_value_low"], row["present_value_high"], "k$")


def on_payback(row: Row, baseline: str, arm: str) -> str:
    """When an arm, as it is called, is ahead, how deep its trough is, and what it brings in all."""
    total = size(row["total_k"], row["total_low"], row["total_high"], "k$", signed=True)
    if math.isinf(row["ahead_month"]):
        return f"{arm} is not ahead of {baseline} within {years(row)}{in_seeds(row)}, and brings {total} in all"
    ahead = f"{arm} is ahead of {baseline} from {month_words(row['ahead_month'])} on{between(row)}{in_seeds(row)}"
    return f"{ahead}{trough(row)}, and brings {total} in {years(row)}"


def between(row: Row) -> str:
    """The interval of the month from which an arm is ahead; empty if it is not known."""
    return "" if math.isnan(row["ahead_low"]) else f" ({months_between(row['ahead_low'], row['ahead_high'])})"


def trough(row: Row) -> str:
    """How far an arm is behind at worst; empty if it never clearly is."""
    if not row["trough_high"] < 0.0:
        return ""
    depth = size(row["trough_k"], row["trough_low"], row["trough_high"], "k$", signed=True)
    return f", after a trough of {depth} in {month_words(row['trough_month'])}"


def in_seeds(row: Row) -> str:
    """In what share of seeds an arm is not ahead at the end, or is, where its mean is not; empty if all seeds agree."""
    share, ahead = row["share_ahead"], math.isfinite(row["ahead_month"])
    if share in (0.0, 1.0):
        return ""
    return (
        f", in {percent(1.0 - share)} of seeds not within {years(row)}" if ahead else f" (in {percent(share)} of seeds it is)"
    )


def on_waiting(row: Row, baseline: str) -> Iterator[str]:
    """How long it takes to pay, where it costs first."""
    arm = row["arm"]
    if row["trough_k"] < 0.0 and math.isfinite(row["ahead_month"]):
        depth = size(row["trough_k"], row["trough_low"], row["trough_high"], "k$", signed=True)
        lowest = f"in {month_words(row['trough_month'])}, {depth}"
        until = f"{month_words(row['ahead_month'])} of the run{between(row)}"
        if row["trough_high"] < 0.0:
            yield f"Until {until}, {arm} has earned less than {baseline} in all; at the lowest, {lowest}."
        else:
            ahead = f"{arm} has earned more than {baseline} in all from {until} on"
            yield f"{ahead}; even at the lowest, {lowest}, it is not clearly behind."


def on_present_value(row: Row, baseline: str) -> str:
    """What the difference is worth at the discount rate."""
    value = size(row["present_value_k"], row["present_value_low"], row["present_value_high"], "k$", signed=True)
    return f"At a discount rate of {rate(row)} a year, {row['arm']} less {baseline} is worth {value} at the start of the run."


def years(row: Row) -> str:
    """The length of the run."""
    return f"{row['months'] / YEAR_MONTHS:g} years"


def rate(row: Row) -> str:
    """The discount rate."""
    return f"{100.0 * row['discount_rate']:g} %"
