"""What was worked out of books: kept as long as the books are, and no longer, so that the next run gets a run's memory."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from salesim.model.records import Books

Rest = ParamSpec("Rest")
Found = TypeVar("Found")


def once(function: Callable[Concatenate[Books, Rest], Found]) -> Callable[Concatenate[Books, Rest], Found]:
    """The same function of books and hashable arguments, which works out an answer once while the books are there.

    The answer must not hold the books themselves, or both stay for ever. Two threads that ask for the first answer at the
    same moment both work it out.
    """
    kept: WeakKeyDictionary[Books, dict[object, Found]] = WeakKeyDictionary()

    @wraps(function)
    def answer(books: Books, /, *rest: Rest.args, **named: Rest.kwargs) -> Found:
        answers = kept.setdefault(books, {})
        asked = (rest, *named.items())
        if asked not in answers:
            answers[asked] = function(books, *rest, **named)
        return answers[asked]

    return answer
