"""The state of a class is what its events make of it: answers, seats, cards, timer."""

from itertools import product

import pytest

from salesim.classroom.room import Room, Seat
from tests.classroom.conftest import place_of


def made(lesson, *events):
    room = Room(lesson)
    for event in events:
        room.apply({"time": 100.0, **event})
    return room


def joined(n):
    return [{"kind": "join", "person": f"p{number}"} for number in range(1, n + 1)]


def at(lesson, *place):
    return {"kind": "go", "to": place_of(lesson, *place)}


def test_an_answer_counts_once_however_often_it_comes(lesson):
    bet = {"kind": "answer", "person": "p1", "key": "cut", "value": ["product_lead"]}
    room = made(lesson, *joined(2), at(lesson, "cut"), bet, bet, {**bet, "value": ["promise_trust"]})
    assert room.answers == {"cut": {"p1": ["promise_trust"]}}


@pytest.mark.parametrize("stranger", [{"person": "nobody"}, {"key": "exit"}])
def test_an_answer_to_another_screen_or_of_a_stranger_changes_nothing(lesson, stranger):
    bet = {"kind": "answer", "person": "p1", "key": "cut", "value": ["product_lead"]}
    assert made(lesson, *joined(1), at(lesson, "cut"), {**bet, **stranger}).answers == {}


def test_a_pause_stops_the_timer_and_the_answers(lesson):
    bet = {"kind": "answer", "person": "p1", "key": "cut", "value": ["product_lead"]}
    start = [*joined(1), at(lesson, "cut"), {"kind": "pause", "on": True, "time": 160.0}, bet]
    room = made(lesson, *start)
    assert room.answers == {}
    assert room.timer.left == 60.0 * lesson.steps["cut"].minutes - 60.0
    room = made(lesson, *start, {"kind": "pause", "on": False, "time": 500.0})
    assert room.is_open
    assert room.timer.ends == 500.0 + 60.0 * lesson.steps["cut"].minutes - 60.0


def test_each_round_of_the_competition_has_a_timer_of_its_own(lesson):
    part = 60.0 * lesson.steps["compete"].minutes / lesson.rounds
    start = [{**at(lesson, "compete", "ask", 1), "time": 200.0}, {**at(lesson, "compete", "result", 1), "time": 300.0}]
    assert made(lesson, *start).timer.ends == 200.0 + part
    assert made(lesson, *start, {**at(lesson, "compete", "ask", 2), "time": 400.0}).timer.ends == 400.0 + part


@pytest.mark.parametrize("n", [0, 1, 3, 4, 7])
def test_a_class_is_divided_into_markets_of_three_teams(lesson, n):
    room = made(lesson, *joined(n), at(lesson, "compete"))
    assert room.n_markets == max(1, -(-n // 3))
    assert len({*room.seats.values()}) == n
    assert {*room.seats.values()} <= {Seat(*place) for place in product(range(room.n_markets), range(3))}


def test_a_class_with_more_people_than_seats_shares_its_teams_evenly(lesson):
    room = made(lesson, *joined(3 * lesson.most_markets * 2 + 1), at(lesson, "compete"))
    assert room.n_markets == lesson.most_markets
    sizes = [len(room.team_of(Seat(market, team))) for market in range(room.n_markets) for team in range(3)]
    assert sorted({*sizes}) == [2, 3]


def test_a_newcomer_gets_the_emptiest_seat_of_a_competition(lesson):
    room = made(lesson, *joined(4), at(lesson, "compete"), {"kind": "join", "person": "late"})
    assert len({*room.seats.values()}) == 5


def card(person, value, number=1):
    return {"kind": "answer", "person": person, "key": f"compete.{number}", "value": value}


def test_the_majority_of_a_team_decides_and_of_equals_the_first(lesson):
    people = joined(3 * lesson.most_markets * 3)
    names = [person["person"] for person in people]
    mine = names[0 :: 3 * lesson.most_markets]
    room = made(
        lesson,
        *people,
        at(lesson, "compete"),
        *(card(*pair) for pair in zip(mine, ("pitch", "segment", "segment"), strict=True)),
    )
    assert room.played("compete", 1, room.seats[mine[0]]) == ("segment",)
    room = made(lesson, *people, at(lesson, "compete"), card(mine[1], "segment"), card(mine[0], "pitch"))
    assert room.played("compete", 1, room.seats[mine[0]]) == ("segment",)


def round_1(cards, round_k):
    return {"kind": "result", "key": "compete.1", "result": {"cards": [[[each] for each in cards]], "round_k": [round_k]}}


def test_an_empty_seat_begins_with_the_first_card_then_plays_what_earned_most(lesson):
    start = [*joined(1), at(lesson, "compete"), card("p1", "segment")]
    room = made(lesson, *start)
    assert [room.played("compete", 1, Seat(0, team)) for team in range(3)] == [("segment",), ("pitch",), ("pitch",)]
    room = made(lesson, *start, round_1(("segment", "pitch", "pitch"), (9.0, 1.0, 2.0)))
    assert room.played("compete", 2, Seat(0, 2)) == ("pitch", "segment")


def test_a_team_that_does_not_choose_keeps_its_card(lesson):
    room = made(lesson, *joined(3), at(lesson, "compete"), round_1(("segment", "diagnose", "pitch"), (9.0, 1.0, 2.0)))
    assert room.played("compete", 2, Seat(0, 1)) == ("diagnose", "diagnose")


def test_raised_hands_choose_the_cards_of_the_three_teams(lesson):
    counts = {"kind": "counts", "key": "compete.1", "counts": {"0:rainmake": 5, "0:pitch": 2, "2:diagnose": 1}}
    room = made(lesson, at(lesson, "compete"), counts)
    assert [room.played("compete", 1, Seat(0, team)) for team in range(3)] == [("rainmake",), ("pitch",), ("diagnose",)]
    assert [room.is_empty("compete", Seat(0, team)) for team in range(3)] == [False, True, False]


def test_a_round_that_is_run_again_makes_later_rounds_void(lesson):
    result = {"cards": [], "round_k": []}
    events = [{"kind": "result", "key": key, "result": result} for key in ("curve", "compete.1", "compete.2", "compete.1")]
    assert list(made(lesson, *events).results) == ["curve", "compete.1"]
