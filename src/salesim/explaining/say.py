"""The explanation in sentences."""

import math

import pandas as pd

from salesim.compare.amounts import between, gap, listed
from salesim.compare.attribution import rounded_to_sum
from salesim.compare.gain import Ends
from salesim.explaining.ask import Explanation
from salesim.explaining.deals import SideBySide
from salesim.explaining.gains import Gained
from salesim.explaining.spiral import PRESSURE, Spiral

YEARLY = "k$ a year"
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
    total = bridge[bridge["step"] == "operating_profit"].iloc[0]
    steps = bridge[~bridge["total"] & ((bridge["low"] > 0) | (bridge["high"] < 0))]
    steps = steps.reindex(steps["difference_k"].abs().sort_values(ascending=False).index)
    parts = [f"{step_words(row.step)} {row.difference_k:+,.0f}" for row in steps.head(2 * SHOWN).itertuples()]
    told = total["low"] > 0 or total["high"] < 0
    ends = between(total["low"], total["high"], YEARLY)
    what = f"earns {total['difference_k']:+,.0f} {YEARLY} against {asked.against.name} ({ends})"
    if not told:
        what = f"cannot be told from {asked.against.name} in operating profit ({ends})"
    return f"{asked.arm.name} {what}" + (f"; beyond doubt, in {YEARLY}: {', '.join(parts)}" if parts else "")


def step_words(step: str) -> str:
    """A step of the bridge as people call it."""
    return step.replace("_", " ").replace("timing and service", "service and timing")


def of_deals(found: SideBySide, asked: Explanation) -> list[str]:
    """Where the difference in gross margin comes from, deal by deal, and why the other arm did not win."""
    classes = found.classes.set_index("kind")
    amounts = {kind: float(classes.loc[kind, "difference_k"]) for kind in classes.index}
    arm, against = asked.arm.name, asked.against.name
    flipped = amounts["first"] + amounts["second"]
    apart = amounts["first_only"] + amounts["second_only"]
    both, only, later = (f"{value:+,.0f}" for value in rounded_to_sum([amounts["both"], flipped, apart], 0))
    lines = [
        f"of {sum(amounts.values()):+,.0f} {YEARLY} in gross margin, {both} come from deals that both win, {only} from the "
        f"same needs won by one alone, {later} from needs that arose under one alone"
    ]
    for kind, winner, loser in (("first", arm, against), ("second", against, arm)):
        mine = found.causes[found.causes["kind"] == kind].sort_values("deals", ascending=False)
        total = mine["deals"].sum()
        if total:
            why = [
                f"{100 * row.deals / total:.0f} % {CAUSES.get(row.cause, row.cause)}" for row in mine.head(SHOWN).itertuples()
            ]
            lines.append(f"what {winner} wins and {loser} does not is with {loser}: {', '.join(why)}")
    return lines


def of_spiral(spiral: Spiral, asked: Explanation) -> str:
    """Which feedbacks carry the fall."""
    parts = spiral.parts[spiral.parts["feedback"] != PRESSURE]
    sure = parts[(parts["low"] > 0) | (parts["high"] < 0)].sort_values("part", ascending=False)
    unsure = [str(name) for name in parts["feedback"] if name not in set(sure["feedback"])]
    weather = float(spiral.parts["part"].iloc[0])
    told = [f"{row.feedback} {gap(row.part, 'share')} ({between(row.low, row.high, 'share')})" for row in sure.itertuples()]
    rest = f"; not told from nothing: {listed(unsure)}" if unsure else ""
    carried = f"carried by {', '.join(told)}" if told else "no feedback can be told to carry any of it"
    return (
        f"under {asked.against.name}, gross margin falls by {gap(spiral.fall, 'share')} from the first two years to the last "
        f"two; {gap(weather, 'share')} would fall without any feedback; {carried}{rest}"
    )


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
