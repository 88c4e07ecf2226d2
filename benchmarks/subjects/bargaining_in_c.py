"""The bargaining, the heaviest rule, against a loop in C on the same records: how much a compiler of Python leaves over."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

import in_c
from clocks import alternating, ratio
from markets import bare, market_of
from rows import Row, row

TITLE = "salesim over C"
BUILD = Path(__file__).parents[2] / "build" / "bench"
MOST = 1.4
WEEK = 156


def rows(quick: bool, _full: bool) -> Iterator[Row]:
    """Tables of a running market, bargained over and over in one compiled call; both write the same prices."""
    loaded = in_c.library(BUILD)
    if loaded is None:
        yield Row(f"there is no {in_c.COMPILER} here; nothing was compared", "")
        return
    market = bare(market_of(10_000, WEEK))
    tables, slopes, scales = in_c.full_tables(market, WEEK - 1)
    theirs = tables.copy()
    works = {
        "ours": lambda: in_c.bargain_all(tables, slopes, scales, market.settings, 100),
        "C": lambda: in_c.bargain_in_c(loaded, theirs, slopes, scales, market.settings, 100),
    }
    alternating(works, 1)
    np.testing.assert_allclose(theirs["price"], tables["price"], rtol=1e-12)
    seconds = alternating(works, 1 if quick else 7)
    yield row("bargaining", ratio(seconds["ours"], seconds["C"]), at_most=MOST)
