"""The one error that a person's input can cause, and the words "did you mean"."""

import json
from collections.abc import Iterable
from typing import Any

from salesim.model.errors import InputError as InputError  # every layer above the model imports it from here


def unknown_setting(key: str, suggestion: str, where: str = "") -> InputError:
    """The refusal of a key that names no setting; `where` is its file and line, `suggestion` what was meant."""
    return InputError(f"{where}{key} is not a setting; {suggestion}")


def expect(value: Any, kind: type, key: str, wanted: str) -> None:
    """Raise InputError if the value of a key is not of this kind."""
    if not isinstance(value, kind):
        raise InputError(f"{key} is {shown(value)}; it has to be {wanted}")


def shown(value: Any) -> str:
    """A value as it came, shortened to one line."""
    text = json.dumps(value) if value is None or isinstance(value, bool) else repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def meant(word: str, allowed: Iterable[str], start: str = "") -> str:
    """The nearest allowed word with what stands before it, or all of them.

    >>> meant("marktet", ["market", "weeks"])
    'did you mean market?'
    """
    import difflib  # most commands have no misspelt word

    words = sorted(allowed)
    lowered = {each.lower(): each for each in words}
    close = difflib.get_close_matches(word.lower(), lowered, n=1, cutoff=0.55)
    begun = [each for each in lowered if len(word) >= 3 and each.startswith(word.lower())]
    close = close or (begun if len(begun) == 1 else [])
    if close:
        return f"did you mean {start}{lowered[close[0]]}?"
    return f"allowed are {', '.join(words)}" if words else "nothing can be set there"
