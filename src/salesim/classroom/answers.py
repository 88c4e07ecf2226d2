"""What phones and the instructor may send: each message is checked to the last number before it is recorded."""

import math
import re
from typing import Any

import orjson

from salesim.classroom.lesson import Lesson, Screen, Step
from salesim.classroom.results import TEAMS

MOST_BYTES = 4096  # of a message
MOST_HANDS = 1000  # raised for one option
LONGEST_TIMER = 4 * 3600  # s
TOKEN = re.compile(r"[A-Za-z0-9_-]{22,64}")
CONFIDENCES = (1, 2, 3, 4, 5)
HAND_MARGINS = (0.5, 0.4, 0.3, 0.2, 0.1, 0.0)  # of the last year, for which hands are raised


class RefusedError(Exception):
    """A message that is not taken; its text is a key of the interface texts."""


def message_of(text: str | bytes) -> dict[str, Any]:
    """A message. Raises RefusedError for what is too long, no JSON, or no group of keys."""
    if len(text) > MOST_BYTES:
        raise RefusedError("too_long")
    try:
        message = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise RefusedError("unreadable") from error
    if not isinstance(message, dict):
        raise RefusedError("unreadable")
    return message


def checked_answer(lesson: Lesson, screen: Screen, value: Any) -> Any:
    """An answer to a screen as it is recorded. Raises RefusedError."""
    step = lesson.steps[screen.step]
    if step.kind == "draw":
        return checked_curve(lesson, value)
    if step.kind == "cut":
        return checked_bet(lesson, step, value)
    options = lesson.cards if step.kind == "compete" else step.options
    if not isinstance(value, str) or value not in options:
        raise RefusedError("no_option")
    return value


def checked_curve(lesson: Lesson, value: Any) -> dict[str, Any]:
    """A curve: a margin for each year within the axis, and how sure the person is."""
    if not isinstance(value, dict) or set(value) != {"years", "confidence"}:
        raise RefusedError("no_curve")
    years, confidence = value["years"], value["confidence"]
    if not isinstance(years, list) or len(years) != lesson.years or not all(map(is_number, years)):
        raise RefusedError("no_curve")
    if not all(lesson.lowest_margin <= margin <= lesson.highest_margin for margin in years):
        raise RefusedError("no_curve")
    if isinstance(confidence, bool) or confidence not in CONFIDENCES:
        raise RefusedError("no_confidence")
    return {"years": [round(float(margin), 4) for margin in years], "confidence": int(confidence)}


def checked_bet(lesson: Lesson, step: Step, value: Any) -> list[str]:
    """Feedbacks to cut, in the order of the lesson."""
    right = isinstance(value, list) and all(isinstance(each, str) for each in value)
    if not right or len({*value}) != len(value) or len(value) != step.cuts or not {*value} <= {*lesson.loops}:
        raise RefusedError("no_option")
    return [loop for loop in lesson.loops if loop in value]


def is_number(value: Any) -> bool:
    """Whether it is a finite number."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def hand_options(lesson: Lesson, screen: Screen) -> list[str]:
    """For what hands are raised on a screen."""
    step = lesson.steps[screen.step]
    if step.kind == "draw":
        return [str(margin) for margin in HAND_MARGINS]
    if step.kind == "cut":
        return list(lesson.loops)
    if step.kind == "compete":
        return [f"{team}:{card}" for team in range(TEAMS) for card in lesson.cards]
    return list(step.options)


def checked_counts(lesson: Lesson, screen: Screen, value: Any) -> dict[str, int]:
    """Raised hands by option, without zeros. Raises RefusedError."""
    if not isinstance(value, dict) or not {*value} <= {*hand_options(lesson, screen)}:
        raise RefusedError("no_option")
    for count in value.values():
        if not isinstance(count, int) or isinstance(count, bool) or not 0 <= count <= MOST_HANDS:
            raise RefusedError("no_count")
    return {option: count for option, count in value.items() if count}


def checked_seconds(value: Any) -> float:
    """Seconds of a timer. Raises RefusedError."""
    if not is_number(value) or not 0 <= value <= LONGEST_TIMER:
        raise RefusedError("no_count")
    return float(value)
