"""`make bench ARGS='--against PATH'`: first run, warm run and weeks of this tree beside another checkout, in turn.

Both trees run with this Python and its packages, each with a compile cache of its own: a new one for every first run, a filled
one for warm runs. Where other programs use the machine, compare processor seconds. Figures are medians of five.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from clocks import Figure, figure, of_a_child, ratio
from rows import short

HERE = Path(__file__).resolve().parents[1]
TIMES = 5
COMMAND = "import sys; from salesim.cli import main; sys.exit(main(sys.argv[1:]))"
WORDS = ("run", "experiment=null", "seeds=1", "contest=alone")
# Processor seconds of all weeks of the shipped market, without making it; the least of some runs, as each is short.
WEEKS = """
import time
from salesim.config.scenario import default_scenario
from salesim.model.schedule import advance, begin
from salesim.model.state import initialize
scenario, found = default_scenario(), []
for _ in range(20):
    market = begin(initialize(scenario, 1))
    start = time.process_time()
    advance(market, 0, scenario.weeks)
    found.append(time.process_time() - start)
print(min(found))
"""


class Tree:
    """A checkout, with a folder for its results and compile caches."""

    def __init__(self, checkout: Path, folder: Path) -> None:
        self.checkout, self.folder, self.count = checkout, folder, 0

    def environment(self, cache: str) -> dict[str, str]:
        """Variables with which a Python runs this tree with a compile cache."""
        return {**os.environ, "PYTHONPATH": str(self.checkout / "src"), "NUMBA_CACHE_DIR": str(self.folder / cache)}

    def run(self, cache: str) -> tuple[float, float]:
        """Seconds on the wall and processor seconds of a run into a new folder."""
        self.count += 1
        command = [sys.executable, "-c", COMMAND, *WORDS, f"folder={self.folder}/results-{self.count}"]
        return of_a_child(command, self.environment(cache))

    def first_run(self) -> tuple[float, float]:
        """A run with an empty compile cache."""
        return self.run(f"rules-{self.count}")

    def warm_run(self) -> tuple[float, float]:
        """A run with the compile cache of the very first one."""
        return self.run("rules-0")

    def weeks(self) -> tuple[float]:
        """Processor seconds of `WEEKS`."""
        command = [sys.executable, "-c", WEEKS]
        done = subprocess.run(command, env=self.environment("rules-0"), capture_output=True, text=True, check=True)
        return (float(done.stdout),)


Measure = Callable[[Tree], tuple[float, ...]]
SUBJECTS: tuple[tuple[Measure, tuple[str, ...]], ...] = (
    (Tree.first_run, ("first run ever, rules compiled, on the wall", "the same, processor time")),
    (Tree.warm_run, ("warm run, rules known, on the wall", "the same, processor time")),
    (Tree.weeks, ("all weeks of one market, processor time",)),
)


def main(path: Path) -> int:
    """Measure and print; 2 if there is no checkout."""
    if not (path / "src" / "salesim").is_dir():
        print(f"{path} is no checkout of salesim: it has no src/salesim", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        trees = Tree(HERE, Path(folder, "this")), Tree(path.resolve(), Path(folder, "that"))
        print(f"  {'':45} {'this tree':>26} {path.name[-26:]:>26} {'ratio':>26}")
        for measure, names in SUBJECTS:
            rounds = [[measure(tree) for tree in trees] for _ in range(TIMES)]
            for place, name in enumerate(names):
                ours, theirs = ([found[which][place] for found in rounds] for which in (0, 1))
                columns = text(figure(ours), " s"), text(figure(theirs), " s"), text(ratio(ours, theirs))
                print(f"  {name:45} " + " ".join(f"{column:>26}" for column in columns), flush=True)
    return 0


def text(found: Figure, unit: str = "") -> str:
    """A median and its range."""
    return f"{short(found.middle, unit)} ({short(found.low)}–{short(found.high)})"
