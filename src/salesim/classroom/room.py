"""The state of a class: what the events of its record make of it, and nothing else.

The server appends an event to the record and then applies it here; a class is resumed, or shown again, by applying all events
of its record in order. Nothing here reads a clock, draws a random number or runs a market.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from salesim.classroom.lesson import Lesson, Screen, Step
from salesim.classroom.results import TEAMS

Event = Mapping[str, Any]


class Seat(NamedTuple):
    """A team's place: the number of its market, and of the team in it, both from 0."""

    market: int
    team: int


@dataclass
class Timer:
    """A timer that ends at a time (s since 1970), or stands still with so many seconds left."""

    ends: float = 0.0
    left: float | None = None


@dataclass
class Room:
    """A class. `people` are numbers from 1 by person, `answers` and `counts` (raised hands) are by the key of a screen."""

    lesson: Lesson
    position: int = 0
    people: dict[str, int] = field(default_factory=dict)
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    results: dict[str, Any] = field(default_factory=dict)
    seats: dict[str, Seat] = field(default_factory=dict)
    n_markets: int = 0
    timer: Timer = field(default_factory=Timer)
    is_locked: bool = False
    has_ended: bool = False

    @property
    def screen(self) -> Screen:
        """The screen that is shown."""
        return self.lesson.screens[self.position]

    @property
    def step(self) -> Step:
        """The step of that screen."""
        return self.lesson.steps[self.screen.step]

    @property
    def timed(self) -> tuple[str, int]:
        """What the timer is for: a step, or a round of the competition."""
        return self.screen.step, self.screen.number if self.step.kind == "compete" else 0

    @property
    def is_paused(self) -> bool:
        """Whether the class is paused; then nothing is answered."""
        return self.timer.left is not None

    @property
    def is_open(self) -> bool:
        """Whether the screen takes answers now."""
        return bool(self.screen.key) and not self.is_paused and not self.has_ended

    def seconds_left(self, now: float) -> float | None:
        """What the timer shows; nothing before it is first set."""
        if self.timer.left is not None:
            return self.timer.left
        return max(0.0, self.timer.ends - now) if self.timer.ends else None

    def apply(self, event: Event) -> None:
        """Change the state by one event of the record; kinds that are unknown change nothing."""
        change = getattr(self, f"on_{event['kind']}", None)
        if change:
            change(event)

    def on_join(self, event: Event) -> None:
        """Somebody came; where teams are already seated, the emptiest one gets the newcomer."""
        if event["person"] in self.people:
            return
        self.people[event["person"]] = len(self.people) + 1
        if self.n_markets:
            self.seat(event["person"])

    def on_answer(self, event: Event) -> None:
        """An answer, which replaces an earlier one; to a screen that is no longer open it comes too late."""
        if self.is_open and event["key"] == self.screen.key and event["person"] in self.people:
            self.answers.setdefault(event["key"], {}).pop(event["person"], None)
            self.answers[event["key"]][event["person"]] = event["value"]

    def on_counts(self, event: Event) -> None:
        """Raised hands, counted by the instructor."""
        if self.is_open and event["key"] == self.screen.key:
            self.counts[event["key"]] = dict(event["counts"])

    def on_go(self, event: Event) -> None:
        """Show another screen; a new step starts its timer, and in a competition each round its share of it."""
        before = self.timed
        self.position = min(max(int(event["to"]), 0), len(self.lesson.screens) - 1)
        if self.timed != before:
            parts = self.lesson.rounds if self.step.kind == "compete" else 1
            self.timer = Timer(event["time"] + 60.0 * self.step.minutes / parts)
        if self.step.kind == "compete" and not self.n_markets:
            self.seat_all()

    def on_timer(self, event: Event) -> None:
        """Set the timer to so many seconds from now."""
        self.timer = Timer(event["time"] + event["seconds"], event["seconds"] if self.is_paused else None)

    def on_pause(self, event: Event) -> None:
        """Stop the class and its timer, or go on."""
        if event["on"] and not self.is_paused:
            self.timer.left = max(0.0, self.timer.ends - event["time"])
        elif not event["on"] and self.timer.left is not None:
            self.timer = Timer(event["time"] + self.timer.left)

    def on_lock(self, event: Event) -> None:
        """Let nobody else in, or let people in again."""
        self.is_locked = bool(event["on"])

    def on_result(self, event: Event) -> None:
        """What runs gave; a round of the competition that is run again makes later rounds void."""
        self.results[event["key"]] = event["result"]
        step, _, number = event["key"].partition(".")
        for later in range(int(number) + 1, self.lesson.rounds + 1) if number else ():
            self.results.pop(f"{step}.{later}", None)

    def on_end(self, _: Event) -> None:
        """The class is over."""
        self.has_ended = True

    def seat_all(self) -> None:
        """Divide the class into markets of three teams, as many as the lesson permits; in order of arrival."""
        most = self.lesson.most_markets
        self.n_markets = max(1, min(most, -(-len(self.people) // TEAMS)))
        for person in self.people:
            self.seat(person)

    def seat(self, person: str) -> None:
        """Give a person the seat that has the fewest people, the first of them."""
        taken = Counter(self.seats.values())
        places = [Seat(market, team) for market in range(self.n_markets) for team in range(TEAMS)]
        self.seats[person] = min(places, key=lambda place: taken[place])

    def team_of(self, seat: Seat) -> list[str]:
        """The people of a team."""
        return [person for person, place in self.seats.items() if place == seat]

    def votes(self, key: str, seat: Seat) -> Counter[str]:
        """How often each card was chosen by a team, raised hands included; the card named first comes first."""
        answers = self.answers.get(key, {})
        votes = Counter(card for person, card in answers.items() if self.seats.get(person) == seat)
        if seat.market == 0:
            for option, count in self.counts.get(key, {}).items():
                team, _, card = option.partition(":")
                if int(team) == seat.team:
                    votes[card] += count
        return +votes

    def played(self, step: str, number: int, seat: Seat) -> tuple[str, ...]:
        """The cards of a team in rounds 1 to `number`, from earlier results and the votes of this round.

        The majority of a team decides, of equals the card chosen first. A team that does not choose keeps its card. An empty
        seat begins with the first card, and then plays the one that earned most in its market in the round before.
        """
        before = self.results.get(f"{step}.{number - 1}")
        cards = tuple(before["cards"][seat.market][seat.team]) if before else ()
        votes = self.votes(f"{step}.{number}", seat)
        if votes:
            return (*cards, votes.most_common(1)[0][0])
        if not before:
            return (self.lesson.first_card,)
        if self.is_empty(step, seat):
            earned = before["round_k"][seat.market]
            return (*cards, before["cards"][seat.market][earned.index(max(earned))][-1])
        return (*cards, cards[-1])

    def is_empty(self, step: str, seat: Seat) -> bool:
        """Whether nobody has a seat, and no hands were counted for it."""
        counts = [key for key in self.counts if key.startswith(f"{step}.")] if seat.market == 0 else []
        return not self.team_of(seat) and not any(
            option.startswith(f"{seat.team}:") and count for key in counts for option, count in self.counts[key].items()
        )
