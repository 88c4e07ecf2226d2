"""The explanation in sentences."""

import math

import pandas as pd

from salesim.analyses.explain.deals import SideBySide
from salesim.analyses.explain.loop_gains import Gained
from salesim.analyses.explain.spec import Explanation
from salesim.analyses.explain.spiral import Spiral
from salesim.report.text.amounts import between, listed
from salesim.report.text.printed import (
    Part,
    difference_of,
    points_words,
    printed_bridge,
    printed_classes,
    printed_parts,
    printed_shares,
    signed_words,
    step_words,
)
from salesim.stats.loop_gain import Ends

YEARLY = "k$ a year"
PROFIT = "operating_profit"
SHOWN = 3  # steps, causes or feedbacks in a sentence
CAUSES = {
    "rival": "lost to a rival",
    "too_late": "lost to a rival who was faster",
    "declined": "declined by the vendor",
    "value_too_low": "no decision, for want of value",
    "confidence_too_low": "no decision, for want of confidence",
    "stalled": "stalled in the buying group",
    "none": "still open",
}


def of_bridge(bridge: pd.DataFrame, asked: Explanation) -> str:
    """Which steps make the difference in profit."""
    shown = printed_bridge(bridge)
    total = bridge[bridge["step"] == PROFIT].iloc[0]
    known = shown[~bridge["total"] & ((bridge["low"] > 0) | (bridge["high"] < 0))]
    known = known.reindex(bridge["difference_k"].abs().sort_values(ascending=False).index.intersection(known.index, sort=False))
    parts = [f"{step_words(str(row.step))} {signed_words(row.difference_k)}" for row in known.head(2 * SHOWN).itertuples()]
    steps = f"; the largest steps beyond doubt, in {YEARLY}: {', '.join(parts)}" if parts else ""
    return f"{asked.arm.name} {more_or_less(difference_of(shown, PROFIT), total['low'], total['high'], asked)}{steps}"


def more_or_less(difference_k: float, low: float, high: float, asked: Explanation) -> str:
    """By how much one arm earns more or less than the other; or that it cannot be told."""
    against = asked.against.name
    if not (low > 0 or high < 0):
        return f"cannot be told from {against} in operating profit ({between(low, high, YEARLY)})"
    nearer, farther = sorted((abs(low), abs(high)))
    word = "more" if low > 0 else "less"
    return f"earns {abs(difference_k):,.0f} {YEARLY} {word} than {against} ({nearer:,.0f} to {farther:,.0f})"


def of_deals(found: SideBySide, bridge: pd.DataFrame, asked: Explanation) -> list[str]:
    """Where the difference in gross margin comes from, deal by deal, and why the other arm did not win."""
    whole = difference_of(printed_bridge(bridge), "gross_margin")
    amounts = printed_classes(found.classes, whole).set_index("kind")["difference_k"]
    arm, against = asked.arm.name, asked.against.name
    flipped, apart = amounts["first"] + amounts["second"], amounts["first_only"] + amounts["second_only"]
    lines = [
        f"of {signed_words(whole)} {YEARLY} in gross margin, {signed_words(amounts['both'])} come from deals that both win, "
        f"{signed_words(flipped)} from the same needs won by one alone, {signed_words(apart)} from needs that arose under one "
        "alone"
    ]
    for kind, winner, loser in (("first", arm, against), ("second", against, arm)):
        mine = found.causes[found.causes["kind"] == kind].sort_values("deals", ascending=False)
        if mine["deals"].sum():
            shares = printed_shares(mine["deals"].tolist())
            causes = [CAUSES.get(str(cause), str(cause)) for cause in mine["cause"]]
            why = [f"{share:.0f} % {cause}" for share, cause in zip(shares, causes, strict=True) if share][:SHOWN]
            lines.append(f"what {winner} wins and {loser} does not is with {loser}: {', '.join(why)}")
    return lines


def of_spiral(spiral: Spiral, asked: Explanation) -> str:
    """Which feedbacks carry the fall, and which hold margins up."""
    shown = printed_parts(spiral.parts)
    weather, *rows = shown.rows
    down, up = ([told(row) for row in rows if row.sure and (row.points > 0) == falls] for falls in (True, False))
    unsure = [row.name for row in rows if not row.sure]
    words = [f"pushed down by {listed(down)}"] if down else []
    words += [f"held up by {listed(up)}"] if up else []
    words += [f"not told from nothing: {listed(unsure)}"] if unsure else []
    return (
        f"under {asked.against.name}, gross margin {moves(shown.whole, 's')} from the first two years to the last two; without "
        f"any feedback it would {moves(weather.points, '')}; {'; '.join(words)}"
    )


def moves(points: float, ending: str) -> str:
    """A fall or rise in points, as a verb."""
    return f"{'rise' if points < 0 else 'fall'}{ending} by {points_words(abs(points))} points"


def told(part: Part) -> str:
    """A feedback with the size of its part and its interval."""
    low, high = (part.low, part.high) if part.points > 0 else (part.high.lstrip("-"), part.low.lstrip("-"))
    return f"{part.name} {points_words(abs(part.points))} ({low} to {high})"


def of_gain(found: Gained) -> str:
    """What a loop's links foretell, and whether that is what is measured."""
    if found.gain is None:
        return f"no gain: {found.why_not}"
    gain = found.gain
    still = [link.name for link, told in zip(found.loop.links, gain.told, strict=True) if not told]
    numbers = f"links say {ends(gain.foretold)} times the shock, measured is {ends(gain.measured)} times"
    if still:
        return f"no verdict, as the shock did not surely move the cause of {listed(still)}"
    if not math.isfinite(gain.apart.value):
        return "no verdict, as the outside shock moved nothing without the loop"
    if gain.apart.low > 0 or gain.apart.high < 0:
        return f"the linear picture does not hold: {numbers}"
    if gain.gain.low <= 0 <= gain.gain.high:
        return f"no gain that can be told from none: {numbers}"
    return f"the linear picture holds: {numbers}"


def ends(value: Ends) -> str:
    """An estimate with its interval."""
    return f"{value.value:.2f} ({value.low + 0.0:.2f} to {value.high + 0.0:.2f})".replace("-0.00", "0.00")
