"""What the terminal says of `salesim compare`: what is declared, how far it is, and the answer."""

import json
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.text import Text

from salesim.analyses.compare.budget import shares_words
from salesim.analyses.compare.spec import Plan
from salesim.metrics import METRICS
from salesim.report.console import progress
from salesim.report.console.study import print_verdict
from salesim.report.text.amounts import counted, declared, listed
from salesim.report.text.sizes import shared
from salesim.report.text.verdict import grouped

QUIET_S = 10.0  # seconds between lines of progress when nobody watches


class Stages(progress.Stages):
    """A bar for the stage that is played, on a terminal; and a line for each stage that has ended."""

    def __init__(self, console: Console) -> None:
        super().__init__(console)
        self.told_s = time.monotonic()

    def say_quietly(self, words: str) -> None:
        """A line of progress now and then; what it is of stands before it."""
        if time.monotonic() - self.told_s >= QUIET_S:
            super().say_quietly(words.removeprefix(f"{self.name}: ").strip())

    def end(self, found: str) -> None:
        """The stage has ended, and found this."""
        self.say(found)

    def say(self, words: str) -> None:
        """A line about the stage, written at once."""
        self.told_s = time.monotonic()
        line = textwrap.fill(words, self.console.width, initial_indent=f"  {self.name:<12} ", subsequent_indent=" " * 15)
        self.console.print(line)
        self.console.file.flush()


def print_question(plan: Plan, console: Console) -> None:
    """What is compared, judged and planned, before the first run."""
    console.print(Text(plan.study.question, style="bold"))
    for line in declared_lines(plan):
        console.print(line)


def declared_lines(plan: Plan) -> Iterator[str]:
    """What is compared, judged and planned, before the first run."""
    study, same = plan.study, shared(plan.study)
    arms = f"{counted(len({arm.name for arm in study.arms}), 'arm')} x {counted(len(study.contests), 'contest')}"
    yield f"{study.name}: {arms}, {counted(plan.one_each, 'scenario')} to play{f' ({same})' if same else ''}; judged on"
    for measure in plan.measures:
        metric = METRICS[measure]
        yield f"  {metric.title}: what matters is {declared(plan.matters[measure], metric.unit)} or more"
    yield planned(plan)


def planned(plan: Plan) -> str:
    """How many runs it may take, and what for."""
    if plan.budget and plan.budget.runs is not None:
        return f"{plan.budget} in all: {shares_words(plan, plan.budget.runs)}"
    if plan.budget:
        return f"{plan.budget} of playing, fresh seeds for the sizes included; the first seeds tell how many runs that is"
    first, last = plan.looks[0] * plan.one_each, plan.looks[-1] * plan.one_each
    looks = listed([f"{pairs:,}" for pairs in plan.looks])
    return (
        f"looks after {looks} pairs until all is settled ({first:,} to {last:,} runs), then {plan.fresh} fresh seeds for the "
        f"sizes ({plan.fresh * plan.one_each:,} runs)"
    )


def print_comparison(folder: Path, console: Console) -> int:
    """The verdict and the paths of a finished comparison; returns the exit code, 1 if some runs failed."""
    record = json.loads((folder / "compare.json").read_text(encoding="utf-8"))
    sentences = json.loads((folder / "verdict.json").read_text(encoding="utf-8"))["sentences"]
    print_verdict(grouped(sentences), console)
    console.print(Text("Written", style="bold"))
    paths = [(str(path), what) for path, what in written(folder)]
    wide = max(len(path) for path, _ in paths)
    for path, what in paths:
        console.print(Text(f"  {path:<{wide}}  ").append(what, "dim"), soft_wrap=True)
    if record["failed"]:
        failed = counted(record["failed"], "run")
        console.print(f"\n{failed} failed; tracebacks are in {folder / 'failed.json'}", style="red", soft_wrap=True)
    return 1 if record["failed"] else 0


def written(folder: Path) -> Iterator[tuple[Path, str]]:
    """What a comparison leaves, for people."""
    yield folder / "report.html", "the report; open it in a browser"
    yield folder / "statements.csv", "every difference: verdict, interval, pairs, fresh seeds"
    yield folder / "selection.csv", "the best of each measure, its lead and its effect"
    if (folder / "looks.csv").is_file():
        yield folder / "looks.csv", "every look"
    yield folder / "pilot.csv", "what shared seeds gain, spread, skewness"
    yield folder / "compare.json", "what was declared and played"
