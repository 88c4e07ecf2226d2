"""The heaviest phases against whole arrays of numpy, in the same running market; both write the same records."""

from collections.abc import Iterator

import arrays
from clocks import ratio
from markets import AT_ONCE, market_of
from replay import furthest, of_peer, of_product
from rows import Row, row

TITLE = "Whole arrays of numpy over salesim"
SIZES = {1_000: (156, 50.0), 10_000: (104, None)}  # customers: weeks, target
CLOCK_FROM = 52  # weeks; from here on the market runs full
OURS = ("needs", "work", "think", "conclude", "deliver")
THEIRS = ("needs", "work", "think")
SAME = 1e-9


def rows(quick: bool, _full: bool) -> Iterator[Row]:
    """All phases compared, and thinking alone."""
    for customers, (weeks, target) in SIZES.items():
        scenario = market_of(customers, weeks, **AT_ONCE)
        if quick and customers > 1_000:
            continue
        of_product(scenario, CLOCK_FROM)
        ours, theirs = [], []
        for _ in range(1 if quick else 5):
            played, peer = of_product(scenario, CLOCK_FROM), of_peer(scenario, arrays, CLOCK_FROM)
            if furthest(played.records, peer.records) > SAME:
                raise AssertionError("the arrays of numpy wrote other records than salesim")
            ours.append(played.spent)
            theirs.append(peer.spent)
        where = f"{customers:,} customers, weeks {CLOCK_FROM} to {weeks}"
        sums = ratio([total(spent, THEIRS) for spent in theirs], [total(spent, OURS) for spent in ours])
        yield row(f"{where}: needs, work and thinking", sums, at_least=target)
        for part in THEIRS[1:]:
            each = ratio([spent[part] for spent in theirs], [spent[part] for spent in ours])
            yield row(f"{where}: {'work' if part == 'work' else 'thinking'} alone", each)


def total(spent: dict[str, float], parts: tuple[str, ...]) -> float:
    return sum(spent[part] for part in parts)
