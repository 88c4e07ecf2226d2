"""What a class as a whole has answered; no line of it tells who."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from salesim.classroom.room import Room, Seat

Numbers = npt.NDArray[np.float64]


def curves(room: Room, step: str) -> Numbers:
    """Drawn curves, people x years; those of raised hands run straight from the true first year."""
    drawn = [answer["years"] for answer in room.answers.get(step, {}).values()]
    first = room.results["curve"]["mean"]
    for margin, count in room.counts.get(step, {}).items():
        drawn += [np.linspace(first[0], float(margin), len(first)).tolist()] * count
    return np.array(drawn, dtype=np.float64).reshape(len(drawn), len(first))


def latest_curves(room: Room) -> Numbers:
    """The curves of the last step in which the class drew any, or none."""
    for name in reversed(drawn_steps(room)):
        if len(drawn := curves(room, name)):
            return drawn
    return np.empty((0, len(room.results["curve"]["mean"])))


def drawn_steps(room: Room) -> list[str]:
    """The steps in which curves are drawn, in order."""
    return [name for name in room.lesson.order if room.lesson.steps[name].kind == "draw"]


def latest_of(room: Room, person: str) -> list[float] | None:
    """The curve that a person drew last."""
    answers = [room.answers[name][person] for name in drawn_steps(room) if person in room.answers.get(name, {})]
    return answers[-1]["years"] if answers else None


def errors(room: Room) -> dict[str, tuple[float, int]]:
    """By step the mean error and the number of curves: where a class drew twice, of those who drew both times.

    Steps without a curve are left out. Raised hands, which belong to nobody, count if nobody drew twice.
    """
    steps = drawn_steps(room)[:2]
    both = set.intersection(*({*room.answers.get(step, {})} for step in steps)) if len(steps) > 1 else set()
    drawn = {step: [room.answers[step][one]["years"] for one in sorted(both)] if both else curves(room, step) for step in steps}
    return {
        step: (float(np.mean([error_of(room, each) for each in lines])), len(lines))
        for step, lines in drawn.items()
        if len(lines)
    }  # fmt: skip


def error_of(room: Room, years: Any) -> float:
    """How far a curve is from the market, as the mean over years of the absolute difference."""
    return float(np.mean(np.abs(np.array(years) - room.results["curve"]["mean"])))


def histogram(room: Room, key: str) -> Counter[str]:
    """How often each option was chosen; a bet of two counts for both."""
    votes: Counter[str] = Counter()
    for value in room.answers.get(key, {}).values():
        votes.update(value if isinstance(value, list) else [value])
    for option, count in room.counts.get(key, {}).items():
        votes[option.rpartition(":")[2]] += count
    return votes


def n_answered(room: Room, key: str) -> int:
    """How many people answered, hands included."""
    step = room.lesson.steps.get(key)
    each = step.cuts if step else 1
    return len(room.answers.get(key, {})) + sum(room.counts.get(key, {}).values()) // each


def last_round(room: Room, step: str) -> tuple[int, Any]:
    """The last round that has a result, and the result; 0 and nothing if none has."""
    rounds = [n for n in range(1, room.lesson.rounds + 1) if f"{step}.{n}" in room.results]
    return (rounds[-1], room.results[f"{step}.{rounds[-1]}"]) if rounds else (0, None)


def places(means: Sequence[float], errors: Sequence[float]) -> list[str]:
    """The place of each, 1 for the highest; as 1–3 where intervals of one standard error overlap, so that runs do not tell."""
    lows, highs = np.subtract(means, errors), np.add(means, errors)
    ends = [(1 + np.sum(lows > high), np.sum(highs >= low)) for low, high in zip(lows, highs, strict=True)]
    return [f"{first}" if first == last else f"{first}–{last}" for first, last in ends]


class Ranked(NamedTuple):
    """A market: number from 0, place, profit of all its teams and a bound of the standard error, k$, cards of each team."""

    market: int
    place: str
    profit_k: float
    error_k: float
    cards: list[list[str]]


def ranked_markets(room: Room, step: str) -> list[Ranked]:
    """Markets by the profit of all teams, the best first. Their errors are summed, which no correlation can exceed."""
    _, result = last_round(room, step)
    if not result:
        return []
    profits, errors = ([float(sum(each)) for each in result[key]] for key in ("profit_k", "error_k"))
    rows = zip(range(len(profits)), places(profits, errors), profits, errors, result["cards"], strict=True)
    return sorted((Ranked(*row) for row in rows), key=lambda row: -row.profit_k)


def first_to_play(room: Room, step: str, card: str) -> list[tuple[int, Seat]]:
    """Seats that played a card, with the round in which they first did, the earliest first."""
    _, result = last_round(room, step)
    if not result:
        return []
    firsts = [
        (cards.index(card) + 1, Seat(market, team))
        for market, teams in enumerate(result["cards"])
        for team, cards in enumerate(teams)
        if card in cards
    ]
    return sorted(firsts)
