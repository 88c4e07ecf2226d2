"""The one error that a person's input can cause, and the words "did you mean"."""

import difflib
from collections.abc import Iterable
from typing import Any

from salesim.model.errors import InputError as InputError  # every layer above the model imports it from here

RENAMED = {  # keys of earlier versions, and what they are called now
    "looks": "interim_analyses",
    "fresh": "confirmation_seeds",
    "first_fresh_seed": "first_confirmation_seed",
    "matters": "equivalence_margins",
    "books": "records",
    "initial_belief": "initial_sameness",
    "belief": "perceived_fit",
    "habit_weight": "discount_expectation_weight",
    "habit_speed": "discount_expectation_speed",
    "disappointment_belief": "disappointment_sameness",
    "outcome_belief": "outcome_sameness",
    "selling_belief": "selling_sameness",
    "diagnosis_belief": "diagnosis_sameness",
    "word_belief": "word_sameness",
    "commodity_belief": "perceived_sameness",
}


def unknown_setting(key: str, suggestion: str, where: str = "") -> InputError:
    """The refusal of a key that names no setting; `where` is its file and line, `suggestion` what was meant."""
    return InputError(f"{where}{key} is not a setting; {suggestion}")


def expect(value: Any, kind: type, key: str, wanted: str) -> None:
    """Raise InputError if the value of a key is not of this kind."""
    if not isinstance(value, kind):
        raise InputError(f"{key} is {value!r}; it has to be {wanted}")


def renamed(key: str) -> str:
    """A dotted key with the parts that have other names now.

    >>> renamed("market.worth.belief")
    'market.worth.perceived_fit'
    """
    return ".".join(RENAMED.get(part, part) for part in key.split("."))


def meant(word: str, allowed: Iterable[str], start: str = "") -> str:
    """The nearest allowed word with what stands before it, or all of them.

    >>> meant("marktet", ["market", "weeks"])
    'did you mean market?'
    """
    words = sorted(allowed)
    if RENAMED.get(word) in words:
        return f"did you mean {start}{RENAMED[word]}?"
    lowered = {each.lower(): each for each in words}
    close = difflib.get_close_matches(word.lower(), lowered, n=1, cutoff=0.55)
    begun = [each for each in lowered if len(word) >= 3 and each.startswith(word.lower())]
    close = close or (begun if len(begun) == 1 else [])
    if close:
        return f"did you mean {start}{lowered[close[0]]}?"
    return f"allowed are {', '.join(words)}" if words else "nothing can be set there"
