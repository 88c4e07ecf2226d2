"""Settings by dotted key: listed, set, and suggested for a key that does not exist."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from salesim.config.config_files import GROUPS, choice, configs_folder
from salesim.config.errors import unknown_setting


def put(mapping: dict[str, Any], key: str, value: Any, new: bool = False) -> None:
    """Set one dotted key; a group's name picks a file. Raises InputError for an unknown key, unless it may be `new`."""
    if key in GROUPS and isinstance(value, str):
        value = choice(key, value, (configs_folder(),))
    above, _, last = key.rpartition(".")
    place: Any = at_path(mapping, above) if above else mapping
    if not new or not isinstance(place, dict):
        at_path(mapping, key)
    place[int(last) if isinstance(place, list) else last] = value


def at_path(mapping: Mapping[str, Any], key: str) -> Any:
    """What a dotted key names in nested mappings and lists. Raises InputError if there is nothing."""
    place: Any = mapping
    for part in key.split("."):
        if isinstance(place, list) and part.isdigit() and int(part) < len(place):
            place = place[int(part)]
        elif isinstance(place, Mapping) and part in place:
            place = place[part]
        elif isinstance(place, list):
            above = key[: key.rindex(f".{part}")]
            raise unknown_setting(key, f"{above} is a list: give it whole, as {above}=[…]")
        else:
            raise unknown_setting(key, meant_key(key, mapping))
    return place


def meant_key(key: str, mapping: Mapping[str, Any]) -> str:
    """The dotted key that was probably meant: the one with the same end, else the same name, the nearest, or a longer one.

    >>> meant_key("trust.loss", {"market": {"trust": {"loss": 0.45}}})
    'did you mean market.trust.loss?'
    >>> meant_key("market.people.skill", {"market": {"people": {"skill_a": 2.0, "skill_b": 3.0}}})
    'did you mean market.people.skill_a or market.people.skill_b?'
    """
    keys = [known for known, _ in dotted(mapping) if known != key and not key.startswith(f"{known}.")]
    names = {known: known.rpartition(".")[2] for known in keys}
    root, above, name = key.partition(".")[0], *key.rpartition(".")[::2]
    beside = [known for known in keys if known.rpartition(".")[0] == above]
    same_name = [known for known in keys if names[known] == name]
    candidates = (
        [known for known in keys if known.endswith(f".{key}")]
        or [known for known in same_name if known.partition(".")[0] == root]
        or same_name
        or [known for known in beside if known.startswith(f"{key}_")]
        or get_close_matches(key, keys, n=1, cutoff=0.7)
        or [known for known in keys if names[known].startswith(name)]
        or [known for known in keys if names[known] in get_close_matches(name, names.values(), n=1)][:1]
    )
    if candidates:
        return f"did you mean {' or '.join(candidates[:4])}?"
    allowed = ", ".join(beside if above and beside else mapping)
    return f"allowed are {allowed} and what is in them; `salesim show` lists everything"


def dotted(mapping: Mapping[str, Any], start: str = "") -> Iterator[tuple[str, Any]]:
    """Dotted key and value of everything in a nested mapping, groups included, each before what is in it."""
    for key, value in mapping.items():
        yield f"{start}{key}", value
        if isinstance(value, Mapping):
            yield from dotted(value, f"{start}{key}.")


def leaves(mapping: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Dotted key and value of everything in a nested mapping that is not a group."""
    return ((key, value) for key, value in dotted(mapping) if not isinstance(value, Mapping))
