"""What the instructor reads after class: who predicted what, what moved, and which runs the numbers come from."""

from collections.abc import Iterator
from typing import Any

from salesim.classroom.aggregates import histogram, ranked_markets
from salesim.classroom.figures import cards, cut_votes, names, predictions
from salesim.classroom.room import Room
from salesim.classroom.wording import Wording


def summary_of(room: Room, say: Wording, events: list[dict[str, Any]]) -> str:
    """The summary as Markdown."""
    first, minutes = events[0], (events[-1]["time"] - events[0]["time"]) / 60.0
    lines = [f"# {say.of(room.lesson.title)}", "", f"{len(room.people)} {say('people')}, {minutes:.0f} min.", ""]
    parts = {"draw": of_curves, "cut": of_bets, "question": of_question, "compete": of_markets}
    for name in room.lesson.order:
        part = parts.get(room.lesson.steps[name].kind)
        section = list(part(room, say, name)) if part else []
        if section:
            lines += [f"## {say.of(room.lesson.steps[name].title)}", "", *section, ""]
    return "\n".join([*lines, *sources(room, first), ""])


def of_curves(room: Room, say: Wording, step: str) -> Iterator[str]:
    """How far the class was from the market, and how many changed their curve after talking."""
    said = predictions(room, say)
    if step in said:
        yield f"- {said[step]}"
    answers = room.answers.get(step, {})
    if not answers:
        return
    by_confidence = {
        sure: [each["years"][-1] for each in answers.values() if each["confidence"] == sure] for sure in range(1, 6)
    }
    counts = ", ".join(f"{sure}: {len(margins)}" for sure, margins in by_confidence.items())
    yield f"- {say('how_sure')} {counts}"
    before = room.answers.get(room.lesson.steps[step].again or "", {})
    both = [person for person in answers if person in before]
    if both:
        changed = sum(answers[person]["years"] != before[person]["years"] for person in both)
        yield f"- {say('changed', changed=changed, both=len(both))}"


def of_bets(room: Room, say: Wording, step: str) -> Iterator[str]:
    """Bets, and what each of them recovered; of two feedbacks those pairs on which somebody bet."""
    votes, n_cut = cut_votes(room, step), room.lesson.steps[step].cuts
    recovered = room.results.get(f"cuts{n_cut}", {}).get("cuts", {})
    if not votes:
        return
    yield f"| {say('feedbacks')} | {say('bets')} | {say('points_recovered')} |"
    yield "|---|---|---|"
    for cut in room.lesson.loops if n_cut == 1 else [cut for cut, _ in votes.most_common()]:
        points = say.points(recovered[cut]["recovered"]) if cut in recovered else ""
        yield f"| {names(room, say, cut)} | {votes[cut]} | {points} |"


def of_question(room: Room, say: Wording, step: str) -> Iterator[str]:
    """How often each option was chosen; the right one is marked."""
    votes, question = histogram(room, step), room.lesson.steps[step]
    for name, option in question.options.items() if votes else ():
        yield f"- {say.of(option.label)}{' ✓' * (name == question.right)}: {votes[name]}"


def of_markets(room: Room, say: Wording, step: str) -> Iterator[str]:
    """Markets by the profit of all teams."""
    ranked = ranked_markets(room, step)
    if not ranked:
        return
    yield f"| {say('rank')} | {say('market')} | {say('industry_profit')} | {say('cards')} |"
    yield "|---|---|---|---|"
    for each in ranked:
        played = "; ".join(cards(room, say, team) for team in each.cards)
        yield f"| {each.place} | {each.market + 1} | {say.millions(each.profit_k, each.error_k)} | {played} |"
    yield from ("", f"{say('market_error')} {say('places_note')}")


def sources(room: Room, first: dict[str, Any]) -> Iterator[str]:
    """The runs behind every number, with which anybody can repeat them."""
    yield f"salesim {first['version']}, model {first['model']}, lesson {first['name']}, market {room.lesson.market}."
    for key, result in room.results.items():
        yield f"- {key}: {result['seeds']} seeds from {result['first_seed']}, settings {result['digest']}"
