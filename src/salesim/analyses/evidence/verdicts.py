"""What an interval says of a fact's band, of a claim's test, and what all tests say of the claim."""

from collections.abc import Collection, Mapping
from math import isfinite, nan
from typing import Any, NamedTuple

MET, MISSED, NOT_MEASURED = "met", "missed", "not measured"
CANNOT, BY_RULE = "cannot be asked", "built in by a rule"
FOR, AGAINST, TOO_SMALL, UNCLEAR = "for", "against", "too small", "unclear"
CONFIRMED, REFUTED, MIXED = "confirmed", "refuted", "mixed"
AS_WRITTEN, AS_AIMED = "as written into a rule", "as aimed at"
OPEN = float("inf")


class Answer(NamedTuple):
    """An answer over the seeds that have it: its mean and interval, which is NaN for a single seed."""

    mean: float
    low: float
    high: float
    n: int


NOTHING = Answer(nan, nan, nan, 0)


def of_fact(fact: Mapping[str, Any], answer: Answer) -> dict[str, Any]:
    """Whether the mean lies in the band, by how much it misses it, and whether the whole interval agrees.

    A fact about a direction, whose band ends at 0 and is open otherwise, is missed by a mean of exactly 0.
    """
    band = fact.get("band") or (None, None)
    bottom, top = (-OPEN if band[0] is None else band[0]), (OPEN if band[1] is None else band[1])
    miss, clear = nan, False
    is_direction = None in band and 0.0 in band
    if "asks" in fact:
        result = CANNOT
    elif "how" not in fact:
        result = BY_RULE
    elif not isfinite(answer.mean):
        result = NOT_MEASURED
    elif bottom <= answer.mean <= top and not (is_direction and answer.mean == 0.0):
        result, miss, clear = MET, 0.0, bottom <= answer.low and answer.high <= top
    else:
        result, miss = MISSED, answer.mean - (bottom if answer.mean <= bottom else top)
        clear = answer.high <= bottom or top <= answer.low
    ends = {"band_low": bottom if isfinite(bottom) else nan, "band_high": top if isfinite(top) else nan}
    return ends | {**answer._asdict(), "result": result, "miss": miss, "clear": clear}


def of_test(side: str, answer: Answer, margin: float) -> str:
    """What a test says of its claim; an interval within the equivalence margin around 0 is too small to matter.

    >>> of_test("above", Answer(0.3, 0.1, 0.5, 12), 0.05), of_test("above", Answer(0.02, 0.01, 0.03, 12), 0.05)
    ('for', 'too small')
    """
    low, high = (answer.low, answer.high) if side == "above" else (-answer.high, -answer.low)
    if not isfinite(answer.mean):
        return NOT_MEASURED
    if -margin <= low <= high <= margin:
        return TOO_SMALL
    return FOR if low > 0.0 else AGAINST if high < 0.0 else UNCLEAR


def of_claim(claim: Mapping[str, Any], results: Collection[str]) -> str:
    """The verdict of a claim: confirmed if every test speaks for it, refuted if one is against it or too small, else mixed.

    What a rule says, or the market was built to have, cannot be confirmed.
    """
    if "asks" in claim or not results:
        return CANNOT
    if AGAINST in results or TOO_SMALL in results:
        return REFUTED
    if NOT_MEASURED in results:
        return NOT_MEASURED
    if set(results) != {FOR}:
        return MIXED
    return AS_WRITTEN if "rule" in claim else AS_AIMED if "aimed" in claim else CONFIRMED
