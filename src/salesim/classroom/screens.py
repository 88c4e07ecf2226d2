"""What each of the three screens shows, as plain values: phones, projector and instructor see the same state of a class."""

from collections.abc import Collection
from typing import Any

from salesim.classroom.aggregates import error_of, last_round, latest_of, n_answered
from salesim.classroom.answers import CONFIDENCES, hand_options
from salesim.classroom.figures import MARKET_COLOUR, axis, cards, figures, names
from salesim.classroom.lesson import Screen
from salesim.classroom.room import Room
from salesim.classroom.wording import Wording

Payload = dict[str, Any]


def common(room: Room, say: Wording, now: float) -> Payload:
    """What every screen shows: the same for all, so that it is made once for a whole class."""
    step, screen = room.step, room.screen
    text = [say.of(step.text)]
    if step.kind == "compete":
        text.insert(0, say("round_of", number=screen.number, rounds=room.lesson.rounds))
    if screen.stage == "result" and say.of(step.after):
        text.append(say.of(step.after))
    return {
        "place": room.position,
        "key": screen.key,
        "kind": step.kind,
        "stage": screen.stage,
        "title": title_of(room, say, screen),
        "text": text,
        "ask": asked(room, say) if screen.key else None,
        "open": room.is_open,
        "paused": room.is_paused,
        "over": room.has_ended,
        "left": room.seconds_left(now),
    }


def title_of(room: Room, say: Wording, screen: Screen) -> str:
    """The title of a screen."""
    return say.of(room.lesson.steps[screen.step].title)


def asked(room: Room, say: Wording) -> Payload:
    """What a phone asks for."""
    lesson, step = room.lesson, room.step
    if step.kind == "draw":
        first = room.results["curve"]["mean"][0]
        axis = {"low": lesson.lowest_margin, "high": lesson.highest_margin}
        start = [round(first, 2)] * lesson.years
        return {"form": "curve", **axis, "start": start, "confidences": list(CONFIDENCES), "before": step.again or ""}
    options = lesson.loops if step.kind == "cut" else lesson.cards if step.kind == "compete" else step.options
    listed = [{"id": name, "label": say.of(each.label), "about": say.of(each.about)} for name, each in options.items()]
    is_bet = step.kind == "cut"
    return {"form": "options", "pick": step.cuts if is_bet else 1, "as_list": is_bet, "options": listed}


def personal(room: Room, say: Wording, person: str) -> Payload:
    """What one phone alone shows: its number, its answer, and how it fares. Nobody else sees it."""
    screen = room.screen
    answer = room.answers.get(screen.key, {}).get(person) if screen.key else None
    before = room.answers.get(room.step.again, {}).get(person) if room.step.again else None
    lines = FARES[room.step.kind](room, say, person) if room.step.kind in FARES else []
    own = latest_of(room, person) if room.step.kind == "reveal" else None
    drawn = [seen(room, say, own)] if own else []
    return {"number": room.people[person], "answer": answer, "before": before, "lines": lines, "figures": drawn}


def seen(room: Room, say: Wording, own: list[float]) -> Payload:
    """A person's own curve under the market as far as it was revealed."""
    market = {"name": say("the_market"), "mean": room.results["curve"]["mean"][: room.screen.number], "colour": MARKET_COLOUR}
    series = [{"name": say("your_curve"), "mean": own, "dash": "7 4"}, {**market, "dash": "", "width": 5}]
    return {"kind": "lines", "title": say("margin"), **axis(room), "series": series}


def fared_with_curve(room: Room, say: Wording, person: str) -> list[str]:
    """How far a person's curve is from what was revealed."""
    own, until = latest_of(room, person), room.screen.number
    if own is None:
        return []
    market = room.results["curve"]["mean"]
    error = sum(abs(a - b) for a, b in zip(own[:until], market[:until], strict=True)) / until
    return [say("your_error", year=until, years=len(market), error=say.points(error))]


def fared_with_bet(room: Room, say: Wording, person: str) -> list[str]:
    """What a person's bet recovers; of two feedbacks also what they recover alone."""
    bet = room.answers.get(room.screen.step, {}).get(person)
    if room.screen.stage != "result" or not bet:
        return []
    cut = "+".join(bet)
    recovered = room.results[f"cuts{len(bet)}"]["cuts"][cut]["recovered"]
    return [say("your_bet", names=names(room, say, cut), recovered=say.points(recovered))]


