"""What projector and summary say about a class as a whole."""

import pytest

from salesim.classroom.aggregates import errors, places
from salesim.classroom.figures import first_line
from salesim.classroom.lesson import lesson_of
from salesim.classroom.room import Room, Seat
from salesim.classroom.screens import common, personal, projector
from salesim.classroom.wording import Wording
from salesim.config.config_files import configs_folder
from tests.classroom.conftest import place_of


def test_predictions_before_and_after_talking_are_compared_for_the_same_people(lesson):
    market = [0.5, 0.4, 0.3]
    room = Room(lesson, results={"curve": {"mean": market}})

    def off(by):
        return {"years": [margin + by for margin in market], "confidence": 3}

    room.answers = {"predict": {"a": off(0.10), "left": off(0.30)}, "revise": {"a": off(0.05), "late": off(0.40)}}
    assert {step: (round(error, 6), n) for step, (error, n) in errors(room).items()} == {
        "predict": (0.1, 1),
        "revise": (0.05, 1),
    }


@pytest.mark.parametrize("language", ["en", "de"])
def test_feedbacks_stand_by_the_name_that_is_shown_which_gives_nothing_away_about_their_size(language):
    lesson, say = lesson_of("spiral", (configs_folder(),)), Wording(language)
    asked = common(Room(lesson, position=place_of(lesson, "cut")), say, 0.0)["ask"]["options"]
    counted = projector(Room(lesson, position=place_of(lesson, "cut", "counts")), say, 0.0, [])["figures"][0]["bars"]
    for shown in (asked, counted):
        assert [each["label"] for each in shown] == sorted(loop.label[language] for loop in lesson.loops.values())


def test_places_that_runs_do_not_tell_apart_are_ranges():
    assert places([5.0, 9.0, 4.0, 2.5], [1.0, 0.5, 1.0, 0.6]) == ["2–3", "1", "2–4", "3–4"]
    assert places([1.0, 1.0], [0.0, 0.0]) == ["1–2", "1–2"]


def test_the_right_answer_and_the_feedback_with_most_bets_are_marked_in_words(lesson):
    recovered = {loop: {"recovered": 0.01, "mean": [0.5, 0.4, 0.3]} for loop in lesson.loops}
    runs = {"cuts": recovered, "base": {"mean": [0.5, 0.4, 0.3]}, "first_seed": 1, "seeds": 20, "digest": "d"}
    room = Room(lesson, results={"cuts1": runs}, answers={"cut": {"a": ["product_lead"]}, "exit": {"a": "cost"}})
    room.position = place_of(lesson, "cut", "result")
    told = {bar["label"]: bar["told"] for bar in projector(room, Wording("en"), 0.0, [])["figures"][0]["bars"]}
    assert told.pop("Low margins starve development") == "most bets: 1"
    assert {*told.values()} == {"bets: 0"}
    room.position = place_of(lesson, "exit", "result")
    bars = projector(room, Wording("en"), 0.0, [])["figures"][0]["bars"]
    assert [bar["label"] for bar in bars if bar.get("told") == "the right answer"] == [
        lesson.steps["exit"].options[lesson.steps["exit"].right].label["en"]
    ]


def test_teams_that_were_first_in_the_same_round_are_counted():
    say = Wording("en")
    assert "Market 2, team 1" in first_line(say, "Rainmake", [(1, Seat(1, 0)), (2, Seat(0, 0))])
    assert first_line(say, "Rainmake", [(1, Seat(0, 0)), (1, Seat(1, 2)), (3, Seat(2, 0))]).startswith("2 teams")


def test_where_hands_are_raised_the_projector_lists_for_what(lesson):
    room = Room(lesson, position=place_of(lesson, "compete"), n_markets=1)
    assert projector(room, Wording("en"), 0.0, [], hands=True)["options"] == [
        card.label["en"] for card in lesson.cards.values()
    ]
    assert projector(room, Wording("en"), 0.0, [])["options"] == []


def test_a_result_has_a_title_of_its_own_and_does_not_ask_again(lesson):
    room = Room(lesson, position=place_of(lesson, "cut", "result"))
    shown = common(room, Wording("en"), 0.0)
    assert shown["title"] == "Result: Cut one feedback"
    assert shown["text"] == []


def test_a_phone_says_what_its_team_plays_if_nobody_answers(lesson):
    room = Room(lesson, position=place_of(lesson, "compete"), people={"a": 1}, n_markets=1, seats={"a": Seat(0, 0)})
    assert "it plays “Pitch”" in " ".join(personal(room, Wording("en"), "a")["lines"])
