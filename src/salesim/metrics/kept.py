"""What was worked out of records: kept as long as the records are, and no longer, so that the next run gets a run's memory."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from salesim.model.records import Records

Rest = ParamSpec("Rest")
Answer = TypeVar("Answer")


def once(function: Callable[Concatenate[Records, Rest], Answer]) -> Callable[Concatenate[Records, Rest], Answer]:
    """The same function of records and hashable arguments, which works out an answer once while the records are there.

    The answer must not hold the records themselves, or both stay for ever. Two threads that ask for the first answer at the
    same moment both work it out.
    """
    kept: WeakKeyDictionary[Records, dict[object, Answer]] = WeakKeyDictionary()

    @wraps(function)
    def answer(records: Records, /, *rest: Rest.args, **named: Rest.kwargs) -> Answer:
        answers = kept.setdefault(records, {})
        arguments = (rest, *named.items())
        if arguments not in answers:
            answers[arguments] = function(records, *rest, **named)
        return answers[arguments]

    return answer