def fared_in_market(room: Room, say: Wording, person: str) -> list[str]:
    """A person's team, its cards so far, and its profit."""
    seat = room.seats.get(person)
    if not seat:
        return []
    lines = [say("your_team", market=seat.market + 1, team=seat.team + 1)]
    if (count := len(room.team_of(seat))) > 1:
        lines.append(say("your_mates", count=count))
    upto = room.screen.number if room.screen.stage == "result" else room.screen.number - 1
    result = room.results.get(f"{room.screen.step}.{upto}")
    if room.step.kind == "debrief":
        step = next(name for name in room.lesson.order if room.lesson.steps[name].kind == "compete")
        result = last_round(room, step)[1]
    if not result or seat.market >= len(result["profit_k"]):
        return lines
    profits = result["profit_k"][seat.market]
    mine = profits[seat.team]
    place = 1 + sum(other > mine for other in profits)
    lines.append(say("your_cards", cards=cards(room, say, result["cards"][seat.market][seat.team])))
    lines.append(say("your_profit", profit=say.millions(mine), place=place))
    if room.screen.stage == "result":
        lines.append(say("round_profit", profit=say.millions(result["round_k"][seat.market][seat.team])))
    return lines


def fared_with_answer(room: Room, say: Wording, person: str) -> list[str]:
    """Whether a person's answer to a question was the right one."""
    answer = room.answers.get(room.screen.step, {}).get(person)
    if room.screen.stage != "result" or answer is None or room.step.right is None:
        return []
    return [say("right" if answer == room.step.right else "not_right")]


FARES = {
    "reveal": fared_with_curve,
    "cut": fared_with_bet,
    "compete": fared_in_market,
    "debrief": fared_in_market,
    "question": fared_with_answer,
}


def counted(room: Room, connected: Collection[str]) -> Payload:
    """How many people are there, and how many have answered."""
    answered = n_answered(room, room.screen.key) if room.screen.key else None
    return {"people": len(room.people), "connected": len(connected), "answered": answered}


def projector(room: Room, say: Wording, now: float, connected: Collection[str]) -> Payload:
    """The projector: aggregates only."""
    return {**common(room, say, now), **counted(room, connected), "figures": figures(room, say)}


def instructor(room: Room, say: Wording, now: float, connected: Collection[str], hands: bool) -> Payload:
    """The instructor's screen: the projector's, notes, who is absent or silent by number, and what comes next."""
    screens = room.lesson.screens
    answers = room.answers.get(room.screen.key, {})
    is_last = room.position + 1 == len(screens)
    options = hand_options(room.lesson, room.screen) if hands and room.screen.key else []
    return {
        **projector(room, say, now, connected),
        "notes": say.of(room.step.notes),
        "at": say("step_of", place=room.position + 1, places=len(screens), title=title_of(room, say, room.screen)),
        "then": "" if is_last else say("then", title=title_of(room, say, screens[room.position + 1])),
        "is_last": is_last,
        "locked": room.is_locked,
        "absent": sorted(number for person, number in room.people.items() if person not in connected),
        "silent": sorted(n for person, n in room.people.items() if person not in answers) if room.screen.key else [],
        "hands": [{"id": option, "label": hand_label(room, say, option)} for option in options],
        "counts": room.counts.get(room.screen.key, {}),
    }


def hand_label(room: Room, say: Wording, option: str) -> str:
    """An option for which hands are raised, in words."""
    if room.step.kind == "draw":
        return f"{say('year')} {room.lesson.years}: {float(option) * 100:.0f} %"
    if room.step.kind == "compete":
        team, _, card = option.partition(":")
        return f"{say('team')} {int(team) + 1}: {say.of(room.lesson.cards[card].label)}"
    options = room.lesson.loops if room.step.kind == "cut" else room.step.options
    return say.of(options[option].label)


def mean_error(room: Room, step: str) -> float | None:
    """The mean error of the curves that a class drew in a step; none if it drew none."""
    drawn = [error_of(room, answer["years"]) for answer in room.answers.get(step, {}).values()]
    return sum(drawn) / len(drawn) if drawn else None
