"""What projector and summary say about a class as a whole."""

from salesim.classroom.aggregates import errors
from salesim.classroom.lesson import lesson_of
from salesim.classroom.room import Room
from salesim.config.config_files import configs_folder


def test_predictions_before_and_after_talking_are_compared_for_the_same_people(lesson):
    market = [0.5, 0.4, 0.3]
    room = Room(lesson, results={"curve": {"mean": market}})

    def off(by):
        return {"years": [margin + by for margin in market], "confidence": 3}

    room.answers = {"predict": {"a": off(0.10), "left": off(0.30)}, "revise": {"a": off(0.05), "late": off(0.40)}}
    assert {step: (round(error, 6), n) for step, (error, n) in errors(room).items()} == {"predict": (0.1, 1), "revise": (0.05, 1)}


def test_feedbacks_stand_by_name_which_gives_nothing_away_about_their_size():
    labels = [loop.label["en"] for loop in lesson_of("spiral", (configs_folder(),)).loops.values()]
    assert labels == sorted(labels)
