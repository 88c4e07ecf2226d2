"""A cache of results computed from records, kept as long as the records exist, so that memory is freed after each run."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from salesim.model.records import Records

Rest = ParamSpec("Rest")
Result = TypeVar("Result")


def once(function: Callable[Concatenate[Records, Rest], Result]) -> Callable[Concatenate[Records, Rest], Result]:
    """Cache a function of records and hashable arguments for as long as the records exist.

    A result must not refer to the records, or neither is ever freed. Two threads that ask for a missing result at the same
    time both compute it.
    """
    kept: WeakKeyDictionary[Records, dict[object, Result]] = WeakKeyDictionary()

    @wraps(function)
    def cached(records: Records, /, *rest: Rest.args, **named: Rest.kwargs) -> Result:
        results = kept.setdefault(records, {})
        arguments = (rest, *named.items())
        if arguments not in results:
            results[arguments] = function(records, *rest, **named)
        return results[arguments]

    return cached
