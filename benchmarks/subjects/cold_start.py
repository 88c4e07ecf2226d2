"""From nothing to an answer: help, the first run ever with nothing compiled, and a first run of a day."""

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from clocks import Figure, alternating, figure, of_a_child
from rows import Row, one, row
from salesim.config import default_scenario
from salesim.week import play

TITLE = "Cold start"
SALESIM = str(Path(sys.executable).with_name("salesim"))


def rows(quick: bool, _full: bool) -> Iterator[Row]:
    """Seconds on the wall of a command, and processor seconds, which other programs on the machine do not lengthen."""
    times = 1 if quick else 5
    yield row("`salesim --help`", seconds([of_a_child([SALESIM, "--help"])[0] for _ in range(times)]), " s", at_most=0.5)
    with tempfile.TemporaryDirectory() as folder:
        run = [SALESIM, "run", "seeds=1", "contest=alone", "experiment=null", f"folder={folder}/results"]
        cache = {**os.environ, "NUMBA_CACHE_DIR": f"{folder}/rules"}
        yield row("first run ever, rules compiled", one(of_a_child(run, **cache)[0]), " s")
        warm = []
        for number in range(times):
            run[-1] = f"folder={folder}/results-{number}"
            warm.append(of_a_child(run, **cache))
        yield row("a first run, rules known", seconds([wall for wall, _ in warm]), " s", at_most=2.5)
        yield row("the same, processor time", seconds([processor for _, processor in warm]), " s")
    scenario = default_scenario()
    play(scenario, 1)
    market = alternating({"market": lambda: play(scenario, 1)}, times)["market"]
    shares = [100 * taken / processor for taken, (_, processor) in zip(market, warm, strict=True)]
    yield row("share of it that the market takes", figure(shares), " %", at_most=10)


def seconds(values: list[float]) -> Figure:
    return figure(values)
