"""The heaviest phases against a loop in C on the same records: how much a compiler of Python leaves on the table."""

from collections.abc import Iterator
from pathlib import Path

import limit
from clocks import alternating, ratio
from markets import AT_ONCE, bare, market_of
from replay import furthest, of_product
from rows import Row, row

TITLE = "salesim over C"
BUILD = Path(__file__).parents[2] / "build" / "bench"
SIZES = {1_000: 520, 10_000: 104}  # customers: weeks
CLOCK_FROM = 52
MOST = 1.4
TABLES = 500


def rows(quick: bool, _full: bool) -> Iterator[Row]:
    """Bargaining alone, work, and thinking: deliberation, bargaining and choice."""
    if not limit.built(BUILD):
        yield Row(f"there is no {limit.COMPILER} here; nothing was compared", "")
        return
    times = 1 if quick else 5
    yield row("bargaining alone", bargaining(times), at_most=MOST)
    for customers, weeks in SIZES.items():
        if quick and customers > 1_000:
            continue
        scenario = market_of(customers, weeks, **AT_ONCE)
        ours, theirs = [], []
        for _ in range(times):
            played, peer = of_product(scenario, CLOCK_FROM), limit.of_limit(scenario, CLOCK_FROM)
            if furthest(played.records, peer.records) > 0.0:
                raise AssertionError("the loop in C wrote other records than salesim")
            ours.append(played.spent)
            theirs.append(peer.spent)
        for part, name in (("work", "hours shared and worked"), ("think", "deliberation, bargaining, choice")):
            each = ratio([spent[part] for spent in ours], [spent[part] for spent in theirs])
            yield row(f"{customers:,} customers: {name}", each, at_most=MOST)


def bargaining(times: int):
    """Tables of a running market, bargained over and over in one compiled call."""
    market = bare(market_of(1_000, 156))
    tables, slopes, scales = limit.tables_of(market, TABLES)
    world = limit.world_of(market)
    works = {
        "ours": lambda: limit.bargain_all(tables, slopes, scales, market.settings, 100),
        "C": lambda: limit.bargain_in_c(world, tables, slopes, scales, 100),
    }
    alternating(works, 1)
    seconds = alternating(works, times)
    return ratio(seconds["ours"], seconds["C"])
