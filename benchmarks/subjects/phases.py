"""Where the time of a run goes, phase by phase."""

from collections.abc import Iterator

from clocks import figure
from markets import market_of
from replay import of_phases
from rows import Row, row

TITLE = "Share of the weeks by phase"
SIZES = {1_000: (520, 5), 10_000: (208, 5), 1_000_000: (26, 1)}  # customers: weeks, repetitions


def rows(quick: bool, _full: bool) -> Iterator[Row]:
    """Shares by a clock in compiled code; reading it is taken off."""
    for customers, (weeks, times) in SIZES.items():
        if quick and customers > 10_000:
            continue
        scenario = market_of(customers, weeks)
        if times > 1:
            of_phases(scenario)  # compiled, and memory that was used before: the first touch of a page is the system's time
        runs = [of_phases(scenario) for _ in range(1 if quick else times)]
        for phase in runs[0]:
            shares = figure([100 * spent[phase] / sum(spent.values()) for spent in runs])
            yield row(f"{customers:,} customers: `{phase}`", shares, " %")
