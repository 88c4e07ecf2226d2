"""From nothing to an answer: help, the first run ever with nothing compiled, and a first run of a day."""

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from clocks import alternating, figure, of_a_child
from rows import Row, one, row
from salesim.config.scenario import default_scenario
from salesim.model.schedule import play

TITLE = "Cold start"
PACKAGES = "import hydra, numba, numpy, pandas, pyarrow.parquet, rich, scipy.special"
SALESIM = str(Path(sys.executable).with_name("salesim"))


def rows(quick: bool, _full: bool) -> Iterator[Row]:
    """Seconds on the wall of a command, and processor seconds, which other programs on the machine do not lengthen."""
    times, usual = 1 if quick else 5, {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    yield row("`salesim --help`", figure([of_a_child([SALESIM, "--help"], usual)[0] for _ in range(times)]), " s", at_most=0.5)
    with tempfile.TemporaryDirectory() as folder:
        run = [SALESIM, "run", "seeds=1", "contest=alone", "experiment=null", f"folder={folder}/results"]
        cache = {**usual, "NUMBA_CACHE_DIR": f"{folder}/rules"}
        first = of_a_child(run, cache)
        yield row("first run ever, rules compiled, on the wall", one(first[0]), " s")
        yield row("the same, processor time", one(first[1]), " s")
        warm = []
        for number in range(times):
            run[-1] = f"folder={folder}/results-{number}"
            warm.append(of_a_child(run, cache))
        yield row("a first run, rules known, on the wall", figure([wall for wall, _ in warm]), " s", at_most=2.5)
        used = [processor for _, processor in warm]
        yield row("the same, processor time", figure(used), " s")
        loads = [of_a_child([sys.executable, "-c", PACKAGES], usual)[1] for _ in range(times)]
        yield row(
            "share of it that loading the packages takes", figure([100 * a / b for a, b in zip(loads, used, strict=True)]), " %"
        )
    scenario = default_scenario()
    play(scenario, 1)
    market = alternating({"market": lambda: play(scenario, 1)}, times)["market"]
    shares = [100 * taken / processor for taken, (_, processor) in zip(market, warm, strict=True)]
    yield row("share of it that the market takes", figure(shares), " %", at_most=10)
