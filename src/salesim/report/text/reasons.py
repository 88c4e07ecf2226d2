"""Why an arm earns more or less than another: the largest steps between their profits, from the table of the bridge."""

from collections.abc import Iterator, Sequence

import pandas as pd

from salesim.report.study_files import Row
from salesim.report.text.answer import Question
from salesim.report.text.effects import PROFIT, is_clear, size
from salesim.report.text.printed import printed_bridge

MARGIN, TOTAL, UNIT = "gross_margin", "operating_profit", "k$ a year"
MOST, NOTABLE = 2, 0.1  # reasons in the sentence; a smaller share of the largest is left out
COSTS = {  # subjects of "costs" or "cost"
    "selling": "selling costs", "support": "support and rework cost", "development": "development costs",
    "training": "training costs", "executive": "executives cost", "overhead": "overhead costs",
}  # fmt: skip
MARGINS = {  # what makes gross margin higher, and what lower
    "list_price": ("it sells more", "it sells less"),
    "customer_discount": ("its discounts are smaller", "its discounts are larger"),
    "partner_margin": ("its partners keep less", "its partners keep more"),
    "rebate": ("its rebates are smaller", "its rebates are larger"),
    "timing_and_service": ("its fees and maintenance bring more", "its fees and maintenance bring less"),
}


def reasons(question: Question) -> Iterator[str]:
    """Why the arm of the answer earns more or less than the one it is compared with, if the bridge shows it."""
    if PROFIT in question.declared["measures"] and question.declared["kind"] != "fall":
        sentences = (because(question.bridge(*pair), *pair) for pair in pairs_of(question))
        yield from [sentence for sentence in sentences if sentence][:1]


def pairs_of(question: Question) -> Iterator[tuple[str, str]]:
    """The arm to choose and the baseline, or the next arm where that is the baseline; then the pairs that are declared.

    An answer that contrasts pairs is about these alone.
    """
    from salesim.report.text.answers import leader

    contest, baseline = question.theme.contests[0], question.baseline
    arm, standing = leader(question, contest), question.best(contest)
    if question.declared["kind"] != "contrast":
        yield (str(standing["second"]) if standing and arm == baseline else arm), baseline
    yield from map(tuple, question.declared["pairs"])


def because(bridge: pd.DataFrame, arm: str, against: str) -> str:
    """The sentence about a pair of arms; empty if their profits, or all steps between them, do not clearly differ.

    The steps are gross margin and the costs below it, which sum to the difference in profit.
    """
    if bridge.empty or bridge["difference_k"].isna().any():
        return ""
    rows = bridge.assign(printed=printed_bridge(bridge)["difference_k"]).to_dict("records")
    *parts, profit = rows[next(place for place, row in enumerate(rows) if row["step"] == MARGIN) :]
    clear = sorted(filter(is_clear, parts), key=lambda row: -abs(row["difference_k"]))
    more = profit["difference_k"] > 0.0
    along, opposed = ([row for row in clear if (row["difference_k"] > 0.0) == way] for way in (more, not more))
    if not along or not is_clear(profit):
        return ""
    least = NOTABLE * abs(along[0]["difference_k"])
    large = [[words(row, rows) for row in some if abs(row["difference_k"]) >= least] for some in (along[:MOST], opposed[:1])]
    clauses = [", and because ".join(large[0]), *large[1]]
    return f"{arm} earns {'more' if more else 'less'} than {against} chiefly because {', although '.join(clauses)}."


def words(row: Row, rows: Sequence[Row]) -> str:
    """A step as a clause, with its difference as the bridge prints it, and its interval."""
    more, step = row["difference_k"] > 0.0, str(row["step"])
    amount = size(row["printed"], row["low"], row["high"], UNIT, signed=True, digits=0)
    if step != MARGIN:
        return f"{COSTS[step]} {'less' if more else 'more'}, {amount}"
    ways = [each for each in rows if each["step"] in MARGINS and is_clear(each) and (each["difference_k"] > 0.0) == more]
    if not ways:
        return f"its gross margin is {'higher' if more else 'lower'}, {amount}"
    mover = max(ways, key=lambda each: abs(each["difference_k"]))
    return f"{MARGINS[str(mover['step'])][0 if more else 1]}, {amount} of gross margin"
