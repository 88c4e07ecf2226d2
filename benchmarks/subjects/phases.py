"""Where the time of a run goes, phase by phase."""

from collections.abc import Iterator

from clocks import figure
from markets import market_of
from replay import of_phases
from rows import Row, row

TITLE = "Share of the weeks by phase"
SIZES = {1_000: 520, 10_000: 208}


def rows(quick: bool, _full: bool) -> Iterator[Row]:
    """Shares by a clock in compiled code; reading it is taken off."""
    for customers, weeks in SIZES.items():
        scenario = market_of(customers, weeks)
        of_phases(market_of(customers, 4))
        runs = [of_phases(scenario) for _ in range(1 if quick else 5)]
        for phase in runs[0]:
            shares = figure([100 * spent[phase] / sum(spent.values()) for spent in runs])
            yield row(f"{customers:,} customers: `{phase}`", shares, " %")
