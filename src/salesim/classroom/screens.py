"""What each of the three screens shows, as plain values: phones, projector and instructor see the same state of a class."""

from collections.abc import Collection
from typing import Any

from salesim.classroom.aggregates import last_round, latest_of, n_answered, places
from salesim.classroom.answers import CONFIDENCES, hand_options
from salesim.classroom.figures import MARKET_COLOUR, axis, cards, figures, names
from salesim.classroom.lesson import Screen
from salesim.classroom.room import Room, Seat
from salesim.classroom.wording import Wording

Payload = dict[str, Any]
TITLES = {"counts": "bets_of", "result": "result_of"}  # of the screens after a task, by stage


def common(room: Room, say: Wording, now: float) -> Payload:
    """What every screen shows: the same for all, so that it is made once for a whole class."""
    step, screen = room.step, room.screen
    is_task = screen.stage not in TITLES or step.kind == "question"  # a result is not asked again; options need their question
    text = [say.of(step.text)] if is_task else []
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
        "timer": say("round_left", number=screen.number) if step.kind == "compete" else say("time_left"),
    }


def title_of(room: Room, say: Wording, screen: Screen) -> str:
    """The title of a screen; where a result is shown it says so."""
    title = say.of(room.lesson.steps[screen.step].title)
    return say(TITLES[screen.stage], title=title) if screen.stage in TITLES else title


def asked(room: Room, say: Wording) -> Payload:
    """What a phone asks for."""
    lesson, step = room.lesson, room.step
    if step.kind == "draw":
        first = room.results["curve"]["mean"][0]
        axis = {"low": lesson.lowest_margin, "high": lesson.highest_margin}
        start = [round(first, 2)] * lesson.years
        return {"form": "curve", **axis, "start": start, "confidences": list(CONFIDENCES), "before": step.again or ""}
    options = say.by_label(lesson.loops) if step.kind == "cut" else lesson.cards if step.kind == "compete" else step.options
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
    if room.is_open:
        lines.append(said_of_silence(room, say, seat))
    upto = room.screen.number if room.screen.stage == "result" else room.screen.number - 1
    result = room.results.get(f"{room.screen.step}.{upto}")
    if room.step.kind == "debrief":
        step = next(name for name in room.lesson.order if room.lesson.steps[name].kind == "compete")
        result = last_round(room, step)[1]
    if not result or seat.market >= len(result["profit_k"]):
        return lines
    profits, errors = result["profit_k"][seat.market], result["error_k"][seat.market]
    place, mine = places(profits, errors)[seat.team], say.millions(profits[seat.team], errors[seat.team])
    lines.append(say("your_cards", cards=cards(room, say, result["cards"][seat.market][seat.team])))
    lines.append(say("your_profit", profit=mine, place=place))
    if room.screen.stage == "result":
        lines.append(say("round_profit", profit=say.millions(result["round_k"][seat.market][seat.team])))
        lines.append(say("team_error") + (f" {say('places_note')}" if "–" in place else ""))
    return lines


def said_of_silence(room: Room, say: Wording, seat: Seat) -> str:
    """What a team plays if nobody in it answers."""
    before = room.results.get(f"{room.screen.step}.{room.screen.number - 1}")
    card = before["cards"][seat.market][seat.team][-1] if before else room.lesson.first_card
    return say("silence", card=say.of(room.lesson.cards[card].label))


def fared_with_answer(room: Room, say: Wording, person: str) -> list[str]:
    """Whether a person's answer to a question was the right one."""
    answer = room.answers.get(room.screen.step, {}).get(person)
    if room.screen.stage != "result" or answer is None or room.step.right is None:
        return []
    right = say.of(room.step.options[room.step.right].label)
    return [say("right") if answer == room.step.right else say("not_right", label=right)]


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


def projector(room: Room, say: Wording, now: float, connected: Collection[str], hands: bool = False) -> Payload:
    """The projector: aggregates only; where hands are raised also for what."""
    listed = hands_of(room, say) if hands and room.is_open else []
    options = dict.fromkeys(hand_label(room, say, option.rpartition(":")[2]) for option in listed)  # of all teams once
    shown = {"hands": hands, "options": list(options), "figures": figures(room, say)}
    return {**common(room, say, now), **counted(room, connected), **shown}


def instructor(room: Room, say: Wording, now: float, connected: Collection[str], hands: bool) -> Payload:
    """The instructor's screen: the projector's, notes, who is absent or silent by number, and what comes next."""
    screens = room.lesson.screens
    answers = room.answers.get(room.screen.key, {})
    is_last = room.position + 1 == len(screens)
    options = hands_of(room, say) if hands and room.screen.key else []
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


def hands_of(room: Room, say: Wording) -> list[str]:
    """For what hands are raised, in the order in which phones would show it."""
    return list(say.by_label(room.lesson.loops)) if room.step.kind == "cut" else hand_options(room.lesson, room.screen)


def hand_label(room: Room, say: Wording, option: str) -> str:
    """An option for which hands are raised, in words."""
    if room.step.kind == "draw":
        return f"{say('year')} {room.lesson.years}: {float(option) * 100:.0f} %"
    if room.step.kind == "compete":
        team, _, card = option.rpartition(":")
        return (f"{say('team')} {int(team) + 1}: " if team else "") + say.of(room.lesson.cards[card].label)
    options = room.lesson.loops if room.step.kind == "cut" else room.step.options
    return say.of(options[option].label)
