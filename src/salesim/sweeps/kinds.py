"""What kind of number a setting is, by the dataclasses of the scenario."""

from typing import Any

from salesim.scenario import Channel, Licence, Strategy
from salesim.settings import Market

KINDS: dict[str, Any] = {"market": Market, "strategy": Strategy, "channel": Channel, "licence": Licence, "weeks": int}


def is_whole(key: str) -> bool:
    """Whether a setting is a whole number.

    >>> is_whole("market.customers.count"), is_whole("market.customers.complexity_a"), is_whole("weeks")
    (True, False, True)
    """
    first, *path = key.split(".")
    kind = KINDS.get(first)
    for part in path:
        field = getattr(kind, "__pydantic_fields__", {}).get(part)
        kind = field.annotation if field else None
    return kind is int
