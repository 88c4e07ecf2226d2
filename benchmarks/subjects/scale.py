"""From 1,000 to 1,000,000 customers: time a customer and week, bytes of state, resident memory."""

from collections.abc import Iterator

from clocks import alternating, last_word, processor, ratio
from markets import at_start, market_of
from rows import Row, one, row, short
from salesim.model.schedule import advance, records_of
from salesim.model.state import Market

TITLE = "Scale"
WEEKS = 104  # the same for all sizes
MIDDLE = 10_000
SIZES = {1_000: (5, None), 100_000: (3, None), 1_000_000: (1, 3.5)}  # customers: repetitions, target
BYTES = 400
READY = 0.5  # share of deals that get an offer; below, sellers have no time
ALIVE = """
import sys
from clocks import resident_bytes
from markets import bare, market_of
bare(market_of(1_000, 26))
before = resident_bytes()
market = bare(market_of(int(sys.argv[1]), 26))
print(resident_bytes() - before)
"""


def rows(quick: bool, full: bool) -> Iterator[Row]:
    """Every size against 10,000 customers."""
    advance(at_start(market_of(1_000, 2)), 0, 2)
    for customers, (times, target) in SIZES.items():
        if quick and customers > MIDDLE:
            continue
        pair = {MIDDLE: Weeks(MIDDLE), customers: Weeks(customers)}
        seconds = alternating(
            {str(size): weeks for size, weeks in pair.items()}, 1 if quick else 3 if full else times, own_clock
        )
        per_customer = [taken / customers for taken in seconds[str(customers)]]
        middle = [taken / MIDDLE for taken in seconds[str(MIDDLE)]]
        nanoseconds = ratio(per_customer, [WEEKS / 1e9] * len(per_customer)).middle
        what = f"{customers:,} customers: time a customer and week over that at {MIDDLE:,}"
        yield row(what, ratio(per_customer, middle), at_most=target)._replace(
            figure=f"{short(ratio(per_customer, middle).middle, 'x')} ({short(nanoseconds, ' ns')})"
        )
        if customers == max(SIZES):
            yield from of_largest(pair[customers].market)
    yield row("bytes of state a customer, deals and weeks apart", one(bytes_of_state(MIDDLE)), " bytes", at_most=BYTES)
    for customers in (MIDDLE,) if quick else (MIDDLE, max(SIZES)):
        resident = int(last_word(ALIVE, str(customers))) / customers
        yield row(f"{customers:,} customers: resident memory a customer, 26 weeks with all deals", one(resident), " bytes")


class Weeks:
    """All weeks of a market of some size; its initialization is not timed."""

    def __init__(self, customers: int):
        self.scenario = market_of(customers, WEEKS)
        self.market: Market | None = None

    def __call__(self) -> None:
        """Play."""
        self.market = advance(self.market, 0, WEEKS)

    def renew(self) -> None:
        """A new market."""
        self.market = None
        self.market = at_start(self.scenario)


def own_clock(weeks: Weeks) -> float:
    """Processor seconds of the weeks alone."""
    weeks.renew()
    return processor(weeks)


def of_largest(market: Market) -> Iterator[Row]:
    """Do as few sellers as keys allow have the hours for so many customers?"""
    records = records_of(market, WEEKS)
    later = records.weeks[records.weeks["week"] >= WEEKS // 2]
    free = later["hours_free"].sum() / (later["hours_free"].sum() + later["hours_used"].sum())
    ready = (records.deals["ready_week"][records.deals["opened_week"] < WEEKS // 2] >= 0).mean()
    yield row("1,000,000 customers: sellers' hours that are free", one(100 * float(free)), " %", at_least=0.1)
    yield row("1,000,000 customers: deals that get an offer", one(100 * float(ready)), " %", at_least=100 * READY)


def bytes_of_state(customers: int) -> float:
    """All arrays of a market but its records."""
    market = at_start(market_of(customers, WEEKS))
    parts = [getattr(market, name) for name in market._fields if name not in ("deals", "weeks")]
    return sum(part.nbytes for part in parts if hasattr(part, "nbytes")) / customers
